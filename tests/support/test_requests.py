"""A request for help from the first word to the closing: states, days, who reads what, who is told (SUP-1)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from common.errors import DomainError
from files.models import StoredFile
from orgs.models import AuditEvent
from outbox.models import Channel, Message
from outbox.rendering import render
from support.deadlines import add_working_days
from support.home import attention
from support.models import HelpFile, HelpRequest, Side, State, Step
from support.permissions import can_pass_on
from support.selectors.requests import entries_of, find_for_operator, find_request, operators_requests
from support.services import answering, asking, operating, tending
from tests.support.cast import answered, asked, called, fresh, operator_answers, passed_on, with_file
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.req("SUP-1")]

# A Thursday, ten in the morning in Moscow.
THURSDAY = datetime(2026, 9, 10, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "days", "saturday", "due"),
    [
        (date(2026, 9, 10), 1, False, date(2026, 9, 11)),
        (date(2026, 9, 10), 2, False, date(2026, 9, 14)),
        (date(2026, 9, 10), 2, True, date(2026, 9, 12)),
        (date(2026, 9, 12), 1, False, date(2026, 9, 14)),
        (date(2026, 9, 13), 10, False, date(2026, 9, 25)),
    ],
)
def test_working_days(day: date, days: int, saturday: bool, due: date) -> None:
    assert add_working_days(day, days, works_on_saturday=saturday) == due


def test_the_way_of_a_request(world: World) -> None:
    with time_machine.travel(THURSDAY, tick=False):
        row = asked(world.a)
        assert (row.state, row.due_on) == (State.NEW, date(2026, 9, 14))
        answering.take(actor=world.a.actor("administrator"), request=row)
        assert (fresh(row).state, fresh(row).due_on) == (State.IN_WORK, date(2026, 9, 14))
        answered(world.a, row, is_question=True)
        assert (fresh(row).state, fresh(row).due_on, fresh(row).has_news) == (State.WAITING, None, True)
    with time_machine.travel(THURSDAY + timedelta(days=1), tick=False):
        asking.reply(actor=world.a.actor("parent"), request=row, text="iPhone")
        assert (fresh(row).state, fresh(row).due_on) == (State.IN_WORK, date(2026, 9, 15))
        answered(world.a, row)
        assert fresh(row).state == State.ANSWERED
    asking.settle(actor=world.a.actor("parent"), request=row)
    assert fresh(row).closed_at is not None
    actions = list(AuditEvent.objects.filter(action__startswith="help.").values_list("action", flat=True))
    assert sorted(actions) == ["help.answered", "help.answered", "help.asked", "help.taken"]


def test_a_request_is_passed_on_and_answered_by_the_operator(world: World) -> None:
    row = asked(world.a)
    assert find_for_operator(row.pk) is None
    passed_on(world.a, row)
    assert find_for_operator(row.pk) == row
    own = [entry.text for entry in entries_of(row, for_asker=True)]
    assert own == ["Код не приходит", ""]
    assert [entry.text for entry in entries_of(row, for_asker=False)][1] == "Проверили номер, он верный"
    operator_answers(world, row)
    assert (fresh(row).state, fresh(row).has_news) == (State.ANSWERED, True)
    # The question goes on where it was answered.
    asking.reply(actor=world.a.actor("parent"), request=row, text="Не помогло")
    assert fresh(row).state == State.PASSED_ON
    operating.give_back(operator=world.operator, request=row, revision=fresh(row).revision, text="Это ваше")
    assert fresh(row).state == State.NEW
    assert fresh(row).due_on is not None
    assert find_for_operator(row.pk) is None


def test_an_operator_cannot_give_a_call_of_nobodys_school_back(world: World) -> None:
    row = called()
    with pytest.raises(DomainError) as refusal:
        operating.give_back(operator=world.operator, request=row, revision=row.revision, text="кому?")
    assert refusal.value.code == "help_of_nobody"


def test_who_sees_what(world: World) -> None:
    row, other = asked(world.a), asked(world.b)
    outside, of_school = called(), called(world.a)
    for name, seen in (("parent", True), ("administrator", True), ("head", False), ("teacher", False)):
        assert (find_request(world.a.actor(name), row.pk) is not None) is seen, name
    assert find_request(world.b.actor("administrator"), row.pk) is None
    assert find_request(world.a.actor("administrator"), outside.pk) is None
    assert find_request(world.a.actor("administrator"), of_school.pk) is not None
    passed_on(world.b, other)
    assert set(operators_requests()) == {other, outside}


def test_an_administrator_asks_the_operator(world: World) -> None:
    row = asked(world.a, "administrator", to_operator=True)
    assert (row.state, row.passed_on_at is not None) == (State.PASSED_ON, True)


def test_a_second_answer_about_the_same_is_refused(world: World) -> None:
    row = asked(world.a)
    seen = row.revision
    answered(world.a, row)
    with pytest.raises(DomainError) as refusal:
        answering.answer(actor=world.a.actor("administrator"), request=row, revision=seen, text="И я отвечу")
    assert (refusal.value.code, refusal.value.status) == ("help_changed", 409)


def test_a_double_click_makes_one_request(world: World) -> None:
    attempt = uuid4()
    assert asked(world.a, attempt=attempt) == asked(world.a, attempt=attempt)
    assert HelpRequest.objects.count() == 1


def test_somebody_elses_attempt_is_not_shown(world: World) -> None:
    """Whoever guesses the mark of a form learns nothing of the request it made."""
    attempt = asked(world.a).attempt
    from django.test import Client

    client = Client()
    client.force_login(world.a.user("student"))
    values = {"topic": "other", "text": "моё", "attempt": str(attempt)}
    answer = client.post("/o/a/help/requests/new/", values)
    assert answer.status_code != 302 or str(HelpRequest.objects.get(attempt=attempt).pk) not in answer["Location"]


def test_too_many_requests_are_refused(world: World) -> None:
    for _number in range(asking.MOST_A_DAY):
        asked(world.a)
    with pytest.raises(DomainError) as refusal:
        asked(world.a)
    assert (refusal.value.code, refusal.value.status) == ("help_too_many", 429)


def test_the_asker_goes_to_the_operator_when_nobody_answers(world: World) -> None:
    row = asked(world.a)
    assert not can_pass_on(world.a.actor("parent"), row)
    HelpRequest.objects.filter(pk=row.pk).update(due_on=timezone.localdate() - timedelta(days=2))
    row = fresh(row)
    assert can_pass_on(world.a.actor("parent"), row)
    answering.pass_on(actor=world.a.actor("parent"), request=row, revision=row.revision)
    assert (fresh(row).state, fresh(row).has_news) == (State.PASSED_ON, False)


def test_a_closed_request_is_open_again_for_a_month(world: World) -> None:
    row = asked(world.a)
    answering.close(actor=world.a.actor("administrator"), request=row, revision=row.revision)
    asking.reply(actor=world.a.actor("parent"), request=row, text="Ещё вопрос")
    assert fresh(row).state == State.NEW
    asking.settle(actor=world.a.actor("parent"), request=row)
    HelpRequest.objects.filter(pk=row.pk).update(closed_at=timezone.now() - timedelta(days=31))
    with pytest.raises(DomainError) as refusal:
        asking.reply(actor=world.a.actor("parent"), request=row, text="Опять")
    assert refusal.value.code == "help_closed"


def test_files_are_claimed_and_their_number_is_bounded(world: World) -> None:
    row = with_file(world.a)
    assert StoredFile.objects.get(pk=HelpFile.objects.get(entry__request=row).file_id).claimed_at is not None
    with pytest.raises(DomainError) as refusal:
        asked(world.a, file_ids=list(range(1, 7)))
    assert refusal.value.code == "help_files_many"
    with pytest.raises(DomainError) as stolen:
        asked(world.a, "student", file_ids=[HelpFile.objects.get().file_id])
    assert stolen.value.code == "file_not_yours"
    assert HelpRequest.objects.count() == 1


class TestTold:
    """Letters and pushes say that something came, not what; who cannot get in gets the words."""

    def test_a_member(self, world: World) -> None:
        world.a.people["parent"].email = "roza@example.org"
        world.a.people["parent"].save()
        row = asked(world.a)
        answered(world.a, row, "Секретный ответ")
        message = Message.objects.get(template="help_told")
        rendered = render(message)
        assert "Секретный" not in rendered.text
        assert f"/o/a/help/requests/{row.pk}/" in rendered.text

    def test_who_cannot_sign_in(self, world: World) -> None:
        row = called(world.a)
        answered(world.a, row, "Спросите номер в школе")
        message = Message.objects.get(template="help_outside")
        assert (message.channel, message.recipient) == (Channel.EMAIL, "roza@example.org")
        assert "Спросите номер в школе" in render(message).text

    def test_without_an_e_mail_nothing_leaves(self, world: World) -> None:
        answered(world.a, called(world.a, email=""))
        assert not Message.objects.filter(template="help_outside").exists()

    def test_the_operators_mailbox(self, world: World, settings: object) -> None:
        settings.SUPPORT_EMAIL = "help@example.org"  # type: ignore[attr-defined]
        row = called()
        message = Message.objects.get(template="help_for_operator")
        assert message.recipient == "help@example.org"
        assert "/admin/support/helprequest/" in render(message).text
        assert row.phone not in render(message).text


class TestClock:
    """Reminders and closing: late, twice, twice at once — once."""

    def test_reminders_come_once_each(self, world: World) -> None:
        with time_machine.travel(THURSDAY, tick=False):
            row = asked(world.a)
            assert tending.remind() == 0
        with time_machine.travel(datetime(2026, 9, 14, 5, tzinfo=UTC), tick=False):
            assert tending.remind() == 0
        with time_machine.travel(datetime(2026, 9, 14, 6, 30, tzinfo=UTC), tick=False):
            assert (tending.remind(), tending.remind(), fresh(row).reminded) == (1, 0, "before")
        with time_machine.travel(datetime(2026, 9, 15, 6, 30, tzinfo=UTC), tick=False):
            assert (tending.remind(), tending.remind(), fresh(row).reminded) == (1, 0, "after")
        with time_machine.travel(datetime(2026, 9, 16, 6, 30, tzinfo=UTC), tick=False):
            assert tending.remind() == 0

    def test_what_is_settled_closes_by_itself(self, world: World) -> None:
        row, waiting = asked(world.a), asked(world.a)
        answered(world.a, row)
        answered(world.a, waiting, is_question=True)
        later = timezone.now() + tending.CLOSE_ANSWERED_AFTER
        assert (tending.close_settled(later), tending.close_settled(later)) == (1, 0)
        assert (fresh(row).state, fresh(waiting).state) == (State.CLOSED, State.WAITING)

    def test_what_was_closed_long_ago_goes_with_its_files(self, world: World) -> None:
        kept, call = with_file(world.a), called(world.a)
        for row in (kept, call):
            HelpRequest.objects.filter(pk=row.pk).update(state=State.CLOSED, due_on=None, closed_at=timezone.now())
        now = timezone.now() + timedelta(days=181)
        assert (tending.forget(now), tending.forget(now)) == (1, 0)
        assert list(HelpRequest.objects.all()) == [kept]
        assert tending.forget(timezone.now() + timedelta(days=1096)) == 1
        assert not StoredFile.objects.exists()


class TestHome:
    """What stands on the home page."""

    def test_of_administrators(self, world: World) -> None:
        assert attention(world.a.actor("administrator")) == []
        asked(world.a)
        late = asked(world.a)
        HelpRequest.objects.filter(pk=late.pk).update(due_on=timezone.localdate() - timedelta(days=2))
        [item] = attention(world.a.actor("administrator"))
        assert (item.title, item.level) == ("Обращения: 2, просрочено: 1", "warn")
        [of_head] = attention(world.a.actor("head"))
        assert of_head.title.startswith("1 обращение")
        assert attention(world.b.actor("administrator")) == []

    def test_of_the_asker(self, world: World) -> None:
        row = asked(world.a)
        assert attention(world.a.actor("parent")) == []
        answered(world.a, row)
        [item] = attention(world.a.actor("parent"))
        assert item.url.endswith(f"/help/requests/{row.pk}/")
        asking.mark_seen(request=fresh(row))
        assert attention(world.a.actor("parent")) == []


def test_steps_are_kept_in_their_order(world: World) -> None:
    row = asked(world.a)
    answering.take(actor=world.a.actor("administrator"), request=row)
    answered(world.a, row)
    steps = [(entry.side, entry.step) for entry in entries_of(row, for_asker=True)]
    assert steps == [
        (Side.ASKER, Step.ASKED),
        (Side.ADMINISTRATION, Step.TAKEN),
        (Side.ADMINISTRATION, Step.ANSWERED),
    ]
