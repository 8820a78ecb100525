"""The head reports who comes and goes, the administrator carries it out (ORG-6)."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail

from accounts.models import User
from common.errors import DomainError
from movement.home import attention
from movement.letters import notice_decided, notice_sent
from movement.models import Notice, NoticeKind, NoticeState
from movement.selectors.notices import notices_visible_to
from movement.services import notices
from movement.services.notices import NoticeData
from orgs.models import AuditEvent, Enrolment, Part, Person, Role
from orgs.services.people import PersonData
from orgs.services.structure import archive_unit
from outbox.models import Message
from outbox.rendering import Obsolete
from tests.movement.cast import ORDER, notice_of
from tests.movement.test_moving import roles_of, units_of
from tests.world import School, World
from works.models import Work
from works.services import undoing

pytestmark = pytest.mark.req("ORG-6")


@pytest.fixture
def school(world: World) -> School:
    return world.a


def with_addresses(school: School) -> None:
    for name in ("head", "administrator"):
        User.objects.filter(pk=school.user(name).pk).update(email=f"{name}@example.org")


def state_of(notice: Notice) -> str:
    notice.refresh_from_db()
    return notice.state


def test_what_the_head_reports_waits_at_the_administrators_and_comes_by_letter(school: School) -> None:
    with_addresses(school)
    notice = notice_of(school)
    found = attention(school.actor("administrator"))
    assert [(item.count, item.level) for item in found] == [(1, "warn")]
    assert attention(school.actor("head")) == []
    assert attention(school.actor("teacher")) == []
    message = Message.objects.get(template="notice_sent")
    assert message.recipient == "administrator@example.org"
    letter = notice_sent(message.context, "")
    assert "Ёжиков" in letter.text
    assert "5Б" in letter.text
    assert f"/movement/notices/{notice.pk}/" in letter.text
    assert not mail.outbox


def test_a_click_carries_it_out_and_the_head_is_told(school: School) -> None:
    with_addresses(school)
    notice = notice_of(school)
    work = notices.carry_out(actor=school.actor("administrator"), notice=notice)
    assert units_of(school.people["student"]) == ["5Б"]
    assert Enrolment.objects.get(person=school.people["student"], until=None).order_number == "15"
    assert state_of(notice) == NoticeState.DONE
    assert notice.work == work
    letter = notice_decided(Message.objects.get(template="notice_decided").context, "")
    assert "Ёжиков" in letter.text
    with pytest.raises(Obsolete):
        notice_sent(Message.objects.get(template="notice_sent").context, "")
    sentence = AuditEvent.objects.get(action="notice.done").details["movement"]
    assert "Ёжиков" in sentence


def test_undoing_lets_the_notice_wait_again(school: School) -> None:
    notice = notice_of(school)
    work = notices.carry_out(actor=school.actor("administrator"), notice=notice)
    undoing.undo(actor=school.actor("administrator"), work=work)
    assert state_of(notice) == NoticeState.SENT
    assert units_of(school.people["student"]) == ["5А"]


def test_somebody_new_is_taken_on_by_a_notice(school: School) -> None:
    newcomer = PersonData("Новикова", "Нина", position="учитель химии")
    data = NoticeData(kind=str(NoticeKind.HIRE), newcomer=newcomer, unit_id=school.units["5Б"].pk, order=ORDER)
    notice = notices.send(actor=school.actor("head"), data=data)
    assert not Person.objects.filter(last_name="Новикова").exists()
    notices.carry_out(actor=school.actor("administrator"), notice=notice)
    person = Person.objects.get(last_name="Новикова")
    assert roles_of(person) == {Role.TEACHER}
    assert "5Б" in units_of(person, Part.TEACHER)


@pytest.mark.parametrize(
    ("kind", "name", "unit"),
    [
        (NoticeKind.LEAVE, "student", ""),
        (NoticeKind.DISMISS, "teacher", ""),
        (NoticeKind.LEADER, "teacher", "5А"),
        (NoticeKind.TRANSFER, "student", "5Б"),
    ],
)
def test_every_kind_can_be_carried_out(school: School, kind: NoticeKind, name: str, unit: str) -> None:
    unit_id = school.units[unit].pk if unit else None
    notice = notice_of(school, kind, name, unit_id=unit_id)
    assert notices.carry_out(actor=school.actor("administrator"), notice=notice).outcome["count"] == 1
    if kind == NoticeKind.LEADER:
        assert units_of(school.people["leader"], Part.LEADER) == []


def test_who_left_is_reported_to_come_back(school: School) -> None:
    administrator = school.actor("administrator")
    notices.carry_out(actor=administrator, notice=notice_of(school, NoticeKind.LEAVE))
    notices.carry_out(actor=administrator, notice=notice_of(school, NoticeKind.RETURN))
    assert units_of(school.people["student"]) == ["5А"]


def test_a_returned_notice_is_mended_and_sent_again(school: School) -> None:
    notice, administrator = notice_of(school), school.actor("administrator")
    with pytest.raises(DomainError) as caught:
        notices.send_back(actor=administrator, notice=notice, answer="  ")
    assert caught.value.code == "answer_required"
    notices.send_back(actor=administrator, notice=notice, answer="Нужен номер приказа")
    assert state_of(notice) == NoticeState.RETURNED
    assert [item.count for item in attention(school.actor("head"))] == [1]
    data = NoticeData(
        kind=str(NoticeKind.TRANSFER), people=[school.people["classmate"].pk], unit_id=school.units["5Б"].pk
    )
    notices.send_again(actor=school.actor("head"), notice=notice, data=data)
    assert state_of(notice) == NoticeState.SENT
    assert [row.person for row in notice.people.all()] == [school.people["classmate"]]
    with pytest.raises(DomainError):
        notices.send_again(actor=school.actor("head"), notice=notice, data=data)


def test_a_notice_is_withdrawn_or_marked_as_done_once(school: School) -> None:
    first, second = notice_of(school), notice_of(school, NoticeKind.LEAVE, "classmate")
    notices.withdraw(actor=school.actor("head"), notice=first)
    notices.mark_done(actor=school.actor("administrator"), notice=second, answer="Сделано вручную")
    assert (state_of(first), state_of(second)) == (NoticeState.WITHDRAWN, NoticeState.DONE)
    for notice in (first, second):
        with pytest.raises(DomainError) as caught:
            notices.carry_out(actor=school.actor("administrator"), notice=notice)
        assert caught.value.code == "notice_decided"
    assert not Work.objects.filter(organization=school.organization).exists()


def test_what_cannot_be_done_is_refused_when_it_is_reported(school: School) -> None:
    for kind, more, code in (
        (NoticeKind.TRANSFER, {"unit_id": school.units["5А"].pk}, "already_there"),
        (NoticeKind.RETURN, {}, "already_here"),
        (NoticeKind.ENROL, {"unit_id": school.units["5Б"].pk}, "in_another_unit"),
        (NoticeKind.LEAVE, {"newcomer": PersonData("Новикова", "Нина")}, "newcomer_cannot"),
    ):
        with pytest.raises(DomainError) as caught:
            notice_of(school, kind, **more)
        assert caught.value.code == code
    assert not Notice.objects.exists()


def test_what_can_no_longer_be_done_waits_on(school: School) -> None:
    notice = notice_of(school)
    archive_unit(actor=school.actor("administrator"), unit=school.units["5Б"])
    with pytest.raises(DomainError) as caught:
        notices.carry_out(actor=school.actor("administrator"), notice=notice)
    assert caught.value.code == "unit_archived"
    assert state_of(notice) == NoticeState.SENT


def test_only_those_who_report_see_notices(world: World) -> None:
    notice_of(world.a)
    for name, count in (("administrator", 1), ("head", 1), ("leader", 0), ("parent", 0), ("student", 0)):
        assert notices_visible_to(world.a.actor(name)).count() == count
    assert notices_visible_to(world.b.actor("administrator")).count() == 0


def test_a_list_of_notices_takes_two_queries_whatever_their_number(
    school: School, django_assert_num_queries: Any
) -> None:
    actor = school.actor("head")
    for count in (3, 30):
        while Notice.objects.count() < count:
            notice_of(school)
        with django_assert_num_queries(2):
            assert len(notices_visible_to(actor)) == count
