"""One's own calendar at a secret address, read back by real parsers (CHAN-6)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
import recurring_ical_events
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from icalendar import Calendar
from icalendar import Event as Entry

from common.errors import DomainError
from meetings import tokens
from meetings.ical import calendar_for, calendar_of
from meetings.models import CalendarAddress, Event, EventKind
from meetings.selectors.events import events_visible_to
from meetings.services.answering import answer
from meetings.services.calendar import calendar_address, renew_address
from meetings.services.planning import Recurrence, cancel, change
from orgs.models import Audience, Organization, RoleAssignment
from tests.meetings.cast import data_of, event_in, fresh, series_in, soon
from tests.world import School, World

pytestmark = pytest.mark.req("CHAN-6")
NOW = datetime(2027, 1, 20, 9, 0, tzinfo=UTC)
MONDAY = datetime(2027, 2, 1, 15, 30, tzinfo=UTC)
ZONES = ["Europe/Kaliningrad", "Europe/Moscow", "Asia/Vladivostok", "Asia/Kamchatka"]


@pytest.fixture(autouse=True)
def _in_january(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)


def read(school: School, name: str = "parent") -> Calendar:
    """The calendar as a phone reads it."""
    token = tokens.make_token(calendar_address(actor=school.actor(name)))
    found = calendar_of(token)
    assert found is not None
    assert max(map(len, found.split(b"\r\n"))) <= 75
    parsed = Calendar.from_ical(found)
    assert isinstance(parsed, Calendar)
    assert not parsed.errors
    return parsed


def shown(calendar: Calendar) -> list[tuple[datetime, datetime, str, str]]:
    """What a calendar on a phone shows, series expanded: beginning, end, title, place."""
    entries = recurring_ical_events.of(calendar).between(datetime(2026, 1, 1), datetime(2030, 1, 1))
    found = [
        (
            entry["DTSTART"].dt.astimezone(UTC),
            entry["DTEND"].dt.astimezone(UTC),
            str(entry["SUMMARY"]),
            str(entry.get("LOCATION", "")),
        )
        for entry in entries
        if entry.get("STATUS") != "CANCELLED"
    ]
    return sorted(found)


def rows_of(school: School, name: str = "parent") -> list[tuple[datetime, datetime, str, str]]:
    rows = events_visible_to(school.actor(name)).filter(cancelled_at=None)
    return sorted((row.starts_at, row.ends_at, row.title, row.place) for row in rows)


def in_zone(school: School, zone: str) -> None:
    Organization.objects.filter(pk=school.organization.pk).update(time_zone=zone)
    school.organization.refresh_from_db()


# --- The address ------------------------------------------------------------------------------------------------------
def test_the_address_is_secret_and_can_be_renewed(school: School) -> None:
    parent = school.actor("parent")
    address = calendar_address(actor=parent)
    assert calendar_address(actor=parent).pk == address.pk
    old = tokens.make_token(address)
    assert calendar_of(old) is not None
    new = tokens.make_token(renew_address(actor=parent))
    assert calendar_of(new) is not None
    assert new != old
    assert calendar_of(old) is None
    stored = CalendarAddress.objects.values_list().get()
    assert not {part for part in (old, new, new.partition("-")[2]) if part in map(str, stored)}


@pytest.mark.parametrize(
    "token",
    ["", "-", "1", "1-", "1-" + "a" * 26, "0-" + "a" * 26, f"{10**30}-" + "a" * 26, "1-" + "ы" * 26, "\x00-" + "a" * 26,
     "٣-" + "a" * 26, f"{2**63}-" + "a" * 26, "x" * 10_000],
)  # fmt: skip
def test_a_forged_address_opens_nothing(school: School, token: str) -> None:
    calendar_address(actor=school.actor("parent"))
    assert calendar_of(token) is None


def test_the_proof_of_one_address_does_not_open_another(school: School) -> None:
    mine, theirs = (calendar_address(actor=school.actor(name)) for name in ("parent", "head"))
    proof = tokens.make_token(mine).partition("-")[2]
    assert calendar_of(f"{theirs.pk}-{proof}") is None


def test_an_address_lives_as_long_as_its_key(school: School, settings: Any) -> None:
    token = tokens.make_token(calendar_address(actor=school.actor("parent")))
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key that is long enough", [settings.SECRET_KEY]
    assert calendar_of(token) is not None
    settings.SECRET_KEY_FALLBACKS = []
    assert calendar_of(token) is None


def test_who_left_reads_nothing(school: School) -> None:
    token = tokens.make_token(calendar_address(actor=school.actor("parent")))
    RoleAssignment.objects.filter(person=school.people["parent"]).update(until=timezone.now())
    assert calendar_of(token) is None


def test_reading_is_noted_once_an_hour(school: School, time_machine: Any) -> None:
    token = tokens.make_token(calendar_address(actor=school.actor("parent")))
    noted = []
    for minutes in (0, 30, 61, 90):
        time_machine.move_to(NOW + timedelta(minutes=minutes), tick=False)
        calendar_of(token)
        read_at = CalendarAddress.objects.get().read_at
        assert read_at is not None
        noted.append((read_at - NOW).total_seconds() / 60)
    assert noted == [0, 0, 61, 61]


# --- What is in it ----------------------------------------------------------------------------------------------------
def test_one_event_is_told_in_full(school: School) -> None:
    event = event_in(
        school,
        title="Собрание; 5А, «важное»",
        text="О **поездке**,\nв музей; всем\\",
        starts_at=MONDAY,
        kind=EventKind.SEMINAR,
    )
    change(
        actor=school.actor("leader"),
        event=event,
        data=data_of(school, starts_at=MONDAY, title="Собрание; 5А, «важное»", text=event.text, kind=EventKind.SEMINAR),
    )
    calendar = read(school)
    assert str(calendar["X-WR-CALNAME"]) == school.organization.short_name
    assert [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")] == ["Europe/Moscow"]
    [entry] = calendar.walk("VEVENT")
    assert str(entry["SUMMARY"]) == "Собрание; 5А, «важное»"
    assert str(entry["DESCRIPTION"]) == "О поездке,\nв музей; всем\\"
    assert str(entry["LOCATION"]) == "Кабинет 12"
    assert str(entry["URL"]).endswith(f"/o/{school.slug}/events/{event.pk}/")
    assert entry["DTSTART"].dt == MONDAY
    assert entry["DTSTART"].params["TZID"] == "Europe/Moscow"
    assert (entry["SEQUENCE"], str(entry["STATUS"]), str(entry["TRANSP"])) == (1, "CONFIRMED", "OPAQUE")
    assert entry["LAST-MODIFIED"].dt == fresh(event).changed_at.replace(microsecond=0)
    with translation.override("ru"):
        assert entry["CATEGORIES"].to_ical().decode() == str(EventKind.SEMINAR.label)
    assert not calendar.walk("VALARM")
    assert "RRULE" not in entry


def test_who_does_not_come_is_free_and_what_is_cancelled_says_so(school: School) -> None:
    event = event_in(school, starts_at=MONDAY)
    answer(actor=school.actor("parent"), event=event, answer="no")
    [entry] = read(school).walk("VEVENT")
    assert str(entry["TRANSP"]) == "TRANSPARENT"
    cancel(actor=school.actor("leader"), event=event, reason="Карантин")
    [entry] = read(school, "student").walk("VEVENT")
    assert (str(entry["STATUS"]), entry["SEQUENCE"]) == ("CANCELLED", 1)
    assert "Карантин" in str(entry["DESCRIPTION"])


def test_the_same_calendar_is_the_same_bytes(school: School, time_machine: Any) -> None:
    series_in(school, Recurrence(freq="weekly", count=4), starts_at=MONDAY)
    event_in(school, starts_at=MONDAY)
    first = calendar_for(school.actor("parent"))
    time_machine.move_to(NOW + timedelta(hours=3), tick=False)
    assert calendar_for(school.actor("parent")) == first


def test_two_months_back_and_all_that_comes(school: School) -> None:
    for days in (-61, -59, 700):
        row = event_in(school)
        Event.objects.filter(pk=row.pk).update(starts_at=soon(days=days), ends_at=soon(days=days, minutes=30))
    days = [(starts - NOW).days for starts, *_rest in shown(read(school))]
    assert days == [-59, 700]


@pytest.mark.req("ACC-4")
def test_everybody_reads_what_they_see_and_nothing_else(world: World) -> None:
    school = world.a
    unit, other = school.units["5А"].pk, school.units["5Б"].pk
    event_in(school, title="Родители", circles=[(Audience.PARENTS, unit)])
    event_in(school, title="Дети", circles=[(Audience.STUDENTS, unit)])
    event_in(school, by="head", title="Чужие", circles=[(Audience.PARENTS, other)])
    event_in(world.b, by="administrator", title="Другая школа", circles=[(Audience.EVERYONE, None)])
    titles = {
        name: [title for _a, _b, title, _c in shown(read(school, name))] for name in ("parent", "student", "head")
    }
    assert {name: sorted(found) for name, found in titles.items()} == {
        "parent": ["Дети", "Родители"],
        "student": ["Дети"],
        "head": ["Дети", "Родители", "Чужие"],
    }


# --- Series -----------------------------------------------------------------------------------------------------------
RULES = [
    Recurrence(freq="daily", interval=2, count=6),
    Recurrence(freq="weekly", weekdays=[0, 3], count=7),
    Recurrence(freq="weekly", interval=2, until=date(2027, 5, 1)),
    Recurrence(freq="monthly", count=5),
]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.freq}{rule.interval}")
def test_a_series_is_one_rule_with_its_exceptions(school: School, zone: str, rule: Recurrence) -> None:
    in_zone(school, zone)
    start = datetime.combine(date(2027, 2, 1), time(1, 30), school.organization.zone)
    events = series_in(school, rule, starts_at=start)
    assert shown(read(school)) == rows_of(school)
    leader = school.actor("leader")
    cancel(actor=leader, event=events[1], reason="Каникулы")
    change(actor=leader, event=events[2], data=data_of(school, starts_at=events[2].starts_at + timedelta(hours=26)))
    change(actor=leader, event=events[3], data=data_of(school, starts_at=events[3].starts_at, place="Зал"))
    Event.objects.filter(pk=events[4].pk).delete()
    calendar = read(school)
    assert shown(calendar) == rows_of(school)
    master, *others = calendar.walk("VEVENT")
    assert str(master["RRULE"].to_ical().decode()).startswith(f"FREQ={rule.freq.upper()}")
    assert {str(entry["UID"]) for entry in others} == {str(master["UID"])}
    moments = [entry["RECURRENCE-ID"].dt.astimezone(UTC) for entry in others]
    assert moments == [events[2].starts_at.astimezone(UTC), events[3].starts_at.astimezone(UTC)]
    assert master["SEQUENCE"] == 3


def test_the_first_one_may_be_cancelled_or_moved(school: School) -> None:
    events = series_in(school, RULES[1], starts_at=MONDAY)
    leader = school.actor("leader")
    change(actor=leader, event=events[0], data=data_of(school, starts_at=MONDAY + timedelta(hours=5)))
    assert shown(read(school)) == rows_of(school)
    cancel(actor=leader, event=events[0], reason="Так")
    assert shown(read(school)) == rows_of(school)
    cancel(actor=leader, event=events[1], reason="Так", scope="all")
    assert shown(read(school)) == rows_of(school) == []


def test_all_at_another_hour(school: School) -> None:
    events = series_in(school, RULES[1], starts_at=MONDAY)
    later = MONDAY + timedelta(hours=2)
    data = data_of(school, starts_at=later, ends_at=later + timedelta(hours=3), title="Клуб")
    change(actor=school.actor("leader"), event=events[0], data=data, scope="all")
    assert shown(read(school)) == rows_of(school)


def test_a_series_that_has_begun_stays_whole(school: School, time_machine: Any) -> None:
    series_in(school, Recurrence(freq="weekly", count=30), starts_at=MONDAY)
    time_machine.move_to(MONDAY + timedelta(days=150), tick=False)
    assert shown(read(school)) == rows_of(school)
    time_machine.move_to(MONDAY + timedelta(days=400), tick=False)
    assert shown(read(school)) == []


def test_a_school_that_moves_to_another_zone_keeps_its_times(school: School) -> None:
    start = datetime(2027, 2, 1, 20, 30, tzinfo=UTC)
    series_in(school, RULES[1], starts_at=start)
    for zone in ZONES:
        in_zone(school, zone)
        assert shown(read(school)) == rows_of(school)


def test_one_who_comes_to_some_of_them_only(school: School) -> None:
    events = series_in(school, RULES[1], starts_at=MONDAY)
    answer(actor=school.actor("parent"), event=events[2], answer="no")
    calendar = read(school)
    assert shown(calendar) == rows_of(school)
    assert [str(entry["TRANSP"]) for entry in calendar.walk("VEVENT")] == ["OPAQUE", "TRANSPARENT"]
    assert all(isinstance(entry, Entry) for entry in calendar.walk("VEVENT"))


RULE = st.builds(
    Recurrence,
    freq=st.sampled_from(["daily", "weekly", "monthly"]),
    interval=st.integers(1, 5),
    weekdays=st.lists(st.integers(0, 6), max_size=4),
    count=st.integers(2, 15),
)
EXCEPTIONS = st.lists(st.tuples(st.integers(0, 14), st.sampled_from(["cancel", "move", "place"])), max_size=4)


@given(
    rule=RULE,
    first=st.datetimes(datetime(2027, 2, 1), datetime(2027, 4, 1)),
    zone=st.sampled_from([*ZONES, "Europe/Berlin"]),
    exceptions=EXCEPTIONS,
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_the_rule_phones_show_the_rows(
    school: School, rule: Recurrence, first: datetime, zone: str, exceptions: list[tuple[int, str]]
) -> None:
    # No hour that the clock leaves out.
    assume(zone != "Europe/Berlin" or not 1 <= first.hour <= 3)
    in_zone(school, zone)
    Event.objects.all().delete()
    if rule.freq != "weekly":
        rule = replace(rule, weekdays=[])
    first = first.replace(second=0, microsecond=0, tzinfo=school.organization.zone)
    try:
        events = series_in(school, rule, starts_at=first)
    except DomainError as refused:
        assert refused.code == "series_too_long"  # noqa: PT017
        return
    for place, deed in exceptions:
        except_for(school, fresh(events[place % len(events)]), deed)
    assert shown(read(school)) == rows_of(school)


def except_for(school: School, event: Event, deed: str) -> None:
    """Let one event of a series differ."""
    leader = school.actor("leader")
    if event.cancelled_at is not None:
        return
    if deed == "cancel":
        cancel(actor=leader, event=event, reason="Так")
    elif deed == "move":
        change(actor=leader, event=event, data=data_of(school, starts_at=event.starts_at + timedelta(hours=7)))
    else:
        change(actor=leader, event=event, data=data_of(school, starts_at=event.starts_at, place="Зал"))


def test_a_full_calendar_costs_as_an_empty_one(school: School) -> None:
    token = tokens.make_token(calendar_address(actor=school.actor("parent")))

    def cost(deed: Callable[[], Any]) -> int:
        with CaptureQueriesContext(connection) as queries:
            deed()
        return len(queries)

    calendar_of(token)
    few = cost(lambda: calendar_of(token))
    for _number in range(3):
        series_in(school, Recurrence(freq="daily", count=50), starts_at=MONDAY)
    for _number in range(20):
        event_in(school)
    assert cost(lambda: calendar_of(token)) == few <= 4
