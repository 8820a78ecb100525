"""The roster: people, their roles, their families, their past."""

from dataclasses import fields

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common.errors import require
from orgs import permissions
from orgs.api.base import ByName, MemberViewSet, referred
from orgs.api.serializers import (
    HistoryLine,
    NewPerson,
    ParentRef,
    PeopleQuery,
    PersonDetailSerializer,
    PersonFields,
    PersonSerializer,
    PupilSignIn,
    RoleSet,
)
from orgs.models import Guardianship, Person, Role
from orgs.selectors.people import (
    PeopleFilter,
    family_of,
    filter_people,
    history_of,
    people_visible_to,
    with_roster_columns,
)
from orgs.selectors.units import units_visible_to
from orgs.services.people import PersonData, add_person, set_roles, tie_parent, untie_parent, update_person
from orgs.services.pupils import change_parent_email, give_own_phone


class PersonViewSet(MemberViewSet):
    """`/o/<slug>/people/`."""

    serializer_class = PersonSerializer
    pagination_class = ByName

    def get_queryset(self) -> QuerySet[Person]:
        return people_visible_to(self.actor)

    def get_person(self, pk: int) -> Person:
        return get_object_or_404(self.get_queryset().select_related("organization"), pk=pk)

    def answer_person(self, person: Person, *, status: int = 200) -> Response:
        row = with_roster_columns(Person.objects.filter(pk=person.pk)).get()
        family = family_of(self.actor, person)
        return self.answer(PersonDetailSerializer, row, status=status, parents=family.parents, children=family.children)

    @extend_schema(operation_id="people_list", tags=["people"], parameters=[PeopleQuery])
    def list(self, request: Request, slug: str) -> Response:
        """The roster, for staff; by name."""
        require(permissions.can_see_people(self.actor))
        query = self.read_query(PeopleQuery)
        wanted = PeopleFilter(
            text=query.get("search", ""),
            role=query.get("role", ""),
            unit_id=query.get("unit"),
            joined=query["joined"],
            without_child=query["without_child"],
            without_parent=query["without_parent"],
            former=query["former"],
        )
        return self.page(PersonSerializer, with_roster_columns(filter_people(self.get_queryset(), wanted)))

    @extend_schema(
        operation_id="people_create", tags=["people"], request=NewPerson, responses={201: PersonDetailSerializer}
    )
    def create(self, request: Request, slug: str) -> Response:
        """Put a person on the roster with roles (ORG-4)."""
        require(permissions.can_manage_people(self.actor))
        data = self.read(NewPerson)
        roles = sorted(data.pop("roles"))
        person = add_person(
            organization=self.actor.organization, actor=self.actor, data=PersonData(**data), roles=roles
        )
        return self.answer_person(person, status=201)

    @extend_schema(operation_id="people_get", tags=["people"], responses=PersonDetailSerializer)
    def retrieve(self, request: Request, slug: str, pk: int) -> Response:
        """One person with roles, units and family."""
        return self.answer_person(self.get_person(pk))

    @extend_schema(
        operation_id="people_change", tags=["people"], request=PersonFields, responses=PersonDetailSerializer
    )
    def partial_update(self, request: Request, slug: str, pk: int) -> Response:
        """Correct a person's data (ORG-7); what is not named stays."""
        person = self.get_person(pk)
        require(permissions.can_change_person(self.actor, person))
        now = {field.name: getattr(person, field.name) for field in fields(PersonData)}
        data = PersonData(**{**now, **self.read(PersonFields, partial=True)})
        return self.answer_person(update_person(actor=self.actor, person=person, data=data))

    @extend_schema(operation_id="people_set_roles", tags=["people"], request=RoleSet, responses=PersonDetailSerializer)
    @action(detail=True, methods=["put"])
    def roles(self, request: Request, slug: str, pk: int) -> Response:
        """Change a person's roles in place (ORG-4): nothing is deleted, nobody is invited again."""
        person = self.get_person(pk)
        require(permissions.can_change_person(self.actor, person))
        wanted = set(self.read(RoleSet)["roles"])
        is_administrator = person.roles.filter(role=Role.ADMINISTRATOR, until=None).exists()
        if is_administrator != (Role.ADMINISTRATOR in wanted):
            require(permissions.can_change_administrators(self.actor))
        set_roles(actor=self.actor, person=person, roles=wanted)
        return self.answer_person(person)

    @extend_schema(
        operation_id="people_change_sign_in", tags=["people"], request=PupilSignIn, responses=PersonDetailSerializer
    )
    @action(detail=True, methods=["post"], url_path="sign-in")
    def sign_in(self, request: Request, slug: str, pk: int) -> Response:
        """Another parent's e-mail for a pupil without a phone, or a phone of its own (INV-7).

        The account is signed out everywhere. 409 `no_parent_email` for whoever signs in with a phone or not at all.
        """
        person = self.get_person(pk)
        require(permissions.can_change_person(self.actor, person))
        data = self.read(PupilSignIn)
        if data.get("phone"):
            give_own_phone(actor=self.actor, person=person, phone=data["phone"])
        else:
            change_parent_email(actor=self.actor, person=person, email=data["parent_email"])
        return self.answer_person(person)

    @extend_schema(operation_id="people_history", tags=["people"], responses=HistoryLine(many=True))
    @action(detail=True, pagination_class=None)
    def history(self, request: Request, slug: str, pk: int) -> Response:
        """A person's units, the present first; the past («Были в классе») is for the administration and oneself."""
        person = self.get_person(pk)
        rows = history_of(person).filter(unit__in=units_visible_to(self.actor))
        is_own = person.pk == self.actor.person.pk
        if not (is_own or self.actor.is_head or permissions.can_change_person(self.actor, person)):
            rows = rows.filter(until=None, unit__archived_at=None)
        return self.answer(HistoryLine, list(rows))

    @extend_schema(
        operation_id="people_tie_parent", tags=["people"], request=ParentRef, responses={201: PersonDetailSerializer}
    )
    @action(detail=True, methods=["post"])
    def parents(self, request: Request, slug: str, pk: int) -> Response:
        """Make somebody a legal representative of this child, with the parent's role (ORG-10)."""
        child = self.get_person(pk)
        require(permissions.can_change_person(self.actor, child))
        visible = self.get_queryset().select_related("organization")
        parent = referred(visible, self.read(ParentRef)["parent"], "parent")
        tie_parent(actor=self.actor, parent=parent, child=child)
        return self.answer_person(child, status=201)

    @extend_schema(
        operation_id="people_untie_parent", tags=["people"], responses={204: OpenApiResponse(description="Untied")}
    )
    @action(detail=True, methods=["delete"], url_path="parents/<int:parent>")
    def untie(self, request: Request, slug: str, pk: int, parent: int) -> Response:
        """End the tie between a parent and this child; the parent's role stays."""
        child = self.get_person(pk)
        require(permissions.can_change_person(self.actor, child))
        ties = Guardianship.objects.filter(child=child, until=None).select_related("parent__organization")
        tie = get_object_or_404(ties, parent__pk=parent)
        untie_parent(actor=self.actor, parent=tie.parent, child=child)
        return Response(status=204)
