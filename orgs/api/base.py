"""The door of `/api/v1/o/<slug>/…`: who comes in, and in whose clock the answers speak."""

from collections.abc import Sequence
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from common.api import CursorPagination
from orgs.actor import Actor, load_actor

M = TypeVar("M", bound=Model)


class ByName(CursorPagination):
    """People by name."""

    ordering = ("search_name", "id")


class NewestFirst(CursorPagination):
    """What happened last comes first."""

    ordering = ("-id",)


class MemberViewSet(GenericViewSet[Any]):
    """Base of everything inside an organization.

    Loads the actor once per request (two queries); whoever has no role there gets 404, as if the organization did
    not exist (ACC-4). `get_queryset` of a subclass is a selector, its writes are services.
    """

    actor: Actor
    filter_backends: Sequence[Any] = ()
    lookup_value_converter = "int"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with timezone.override(timezone.get_default_timezone()):  # put back what `initial` switches
            return super().dispatch(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        actor = load_actor(request.user.pk or 0, str(kwargs["slug"]))
        if actor is None:
            raise Http404
        self.actor = actor
        if request.auth is None:
            # A person at a page, as in `orgs.pages`; whoever comes with a key is a programme.
            request._request.actor = actor  # type: ignore[attr-defined]
        timezone.activate(actor.organization.zone)

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "actor": getattr(self, "actor", None)}

    def read(self, shape: type[serializers.BaseSerializer[Any]], **options: Any) -> dict[str, Any]:
        """Return the request's body in `shape`; raises `ValidationError` (400). Unknown fields are dropped."""
        return self._valid(shape, self.request.data, **options)

    def read_query(self, shape: type[serializers.BaseSerializer[Any]]) -> dict[str, Any]:
        """Return the address's parameters in `shape`; raises `ValidationError` (400)."""
        return self._valid(shape, self.request.query_params.dict())

    def _valid(self, shape: type[serializers.BaseSerializer[Any]], data: Any, **options: Any) -> dict[str, Any]:
        serializer = shape(data=data, context=self.get_serializer_context(), **options)
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)

    def answer(
        self, shape: type[serializers.BaseSerializer[Any]], thing: Any, *, status: int = 200, **context: Any
    ) -> Response:
        """Answer with `thing` (or a list of things) in `shape`."""
        many = isinstance(thing, list | tuple)
        whole = {**self.get_serializer_context(), **context}
        return Response(shape(thing, many=many, context=whole).data, status=status)

    def page(
        self,
        shape: type[serializers.BaseSerializer[Any]],
        rows: QuerySet[Any],
        pages: type[BasePagination] | None = None,
    ) -> Response:
        """Answer with one page of `rows` in `shape`, in the order of `pages` (the view's own by default)."""
        paginator = pages() if pages is not None else self.paginator
        found = paginator.paginate_queryset(rows, self.request, view=self)  # type: ignore[union-attr]
        data = shape(found, many=True, context=self.get_serializer_context()).data
        return paginator.get_paginated_response(data)  # type: ignore[union-attr]


def referred(visible: QuerySet[M], key: int, field: str) -> M:
    """Return the row of `visible` that a body names in `field`; raises `ValidationError` (400) when there is none."""
    found = visible.filter(pk=key).first()
    if found is None:
        raise serializers.ValidationError({field: [_("There is no such thing here.")]})
    return found


def referred_all(visible: QuerySet[M], keys: Sequence[int], field: str) -> list[M]:
    """Return the rows of `visible` that a body names in `field`, in that order; one missing refuses them all."""
    found = {row.pk: row for row in visible.filter(pk__in=keys)}
    missing = [str(key) for key in keys if key not in found]
    if missing:
        text = _("There is no such thing here: %(ids)s.") % {"ids": ", ".join(missing[:10])}
        raise serializers.ValidationError({field: [text]})
    return [found[key] for key in keys]
