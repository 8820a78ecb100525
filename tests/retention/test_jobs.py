"""What is kept for a time only goes with its time, not a second earlier, and nothing else goes with it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.core.cache.backends.db import DatabaseCache
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import PushDevice
from accounts.services import keeping as accounts_keeping
from chats.models import Chat, Inspection, MemberState, Message, Mute, Report
from chats.services import keeping as chats_keeping
from common.retention import in_batches, remove
from invitations.models import InvitationUse, JoinRequest, RequestState
from invitations.services import keeping as invitations_keeping
from orgs.models import RoleAssignment
from outbox import keeping as outbox_keeping
from outbox.models import Channel, Status
from outbox.models import Message as Letter
from outbox.services import send_again
from registration.models import Application, OrderFile, State
from registration.services import keeping as registration_keeping
from sferum_admin.tasks import clear_cache, forget_operators_log
from stats.models import OrgDay, PersonDay, Presence, RollupState
from stats.services import keeping as stats_keeping
from stats.services.presence import note_presence
from stats.services.rollup import roll_up
from tests.invitations.conftest import link_of
from tests.registration.cast import application
from tests.world import School, World
from works.models import Change, Work
from works.models import State as WorkState
from works.services import keeping as works_keeping

pytestmark = [pytest.mark.django_db, pytest.mark.req("ACC-2")]

NOW = timezone.now()
SECOND = timedelta(seconds=1)


def edge(setting: str) -> datetime:
    """The oldest moment at which something is still kept."""
    return NOW - timedelta(days=getattr(settings, setting))


def aged(rows: QuerySet[Any], setting: str, column: str) -> None:
    """Put the first of `rows` a second beyond its time, the second on the edge of it."""
    for row, moment in zip(rows.order_by("pk"), (edge(setting) - SECOND, edge(setting)), strict=False):
        rows.model._base_manager.filter(pk=row.pk).update(**{column: moment})


# --- Outbox ---------------------------------------------------------------------------------------------------------
def letter(finished: datetime | None, **more: Any) -> Letter:
    status = Status.QUEUED if finished is None else Status.SENT
    values = {"channel": Channel.SMS, "recipient": "+79120000001", "template": "invitation", "context": {"id": 1}}
    return Letter.objects.create(**{**values, "status": status, "finished_at": finished, "created_at": NOW, **more})


class TestOutbox:
    def test_addresses_go_before_the_fact_of_sending(self) -> None:
        old, kept = (letter(edge("KEEP_LETTER_ADDRESSES_DAYS") - delay) for delay in (SECOND, 0 * SECOND))
        waiting = letter(None, created_at=edge("KEEP_LETTERS_DAYS") - SECOND)
        assert outbox_keeping.forget_addresses(NOW) == 1
        assert outbox_keeping.forget_addresses(NOW) == 0
        rows = dict(Letter.objects.values_list("pk", "recipient"))
        assert rows == {old.pk: "", kept.pk: "+79120000001", waiting.pk: "+79120000001"}
        old.refresh_from_db()
        assert (old.context, old.template, old.status) == ({}, "invitation", Status.SENT)

    def test_nobody_sends_a_letter_again_that_has_lost_its_address(self) -> None:
        old = letter(edge("KEEP_LETTER_ADDRESSES_DAYS") - SECOND)
        outbox_keeping.forget_addresses(NOW)
        assert send_again([old.pk]) == 0

    def test_letters_go_and_what_waits_stays(self) -> None:
        letter(edge("KEEP_LETTERS_DAYS") - SECOND)
        kept = letter(edge("KEEP_LETTERS_DAYS"))
        waiting = letter(None, created_at=edge("KEEP_LETTERS_DAYS") - SECOND)
        push = letter(edge("KEEP_LETTERS_DAYS") - SECOND, channel=Channel.PUSH)
        assert outbox_keeping.forget_letters(NOW) == 1
        assert outbox_keeping.forget_letters(NOW) == 0
        assert set(Letter.objects.values_list("pk", flat=True)) == {kept.pk, waiting.pk, push.pk}

    def test_codes_go_after_a_day(self) -> None:
        day = NOW - timedelta(days=1)
        seen = letter(day, created_at=day - SECOND, secret="x", status=Status.KEPT)
        lost = letter(None, created_at=day - SECOND, secret="x")
        young = letter(NOW, created_at=day, secret="x", status=Status.KEPT)
        assert outbox_keeping.forget_codes(NOW) == 2
        assert outbox_keeping.forget_codes(NOW) == 0
        rows = dict(Letter.objects.values_list("pk", "secret"))
        assert rows == {seen.pk: "", lost.pk: "", young.pk: "x"}
        lost.refresh_from_db()
        assert (lost.status, lost.finished_at) == (Status.FAILED, NOW)


# --- Accounts -------------------------------------------------------------------------------------------------------
def test_devices_that_nothing_reaches_go(world: World) -> None:
    limit = edge("KEEP_FAILING_DEVICES_DAYS")
    for number, failed in enumerate([limit - SECOND, limit, None]):
        PushDevice.objects.create(
            user=world.both, session_key=str(number), endpoint=f"https://x.example/{number}", failed_at=failed
        )
    assert accounts_keeping.remove_failing_devices(NOW) == 1
    assert accounts_keeping.remove_failing_devices(NOW) == 0
    assert list(PushDevice.objects.order_by("session_key").values_list("session_key", flat=True)) == ["1", "2"]


# --- Works ----------------------------------------------------------------------------------------------------------
def work_with_ledger(school: School, **values: Any) -> Work:
    work = Work.objects.create(organization=school.organization, kind="merge", **values)
    Change.objects.create(work=work, model="orgs.person", is_creation=True, rows={})
    return work


def test_ledgers_go_when_nothing_can_be_undone_any_more(world: World) -> None:
    limit, done = edge("KEEP_LEDGERS_DAYS"), {"state": WorkState.DONE, "finished_at": NOW}
    gone = [
        work_with_ledger(world.a, **done, undo_until=limit - SECOND),
        work_with_ledger(world.a, state=WorkState.UNDONE, undo_until=NOW, undone_at=limit - SECOND),
        work_with_ledger(world.a, state=WorkState.DONE, finished_at=limit - SECOND),
    ]
    kept = [
        work_with_ledger(world.a, **done, undo_until=limit),
        work_with_ledger(world.a, state=WorkState.RUNNING, undo_until=limit - SECOND),
        work_with_ledger(world.b, **done, undo_until=NOW + timedelta(days=1)),
    ]
    assert works_keeping.forget_ledgers(NOW) == 3
    assert works_keeping.forget_ledgers(NOW) == 0
    assert set(Change.objects.values_list("work_id", flat=True)) == {work.pk for work in kept}
    # Who did what and when stays.
    assert Work.objects.filter(pk__in=[work.pk for work in gone]).count() == 3


# --- Chats ----------------------------------------------------------------------------------------------------------
def chat_with(school: School, numbers: int = 2) -> tuple[Chat, list[Message]]:
    chat = Chat.objects.create(organization=school.organization, title="Разное")
    author = school.people["parent"]
    return chat, [
        Message.objects.create(
            organization=school.organization, chat=chat, number=n, event=n, ordinal=n, author=author, text="Грубо"
        )
        for n in range(1, numbers + 1)
    ]


class TestChats:
    def test_words_of_reports_go_and_the_report_stays(self, world: World) -> None:
        for school in (world.a, world.b):
            chat, messages = chat_with(school)
            for message in messages:
                Report.objects.create(
                    organization=school.organization,
                    chat=chat,
                    message=message,
                    reporter=school.people["leader"],
                    reason="insult",
                    reported_text="Грубо",
                    comment="Вот",
                    decision="removed",
                    decided_at=NOW,
                )
        aged(Report.objects.filter(organization=world.a.organization), "KEEP_REPORTED_WORDS_DAYS", "decided_at")
        Report.objects.filter(organization=world.b.organization).update(decision="", decided_at=None, created_at=NOW)
        assert chats_keeping.forget_reported_words(NOW) == 1
        assert chats_keeping.forget_reported_words(NOW) == 0
        words = list(Report.objects.order_by("pk").values_list("reported_text", "comment"))
        assert words == [("", ""), *[("Грубо", "Вот")] * 3]

    def test_mutes_and_looks_go_when_they_are_long_over(self, world: World) -> None:
        limit = edge("KEEP_REPORTED_WORDS_DAYS")
        for school, moment in ((world.a, limit - SECOND), (world.b, limit)):
            chat, _messages = chat_with(school, 0)
            own: dict[str, Any] = {"organization": school.organization, "chat": chat, "reason": "Спор"}
            Mute.objects.create(**own, person=school.people["parent"], until=moment)
            Inspection.objects.create(**own, person=school.people["head"], expires_at=moment)
        assert chats_keeping.forget_measures(NOW) == 2
        assert chats_keeping.forget_measures(NOW) == 0
        assert [row.organization for row in (*Mute.objects.all(), *Inspection.objects.all())] == [
            world.b.organization
        ] * 2

    def test_reading_marks_of_those_who_left_go(self, world: World) -> None:
        limit = edge("KEEP_MEMBER_STATES_DAYS")
        for school in (world.a, world.b):
            chat, _messages = chat_with(school, 0)
            for name in ("parent", "student", "leader"):
                MemberState.objects.create(organization=school.organization, chat=chat, person=school.people[name])
        for person, until in ((world.a.people["parent"], limit - SECOND), (world.a.people["student"], limit)):
            RoleAssignment.objects.filter(person=person).update(since=limit - timedelta(days=9), until=until)
        assert chats_keeping.forget_states(NOW) == 1
        assert chats_keeping.forget_states(NOW) == 0
        assert MemberState.objects.count() == 5
        assert not MemberState.objects.filter(person=world.a.people["parent"]).exists()


# --- Invitations ----------------------------------------------------------------------------------------------------
class TestInvitations:
    def test_names_of_children_as_typed_go_and_who_joined_stays(self, world: World) -> None:
        for school in (world.a, world.b):
            link = link_of(school)
            for name in ("parent", "leader"):
                InvitationUse.objects.create(
                    organization=school.organization,
                    invitation=link,
                    person=school.people[name],
                    generation=1,
                    claimed_child="Никто Никита",
                    at=NOW,
                )
        aged(InvitationUse.objects.filter(organization=world.a.organization), "KEEP_CLAIMS_DAYS", "at")
        assert invitations_keeping.forget_claims(NOW) == 1
        assert invitations_keeping.forget_claims(NOW) == 0
        assert list(InvitationUse.objects.order_by("pk").values_list("claimed_child", flat=True)) == [
            "",
            *["Никто Никита"] * 3,
        ]

    def test_requests_decided_long_ago_go_and_those_that_wait_stay(self, world: World) -> None:
        limit = edge("KEEP_JOIN_REQUESTS_DAYS")
        born, kept = limit - timedelta(days=9), []
        for number, (school, state, decided) in enumerate(
            [
                (world.a, RequestState.WITHDRAWN, limit - SECOND),
                (world.a, RequestState.STALE, limit),
                (world.a, RequestState.PENDING, None),
                (world.b, RequestState.ACCEPTED, NOW),
            ]
        ):
            request = JoinRequest.objects.create(
                organization=school.organization,
                user=world.both,
                last_name=f"Н{number}",
                first_name="Н",
                role="parent",
                state=state,
                created_at=born,
                decided_at=decided,
            )
            kept += [request.pk] if number else []
        assert invitations_keeping.forget_requests(NOW) == 1
        assert invitations_keeping.forget_requests(NOW) == 0
        assert set(JoinRequest.objects.values_list("pk", flat=True)) == set(kept)


# --- Registration ---------------------------------------------------------------------------------------------------
def test_applications_that_came_to_nothing_go_with_their_orders(
    django_capture_on_commit_callbacks: Any, world: World
) -> None:
    limit = edge("KEEP_APPLICATIONS_DAYS")
    found = [application(phone=f"+7912123456{n}", email=f"a{n}@example.org") for n in range(6)]
    states = [State.REJECTED, State.WITHDRAWN, State.RETURNED, State.REJECTED, State.RETURNED, State.SUBMITTED]
    moments = [limit - SECOND] * 3 + [limit] * 2 + [limit - SECOND]
    for row, state, moment in zip(found, states, moments, strict=True):
        decided = moment if state in (State.REJECTED, State.WITHDRAWN) else None
        Application.objects.filter(pk=row.pk).update(state=state, submitted_at=limit - 9 * SECOND, decided_at=decided)
        row.events.update(at=moment)
    names = [row.order.content.name for row in found]
    with django_capture_on_commit_callbacks(execute=True):
        assert registration_keeping.remove_old_applications(NOW) == 3
    assert registration_keeping.remove_old_applications(NOW) == 0
    assert set(Application.objects.values_list("pk", flat=True)) == {row.pk for row in found[3:]}
    assert OrderFile.objects.count() == 3
    assert [default_storage.exists(name) for name in names] == [False] * 3 + [True] * 3


# --- Statistics -----------------------------------------------------------------------------------------------------
def test_names_of_the_statistics_go_and_the_sums_stay(world: World) -> None:
    oldest = timezone.localdate(NOW, world.a.organization.zone) - timedelta(days=settings.KEEP_ACTIVITY_DAYS)
    for school in (world.a, world.b):
        for days in (-1, 0):
            if school is world.b and days == -1:
                continue
            day = oldest + timedelta(days=days)
            note_presence(person=school.people["parent"], day=day)
            Presence.objects.filter(organization=school.organization, day=day).update(
                at=datetime.combine(day, datetime.min.time(), tzinfo=school.organization.zone) + timedelta(hours=12)
            )
    roll_up(now=NOW)
    before = list(OrgDay.objects.order_by("organization", "day").values_list("organization", "day", "people_active"))
    assert sum(active for _organization, _day, active in before) == 3
    assert stats_keeping.forget_people(NOW) == 2  # the day and the coming
    assert stats_keeping.forget_people(NOW) == 0
    assert set(PersonDay.objects.values_list("day", flat=True)) == {oldest}
    assert set(Presence.objects.values_list("day", flat=True)) == {oldest}
    # What has gone is not counted as nothing.
    roll_up(now=NOW)
    after = list(OrgDay.objects.order_by("organization", "day").values_list("organization", "day", "people_active"))
    assert after == before
    frozen = dict(RollupState.objects.values_list("organization", "frozen_before"))
    assert frozen == {world.a.organization.pk: oldest, world.b.organization.pk: None}


# --- Packages -------------------------------------------------------------------------------------------------------
def test_the_operators_log_goes(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for _row in range(2):
        LogEntry.objects.create(user=world.operator, action_flag=1, object_repr="Школа")
    aged(LogEntry.objects.all(), "KEEP_OPERATOR_LOG_DAYS", "action_time")
    monkeypatch.setattr("sferum_admin.tasks.timezone.now", lambda: NOW)
    assert forget_operators_log() == 1
    assert forget_operators_log() == 0


def test_rows_of_the_cache_go_when_their_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    # Where Redis is, the table is not; the one of the tests is memory.
    call_command("createcachetable", "cache_table")
    table = DatabaseCache("cache_table", {})
    monkeypatch.setattr("sferum_admin.tasks.caches", {"default": table})
    table.set("over", 1, timeout=60)
    table.set("alive", 1, timeout=3600)
    later = timezone.now() + timedelta(minutes=2)
    monkeypatch.setattr("sferum_admin.tasks.timezone.now", lambda: later)
    assert clear_cache() == 1
    assert clear_cache() == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM cache_table")
        assert [key for (key,) in cursor.fetchall()] == [":1:alive"]


def test_another_cache_clears_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sferum_admin.tasks.caches", {"default": object()})
    assert clear_cache() == 0


# --- A little at a time -----------------------------------------------------------------------------------------------
def test_rows_go_in_batches(django_assert_num_queries: Any) -> None:
    for _row in range(5):
        letter(NOW)
    # Three batches and the look that finds nothing; each reads the ids and deletes.
    with django_assert_num_queries(2 * 3 + 1):
        assert remove("letters", Letter.objects.all(), size=2) == 5


def test_a_job_that_would_never_end_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("common.retention.MOST_BATCHES", 3)
    assert in_batches("nothing", lambda: 1) == 3
