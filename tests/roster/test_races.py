"""Bringing a file in while others work on the same people."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connection

from common.errors import DomainError
from invitations.services import JoinAnswers, ensure_codes, redeem
from orgs.models import Enrolment, Person, Role, RoleAssignment
from orgs.services.people import PersonData, update_person
from orgs.services.structure import enrol
from roster.models import Load
from roster.services import loads
from tests.roster.engine_cast import checked, file_of, parent, student
from tests.threads import at_once
from tests.world import School, build_school, make_user
from works.models import State, Work
from works.services import running

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True), pytest.mark.req("ORG-8")]
ROWS = [
    student(2, "Зайцева Зоя", "5Б", email="z@example.org", parents=(parent("Зайцев Захар", email="f@example.org"),)),
    *(student(number, f"Новый Никита{'а' * number}", "5А") for number in range(3, 60)),
]


def import_of(school: School) -> Work:
    load = checked(school, ROWS)
    with file_of(ROWS):
        return loads.bring_in(actor=school.actor("administrator"), load=load)


def race(work: Work, *deeds: Callable[[], Any]) -> tuple[Work, list[Any]]:
    with file_of(ROWS):
        outcomes = at_once([partial(running.run, work.pk), *deeds])
    assert not isinstance(outcomes[0], Exception), outcomes[0]
    work.refresh_from_db()
    assert work.state == State.DONE or work.error_code == "roster_changed", (work.state, work.error_code)
    return work, outcomes[1:]


def assert_nobody_is_doubled(school: School, work: Work) -> None:
    people = Person.objects.filter(organization=school.organization, merged_into=None)
    names = list(people.values_list("search_name", flat=True))
    assert len(names) == len(set(names))
    assert people.filter(last_name="Новый").count() == (57 if work.state == State.DONE else 0)


def test_somebody_joins_by_a_code_meanwhile() -> None:
    school = build_school("race", 3)
    student_codes = ensure_codes(actor=school.actor("administrator"), unit=school.units["5А"], role=Role.STUDENT)
    zoe = school.people["classmate"]
    [code] = [one for one in student_codes if one.person_id == zoe.pk]
    user = make_user("+79005550001")
    joining = partial(redeem, user=user, invitation=code, generation=code.generation, answers=JoinAnswers())
    work, [joined] = race(import_of(school), joining)
    assert not isinstance(joined, Exception), joined
    assert_nobody_is_doubled(school, work)
    zoe.refresh_from_db()
    assert zoe.user_id == user.pk
    assert (zoe.email == "z@example.org") is (work.state == State.DONE)
    assert RoleAssignment.objects.filter(person=zoe, role=Role.STUDENT, until=None).count() == 1


def test_somebody_is_enrolled_by_hand_meanwhile() -> None:
    school = build_school("race", 3)
    zoe, unit = school.people["classmate"], school.units["5Б"]
    work, [enrolled] = race(import_of(school), partial(enrol, actor=None, people=[zoe], unit=unit, part="student"))
    assert not isinstance(enrolled, Exception), enrolled
    assert Enrolment.objects.filter(person=zoe, unit=unit, until=None).count() == 1
    assert_nobody_is_doubled(school, work)


def test_somebody_is_corrected_by_hand_meanwhile() -> None:
    school = build_school("race", 3)
    zoe = Person.objects.select_related("organization").get(pk=school.people["classmate"].pk)
    data = PersonData("Зайцева", "Зоя", "Захаровна", position="староста")
    by_hand = partial(update_person, actor=school.actor("administrator"), person=zoe, data=data)
    work, [corrected] = race(import_of(school), by_hand)
    assert not isinstance(corrected, Exception), corrected
    zoe.refresh_from_db()
    assert zoe.position == "староста"
    assert_nobody_is_doubled(school, work)


def test_two_files_at_once() -> None:
    school = build_school("race", 3)
    files = [checked(school, ROWS) for _ in range(2)]
    actor = school.actor("administrator")
    outcomes = at_once([partial(loads.bring_in, actor=actor, load=load) for load in files])
    refused = [one for one in outcomes if isinstance(one, DomainError)]
    assert [one.code for one in refused] == ["work_under_way"]
    [work] = [one for one in outcomes if isinstance(one, Work)]
    race(work, partial(running.run, work.pk))
    assert_nobody_is_doubled(school, Work.objects.get(pk=work.pk))


def test_one_file_twice_at_once() -> None:
    school = build_school("race", 3)
    load, actor = checked(school, ROWS), school.actor("administrator")
    outcomes = at_once([partial(loads.bring_in, actor=actor, load=load)] * 4)
    codes = sorted(one.code for one in outcomes if isinstance(one, DomainError))
    assert codes == ["load_busy"] * 3
    assert Load.objects.get().import_work is not None
    assert Work.objects.filter(kind="roster_import").count() == 1
    assert connection.vendor == "postgresql"
