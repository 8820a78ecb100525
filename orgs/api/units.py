"""Structure: units and who is in them."""

from dataclasses import replace
from typing import Any

from django.db.models import F, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import ValidationError

from common.api import CursorPagination
from common.errors import DomainError, require
from orgs import permissions
from orgs.actor import Actor
from orgs.api.base import MemberViewSet, referred_all
from orgs.api.fields import Count, OrderFields
from orgs.api.serializers import (
    EnrolmentSerializer,
    MemberQuery,
    NewMembers,
    NewUnits,
    UnitFields,
    UnitQuery,
    UnitSerializer,
)
from orgs.audit import Order
from orgs.models import Enrolment, Unit, UnitKind
from orgs.selectors.people import enrolments_visible_to, people_visible_to
from orgs.selectors.units import filter_units, units_visible_to, with_counts
from orgs.services.structure import (
    Movement,
    UnitData,
    archive_unit,
    class_from_name,
    create_units,
    end_enrolment,
    enrol,
    restore_unit,
    update_unit,
)
from orgs.vocabulary import UNIT_KINDS


class ByPlace(CursorPagination):
    """Units by their place in the nomenclature: 2А before 10А."""

    ordering = ("sort_key", "id")


class ByPerson(CursorPagination):
    """Members by name."""

    ordering = ("name_key", "id")


class UnitViewSet(MemberViewSet):
    """`/o/<slug>/units/`."""

    serializer_class = UnitSerializer
    pagination_class = ByPlace

    def get_queryset(self) -> QuerySet[Unit]:
        return units_visible_to(self.actor)

    def get_unit(self, pk: int) -> Unit:
        return get_object_or_404(self.get_queryset().select_related("organization"), pk=pk)

    def answer_unit(self, unit: Unit) -> Response:
        return self.answer(UnitSerializer, with_counts(Unit.objects.filter(pk=unit.pk)).get())

    @extend_schema(operation_id="units_list", tags=["units"], parameters=[UnitQuery])
    def list(self, request: Request, slug: str) -> Response:
        """Units that I may open, in the order of the nomenclature (ORG-1)."""
        query = self.read_query(UnitQuery)
        units = filter_units(
            self.get_queryset(),
            kind=query.get("kind", ""),
            archived=bool(query["archived"]),
            text=query.get("search", ""),
        )
        return self.page(UnitSerializer, with_counts(units))

    @extend_schema(
        operation_id="units_create", tags=["units"], request=NewUnits, responses={201: UnitSerializer(many=True)}
    )
    def create(self, request: Request, slug: str) -> Response:
        """Create units in the current academic year, all or none (ORG-1). «5А» is read as parallel 5, letter А."""
        require(permissions.can_manage_structure(self.actor))
        rows = [unit_data(self.actor, row) for row in self.read(NewUnits)["units"]]
        created = create_units(organization=self.actor.organization, actor=self.actor, units=rows)
        found = {unit.pk: unit for unit in with_counts(Unit.objects.filter(pk__in=[row.pk for row in created]))}
        return self.answer(UnitSerializer, [found[row.pk] for row in created], status=201)

    @extend_schema(operation_id="units_get", tags=["units"])
    def retrieve(self, request: Request, slug: str, pk: int) -> Response:
        """One unit."""
        return self.answer(UnitSerializer, get_object_or_404(with_counts(self.get_queryset()), pk=pk))

    @extend_schema(operation_id="units_change", tags=["units"], request=UnitFields, responses=UnitSerializer)
    def partial_update(self, request: Request, slug: str, pk: int) -> Response:
        """Rename a unit or correct its place in the nomenclature; of the system unit only the name changes."""
        unit = self.get_unit(pk)
        require(permissions.can_change_unit(self.actor, unit))
        changes = self.read(UnitFields, partial=True)
        if unit.is_staff_unit and set(changes) - {"name"}:
            raise DomainError("staff_unit", _("Only the name of the system unit can be changed."))
        now = UnitData(unit.kind, unit.name, unit.parallel, unit.letter, unit.age_group, unit.direction)
        return self.answer_unit(update_unit(actor=self.actor, unit=unit, data=replace(now, **changes)))

    @extend_schema(operation_id="units_archive", tags=["units"], request=None, responses=UnitSerializer)
    @action(detail=True, methods=["post"])
    def archive(self, request: Request, slug: str, pk: int) -> Response:
        """Put a unit out of sight: people and history stay, its links stop."""
        unit = self.get_unit(pk)
        require(permissions.can_change_unit(self.actor, unit))
        archive_unit(actor=self.actor, unit=unit)
        return self.answer_unit(unit)

    @extend_schema(operation_id="units_restore", tags=["units"], request=None, responses=UnitSerializer)
    @action(detail=True, methods=["post"])
    def restore(self, request: Request, slug: str, pk: int) -> Response:
        """Bring a unit back from the archive with its people."""
        unit = self.get_unit(pk)
        require(permissions.can_change_unit(self.actor, unit))
        restore_unit(actor=self.actor, unit=unit)
        return self.answer_unit(unit)

    @extend_schema(
        operation_id="unit_members_list",
        tags=["units"],
        parameters=[MemberQuery],
        responses=EnrolmentSerializer(many=True),
    )
    @action(detail=True, pagination_class=ByPerson)
    def members(self, request: Request, slug: str, pk: int) -> Response:
        """Who is in the unit now, of those I may see."""
        query = self.read_query(MemberQuery)
        rows = enrolments_visible_to(self.actor).filter(unit=self.get_unit(pk), **query)
        return self.page(EnrolmentSerializer, rows.annotate(name_key=F("person__search_name")))

    @extend_schema(operation_id="unit_members_enrol", tags=["units"], request=NewMembers, responses={201: Count})
    @members.mapping.post
    def enrol(self, request: Request, slug: str, pk: int) -> Response:
        """Enrol people into the unit and give them the role it needs; `count` is how many were not there (ORG-5)."""
        unit = self.get_unit(pk)
        require(permissions.can_change_unit(self.actor, unit) and permissions.can_manage_people(self.actor))
        data = self.read(NewMembers)
        people = referred_all(people_visible_to(self.actor).select_related("organization"), data["people"], "people")
        added = enrol(actor=self.actor, people=people, unit=unit, part=data["part"], movement=movement_of(data))
        return self.answer(Count, {"count": added}, status=201)

    @extend_schema(operation_id="unit_members_end", tags=["units"], request=OrderFields, responses=EnrolmentSerializer)
    @action(detail=True, methods=["post"], url_path="members/<int:enrolment>/end")
    def end_member(self, request: Request, slug: str, pk: int, enrolment: int) -> Response:
        """End somebody's part in the unit; it stays visible as the past (ORG-5)."""
        unit = self.get_unit(pk)
        row = get_object_or_404(enrolments_visible_to(self.actor).filter(unit=unit), pk=enrolment)
        require(permissions.can_change_unit(self.actor, unit) and permissions.can_manage_people(self.actor))
        end_enrolment(actor=self.actor, enrolment=row, movement=movement_of(self.read(OrderFields)))
        return self.answer(EnrolmentSerializer, Enrolment.objects.select_related("person").get(pk=row.pk))


def unit_data(actor: Actor, row: dict[str, Any]) -> UnitData:
    """Return what `row` of a body says; a class without a parallel is read from its name.

    Raises `ValidationError` for a kind of unit that this kind of organization does not have.
    """
    if row["kind"] not in UNIT_KINDS[actor.organization.kind]:
        raise ValidationError({"units": [_("This organization has no units of this kind.")]})
    data = UnitData(**row)
    if data.kind == UnitKind.CLASS and data.parallel is None:
        return replace(class_from_name(data.name), age_group=data.age_group, direction=data.direction)
    return data


def movement_of(data: dict[str, Any]) -> Movement:
    """Return the day and the order that a body names."""
    return Movement(data["day"], Order(data["order_number"], data["order_date"]))
