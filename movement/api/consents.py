"""Consents over the API (ORG-11)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from common.errors import require
from movement.api.paging import NumberedPages
from movement.api.shapes import (
    ConsentOfParent,
    ConsentQuery,
    ConsentShape,
    ConsentsOfUnit,
    FamilyShape,
    OwnConsent,
)
from movement.permissions import (
    can_give_consent,
    can_record_consents_in,
    can_record_consents_of,
    can_see_consents,
)
from movement.selectors.consents import (
    ConsentFilter,
    children_visible_to,
    families_of,
    filter_children,
    history_of,
    units_of_register,
)
from movement.services import consents
from movement.services.consents import ConsentData
from orgs.api.base import MemberViewSet, referred
from orgs.api.fields import Count
from orgs.models import Guardianship, Person
from orgs.selectors.people import people_visible_to


class ConsentViewSet(MemberViewSet):
    """`/o/<slug>/consents/`."""

    serializer_class = FamilyShape
    pagination_class = NumberedPages

    def get_queryset(self) -> QuerySet[Any]:
        return children_visible_to(self.actor)

    @extend_schema(
        operation_id="consents_list",
        tags=["consents"],
        summary="Children with what their families have decided, by name",
        parameters=[ConsentQuery],
        responses=FamilyShape(many=True),
    )
    def list(self, request: Request, slug: str) -> Response:
        require(can_see_consents(self.actor))
        query = self.read_query(ConsentQuery)
        wanted = ConsentFilter(text=query.pop("q"), unit_id=query.pop("unit", None), **query)
        rows = self.paginate_queryset(filter_children(self.get_queryset(), wanted)) or []
        return self.get_paginated_response(FamilyShape(families_of(self.actor, rows), many=True).data)

    @extend_schema(
        operation_id="consents_history",
        tags=["consents"],
        summary="All decisions about one child, the latest first",
        responses=ConsentShape(many=True),
    )
    def history(self, request: Request, slug: str, child: int) -> Response:
        require(can_see_consents(self.actor))
        rows = self.paginate_queryset(history_of(self.actor, self._child(child))) or []
        return self.get_paginated_response(ConsentShape(rows, many=True).data)

    @extend_schema(
        operation_id="consents_record",
        tags=["consents"],
        summary="Record a decision; the one before it is superseded",
        request=ConsentOfParent,
        responses={201: ConsentShape},
    )
    def record(self, request: Request, slug: str, child: int) -> Response:
        require(can_see_consents(self.actor))
        person = self._child(child)
        units = {unit.pk for unit in families_of(self.actor, [person])[0].units}
        require(can_record_consents_of(self.actor, units))
        data = self.read(ConsentOfParent)
        parent_id = data.pop("parent")
        parents = Person.objects.filter(
            pk__in=Guardianship.objects.filter(child=person, until=None).values("parent_id")
        )
        parent = referred(parents, parent_id, "parent") if parent_id is not None else None
        row = consents.record_consent(actor=self.actor, child=person, parent=parent, data=ConsentData(**data))
        return self.answer(ConsentShape, row, status=201)

    @extend_schema(
        operation_id="consents_record_unit",
        tags=["consents"],
        summary="Record the same decision for all families of a unit that have not decided yet",
        request=ConsentsOfUnit,
        responses={201: Count},
    )
    def record_unit(self, request: Request, slug: str, unit: int) -> Response:
        require(can_see_consents(self.actor))
        found = get_object_or_404(units_of_register(self.actor), pk=unit)
        require(can_record_consents_in(self.actor, found))
        data = self.read(ConsentsOfUnit)
        children = data.pop("children")
        count = consents.record_for_unit(actor=self.actor, unit=found, children=children, data=ConsentData(**data))
        return self.answer(Count, {"count": count}, status=201)

    @extend_schema(
        operation_id="consents_give",
        tags=["consents"],
        summary="A parent decides about an own child",
        request=OwnConsent,
        responses={201: ConsentShape},
    )
    def give(self, request: Request, slug: str, child: int) -> Response:
        person = get_object_or_404(people_visible_to(self.actor), pk=child)
        if not can_give_consent(self.actor, person.pk):
            raise PermissionDenied
        row = consents.give_consent(actor=self.actor, child=person, data=ConsentData(**self.read(OwnConsent)))
        return self.answer(ConsentShape, row, status=201)

    def _child(self, child: int) -> Person:
        found: Person = get_object_or_404(self.get_queryset(), pk=child)
        return found
