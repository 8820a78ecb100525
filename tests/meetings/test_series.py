"""Events that recur: rules, moving one, changing the following or all, cancelling (CHAN-6)."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.errors import DomainError
from meetings.models import Event, EventAudience, Registration, Series
from meetings.selectors.events import series_of
from meetings.services.answering import answer
from meetings.services.planning import Recurrence, cancel, change, plan, replan_following
from meetings.services.recurrence import expand
from orgs.models import Audience, AuditEvent, Organization
from tests.meetings.cast import data_of, event_in, fresh, series_in, soon
from tests.meetings.conftest import Commit
from tests.world import School

pytestmark = pytest.mark.req("CHAN-6")
WEEKLY = Recurrence(freq="weekly", count=4)
MONDAY = datetime(2027, 2, 1, 15, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _in_january(time_machine: Any) -> None:
    """Rules are about days, so the days are known."""
    time_machine.move_to(datetime(2027, 1, 20, 9, 0, tzinfo=UTC))


def days_of(events: list[Event]) -> list[str]:
    """The days by Moscow's clock."""
    return [f"{event.starts_at + timedelta(hours=3):%a %d.%m}" for event in events]


def statements(deed: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as queries:
        deed()
    return len([query for query in queries if "SAVEPOINT" not in query["sql"]])


# --- Rules ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("rule", "days", "text"),
    [
        (
            Recurrence(freq="daily", count=3),
            ["Mon 01.02", "Tue 02.02", "Wed 03.02"],
            "FREQ=DAILY;COUNT=3",
        ),
        (
            Recurrence(freq="daily", interval=10, until=date(2027, 2, 21)),
            ["Mon 01.02", "Thu 11.02", "Sun 21.02"],
            "FREQ=DAILY;INTERVAL=10;COUNT=3",
        ),
        (
            Recurrence(freq="weekly", weekdays=[4, 0, 0], count=4),
            ["Mon 01.02", "Fri 05.02", "Mon 08.02", "Fri 12.02"],
            "FREQ=WEEKLY;BYDAY=MO,FR;COUNT=4",
        ),
        (
            Recurrence(freq="weekly", interval=2, weekdays=[2], until=date(2027, 3, 3)),
            ["Wed 03.02", "Wed 17.02", "Wed 03.03"],
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=WE;COUNT=3",
        ),
        (
            Recurrence(freq="monthly", count=3),
            ["Mon 01.02", "Mon 01.03", "Thu 01.04"],
            "FREQ=MONTHLY;COUNT=3",
        ),
    ],
)
def test_all_events_of_a_rule_are_made_at_once(school: School, rule: Recurrence, days: list[str], text: str) -> None:
    events = series_in(school, rule, starts_at=MONDAY)
    assert days_of(events) == days
    series = Series.objects.get()
    assert (series.rrule, series.starts_at) == (text, events[0].starts_at)
    rows = list(series_of(events[0]))
    assert [row.pk for row in rows] == [event.pk for event in events]
    assert all(row.original_start == row.starts_at for row in rows)
    assert {row.ends_at - row.starts_at for row in rows} == {timedelta(minutes=90)}
    assert EventAudience.objects.count() == 2 * len(days)
    expanded = expand(series.rrule, series.starts_at, school.organization.zone)
    assert [moment.astimezone(UTC) for moment in expanded] == [row.starts_at for row in rows]


def test_months_without_the_day_are_left_out(school: School) -> None:
    start = datetime(2027, 1, 31, 12, 0, tzinfo=UTC)
    events = series_in(school, Recurrence(freq="monthly", until=date(2027, 8, 1)), starts_at=start)
    assert [event.starts_at.month for event in events] == [1, 3, 5, 7]


@pytest.mark.parametrize("zone", ["Europe/Kaliningrad", "Europe/Moscow", "Asia/Vladivostok", "Europe/Berlin"])
def test_the_clock_on_the_wall_counts(school: School, zone: str) -> None:
    """An hour after midnight is another day in UTC; in Berlin summer comes between."""
    Organization.objects.filter(pk=school.organization.pk).update(time_zone=zone)
    school.organization.refresh_from_db()
    local = school.organization.zone
    start = datetime(2027, 3, 1, 1, 0, tzinfo=local)
    rule = Recurrence(freq="weekly", weekdays=[0], until=date(2027, 4, 12))
    found = [event.starts_at.astimezone(local) for event in series_in(school, rule, starts_at=start)]
    assert {(moment.weekday(), moment.hour, moment.minute) for moment in found} == {(0, 1, 0)}
    assert [moment.date() for moment in found][-1] == date(2027, 4, 12)
    assert len(found) == 7


@pytest.mark.parametrize(
    ("code", "field", "rule"),
    [
        ("series_freq_unknown", "freq", {"freq": "secondly", "count": 3}),
        ("series_freq_unknown", "freq", {"freq": "FREQ=DAILY;COUNT=3", "count": 3}),
        ("series_interval_out_of_range", "interval", {"interval": 0, "count": 3}),
        ("series_interval_out_of_range", "interval", {"interval": 10**30, "count": 3}),
        ("series_weekday_unknown", "weekdays", {"weekdays": [7], "count": 3}),
        ("series_weekday_unknown", "weekdays", {"weekdays": [-1], "count": 3}),
        ("series_weekdays_unexpected", "weekdays", {"freq": "daily", "weekdays": [1], "count": 3}),
        ("series_end_required", "until", {}),
        ("series_end_required", "until", {"count": 3, "until": date(2027, 3, 1)}),
        ("series_count_out_of_range", "count", {"count": 1}),
        ("series_count_out_of_range", "count", {"count": 201}),
        ("series_count_out_of_range", "count", {"count": 10**30}),
        ("series_too_many", "until", {"freq": "daily", "until": date(2027, 12, 31)}),
        ("series_too_long", "until", {"until": date(9999, 12, 31)}),
        ("series_too_long", "count", {"freq": "monthly", "interval": 52, "count": 3}),
        ("series_too_short", "until", {"until": date(2027, 2, 3)}),
        ("series_too_short", "until", {"until": date(1, 1, 1)}),
    ],
)
def test_rules_that_are_unknown_endless_or_huge_are_refused(
    school: School, code: str, field: str, rule: dict[str, Any]
) -> None:
    with pytest.raises(DomainError) as refused:
        series_in(school, Recurrence(**{"freq": "weekly", **rule}), starts_at=MONDAY)
    assert (refused.value.code, [*refused.value.fields], refused.value.status) == (code, [field], 400)
    assert not Event.objects.exists()
    assert not Series.objects.exists()


def test_the_next_one_does_not_begin_before_the_last_has_ended(school: School) -> None:
    with pytest.raises(DomainError, match="series_overlaps"):
        series_in(school, Recurrence(freq="daily", count=3), starts_at=MONDAY, ends_at=MONDAY + timedelta(hours=25))


def test_answers_end_at_the_same_distance(school: School) -> None:
    until = MONDAY - timedelta(days=1)
    events = series_in(school, WEEKLY, starts_at=MONDAY, registration_until=until)
    assert {event.starts_at - event.registration_until for event in events if event.registration_until} == {
        timedelta(days=1)
    }


def test_two_hundred_cost_as_much_as_two(school: School, sent_jobs: list[Any], commit: Commit) -> None:
    leader, data = school.actor("leader"), data_of(school, starts_at=MONDAY)

    def cost(count: int) -> int:
        rule = Recurrence(freq="daily", count=count)
        return statements(lambda: plan(actor=leader, data=data, recurrence=rule))

    cost(2)
    with commit():
        few = cost(2)
    assert few <= 8
    # SQLite takes a thousand values in a statement.
    assert cost(200) <= (few if connection.vendor == "postgresql" else few + 10)
    assert len(sent_jobs) == 1, "those invited are told once of a series"
    assert AuditEvent.objects.filter(action="event.created").count() == 3


# --- One of them ------------------------------------------------------------------------------------------------------
def test_one_is_moved_alone_and_keeps_its_place(school: School) -> None:
    events = series_in(school, WEEKLY, starts_at=MONDAY)
    moved = MONDAY + timedelta(days=9, hours=2)
    [row] = change(
        actor=school.actor("leader"), event=events[1], data=data_of(school, starts_at=moved, place="Зал"), scope="this"
    )
    assert (row.starts_at, row.original_start, row.place) == (moved, events[1].starts_at, "Зал")
    assert [event.place for event in series_of(events[0])] == ["Кабинет 12", "Зал", "Кабинет 12", "Кабинет 12"]
    assert [event.sequence for event in series_of(events[0])] == [0, 1, 0, 0]


@pytest.mark.parametrize(("scope", "changed"), [("following", [False, False, True, True]), ("all", [True] * 4)])
def test_several_are_changed_and_keep_answers(school: School, scope: str, changed: list[bool]) -> None:
    events = series_in(school, WEEKLY, starts_at=MONDAY)
    answer(actor=school.actor("parent"), event=events[3], answer="yes")
    later = MONDAY + timedelta(days=14, hours=1)
    data = data_of(school, starts_at=later, ends_at=later + timedelta(hours=2), place="Зал", title="Клуб")
    rows = change(actor=school.actor("leader"), event=events[2], data=data, scope=scope)
    assert len(rows) == sum(changed)
    after = list(series_of(events[0]))
    assert [row.place == "Зал" for row in after] == changed
    assert [row.title == "Клуб" for row in after] == changed
    assert [row.starts_at - (row.original_start or row.starts_at) == timedelta(hours=1) for row in after] == changed
    assert [row.ends_at - row.starts_at == timedelta(hours=2) for row in after] == changed
    assert [bool(row.sequence) for row in after] == changed
    assert "клуб" in after[3].search_text
    assert after[3].going_count == 1


def test_what_was_changed_alone_stays_unless_it_is_changed_again(school: School) -> None:
    events = series_in(school, WEEKLY, starts_at=MONDAY)
    leader = school.actor("leader")
    moved = MONDAY + timedelta(days=8, hours=3)
    change(actor=leader, event=events[1], data=data_of(school, starts_at=moved, place="Зал"), scope="this")
    change(actor=leader, event=events[0], data=data_of(school, starts_at=MONDAY, title="Клуб"), scope="all")
    row = fresh(events[1])
    assert (row.starts_at, row.place, row.title) == (moved, "Зал", "Клуб")
    assert row.search_text == "клуб о поездке зал"


def test_several_keep_their_days(school: School) -> None:
    events = series_in(school, WEEKLY, starts_at=MONDAY)
    with pytest.raises(DomainError) as refused:
        change(
            actor=school.actor("leader"),
            event=events[0],
            data=data_of(school, starts_at=MONDAY + timedelta(days=1)),
            scope="following",
        )
    assert (refused.value.code, [*refused.value.fields]) == ("series_day_fixed", ["starts_at"])


def test_what_is_over_or_cancelled_is_left_as_it_is(school: School, time_machine: Any) -> None:
    events = series_in(school, WEEKLY, starts_at=MONDAY)
    leader = school.actor("leader")
    cancel(actor=leader, event=events[2], reason="Каникулы", scope="this")
    time_machine.move_to(MONDAY + timedelta(days=1))
    data = data_of(school, starts_at=events[1].starts_at, place="Зал")
    changed = change(actor=leader, event=events[1], data=data, scope="all")
    assert {row.pk for row in changed} == {events[1].pk, events[3].pk}
    assert cancel(actor=leader, event=events[1], reason="Лето", scope="all") == 2
    assert [row.cancel_reason for row in series_of(events[0])] == ["", "Лето", "Каникулы", "Лето"]


def test_circles_and_places_change_together(school: School) -> None:
    events = series_in(school, WEEKLY, starts_at=MONDAY)
    data = data_of(
        school,
        starts_at=MONDAY,
        circles=[(Audience.STAFF, None)],
        registration=Registration.PLACES,
        places=3,
        registration_until=MONDAY - timedelta(hours=2),
    )
    change(actor=school.actor("leader"), event=events[0], data=data, scope="all")
    assert EventAudience.objects.count() == 4
    rows = list(series_of(events[0]))
    assert {(row.registration, row.places) for row in rows} == {("places", 3)}
    assert {row.starts_at - row.registration_until for row in rows if row.registration_until} == {timedelta(hours=2)}
    assert len([row for row in rows if row.registration_until]) == 4


def test_an_event_alone_is_itself_whatever_is_asked(school: School) -> None:
    event = event_in(school, starts_at=MONDAY)
    assert len(change(actor=school.actor("leader"), event=event, data=data_of(school, starts_at=MONDAY), scope="all"))
    with pytest.raises(DomainError, match="event_scope_unknown"):
        change(actor=school.actor("leader"), event=event, data=data_of(school), scope="every")
    assert cancel(actor=school.actor("leader"), event=event, reason="Так", scope="following") == 1


def test_changing_a_long_series_costs_few_statements(school: School) -> None:
    events = series_in(school, Recurrence(freq="daily", count=200), starts_at=MONDAY)
    leader = school.actor("leader")
    data = data_of(school, starts_at=MONDAY + timedelta(hours=1), place="Зал")
    assert statements(lambda: change(actor=leader, event=events[0], data=data, scope="all")) <= (
        12 if connection.vendor == "postgresql" else 30
    )


# --- Another rule -----------------------------------------------------------------------------------------------------
def test_another_rule_is_a_new_series(school: School, sent_jobs: list[Any], commit: Commit) -> None:
    events = series_in(school, WEEKLY, starts_at=MONDAY)
    data = data_of(school, starts_at=MONDAY + timedelta(days=16))
    rule = Recurrence(freq="weekly", weekdays=[2], count=2)
    with commit():
        new = replan_following(
            actor=school.actor("leader"), event=events[2], data=data, recurrence=rule, reason="Среда удобнее"
        )
    assert days_of(new) == ["Wed 17.02", "Wed 24.02"]
    assert [row.cancelled_at is not None for row in series_of(events[0])] == [False, False, True, True]
    assert [name for name, _values in sent_jobs] == ["meetings.tasks.tell_cancelled", "meetings.tasks.tell_planned"]
    with pytest.raises(DomainError, match="event_not_in_series"):
        replan_following(actor=school.actor("leader"), event=event_in(school), data=data, recurrence=rule, reason="Так")


def test_planning_anew_fails_as_a_whole(school: School) -> None:
    events = series_in(school, WEEKLY, starts_at=MONDAY)
    with pytest.raises(DomainError, match="event_title_required"):
        replan_following(
            actor=school.actor("leader"),
            event=events[0],
            data=data_of(school, title=" "),
            recurrence=None,
            reason="Так",
        )
    assert not Event.objects.exclude(cancelled_at=None).exists()


def test_moving_one_past_the_end_of_the_year_is_fine(school: School) -> None:
    events = series_in(school, WEEKLY, starts_at=MONDAY)
    far = soon(days=400)
    [row] = change(actor=school.actor("leader"), event=events[0], data=data_of(school, starts_at=far))
    assert row.starts_at == far
    assert [event.pk for event in series_of(row)] == [event.pk for event in events]
