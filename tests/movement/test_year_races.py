"""Two at once, while people become one and a year becomes the next (ORG-7, ORG-9)."""

from functools import partial

import pytest

from common.errors import DomainError
from invitations.models import Invitation
from invitations.services import JoinAnswers, redeem
from movement.services.merging import merge
from movement.services.years import passing
from orgs.models import Enrolment, Part, Person, Role, Unit
from orgs.services.people import PersonData, add_person
from orgs.services.structure import enrol
from tests.invitations.conftest import link_of
from tests.threads import at_once
from tests.world import School, build_school, make_user
from works.models import State, Work
from works.services import running

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def two_rows(school: School) -> tuple[Person, Person]:
    data = PersonData("Ежиков", "Петр", "Ильич")
    other = add_person(organization=school.organization, actor=None, data=data, roles=[Role.STUDENT])
    return school.people["classmate"], other


def refused(outcomes: list[object]) -> list[str]:
    unforeseen = [one for one in outcomes if isinstance(one, Exception) and not isinstance(one, DomainError)]
    assert not unforeseen, unforeseen
    return [one.code for one in outcomes if isinstance(one, DomainError)]


@pytest.mark.req("ORG-7")
@pytest.mark.parametrize("turned", [False, True])
def test_the_same_two_are_merged_once(turned: bool) -> None:
    school = build_school("race", 3)
    one, other = two_rows(school)
    actor = school.actor("administrator")
    pairs = [(one, other), (other, one) if turned else (one, other)]
    outcomes = at_once([partial(merge, actor=actor, kept=kept, gone=gone, from_gone={}) for kept, gone in pairs])
    assert refused(outcomes) == ["merged_already"]
    assert Person.objects.filter(merged_into__isnull=False).count() == 1
    assert Work.objects.filter(kind="merge", state=State.DONE).count() == 1


@pytest.mark.req("ORG-9")
def test_who_joins_while_the_year_changes_is_in_a_unit_in_use() -> None:
    school = build_school("race", 3)
    link = link_of(school, unit="5А", role=Role.STUDENT)
    users = [make_user(f"+7917000000{number}") for number in range(4)]
    work = passing.start(actor=school.actor("administrator"), content={})
    opened = Invitation.objects.select_related("unit", "organization", "owner")
    joining = [
        partial(
            redeem,
            user=user,
            invitation=opened.get(pk=link.pk),
            generation=1,
            answers=JoinAnswers(f"Новый{number}", "Иван"),
        )
        for number, user in enumerate(users)
    ]
    outcomes = at_once([partial(running.run, work.pk), *joining])
    assert refused(outcomes) == []
    work.refresh_from_db()
    assert work.state == State.DONE, work.error_message
    places = Enrolment.objects.filter(person__user__in=users, until=None)
    assert {place.unit.name for place in places.select_related("unit")} == {"6А"}
    assert places.count() == 4


@pytest.mark.req("ORG-9")
def test_who_is_enrolled_while_the_year_changes_is_not_lost() -> None:
    school = build_school("race", 3)
    people = [
        add_person(organization=school.organization, actor=None, data=PersonData(f"Новый{n}", "Иван"), roles=[])
        for n in range(3)
    ]
    work = passing.start(actor=school.actor("administrator"), content={})
    enrolling = [
        partial(enrol, actor=None, people=[person], unit=Unit.objects.get(name="5А"), part=Part.STUDENT)
        for person in people
    ]
    outcomes = at_once([partial(running.run, work.pk), *enrolling])
    codes = refused(outcomes)
    work.refresh_from_db()
    assert work.state == State.DONE, work.error_message
    assert set(codes) <= {"unit_archived"}
    inside = Enrolment.objects.filter(person__in=people, until=None)
    assert {row.unit.name for row in inside.select_related("unit")} <= {"6А"}
    assert inside.count() + len(codes) == 3


@pytest.mark.req("ORG-9")
def test_a_year_is_passed_once() -> None:
    school = build_school("race", 3)
    actor = school.actor("administrator")
    outcomes = at_once([partial(passing.start, actor=actor, content={})] * 3)
    assert refused(outcomes) == ["work_under_way"] * 2
