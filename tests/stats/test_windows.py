"""Days of an organization's own calendar as moments (STAT-4)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from chats.models import ChatRules
from orgs.models import Organization
from stats.services.windows import basis_of, local_day, window

pytestmark = pytest.mark.req("STAT-4")


def organization(zone: str, quiet: tuple[time, time] | None = None) -> Organization:
    made = Organization(pk=1, time_zone=zone)
    made.chat_rules = ChatRules(organization=made, quiet_from=quiet and quiet[0], quiet_until=quiet and quiet[1])
    return made


def hours(zone: str, day: date) -> float:
    found = window(organization(zone), day)
    return (found.ends_at - found.starts_at).total_seconds() / 3600


@pytest.mark.parametrize(
    ("zone", "last_second"),
    [
        ("Asia/Kamchatka", datetime(2026, 3, 2, 11, 59, 59, tzinfo=UTC)),
        ("Europe/Kaliningrad", datetime(2026, 3, 2, 21, 59, 59, tzinfo=UTC)),
        ("Asia/Kolkata", datetime(2026, 3, 2, 18, 29, 59, tzinfo=UTC)),
        ("Asia/Kathmandu", datetime(2026, 3, 2, 18, 14, 59, tzinfo=UTC)),
        ("America/St_Johns", datetime(2026, 3, 3, 3, 29, 59, tzinfo=UTC)),
    ],
)
def test_a_day_ends_at_the_midnight_of_its_own_zone(zone: str, last_second: datetime) -> None:
    school, second = organization(zone), timedelta(seconds=1)
    assert local_day(school, last_second) == date(2026, 3, 2)
    assert local_day(school, last_second + second) == date(2026, 3, 3)
    assert window(school, date(2026, 3, 2)).ends_at == last_second + second
    assert window(school, date(2026, 3, 3)).starts_at == last_second + second


@pytest.mark.parametrize(
    ("zone", "day", "length"),
    [
        ("Europe/Berlin", date(2026, 3, 29), 23),
        ("Europe/Berlin", date(2026, 10, 25), 25),
        ("America/New_York", date(2026, 3, 8), 23),
        ("America/New_York", date(2026, 11, 1), 25),
        ("Australia/Lord_Howe", date(2026, 4, 5), 24.5),
        # Clocks are put forward at midnight: the day begins at one o'clock.
        ("Africa/Cairo", date(2026, 4, 24), 23),
        # The repeated hour before midnight belongs to the day that ends twice.
        ("America/Havana", date(2026, 11, 1), 25),
        ("Europe/Moscow", date(2014, 10, 26), 25),
        ("Europe/Moscow", date(2026, 3, 29), 24),
        # An island that crossed the date line never had this day.
        ("Pacific/Apia", date(2011, 12, 30), 0),
    ],
)
def test_a_day_is_as_long_as_its_clock_says(zone: str, day: date, length: float) -> None:
    assert hours(zone, day) == length


@pytest.mark.parametrize(
    "zone", ["Europe/Berlin", "America/Sao_Paulo", "Africa/Cairo", "Asia/Kamchatka", "Pacific/Apia"]
)
def test_days_follow_each_other_without_gap_and_overlap(zone: str) -> None:
    school = organization(zone)
    day, last = date(2010, 1, 1), date(2012, 12, 31)
    while day <= last:
        found, following = window(school, day), window(school, day + timedelta(days=1))
        assert found.ends_at == following.starts_at
        if found.ends_at > found.starts_at:
            assert local_day(school, found.starts_at) == day
            assert local_day(school, found.ends_at - timedelta(microseconds=1)) == day
        day += timedelta(days=1)


def quiet_clocks(quiet: tuple[time, time] | None) -> list[int]:
    """The hours of a day in Moscow that are quiet."""
    found = window(organization("Europe/Moscow", quiet), date(2026, 3, 2))
    begins = found.starts_at
    moments = [begins + timedelta(hours=hour) for hour in range(24)]
    if found.quiet_until <= found.quiet_from:
        return [n for n, at in enumerate(moments) if at < found.quiet_until or at >= found.quiet_from]
    return [n for n, at in enumerate(moments) if found.quiet_from <= at < found.quiet_until]


@pytest.mark.parametrize(
    ("quiet", "expected"),
    [
        ((time(21), time(7)), [0, 1, 2, 3, 4, 5, 6, 21, 22, 23]),
        ((time(13), time(15)), [13, 14]),
        ((time(22), time(0)), [22, 23]),
        ((time(0), time(6)), [0, 1, 2, 3, 4, 5]),
        ((time(8), time(8)), []),
        (None, []),
    ],
)
def test_quiet_hours_are_those_of_the_chats(quiet: tuple[time, time] | None, expected: list[int]) -> None:
    assert quiet_clocks(quiet) == expected


def test_another_zone_or_other_quiet_hours_are_another_basis() -> None:
    quiet = (time(21), time(7))
    schools = [
        organization("Europe/Moscow"),
        organization("Asia/Kamchatka"),
        organization("Europe/Moscow", quiet),
        organization("Europe/Moscow", (time(21), time(7, 30))),
    ]
    assert len({basis_of(school) for school in schools}) == 4
    assert basis_of(organization("Europe/Moscow", (time(8), time(8)))) == basis_of(organization("Europe/Moscow"))
