"""The organization itself, its words, its years; and where the user is a member."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.api import CursorPagination
from common.errors import require
from orgs import permissions
from orgs.api.base import MemberViewSet
from orgs.api.serializers import (
    AcademicYearSerializer,
    Labels,
    MembershipSerializer,
    OrganizationDetails,
    OrganizationSerializer,
    Words,
)
from orgs.models import AcademicYear
from orgs.selectors.organizations import memberships_of
from orgs.selectors.units import years_visible_to
from orgs.services.organization import update_labels, update_organization


class NewestYearFirst(CursorPagination):
    ordering = ("-starts_on", "-id")


class MyOrganizationsView(APIView):
    @extend_schema(operation_id="organizations_list", tags=["organizations"], responses=MembershipSerializer(many=True))
    def get(self, request: Request) -> Response:
        """The organizations where I have a role today, and who I am in each (ORG-4)."""
        memberships: Any = memberships_of(request.user.pk or 0)
        return Response(MembershipSerializer(memberships, many=True).data)


class OrganizationViewSet(MemberViewSet):
    """`/o/<slug>/`: one organization, so its actions need no key."""

    serializer_class = OrganizationSerializer

    @extend_schema(operation_id="organization_get", tags=["organization"])
    def retrieve(self, request: Request, slug: str) -> Response:
        """The organization's details."""
        return self.answer(OrganizationSerializer, self.actor.organization)

    @extend_schema(
        operation_id="organization_change",
        tags=["organization"],
        request=OrganizationDetails,
        responses=OrganizationSerializer,
    )
    def partial_update(self, request: Request, slug: str) -> Response:
        """Change some of the details (REG-5); what is not named stays."""
        require(permissions.can_manage_organization(self.actor))
        details = self.read(OrganizationDetails, partial=True)
        return self.answer(OrganizationSerializer, update_organization(actor=self.actor, details=details))

    @extend_schema(operation_id="labels_get", tags=["organization"], responses=Words)
    def labels(self, request: Request, slug: str) -> Response:
        """The words in which this organization speaks (REG-7)."""
        return self.answer(Words, self.actor.organization)

    @extend_schema(operation_id="labels_set", tags=["organization"], request=Labels, responses=Words)
    def set_labels(self, request: Request, slug: str) -> Response:
        """Set the organization's own words, all at once; those left out return to the kind's."""
        require(permissions.can_manage_organization(self.actor))
        return self.answer(Words, update_labels(actor=self.actor, labels=self.read(Labels)))


class AcademicYearViewSet(mixins.ListModelMixin, MemberViewSet):
    serializer_class = AcademicYearSerializer
    pagination_class = NewestYearFirst

    def get_queryset(self) -> QuerySet[AcademicYear]:
        return years_visible_to(self.actor)

    @extend_schema(operation_id="academic_years_list", tags=["organization"])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The organization's academic years, the newest first."""
        return super().list(request, *args, **kwargs)
