"""Periods: the organization's own days, what is before and after, what is compared with what (STAT-2, STAT-6)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.errors import DomainError
from stats.periods import Days, PeriodKind, compared, days_of, monday_of
from stats.selectors.choosing import LONGEST_DAYS, chosen_days

pytestmark = pytest.mark.req("STAT-2")
DAY = timedelta(days=1)
TODAY = date(2026, 3, 18)  # a Wednesday

any_day = st.dates(date(2001, 1, 1), date(2198, 12, 31))
calendar_kinds = st.sampled_from([kind for kind in PeriodKind if kind != PeriodKind.CUSTOM])


@st.composite
def periods(draw: st.DrawFn) -> Days:
    if draw(st.booleans()):
        return days_of(draw(calendar_kinds), draw(any_day))
    return days_of(PeriodKind.CUSTOM, draw(any_day), draw(st.integers(1, LONGEST_DAYS)))


@given(calendar_kinds, any_day)
@settings(max_examples=150, deadline=None)
def test_a_period_holds_its_day_and_is_the_same_for_all_of_them(kind: PeriodKind, day: date) -> None:
    days = days_of(kind, day)
    assert days.first <= day <= days.last
    assert days_of(kind, days.first) == days_of(kind, days.last) == days
    lengths = {"day": (1, 1), "week": (7, 7), "month": (28, 31), "quarter": (90, 92), "year": (365, 366)}
    shortest, longest = lengths[kind]
    assert shortest <= days.length <= longest


@given(periods())
@settings(max_examples=200, deadline=None)
def test_before_and_after_are_each_others_way_back_and_leave_no_day_out(days: Days) -> None:
    assert days.before.after == days == days.after.before
    assert days.before.last + DAY == days.first
    assert days.last + DAY == days.after.first
    if days.kind == PeriodKind.CUSTOM:
        assert days.before.length == days.length == days.after.length


@given(periods(), any_day)
@settings(max_examples=200, deadline=None)
def test_what_is_compared_is_never_longer_and_never_overlaps(days: Days, today: date) -> None:
    now, before = compared(days, today)
    assert now.first == days.first
    assert now.last <= days.last
    assert now.last <= max(today, days.first)
    assert before.first == days.before.first
    assert before.last < now.first
    if today >= days.last:
        assert (now, before) == (days, days.before)
    else:
        assert before.length == min(now.length, days.before.length)


@pytest.mark.parametrize(
    ("kind", "day", "first", "last"),
    [
        ("day", "2026-03-18", "2026-03-18", "2026-03-18"),
        ("week", "2026-03-18", "2026-03-16", "2026-03-22"),
        ("week", "2026-01-01", "2025-12-29", "2026-01-04"),
        ("month", "2028-02-29", "2028-02-01", "2028-02-29"),
        ("month", "2026-12-31", "2026-12-01", "2026-12-31"),
        ("quarter", "2026-02-28", "2026-01-01", "2026-03-31"),
        ("quarter", "2026-11-30", "2026-10-01", "2026-12-31"),
        ("year", "2026-08-31", "2025-09-01", "2026-08-31"),
        ("year", "2026-09-01", "2026-09-01", "2027-08-31"),
    ],
)
def test_weeks_begin_on_monday_and_school_years_on_the_first_of_september(
    kind: str, day: str, first: str, last: str
) -> None:
    days = days_of(PeriodKind(kind), date.fromisoformat(day))
    assert (days.first, days.last) == (date.fromisoformat(first), date.fromisoformat(last))


def test_a_wednesdays_week_is_compared_with_the_three_days_of_the_week_before() -> None:
    now, before = compared(days_of(PeriodKind.WEEK, TODAY), TODAY)
    assert (now.first, now.last) == (date(2026, 3, 16), TODAY)
    assert (before.first, before.last) == (date(2026, 3, 9), date(2026, 3, 11))


def test_the_thirtieth_of_march_is_compared_with_all_of_february() -> None:
    _now, before = compared(days_of(PeriodKind.MONTH, date(2026, 3, 30)), date(2026, 3, 30))
    assert (before.first, before.last) == (date(2026, 2, 1), date(2026, 2, 28))


def test_nothing_chosen_is_the_current_week() -> None:
    assert chosen_days("", None, None, None, TODAY) == days_of(PeriodKind.WEEK, TODAY)
    assert chosen_days("month", None, None, None, TODAY) == days_of(PeriodKind.MONTH, TODAY)
    assert chosen_days("week", date(2025, 1, 1), None, None, TODAY).first == date(2024, 12, 30)
    assert monday_of(TODAY) == date(2026, 3, 16)


def test_two_days_make_a_period_of_their_own() -> None:
    first, last = date(2026, 1, 12), date(2026, 1, 20)
    for kind in ("", "custom"):
        assert chosen_days(kind, None, first, last, TODAY) == Days(PeriodKind.CUSTOM, first, last)
    assert chosen_days("custom", None, first, None, TODAY) == Days(PeriodKind.CUSTOM, first, first)
    assert chosen_days("month", None, first, last, TODAY).kind == PeriodKind.MONTH


@pytest.mark.parametrize(
    ("kind", "on", "first", "last", "code", "field"),
    [
        ("decade", None, None, None, "period_unknown", "period"),
        ("custom", None, "2026-02-02", "2026-02-01", "period_backwards", "last"),
        ("custom", None, "2025-01-01", "2026-01-02", "period_too_long", "last"),
        ("week", "0001-01-01", None, None, "period_unknown", "on"),
        ("day", "9999-12-31", None, None, "period_unknown", "on"),
        ("custom", None, "0001-01-01", "2026-01-01", "period_unknown", "first"),
        ("custom", None, "2026-01-01", "9999-12-31", "period_unknown", "last"),
    ],
)
def test_what_is_no_period_is_refused_at_its_field(
    kind: str, on: str | None, first: str | None, last: str | None, code: str, field: str
) -> None:
    asked = [date.fromisoformat(day) if day else None for day in (on, first, last)]
    with pytest.raises(DomainError) as refused:
        chosen_days(kind, asked[0], asked[1], asked[2], TODAY)
    assert (refused.value.code, set(refused.value.fields), refused.value.status) == (code, {field}, 400)


def test_a_whole_year_can_be_chosen_and_not_a_day_more() -> None:
    first = date(2027, 9, 1)
    assert chosen_days("custom", None, first, first + DAY * (LONGEST_DAYS - 1), TODAY).length == LONGEST_DAYS
    with pytest.raises(DomainError):
        chosen_days("custom", None, first, first + DAY * LONGEST_DAYS, TODAY)
