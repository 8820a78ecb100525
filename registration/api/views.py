"""The operator's queue, an application's state, the deletion of an organization over the API (REG-2, REG-5)."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from accounts.models import User
from common.errors import DomainError, require
from common.network import client_address, network_of
from orgs.api.base import MemberViewSet, NewestFirst
from registration.api.shapes import (
    ApplicationRow,
    ApplicationShape,
    Decision,
    DecisionWithReason,
    DecisionWithRemarks,
    DeletionRequest,
    DeletionShape,
    StatusShape,
)
from registration.limits import failed_tokens
from registration.models import Application, State
from registration.permissions import (
    can_decide_applications,
    can_delete_organization,
    can_see_applications,
    can_see_deletion,
)
from registration.selectors.applications import applications_like, find_application
from registration.selectors.deletions import pending_of
from registration.services import deciding
from registration.services.deleting import cancel_deletion, plan_deletion
from registration.tokens import read_token
from registration.views.tools import download

_TAG = ["registration"]
_SEARCH = OpenApiParameter("q", str, description="Words of the names, an INN, a number.")
_STATE = OpenApiParameter("state", str, enum=State.values)


class ApplicationViewSet(GenericViewSet[Any]):
    """`/registration/applications/`: for the platform's operator only."""

    serializer_class = ApplicationRow
    pagination_class = NewestFirst
    filter_backends = ()
    queryset = Application.objects.none()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        require(can_see_applications(request.user))

    @extend_schema(
        operation_id="applications_list", tags=_TAG, summary="The queue, the newest first", parameters=[_SEARCH, _STATE]
    )
    def list(self, request: Request) -> Response:
        found = applications_like(request.query_params.get("q", ""))
        state = request.query_params.get("state", "")
        if state in State.values:
            found = found.filter(state=state)
        page = self.paginate_queryset(found)
        return self.get_paginated_response(ApplicationRow(page, many=True).data)

    @extend_schema(
        operation_id="applications_retrieve",
        tags=_TAG,
        summary="One application, its history and its likely doubles",
        responses=ApplicationShape,
    )
    def retrieve(self, request: Request, pk: int) -> Response:
        return Response(ApplicationShape(self._application(pk)).data)

    @extend_schema(
        operation_id="applications_order",
        tags=_TAG,
        summary="The order that appoints the administrator, as a file",
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
    )
    def order(self, request: Request, pk: int) -> HttpResponse:
        try:
            return download(self._application(pk).order)
        except FileNotFoundError as error:
            raise Http404 from error

    @extend_schema(
        operation_id="applications_review",
        tags=_TAG,
        summary="Take an application on review",
        request=Decision,
        responses=ApplicationShape,
    )
    def review(self, request: Request, pk: int) -> Response:
        return self._decide(pk, Decision, deciding.take_on_review)

    @extend_schema(
        operation_id="applications_approve",
        tags=_TAG,
        summary="Approve: the organization's space is made",
        request=Decision,
        responses=ApplicationShape,
    )
    def approve(self, request: Request, pk: int) -> Response:
        return self._decide(pk, Decision, deciding.approve)

    @extend_schema(
        operation_id="applications_return",
        tags=_TAG,
        summary="Return with remarks: the applicant corrects the same application",
        request=DecisionWithRemarks,
        responses=ApplicationShape,
    )
    def return_with_remarks(self, request: Request, pk: int) -> Response:
        return self._decide(pk, DecisionWithRemarks, deciding.return_with_remarks)

    @extend_schema(
        operation_id="applications_reject",
        tags=_TAG,
        summary="Reject with a reason",
        request=DecisionWithReason,
        responses=ApplicationShape,
    )
    def reject(self, request: Request, pk: int) -> Response:
        return self._decide(pk, DecisionWithReason, deciding.reject)

    def _application(self, pk: int) -> Application:
        application = find_application(pk)
        if application is None:
            raise Http404
        return application

    def _decide(
        self, pk: int, shape: type[serializers.Serializer[Any]], service: Callable[..., Application]
    ) -> Response:
        user = self.request.user
        require(can_decide_applications(user))
        application = self._application(pk)
        body = shape(data=self.request.data)
        body.is_valid(raise_exception=True)
        values = dict(body.validated_data)
        if "fields_to_correct" in values:
            values["fields"] = sorted(values.pop("fields_to_correct"))
        assert isinstance(user, User)  # noqa: S101 — the permission has seen to it
        service(operator=user, application=application, **values)
        return Response(ApplicationShape(self._application(pk)).data)


class StatusView(APIView):
    """`/registration/status/<token>/`: the address is the proof."""

    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="registration_status",
        tags=_TAG,
        summary="Where an application stands, by its secret address",
        responses=StatusShape,
        auth=[],
    )
    def get(self, request: Request, token: str) -> Response:
        limit, network = failed_tokens(), network_of(client_address(request._request))
        application = find_application(read_token(token))
        if application is not None:
            return Response(StatusShape(application).data, headers={"Cache-Control": "no-store"})
        if limit.exceeded(network):
            raise DomainError(
                "too_many_tries", _("Too many addresses from here were wrong. Please try again in an hour."), status=429
            )
        limit.record(network)
        raise Http404


class DeletionViewSet(MemberViewSet):
    """`/o/<slug>/deletion/`: one organization has one, so its actions need no key."""

    serializer_class = DeletionShape

    @extend_schema(
        operation_id="deletion_get",
        summary="The deletion that waits for its day; 404 when there is none",
        responses=DeletionShape,
    )
    def retrieve(self, request: Request, slug: str) -> Response:
        require(can_see_deletion(self.actor))
        pending = pending_of(self.actor.organization.pk)
        if pending is None:
            raise Http404
        return self.answer(DeletionShape, pending)

    @extend_schema(
        operation_id="deletion_plan",
        summary="Ask for the organization to be deleted after its delay",
        request=DeletionRequest,
        responses={201: DeletionShape},
    )
    def create(self, request: Request, slug: str) -> Response:
        require(can_delete_organization(self.actor))
        typed = self.read(DeletionRequest)["short_name"]
        return self.answer(DeletionShape, plan_deletion(actor=self.actor, typed_name=typed), status=201)

    @extend_schema(
        operation_id="deletion_cancel",
        summary="Let the organization stay",
        responses={204: OpenApiResponse(description="It stays.")},
    )
    def destroy(self, request: Request, slug: str) -> Response:
        require(can_delete_organization(self.actor))
        pending = pending_of(self.actor.organization.pk)
        if pending is None:
            raise Http404
        cancel_deletion(deletion=pending, actor=self.actor)
        return Response(status=204)
