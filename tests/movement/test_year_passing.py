"""Passing to the next school year: everybody comes where the draft says, and back in one step (ORG-9)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from channels_app.models import Channel
from chats.models import Chat, Template
from common.errors import DomainError
from invitations.models import Invitation
from movement.selectors.years.plan import target_of_unit
from orgs.models import (
    AcademicYear,
    AuditEvent,
    Enrolment,
    Guardianship,
    Part,
    Role,
    RoleAssignment,
    Unit,
)
from orgs.services.people import tie_parent
from orgs.services.structure import enrol
from tests.chats.cast import say
from tests.movement.year_cast import lived_in, members, more_classes, passed, plan, student, taken_back
from tests.orgs.pages import crowd
from tests.works.rows import rows_of
from tests.world import School, World
from works.models import State
from works.services import undoing

pytestmark = pytest.mark.req("ORG-9")


@pytest.fixture
def school(world: World) -> School:
    return lived_in(world.a)


def unit(school: School, name: str) -> Unit:
    return Unit.objects.active().get(organization=school.organization, name=name)


def test_classes_pass_on_with_everybody(school: School) -> None:
    work = passed(school)
    assert work.state == State.DONE, work.error_message
    year = AcademicYear.objects.get(organization=school.organization, is_current=True)
    assert (year.name, year.starts_on) == ("2027/2028", date(2027, 9, 1))
    assert members(school, "6А") == ["Ёжиков", "Зайцева"]
    assert members(school, "6А", Part.LEADER) == ["Ведущая"]
    assert members(school, "6Б", Part.TEACHER) == ["Учёный"]
    assert members(school, "Шахматы") == ["Ёжиков"]
    assert unit(school, "6А").continues == school.units["5А"]
    assert (unit(school, "6А").parallel, unit(school, "6А").letter) == (6, "А")
    assert not Unit.objects.active().filter(organization=school.organization, name="5А").exists()
    assert not Enrolment.objects.filter(unit=school.units["5А"], until=None).exists()


def test_graduates_are_students_no_longer(school: School) -> None:
    graduate, parent = school.people["graduate"], school.people["waiting_parent"]
    tie_parent(actor=None, parent=parent, child=graduate)
    only = student(school, "9А", "Второв")
    mother = school.people["both"]
    Guardianship.objects.filter(parent=mother).update(child=only)
    passed(school)
    assert not RoleAssignment.objects.filter(person=graduate, until=None).exists()
    # The father has another child here, the mother has none.
    assert RoleAssignment.objects.filter(person=parent, role=Role.PARENT, until=None).exists()
    assert not RoleAssignment.objects.filter(person=mother, role=Role.PARENT, until=None).exists()
    assert not Unit.objects.active().filter(organization=school.organization, name__startswith="10").exists()


def test_exceptions_of_people(school: School) -> None:
    more_classes(school, "4А")
    repeater, debtor = student(school, "5А", "Повторов"), student(school, "5А", "Долгов")
    gone, mover = student(school, "5А", "Уехалов"), student(school, "5А", "Переходов")
    plan(
        school,
        people={
            repeater.pk: {"fate": "repeat", "target": target_of_unit(school.units["4А"].pk)},
            debtor.pk: {"fate": "conditional"},
            gone.pk: {"fate": "leave"},
            mover.pk: {"fate": "move", "target": target_of_unit(school.units["5Б"].pk)},
        },
        new=["1А", "1Б"],
        order_number="77",
        order_date=date(2027, 5, 31),
        day=date(2027, 6, 1),
    )
    work = passed(school)
    assert members(school, "5А") == ["Повторов"]
    assert members(school, "6А") == ["Долгов", "Ёжиков", "Зайцева"]
    assert members(school, "6Б") == ["Белкин", "Переходов"]
    assert members(school, "1А") == members(school, "1Б") == []
    row = Enrolment.objects.get(person=debtor, until=None)
    assert row.is_conditional
    assert (row.since, row.order_number, row.order_date) == (date(2027, 6, 1), "77", date(2027, 5, 31))
    assert not RoleAssignment.objects.filter(person=gone, until=None).exists()
    assert {name: work.outcome[name] for name in ("held_back", "conditional", "left", "moved", "graduated")} == {
        "held_back": 1,
        "conditional": 1,
        "left": 1,
        "moved": 1,
        "graduated": 1,
    }
    told = AuditEvent.objects.filter(person_id=repeater.pk).latest("id")
    assert (told.action, told.unit_name, told.order_number) == ("person.held_back", "5А", "77")
    assert AuditEvent.objects.filter(action="organization.year_begun", order_number="77").count() == 1


def test_two_classes_become_one(school: School) -> None:
    plan(school, units={school.units["5Б"].pk: {"fate": "merge", "into": school.units["5А"].pk}})
    passed(school)
    assert members(school, "6А") == ["Белкин", "Ёжиков", "Зайцева"]
    assert members(school, "6А", Part.TEACHER) == ["Учёный"]
    assert not Unit.objects.active().filter(organization=school.organization, name="6Б").exists()


def test_chats_channels_and_links_go_on(school: School) -> None:
    chat = Chat.objects.get(unit=school.units["5А"], template=Template.UNIT_PARENTS)
    channel = Channel.objects.get(unit=school.units["5А"])
    of_parents = Invitation.objects.filter(unit=school.units["5А"], revoked_at=None)
    links, graduates = list(of_parents), list(Invitation.objects.filter(unit=school.units["9А"]))
    assert links
    assert graduates
    plan(school, new=["1А"])
    passed(school)
    new = unit(school, "6А")
    chat.refresh_from_db()
    channel.refresh_from_db()
    assert (chat.unit, channel.unit) == (new, new)
    assert set(chat.audiences.values_list("unit_id", flat=True)) == {new.pk}
    assert {link.unit_id for link in Invitation.objects.filter(pk__in=[link.pk for link in links])} == {new.pk}
    assert not Invitation.objects.filter(pk__in=[link.pk for link in graduates], revoked_at=None).exists()
    assert Chat.objects.filter(unit=unit(school, "1А")).count() == 2
    assert Channel.objects.filter(unit=unit(school, "1А")).count() == 1
    say(school, "leader", chat, "С новым учебным годом!")


def test_a_code_of_a_repeater_goes_with_the_repeater(school: School) -> None:
    more_classes(school, "4А")
    classmate = school.people["classmate"]
    plan(school, people={classmate.pk: {"fate": "repeat", "target": target_of_unit(school.units["4А"].pk)}})
    code = Invitation.objects.get(person=classmate, role=Role.STUDENT)
    passed(school)
    code.refresh_from_db()
    assert code.unit == unit(school, "5А")


def test_it_is_undone_as_if_it_had_not_been(school: School) -> None:
    plan(school, new=["1А"], people={school.people["classmate"].pk: {"fate": "conditional"}})
    before = rows_of()
    work = passed(school)
    assert rows_of() != before
    assert undoing.obstacles(work) == []
    taken_back(school, work)
    assert rows_of() == before
    assert AuditEvent.objects.filter(action="organization.year_undone").count() == 1


def test_messages_written_since_do_not_prevent_the_undoing(school: School) -> None:
    chat = Chat.objects.get(unit=school.units["5А"], template=Template.UNIT_PARENTS)
    work = passed(school)
    chat.refresh_from_db()
    say(school, "leader", chat, "Собрание в среду")
    taken_back(school, work)
    chat.refresh_from_db()
    assert (chat.unit, chat.message_count) == (school.units["5А"], 1)


def test_somebody_enrolled_since_prevents_the_undoing(school: School) -> None:
    work = passed(school)
    enrol(actor=None, people=[school.people["other_student"]], unit=unit(school, "6А"), part=Part.STUDENT)
    before = rows_of()
    with pytest.raises(DomainError, match="undo_prevented"):
        taken_back(school, work)
    assert rows_of() == before


def test_once_more_the_year_after(school: School) -> None:
    plan(school, name="2027/2028")
    first = passed(school)
    plan(school, name="2028/2029", starts_on=date(2028, 9, 1), ends_on=date(2029, 8, 31))
    second = passed(school)
    assert second.state == State.DONE, second.error_message
    assert members(school, "7А") == ["Ёжиков", "Зайцева"]
    with pytest.raises(DomainError, match="undo_prevented"):
        taken_back(school, first)
    taken_back(school, second)
    taken_back(school, first)
    assert members(school, "5А") == ["Ёжиков", "Зайцева"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": "2026/2027"}, "same_year"),
        ({"ends_on": date(2026, 1, 1)}, "wrong_days"),
        ({"new": ["6А"]}, "same_name"),
    ],
)
def test_a_broken_draft_is_refused(school: School, changes: dict[str, Any], code: str) -> None:
    plan(school, **changes)
    before = rows_of()
    with pytest.raises(DomainError, match="year_plan_broken") as refusal:
        passed(school)
    assert code in refusal.value.fields
    assert rows_of() == before


def test_students_of_a_closed_class_need_a_place(school: School) -> None:
    plan(school, units={school.units["5Б"].pk: {"fate": "close"}})
    with pytest.raises(DomainError, match="year_plan_broken") as refusal:
        passed(school)
    assert "Белкин" in refusal.value.fields["no_place"]
    place = {"fate": "move", "target": target_of_unit(school.units["5А"].pk)}
    plan(school, people={school.people["other_student"].pk: place})
    assert passed(school).state == State.DONE
    assert members(school, "6А") == ["Белкин", "Ёжиков", "Зайцева"]


def test_a_thousand_cost_the_statements_of_ten(school: School, django_assert_max_num_queries: Any) -> None:
    crowd(school, 60)
    with django_assert_max_num_queries(110):
        work = passed(school)
    assert work.state == State.DONE
