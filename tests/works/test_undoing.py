"""A work is undone in one step, or it is said what prevents it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from common.errors import DomainError
from orgs.models import Enrolment, Part, Person
from orgs.selectors.organizations import today_in
from tests.works.conftest import finished
from tests.works.rows import rows_of
from tests.world import School, make_user
from works.models import State, Work
from works.services import undoing

pytestmark = pytest.mark.req("ORG-8", "ORG-9")


def undo(school: School, work: Work) -> None:
    undoing.undo(actor=school.actor("administrator"), work=work)


def test_everything_is_as_it_was(school: School) -> None:
    before = rows_of()
    work = finished(school, rename=[school.people["student"].pk, school.people["classmate"].pk])
    assert rows_of() != before
    assert undoing.obstacles(work) == []
    undo(school, work)
    assert rows_of() == before
    work.refresh_from_db()
    assert (work.state, work.undone_by) == (State.UNDONE, school.people["administrator"])


def test_undone_once(school: School) -> None:
    work = finished(school)
    undo(school, work)
    with pytest.raises(DomainError, match="already_undone"):
        undo(school, work)


def test_too_late(school: School) -> None:
    work = finished(school)
    Work.objects.filter(pk=work.pk).update(undo_until=timezone.now() - timedelta(seconds=1))
    with pytest.raises(DomainError, match="undo_too_late"):
        undo(school, work)
    assert Person.objects.filter(last_name="Носов").exists()


def refused(school: School, work: Work) -> dict[str, str]:
    before = rows_of()
    with pytest.raises(DomainError, match="undo_prevented") as refusal:
        undo(school, work)
    assert rows_of() == before
    return refusal.value.fields


def test_somebody_who_joined_since_prevents_it(school: School) -> None:
    work = finished(school)
    Person.objects.filter(last_name="Носов").update(user=make_user("+79005550001"), joined_at=timezone.now())
    assert list(refused(school, work).values()) == ["Носов Нестор"]


def test_what_was_changed_again_prevents_it(school: School) -> None:
    student = school.people["student"]
    work = finished(school, names=[], rename=[student.pk])
    Person.objects.filter(pk=student.pk).update(position="староста")
    assert list(refused(school, work).values()) == ["Другой Пётр Ильич"]


def test_other_columns_of_what_was_changed_do_not_matter(school: School) -> None:
    student = school.people["student"]
    work = finished(school, names=[], rename=[student.pk])
    Person.objects.filter(pk=student.pk).update(email="new@example.org")
    undo(school, work)
    student.refresh_from_db()
    assert (student.last_name, student.position, student.email) == ("Ёжиков", "", "new@example.org")


def test_what_hangs_on_a_new_row_prevents_it(school: School) -> None:
    work = finished(school)
    person = Person.objects.get(last_name="Носов")
    Enrolment.objects.create(
        organization=school.organization,
        person=person,
        unit=school.units["5Б"],
        part=Part.STUDENT,
        since=today_in(school.organization),
    )
    assert len(refused(school, work)) == 1


def test_a_new_row_that_is_gone_needs_no_undoing(school: School) -> None:
    before = rows_of()
    work = finished(school)
    Person.objects.get(last_name="Носов").delete()
    undo(school, work)
    assert rows_of() == before


def test_what_is_failed_cannot_be_undone(school: School) -> None:
    work = finished(school, breaks="rule")
    with pytest.raises(DomainError, match="undo_too_late"):
        undo(school, work)
