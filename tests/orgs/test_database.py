"""The database says no, whoever asks."""

from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from orgs.models import AcademicYear, AuditEvent, Enrolment, Guardianship, Person, RoleAssignment, Unit
from tests.world import World


@pytest.mark.req("ORG-12")
@pytest.mark.parametrize("operation", ["update", "delete"])
def test_the_journal_can_be_neither_changed_nor_emptied(world: World, operation: str) -> None:
    events = AuditEvent.objects.filter(organization_id=world.a.organization.pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        events.update(actor_name="nobody") if operation == "update" else events._raw_delete(events.db)
    assert events.filter(actor_name="nobody").count() == 0
    assert events.exists()


@pytest.mark.req("ACC-4")
@pytest.mark.postgresql
def test_no_row_points_into_another_school(world: World) -> None:
    a, b = world.a, world.b
    crossing = [
        RoleAssignment(organization=a.organization, person=b.people["student"], role="parent"),
        Enrolment(organization=a.organization, person=a.people["student"], unit=b.units["5А"], part="student",
                  since=date(2026, 9, 1)),
        Enrolment(organization=a.organization, person=b.people["student"], unit=a.units["5Б"], part="student",
                  since=date(2026, 9, 1)),
        Guardianship(organization=a.organization, parent=a.people["parent"], child=b.people["student"]),
        Unit(organization=a.organization, academic_year=AcademicYear.objects.get(organization=b.organization),
             kind="class", name="9Я", sort_key="0009я"),
    ]  # fmt: skip
    for row in crossing:
        with pytest.raises(IntegrityError, match="same_org"), transaction.atomic():
            row.save()


def test_invariants_have_names_and_hold(world: World) -> None:
    a = world.a
    today = date(2026, 9, 1)
    year = AcademicYear.objects.get(organization=a.organization)
    refused = {
        "person_has_name": Person(organization=a.organization, last_name="", first_name="Я", search_name="я"),
        "person_phone_e164": Person(organization=a.organization, last_name="Я", first_name="Я", phone="8912"),
        "role_once_at_a_time": RoleAssignment(organization=a.organization, person=a.people["head"], role="head"),
        "role_known": RoleAssignment(organization=a.organization, person=a.people["head"], role="king"),
        "enrolment_ends_after_start": Enrolment(
            organization=a.organization,
            person=a.people["head"],
            unit=a.units["5А"],
            part="teacher",
            since=today,
            until=date(2026, 8, 1),
        ),
        "guardianship_not_of_oneself": Guardianship(
            organization=a.organization, parent=a.people["head"], child=a.people["head"]
        ),
        "unit_parallel_1_to_12": Unit(
            organization=a.organization, academic_year=year, kind="class", name="13", sort_key="13", parallel=13
        ),
        "unit_staff_unit_is_permanent": Unit(organization=a.organization, kind="class", name="Х", sort_key="х"),
        "academic_year_one_current": AcademicYear(
            organization=a.organization, name="другой", starts_on=today, ends_on=date(2027, 8, 31), is_current=True
        ),
    }
    for name, row in refused.items():
        with pytest.raises(IntegrityError) as refusal, transaction.atomic():
            row.save()
        assert name in str(refusal.value) or "UNIQUE" in str(refusal.value), name
