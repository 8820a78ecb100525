"""Who is asked, who has confirmed, and what each of them sees (CHAN-4, DOC-1)."""

import pytest

from common.errors import DomainError
from orgs.actor import actor_of
from orgs.audit import Action
from orgs.models import Audience, AuditEvent, Enrolment, Part, Role
from orgs.services.people import end_role, grant_role, tie_parent, untie_parent
from orgs.services.structure import end_enrolment
from readings.models import Confirmation, ParentsConfirm
from readings.selectors.readings import asked_of, confirmed_by, find_asked, waiting_for
from readings.services import confirming, giving
from tests.readings.cast import asked, data_of, given, second_parent, waiting
from tests.world import School, World

pytestmark = pytest.mark.req("CHAN-4", "DOC-1")
FAMILY = ParentsConfirm.FAMILY


def test_a_parent_is_asked_and_confirms_once(school: School) -> None:
    reading = given(school)
    parent = school.actor("parent")
    assert [one.pk for one in waiting_for(parent)] == [reading.pk]
    first = confirming.confirm(actor=parent, reading=reading)
    second = confirming.confirm(actor=parent, reading=reading)
    assert first == second
    assert Confirmation.objects.count() == 1
    assert not first.is_on_paper
    assert not waiting_for(parent).exists()
    found = find_asked(parent, reading.pk)
    assert found is not None
    assert found.confirmed_at == first.confirmed_at
    assert found.is_done
    assert [one.pk for one in confirmed_by(parent)] == [reading.pk]


def test_people_without_an_account_are_asked_too(school: School) -> None:
    assert asked(given(school, (Audience.PARENTS, school.units["5А"].pk))) == ["Захар", "Роза"]


def test_who_is_not_meant_cannot_confirm(school: School) -> None:
    reading = given(school)
    with pytest.raises(DomainError) as error:
        confirming.confirm(actor=school.actor("teacher"), reading=reading)
    assert (error.value.code, error.value.status) == ("reading_not_asked", 403)
    assert not asked_of(school.actor("teacher")).exists()


def test_a_reading_of_another_school_cannot_be_confirmed(world: World) -> None:
    reading = given(world.a)
    with pytest.raises(DomainError, match="reading_not_asked"):
        confirming.confirm(actor=world.b.actor("parent"), reading=reading)


def test_what_is_closed_or_not_given_out_yet_cannot_be_confirmed(school: School) -> None:
    later, closed = given(school, is_open=False), given(school)
    giving.close(actor=school.actor("administrator"), reading=closed)
    for reading in (later, closed):
        with pytest.raises(DomainError) as error:
            confirming.confirm(actor=school.actor("parent"), reading=reading)
        assert (error.value.code, error.value.status) == ("reading_closed", 409)
    assert not asked_of(school.actor("parent")).exists()


def test_whoever_confirmed_before_it_closed_hears_so_again(school: School) -> None:
    reading = given(school)
    first = confirming.confirm(actor=school.actor("parent"), reading=reading)
    giving.close(actor=school.actor("administrator"), reading=reading)
    assert confirming.confirm(actor=school.actor("parent"), reading=reading) == first


def test_each_parent_confirms_where_each_must(school: School) -> None:
    second_parent(school)
    reading = given(school, (Audience.PARENTS, school.units["5А"].pk))
    confirming.confirm(actor=school.actor("parent"), reading=reading)
    assert waiting(reading) == ["Захар", "Илья"]


def test_one_parent_confirms_for_the_family(school: School) -> None:
    father = second_parent(school)
    reading = given(school, (Audience.PARENTS, school.units["5А"].pk), parents=FAMILY)
    administrator, parent = school.actor("administrator"), school.actor("parent")
    confirming.note_on_paper(actor=administrator, reading=reading, person=father)
    assert waiting(reading) == ["Захар"]
    assert not waiting_for(parent).exists()
    [shown] = asked_of(parent)
    assert shown.is_done
    assert shown.confirmed_at is None
    # The other one may confirm as well.
    assert confirming.confirm(actor=parent, reading=reading).person_id == parent.person.pk


def test_a_family_is_done_when_every_child_meant_is_covered(school: School) -> None:
    """The mother has a second child by another father: his word covers that child only."""
    tie_parent(actor=None, parent=school.people["parent"], child=school.people["other_student"])
    units = [(Audience.PARENTS, school.units[name].pk) for name in ("5А", "5Б")]
    reading = given(school, *units, parents=FAMILY)
    both = actor_of(school.people["both"])
    confirming.confirm(actor=both, reading=reading)
    assert waiting(reading) == ["Захар", "Роза"]
    assert [one.pk for one in waiting_for(school.actor("parent"))] == [reading.pk]
    # Where only the second child's class is meant, nothing is left to the mother.
    only = given(school, units[1], parents=FAMILY)
    confirming.confirm(actor=both, reading=only)
    assert waiting(only) == []
    assert only.pk not in [one.pk for one in waiting_for(school.actor("parent"))]


def test_staff_and_students_answer_for_themselves_in_family_mode(school: School) -> None:
    """A teacher who is a parent too is asked as a teacher, whatever the other parent does."""
    father = second_parent(school)
    grant_role(actor=None, person=school.people["parent"], role=Role.TEACHER)
    reading = given(school, (Audience.EVERYONE, None), parents=FAMILY)
    confirming.note_on_paper(actor=school.actor("administrator"), reading=reading, person=father)
    still = waiting(reading)
    assert "Роза" in still
    assert "Илья" not in still
    assert "Пётр" in still
    assert waiting_for(school.actor("parent")).exists()
    assert waiting_for(school.actor("student")).exists()


def test_a_parent_without_a_child_answers_too(school: School) -> None:
    parent, student = school.people["parent"], school.people["student"]
    untie_parent(actor=school.actor("administrator"), parent=parent, child=student)
    reading = given(school, parents=FAMILY)
    assert "Роза" in waiting(reading)
    assert waiting_for(school.actor("parent")).exists()


def test_who_leaves_is_no_longer_asked_and_who_joins_is(school: School) -> None:
    reading = given(school, (Audience.PARENTS, school.units["5А"].pk))
    enrolment = Enrolment.objects.get(person=school.people["student"], part=Part.STUDENT)
    end_enrolment(actor=school.actor("administrator"), enrolment=enrolment)
    assert asked(reading) == ["Захар"]
    assert not asked_of(school.actor("parent")).exists()
    second_parent(school, child="classmate")
    assert asked(reading) == ["Захар", "Илья"]


def test_a_child_who_left_school_needs_no_parent_any_more(school: School) -> None:
    """One parent covers the brother; the sister has left, so nobody waits for her family."""
    tie_parent(actor=None, parent=school.people["parent"], child=school.people["other_student"])
    reading = given(school, parents=FAMILY)
    confirming.confirm(actor=actor_of(school.people["both"]), reading=reading)
    assert "Роза" in waiting(reading)
    assert waiting_for(school.actor("parent")).exists()
    end_role(actor=None, person=school.people["student"], role=Role.STUDENT)
    assert "Роза" not in waiting(reading)
    assert not waiting_for(school.actor("parent")).exists()


def test_signatures_on_paper_are_noted_and_taken_back(school: School) -> None:
    reading = given(school)
    administrator, person = school.actor("administrator"), school.people["waiting_parent"]
    noted = confirming.note_on_paper(actor=administrator, reading=reading, person=person)
    assert noted.is_on_paper
    assert noted.noted_by == administrator.person
    assert confirming.note_on_paper(actor=administrator, reading=reading, person=person) == noted
    confirming.unnote(actor=administrator, reading=reading, person=person)
    confirming.unnote(actor=administrator, reading=reading, person=person)
    assert not Confirmation.objects.exists()
    actions = AuditEvent.objects.filter(person_id=person.pk, action__startswith="reading.").order_by("pk")
    assert [event.action for event in actions] == [Action.READING_ON_PAPER, Action.READING_NOT_ON_PAPER]


def test_a_confirmation_given_here_stays(school: School) -> None:
    reading = given(school)
    own = confirming.confirm(actor=school.actor("parent"), reading=reading)
    administrator, person = school.actor("administrator"), school.people["parent"]
    assert confirming.note_on_paper(actor=administrator, reading=reading, person=person) == own
    with pytest.raises(DomainError, match="confirmed_here"):
        confirming.unnote(actor=administrator, reading=reading, person=person)


def test_nobody_else_can_be_noted(world: World) -> None:
    reading, administrator = given(world.a), world.a.actor("administrator")
    for stranger in (world.a.people["teacher"], world.b.people["parent"]):
        with pytest.raises(DomainError, match="person_not_asked"):
            confirming.note_on_paper(actor=administrator, reading=reading, person=stranger)
    giving.close(actor=administrator, reading=reading)
    reading.refresh_from_db()
    with pytest.raises(DomainError, match="reading_closed"):
        confirming.note_on_paper(actor=administrator, reading=reading, person=world.a.people["parent"])


def test_a_new_version_asks_anew(school: School) -> None:
    administrator, parent = school.actor("administrator"), school.actor("parent")
    old = given(school)
    confirming.confirm(actor=parent, reading=old)
    new = giving.renew(actor=administrator, reading=old, data=data_of())
    assert (new.version, [one.pk for one in waiting_for(parent)]) == (2, [new.pk])
    assert Confirmation.objects.get().reading == old
