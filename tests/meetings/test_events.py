"""Planning, changing and cancelling one event; who sees it and who may what (CHAN-5, CHAN-6, ACC-4)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from common.errors import DomainError
from meetings import permissions
from meetings.home import attention
from meetings.models import Event, EventAudience, EventKind, EventReminder, Registration
from meetings.selectors.events import (
    events_between,
    events_visible_to,
    find_event,
    past_events,
    series_of,
    upcoming_events,
)
from meetings.services.answering import answer
from meetings.services.planning import Frequency, Recurrence, cancel, change, plan
from orgs.models import Audience, AuditEvent
from tests.meetings.cast import broadcast_in, data_of, event_in, fresh, places_in, seen, soon
from tests.meetings.conftest import Commit
from tests.world import CAST, School, World

pytestmark = pytest.mark.req("CHAN-6")
EVERYONE = [(Audience.EVERYONE, None)]
FAR = datetime(9999, 12, 31, tzinfo=UTC)


def statements(deed: Callable[[], Any]) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        deed()
    return len([query for query in queries if "SAVEPOINT" not in query["sql"]])


# --- Planning --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("count", [None, 3])
def test_a_form_sent_twice_plans_once(school: School, count: int | None) -> None:
    data = data_of(school, client_key=uuid4())
    recurrence = Recurrence(freq=Frequency.WEEKLY, count=count) if count else None
    first = plan(actor=school.actor("leader"), data=data, recurrence=recurrence)
    again = plan(actor=school.actor("leader"), data=data, recurrence=recurrence)
    assert [event.pk for event in again] == [event.pk for event in first]
    assert Event.objects.filter(organization=school.organization).count() == (count or 1)


def test_an_event_is_what_was_typed(school: School, sent_jobs: list[Any], commit: Commit) -> None:
    with commit():
        event = event_in(school, title="  Собрание \u200b 5А ", text="О **поездке**\r\nв музей", link="https://a.ru/x")
    row = fresh(event)
    assert (row.title, row.text, row.place) == ("Собрание 5А", "О **поездке**\nв музей", "Кабинет 12")
    assert "<strong>поездке</strong>" in row.html
    assert row.search_text == "собрание 5а о поездке в музей кабинет 12"
    assert row.organizer == school.people["leader"]
    assert (row.series, row.original_start, row.sequence, row.places) == (None, None, 0, None)
    assert set(row.audiences.values_list("audience", "unit__name")) == {("parents", "5А"), ("students", "5А")}
    assert sent_jobs == [("meetings.tasks.tell_planned", {"event_id": row.pk})]
    entry = AuditEvent.objects.latest("id")
    assert (entry.action, entry.details["event"]) == ("event.created", "Собрание 5А")


REFUSED: list[tuple[str, str, dict[str, Any]]] = [
    ("event_kind_unknown", "kind", {"kind": "party"}),
    ("event_title_required", "title", {"title": " \u200b\x07 "}),
    ("text_too_long", "title", {"title": "я" * 201}),
    ("text_too_long", "text", {"text": "я" * 8001}),
    ("text_too_long", "place", {"place": "я" * 201}),
    ("event_in_past", "starts_at", {"starts_at": soon(hours=-25)}),
    ("event_in_past", "starts_at", {"starts_at": datetime(1, 1, 1, tzinfo=UTC), "ends_at": soon()}),
    ("event_too_far", "starts_at", {"starts_at": soon(days=740)}),
    ("event_too_far", "starts_at", {"starts_at": FAR, "ends_at": FAR}),
    ("event_ends_before_start", "ends_at", {"ends_at": soon(hours=1)}),
    ("event_too_long", "ends_at", {"ends_at": FAR}),
    ("event_too_long", "ends_at", {"ends_at": soon(days=17)}),
    ("event_broadcast_needs_link", "link", {"kind": EventKind.BROADCAST, "link": "  "}),
    ("event_registration_unknown", "registration", {"registration": "maybe"}),
    ("event_places_out_of_range", "places", {"registration": Registration.PLACES}),
    ("event_places_out_of_range", "places", {"registration": Registration.PLACES, "places": 0}),
    ("event_places_out_of_range", "places", {"registration": Registration.PLACES, "places": 10**30}),
    ("event_registration_after_end", "registration_until", {"registration_until": soon(days=4)}),
    ("event_registration_after_end", "registration_until", {"registration_until": FAR}),
    ("event_registration_too_early", "registration_until", {"registration_until": datetime(1, 1, 1, tzinfo=UTC)}),
    ("event_circles_required", "circles", {"circles": []}),
    ("event_circles_many", "circles", {"circles": [(Audience.STAFF, number) for number in range(101)]}),
    ("circle_unknown", "circles", {"circles": [(Audience.PARENTS, 2**63 - 1)]}),
    ("circle_unknown", "circles", {"circles": [("nobody", None)]}),
    ("circle_closed", "circles", {"circles": EVERYONE}),
]


@pytest.mark.parametrize(("code", "field", "typed"), REFUSED)
def test_what_cannot_be_is_refused_at_its_field(school: School, code: str, field: str, typed: dict[str, Any]) -> None:
    with pytest.raises(DomainError) as refused:
        event_in(school, **typed)
    assert (refused.value.code, [*refused.value.fields]) == (code, [field])
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    "link",
    [
        "http://video.example.org/1",
        "javascript:alert(1)",
        "https://",
        "https://me:secret@video.example.org/",
        "https://me@video.example.org/",
        "https://video.example.org/\x00",
        "https://video.example.org/a b",
        "https://video.example.org/\u202etxt",
        "https://video.example.org:port/",
        "https://[::1/",
        "//video.example.org",
        "видео",
        "https://a.ru/" + "x" * 500,
    ],
)
def test_only_plain_https_addresses_are_links(school: School, link: str) -> None:
    with pytest.raises(DomainError) as refused:
        broadcast_in(school, link=link)
    assert (refused.value.code, refused.value.status) == ("event_link_invalid", 400)


def test_a_link_with_a_port_and_a_query_stays_as_it_is(school: School) -> None:
    assert broadcast_in(school, link=" HTTPS://школа.рф:8443/a?b=1#c ").link == "HTTPS://школа.рф:8443/a?b=1#c"


def test_places_count_only_where_they_are_taken(school: School) -> None:
    assert event_in(school, places=5).places is None
    assert places_in(school, 5).places == 5


# --- Who --------------------------------------------------------------------------------------------------------------
@pytest.mark.req("ACC-4")
def test_staff_plan_and_others_do_not(school: School) -> None:
    may = {name for name in CAST if permissions.can_create_events(school.actor(name))}
    assert may == {"administrator", "head", "leader", "teacher"}


@pytest.mark.req("ACC-4")
def test_teachers_gather_colleagues_and_their_own_units(school: School) -> None:
    own, other = school.units["5А"].pk, school.units["5Б"].pk
    leader = school.actor("leader")
    assert permissions.can_invite_circle(leader, Audience.PARENTS, own)
    assert permissions.can_invite_circle(leader, Audience.STAFF, None)
    assert permissions.can_invite_circle(leader, Audience.STAFF, other)
    assert not permissions.can_invite_circle(leader, Audience.PARENTS, other)
    assert not permissions.can_invite_circle(leader, Audience.STUDENTS, None)
    assert permissions.can_invite_circle(school.actor("head"), Audience.PARENTS, None)


def see(school: School, event: Event) -> set[str]:
    return {name for name in (*CAST, "both") if find_event(school.actor(name), event.pk)}


@pytest.mark.req("ACC-4")
def test_who_is_invited_sees_it_and_a_parent_beside_the_child(school: School) -> None:
    unit = school.units["5А"].pk
    of_students = event_in(school, circles=[(Audience.STUDENTS, unit)])
    assert see(school, of_students) == {"administrator", "head", "leader", "student", "parent"}
    parent, student = school.actor("parent"), school.actor("student")
    assert not permissions.can_answer(parent, seen(school, "parent", of_students))
    assert permissions.can_answer(student, seen(school, "student", of_students))
    assert not seen(school, "parent", of_students).is_invited  # type: ignore[attr-defined]
    assert seen(school, "student", of_students).is_invited  # type: ignore[attr-defined]
    of_staff = event_in(school, circles=[(Audience.STAFF, None)])
    assert see(school, of_staff) == {"administrator", "head", "leader", "teacher"}
    of_all = event_in(school, by="head", circles=EVERYONE)
    assert see(school, of_all) == {*CAST, "both"}


@pytest.mark.req("ACC-4")
def test_who_manages_and_who_marks(school: School) -> None:
    event = event_in(school, by="head", circles=[(Audience.PARENTS, school.units["5А"].pk), (Audience.STAFF, None)])
    rights = dict.fromkeys(CAST, (permissions.can_manage_event, permissions.can_mark_attendance))
    given = {
        name: tuple(rule(school.actor(name), row) for rule in rules)
        for name, rules in rights.items()
        if (row := find_event(school.actor(name), event.pk))
    }
    assert given == {
        "administrator": (True, True),
        "head": (True, True),
        "leader": (False, True),
        "teacher": (False, False),
        "parent": (False, False),
    }


@pytest.mark.req("ACC-4")
def test_events_of_another_school_do_not_exist(world: World) -> None:
    event_in(world.a, by="administrator", circles=EVERYONE)
    theirs = event_in(world.b, by="administrator", circles=EVERYONE)
    for name in (*CAST, "both"):
        actor = world.a.actor(name)
        assert find_event(actor, theirs.pk) is None
        assert theirs.pk not in events_visible_to(actor).values_list("pk", flat=True)
        assert events_between(actor, soon(days=-9), soon(days=9)).count() == 1
    with pytest.raises(DomainError, match="circle_unknown"):
        event_in(world.a, by="administrator", circles=[(Audience.PARENTS, world.b.units["5А"].pk)])
    with pytest.raises(DomainError, match="event_gone"):
        change(
            actor=world.a.actor("administrator"),
            event=Event(pk=theirs.pk, organization=world.a.organization),
            data=data_of(world.a),
        )


@pytest.mark.parametrize("number", [0, -1, 2**63, 10**30])
def test_numbers_beyond_the_database_are_not_found(school: School, number: int) -> None:
    assert find_event(school.actor("head"), number) is None


# --- Lists ------------------------------------------------------------------------------------------------------------
def test_a_span_has_what_touches_it(school: School) -> None:
    start = soon(days=20)
    long = event_in(school, starts_at=start - timedelta(days=13), ends_at=start + timedelta(minutes=1))
    event_in(school, starts_at=start - timedelta(hours=2), ends_at=start)
    inside = event_in(school, starts_at=start + timedelta(hours=1))
    event_in(school, starts_at=start + timedelta(hours=5))
    found = events_between(school.actor("parent"), start, start + timedelta(hours=5))
    assert [row.pk for row in found] == [long.pk, inside.pk]
    assert not events_between(
        school.actor("parent"), datetime.min.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC)
    )


def test_coming_and_past_and_unanswered(school: School) -> None:
    today = event_in(school, starts_at=soon(minutes=5))
    later = event_in(school, starts_at=soon(days=20))
    told = event_in(school, starts_at=soon(days=3), registration=Registration.NONE)
    over = event_in(school, starts_at=soon(hours=-5))
    parent = school.actor("parent")
    assert [row.pk for row in upcoming_events(parent)] == [today.pk, told.pk, later.pk]
    assert [row.pk for row in past_events(parent)] == [over.pk]
    # At home those of the next two weeks are counted.
    assert [one.count for one in attention(parent) if one.count] == [1]
    answer(actor=parent, event=today, answer="no")
    assert not [one for one in attention(parent) if one.count]
    assert seen(school, "parent", today).answer == "no"  # type: ignore[attr-defined]


def test_a_list_costs_the_same_for_three_and_for_sixty(school: School) -> None:
    def cost() -> int:
        parent = school.actor("parent")
        return statements(lambda: [row.organizer for row in events_between(parent, soon(days=-1), soon(days=9))])

    for _number in range(3):
        event_in(school)
    few = cost()
    Event.objects.bulk_create(
        Event(organization=school.organization, title="Ещё", starts_at=soon(), ends_at=soon(days=3)) for _ in range(60)
    )
    EventAudience.objects.bulk_create(
        EventAudience(organization=school.organization, event=row, audience=Audience.PARENTS)
        for row in Event.objects.filter(title="Ещё")
    )
    assert len(events_between(school.actor("parent"), soon(days=-1), soon(days=9))) == 63
    assert cost() == few == 1
    assert statements(lambda: find_event(school.actor("parent"), Event.objects.latest("id").pk)) <= 5


# --- Changing ---------------------------------------------------------------------------------------------------------
def test_a_change_is_noted_and_told(school: School, sent_jobs: list[Any], commit: Commit) -> None:
    event = event_in(school)
    EventReminder.objects.create(organization=school.organization, event=event, stage="day")
    leader, later = school.actor("leader"), soon(days=5)
    with commit():
        [row] = change(actor=leader, event=event, data=data_of(school, starts_at=later, title="Сбор"))
    assert (row.title, row.sequence, fresh(event).sequence) == ("Сбор", 1, 1)
    assert fresh(event).starts_at == row.starts_at == later
    assert fresh(event).changed_at > event.changed_at
    assert "сбор" in fresh(event).search_text
    assert sent_jobs == [("meetings.tasks.tell_changed", {"event_id": event.pk, "sequence": 1})]
    assert not EventReminder.objects.exists(), "who was reminded of the old time is reminded of the new one"


def test_other_words_disturb_nobody(school: School, sent_jobs: list[Any], commit: Commit) -> None:
    starts_at = soon()
    event = event_in(school, starts_at=starts_at)
    with commit():
        change(actor=school.actor("leader"), event=event, data=data_of(school, starts_at=starts_at, text="Иначе"))
    assert fresh(event).text == "Иначе"
    assert sent_jobs == []


def test_an_event_that_is_over_keeps_its_time_and_gets_other_words(school: School) -> None:
    event = event_in(school)
    Event.objects.filter(pk=event.pk).update(starts_at=soon(days=-9), ends_at=soon(days=-8))
    row = fresh(event)
    words = data_of(school, starts_at=row.starts_at, ends_at=row.ends_at, title="Было")
    assert change(actor=school.actor("leader"), event=row, data=words)[0].title == "Было"
    moved = data_of(school, starts_at=soon(days=-8, hours=-3), ends_at=row.ends_at)
    with pytest.raises(DomainError, match="event_in_past"):
        change(actor=school.actor("leader"), event=row, data=moved)


def test_whoever_was_invited_stays_invited_without_a_right(school: School) -> None:
    circles = [(Audience.PARENTS, None), (Audience.STAFF, None)]
    event = event_in(school, by="head", circles=circles)
    Event.objects.filter(pk=event.pk).update(organizer=school.people["teacher"])
    teacher = school.actor("teacher")
    change(actor=teacher, event=event, data=data_of(school, circles=[*circles, (Audience.LEADERS, None)]))
    assert EventAudience.objects.filter(event=event).count() == 3
    change(actor=teacher, event=event, data=data_of(school, circles=[(Audience.STAFF, None)]))
    assert EventAudience.objects.filter(event=event).count() == 1
    with pytest.raises(DomainError, match="circle_closed"):
        change(actor=teacher, event=event, data=data_of(school, circles=circles))


def test_what_people_rely_on_cannot_be_taken(school: School) -> None:
    event = places_in(school, 2)
    for name in ("parent", "student"):
        answer(actor=school.actor(name), event=event, answer="yes")
    leader = school.actor("leader")
    with pytest.raises(DomainError) as refused:
        change(actor=leader, event=event, data=data_of(school, registration=Registration.PLACES, places=1))
    assert (refused.value.code, refused.value.status, [*refused.value.fields]) == (
        "event_places_taken",
        409,
        ["places"],
    )
    assert fresh(event).places == 2
    air = broadcast_in(school)
    Event.objects.filter(pk=air.pk).update(on_air_at=timezone.now())
    with pytest.raises(DomainError, match="event_was_on_air"):
        change(actor=leader, event=air, data=data_of(school, starts_at=air.starts_at))


# --- Cancelling -------------------------------------------------------------------------------------------------------
def test_a_cancelled_event_stays_with_its_reason(school: School, sent_jobs: list[Any], commit: Commit) -> None:
    event, leader = event_in(school), school.actor("leader")
    with commit():
        assert cancel(actor=leader, event=event, reason=" Карантин ", scope="this") == 1
        assert cancel(actor=leader, event=event, reason="Ещё раз", scope="this") == 0
    row = seen(school, "parent", event)
    assert (row.cancel_reason, row.sequence, row.cancelled_at is not None) == ("Карантин", 1, True)
    assert sent_jobs == [("meetings.tasks.tell_cancelled", {"event_id": event.pk, "count": 1})]
    with pytest.raises(DomainError, match="event_cancelled"):
        change(actor=leader, event=event, data=data_of(school))
    with pytest.raises(DomainError, match="answers_closed"):
        answer(actor=school.actor("parent"), event=event, answer="yes")


@pytest.mark.parametrize(
    ("code", "reason", "scope"),
    [
        ("event_reason_required", " \u200b", "this"),
        ("text_too_long", "я" * 301, "this"),
        ("event_scope_unknown", "Так", "some"),
    ],
)
def test_a_cancellation_says_why_and_what(school: School, code: str, reason: str, scope: str) -> None:
    with pytest.raises(DomainError, match=code):
        cancel(actor=school.actor("leader"), event=event_in(school), reason=reason, scope=scope)


def test_what_has_been_is_not_cancelled(school: School) -> None:
    event = event_in(school, starts_at=soon(hours=-3))
    with pytest.raises(DomainError, match="event_over"):
        cancel(actor=school.actor("leader"), event=event, reason="Поздно", scope="this")


def test_a_removed_event_is_gone(school: School) -> None:
    event = event_in(school)
    Event.objects.filter(pk=event.pk).delete()
    assert not series_of(event).exists()
    for deed in (
        lambda: cancel(actor=school.actor("leader"), event=event, reason="Так", scope="this"),
        lambda: change(actor=school.actor("leader"), event=event, data=data_of(school)),
        lambda: answer(actor=school.actor("parent"), event=event, answer="yes"),
    ):
        with pytest.raises(DomainError, match="event_gone"):
            deed()


def test_planning_costs_the_same_for_any_number_of_circles(school: School) -> None:
    head = school.actor("head")
    circles = [(audience, unit.pk) for unit in school.units.values() for audience in ("staff", "leaders", "parents")]
    one = statements(lambda: plan(actor=head, data=data_of(school)))
    many = statements(lambda: plan(actor=head, data=data_of(school, circles=circles)))
    assert one == many <= 6
