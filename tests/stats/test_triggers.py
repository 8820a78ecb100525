"""What the database notes by itself (STAT-4)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.utils import timezone

from channels_app.models import Post, PostView
from chats.models import ChatAudience, Message
from files.models import StoredFile
from invitations.models import Invitation
from meetings.models import Event, Participation
from orgs.models import Audience, Enrolment, Guardianship, Person, Role, RoleAssignment
from polls.models import PollBallot, PollVote
from readings.models import Confirmation, Reading
from stats.models import Change, Source
from stats.triggers import TIME_INDEXES, WATCHED, Deed, missing
from tests.stats import cast
from tests.stats.cast import at
from tests.world import School, World

pytestmark = pytest.mark.req("STAT-4")


@pytest.fixture
def a(world: World) -> School:
    return world.a


def test_every_declared_trigger_and_index_is_there(db: None) -> None:
    """SQLite forgets them when a later migration remakes a table: it has to end with `RunPython(install, remove)`."""
    assert missing(connection) == []


def test_what_is_missing_is_named(db: None) -> None:
    watched = WATCHED[0]
    with connection.cursor() as cursor:
        on = f" ON {watched.table}" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER {watched.name(Deed.INSERT)}{on}")
        cursor.execute("DROP INDEX stats_chats_message_time")
    assert missing(connection) == [watched.name(Deed.INSERT), "stats_chats_message_time"]


def test_watched_tables_and_columns_are_those_of_the_models() -> None:
    models = {model._meta.db_table: model for model in apps.get_models()}
    for watched in WATCHED:
        columns = {field.column for field in models[watched.table]._meta.concrete_fields}
        assert set(watched.columns) <= columns
    for table, column in TIME_INDEXES.items():
        assert {"organization_id", column} <= {field.column for field in models[table]._meta.concrete_fields}


def noted(school: School, deed: Callable[[], object]) -> set[tuple[str, str, int | None]]:
    """What a deed leaves in the queue: (source, clock of the school, thing)."""
    Change.objects.all().delete()
    deed()
    zone = school.organization.zone
    return {
        (row.source, f"{row.at.astimezone(zone):%Y-%m-%d %H:%M}", row.thing_id)
        for row in Change.objects.filter(organization_id=school.organization.pk)
    }


NOON, LATER = "2026-03-02 12:00", "2026-03-05 13:30"


def test_a_message_is_noted_when_it_comes_and_when_it_is_deleted(a: School) -> None:
    made: list[Message] = []
    line = {(Source.MESSAGE.value, NOON, None)}
    chat = cast.unit_chat(a)
    assert noted(a, lambda: made.append(cast.wrote(a, "teacher", at(a, f"{NOON}:59"), chat))) == line
    rows = Message.objects.filter(pk=made[0].pk)
    assert noted(a, lambda: rows.update(text="Иначе", edited_at=timezone.now(), pinned_at=timezone.now())) == set()
    assert noted(a, lambda: cast.delete_message(made[0], timezone.now())) == line
    assert noted(a, lambda: rows.update(author=None)) == line


def test_messages_that_go_because_they_are_old_are_noted_as_gone(a: School) -> None:
    old, young = timezone.now() - timedelta(days=2), timezone.now() - timedelta(hours=2)
    first, second = cast.wrote(a, "teacher", old), cast.wrote(a, "teacher", young)
    Change.objects.all().delete()
    Message.objects.filter(pk__in=[first.pk, second.pk]).delete()
    found = sorted(Change.objects.order_by("at").values_list("at", "source"))
    assert found == [(minute(old), Source.GONE), (minute(young), Source.MESSAGE)]


def minute(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(second=0, microsecond=0)


def test_a_post_is_noted_when_it_appears_is_removed_and_comes_back(a: School) -> None:
    post = cast.posted(a, "teacher", None)
    rows, line = Post.objects.filter(pk=post.pk), (Source.POST.value, NOON, post.pk)
    assert noted(a, lambda: rows.update(title="Другая")) == set()
    assert noted(a, lambda: rows.update(published_at=at(a, NOON))) == {line}
    assert noted(a, lambda: rows.update(view_count=7, reactions={"like": 1})) == set()
    assert noted(a, lambda: rows.update(deleted_at=timezone.now())) == {line}
    assert noted(a, lambda: rows.update(published_at=at(a, LATER))) == {line, (Source.POST.value, LATER, post.pk)}
    assert noted(a, lambda: rows.update(deleted_at=None)) == {(Source.POST.value, LATER, post.pk)}
    assert noted(a, rows.delete) == {(Source.POST.value, LATER, post.pk)}


def test_what_hangs_on_a_post_is_noted_with_it_or_by_its_time(a: School) -> None:
    post = cast.posted(a, "teacher", at(a, NOON))
    later = at(a, LATER)
    view = {(Source.VIEW.value, LATER, post.pk)}
    assert noted(a, lambda: cast.viewed(a, "parent", later, post)) == view
    assert noted(a, PostView.objects.all().delete) == view
    reaction = cast.reacted(a, "parent", later, post)
    line = {(Source.REACTION.value, LATER, None)}
    assert noted(a, reaction.delete) == line
    assert noted(a, lambda: cast.reacted(a, "parent", later, post)) == line
    comment = {(Source.COMMENT.value, LATER, None)}
    assert noted(a, lambda: cast.commented(a, "parent", later, post)) == comment
    assert noted(a, lambda: post.comments.update(text="", deleted_at=timezone.now())) == comment


def test_readings_and_confirmations(a: School) -> None:
    reading = cast.given_out(a, None)
    rows, line = Reading.objects.filter(pk=reading.pk), (Source.READING.value, NOON, reading.pk)
    assert noted(a, lambda: rows.update(opened_at=at(a, NOON))) == {line}
    assert noted(a, lambda: rows.update(reminded_at=timezone.now())) == set()
    assert noted(a, lambda: rows.update(closed_at=timezone.now())) == {line}
    confirmation = {(Source.CONFIRMATION.value, LATER, reading.pk)}
    assert noted(a, lambda: cast.confirmed(a, "parent", at(a, LATER), reading)) == confirmation
    assert noted(a, Confirmation.objects.all().delete) == confirmation


def test_polls_votes_and_ballots(a: School) -> None:
    made = []
    [poll_line] = noted(a, lambda: made.append(cast.asked(a, at(a, NOON))))
    poll = made[0]
    assert poll_line == (Source.POLL, NOON, poll.pk)
    assert noted(a, lambda: cast.voted(a, "parent", at(a, LATER), poll)) == {(Source.VOTE.value, LATER, poll.pk)}
    assert noted(a, PollVote.objects.all().delete) == {(Source.VOTE.value, LATER, poll.pk)}
    # A ballot has no time on purpose: noted is the poll's.
    assert noted(a, lambda: cast.voted_secretly(a, "parent", poll)) == {(Source.VOTE.value, NOON, poll.pk)}
    assert noted(a, PollBallot.objects.all().delete) == {(Source.VOTE.value, NOON, poll.pk)}


def test_a_file_is_noted_when_it_is_used(a: School) -> None:
    made: list[StoredFile] = []
    assert noted(a, lambda: made.append(cast.uploaded(a, "teacher", at(a, NOON), claimed=False))) == set()
    rows, line = StoredFile.objects.filter(pk=made[0].pk), {(Source.FILE.value, NOON, None)}
    assert noted(a, lambda: rows.update(claimed_at=timezone.now())) == line
    assert noted(a, lambda: rows.update(original_name="Другой.pdf")) == set()
    assert noted(a, rows.delete) == line


def test_events_and_what_people_made_of_them(a: School) -> None:
    event = cast.held(a, at(a, NOON))
    rows = Event.objects.filter(pk=event.pk)
    line, moved = (Source.EVENT.value, NOON, event.pk), (Source.EVENT.value, LATER, event.pk)
    assert noted(a, lambda: rows.update(going_count=3, title="Другое")) == set()
    assert noted(a, lambda: rows.update(cancelled_at=timezone.now())) == {line}
    later = at(a, LATER)
    assert noted(a, lambda: rows.update(starts_at=later, ends_at=later + timedelta(hours=1))) == {line, moved}

    there = (Source.PARTICIPATION.value, LATER, event.pk)
    answered = (Source.PARTICIPATION.value, "2026-03-01 09:00", event.pk)
    asked = at(a, "2026-03-01 09:00")
    assert noted(a, lambda: cast.took_part(a, "parent", event, answered=asked)) == {answered}
    people = Participation.objects.filter(event=event)
    assert noted(a, lambda: people.update(attended=True)) >= {there}
    assert noted(a, lambda: people.update(attended=False)) >= {there}
    opened = (Source.PARTICIPATION.value, "2026-03-05 14:00", event.pk)
    assert noted(a, lambda: people.update(opened_at=at(a, "2026-03-05 14:00"))) == {opened}
    assert noted(a, lambda: people.update(watched_seconds=60)) == set()
    assert noted(a, lambda: people.update(answer="", answered_at=None)) >= {answered}
    assert noted(a, people.delete) == {opened, there}


def test_invitations(a: School) -> None:
    made: list[Invitation] = []
    name = Source.INVITATION.value
    assert noted(a, lambda: made.append(cast.invited(a, "leader", at(a, NOON)))) == {(name, NOON, None)}
    rows = Invitation.objects.filter(pk=made[0].pk)
    expires = (name, "2026-03-09 12:00", None)
    assert noted(a, lambda: rows.update(uses=1, opened_at=timezone.now())) == set()
    assert noted(a, lambda: rows.update(expiry_recorded_at=timezone.now())) == {expires}
    assert noted(a, lambda: rows.update(expires_at=at(a, "2026-03-20 12:00"), expiry_recorded_at=None)) == {expires}
    assert (name, LATER, None) in noted(a, lambda: rows.update(revoked_at=at(a, LATER)))
    joining = {(Source.JOINING.value, LATER, None)}
    assert noted(a, lambda: cast.joined(a, "parent", at(a, LATER), made[0])) == joining


def test_presence_and_the_journal(a: School) -> None:
    assert noted(a, lambda: cast.came(a, "parent", at(a, NOON))) == {(Source.PRESENCE.value, NOON, None)}
    assert noted(a, lambda: cast.noted(a, "head", at(a, NOON))) == {(Source.JOURNAL.value, NOON, None)}


def test_the_roster_is_noted_from_the_moment_it_looks_different(a: School) -> None:
    organization, person = a.organization, a.people["waiting_teacher"]
    name = Source.ROSTER.value
    roles = RoleAssignment.objects.filter(person=person)

    def enrol_late() -> None:
        places = Enrolment.objects
        places.create(organization=organization, person=person, unit=a.units["5А"], part="teacher", since="2026-03-02")

    # A date is noted as the first moment of that day in UTC: in Moscow that is three hours later, on the same day.
    assert noted(a, enrol_late) == {(name, "2026-03-02 03:00", None)}
    places = Enrolment.objects.filter(person=person, unit=a.units["5А"])
    assert noted(a, lambda: places.update(until="2026-03-05")) == {(name, "2026-03-05 03:00", None)}
    assert noted(a, lambda: places.update(until=None)) == {(name, "2026-03-05 03:00", None)}
    cast.settled(a)
    assert noted(a, lambda: roles.update(until=at(a, LATER))) == {(name, LATER, None)}
    assert noted(a, lambda: roles.create(organization=organization, person=person, role=Role.HEAD, since=at(a, NOON)))
    ties = Guardianship.objects.filter(parent=a.people["parent"])
    assert noted(a, lambda: ties.update(until=at(a, LATER))) == {(name, LATER, None)}


def test_connected_people_are_noted_now(a: School) -> None:
    person = Person.objects.filter(pk=a.people["waiting_teacher"].pk)
    assert noted(a, lambda: person.update(position="Завуч", phone="+79005550000")) == set()
    [(source, clock, _thing)] = noted(a, lambda: person.update(joined_at=at(a, NOON)))
    assert source == Source.ROSTER
    assert abs(at(a, clock) - timezone.now()) < timedelta(minutes=2)


def test_a_confirmed_phone_is_noted_in_each_of_the_persons_schools(world: World) -> None:
    type(world.both).objects.filter(pk=world.both.pk).update(phone_verified_at=None)
    Change.objects.all().delete()
    type(world.both).objects.filter(pk=world.both.pk).update(phone_verified_at=timezone.now())
    ids = set(Change.objects.filter(source=Source.ROSTER).values_list("organization_id", flat=True))
    assert ids == {world.a.organization.pk, world.b.organization.pk}


def test_an_audience_given_later_changes_who_talked_to_oneself(a: School) -> None:
    chat = cast.free_chat(a, "teacher", since=at(a, NOON))
    organization = a.organization

    def open_to_all() -> None:
        ChatAudience.objects.create(organization=organization, chat=chat, audience=Audience.EVERYONE)

    assert noted(a, open_to_all) == {(Source.ROSTER.value, NOON, None)}
    assert noted(a, lambda: cast.unit_chat(a)) == set()


def test_many_rows_of_one_minute_leave_one_line(a: School) -> None:
    Change.objects.all().delete()
    chat = cast.unit_chat(a)
    cast.wrote_all(a, "teacher", [at(a, NOON) + timedelta(milliseconds=n) for n in range(1000)], chat)
    assert Change.objects.filter(source=Source.MESSAGE).count() == 1
    Change.objects.all().delete()
    Message.objects.filter(chat=chat).update(author=a.people["leader"])
    assert Change.objects.count() == 1


@pytest.mark.postgresql
def test_ten_thousand_rows_of_several_minutes_leave_few_lines(a: School) -> None:
    message = cast.wrote(a, "teacher", at(a, NOON), cast.unit_chat(a))
    Change.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO chats_message (organization_id, chat_id, number, event, ordinal, kind, author_id, text, html,"
            " search_text, fingerprint, has_files, mentions_all, is_urgent, created_at)"
            " SELECT organization_id, chat_id, n, n, n, kind, author_id, '', '', '', 0, false, false, false,"
            " created_at + (n %% 5) * interval '1 minute' FROM chats_message, generate_series(1000, 10999) n"
            " WHERE id = %s",
            [message.pk],
        )
    assert Change.objects.filter(source=Source.MESSAGE).count() == 5


def test_a_change_that_is_rolled_back_was_never_noted(a: School) -> None:
    Change.objects.all().delete()
    with transaction.atomic():
        cast.came(a, "parent", at(a, NOON))
        assert Change.objects.exists()
        transaction.set_rollback(True)
    assert not Change.objects.exists()
