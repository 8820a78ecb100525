"""Dates as people say them, in the time zone of the page."""

import datetime as dt
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone, translation
from django.utils.formats import date_format

from common.templatetags.ui import calendar_day, spoken_date

NOW = dt.datetime(2026, 9, 15, 7, 30, tzinfo=dt.UTC)  # 15:30 in Ulan-Ude


@pytest.fixture(autouse=True)
def _at_school() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False), translation.override("ru"), timezone.override(ZoneInfo("Asia/Irkutsk")):
        yield


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        ("2026-09-15T02:05", "сегодня в 10:05"),
        ("2026-09-14T15:59", "вчера в 23:59"),
        ("2026-09-14T16:00", "сегодня в 00:00"),
        ("2026-09-15T16:00", "завтра в 00:00"),
        ("2026-09-01T01:00", "1 сентября в 09:00"),
        ("2025-05-03T01:00", "3 мая 2025 в 09:00"),
        ("2025-12-31T17:00", "1 января в 01:00"),
    ],
)
def test_moments_are_told_in_the_schools_time(moment: str, words: str) -> None:
    assert spoken_date(dt.datetime.fromisoformat(moment).replace(tzinfo=dt.UTC)) == words


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (dt.date(2026, 9, 15), "сегодня"),
        (dt.date(2026, 9, 16), "завтра"),
        (dt.date(2026, 9, 14), "вчера"),
        (dt.date(2026, 3, 8), "8 марта"),
        (dt.date(2010, 2, 28), "28 февраля 2010"),
    ],
)
def test_days_are_told_without_a_clock(day: dt.date, words: str) -> None:
    assert spoken_date(day) == words


def test_no_date_no_words() -> None:
    assert spoken_date(None) == ""


def test_another_school_has_another_today() -> None:
    moment = dt.datetime(2026, 9, 14, 17, 0, tzinfo=dt.UTC)
    assert spoken_date(moment) == "сегодня в 01:00"
    with timezone.override(ZoneInfo("Europe/Kaliningrad")):
        assert spoken_date(moment) == "вчера в 19:00"


def test_an_english_page_speaks_english() -> None:
    with translation.override("en"):
        assert spoken_date(NOW) == "today at 15:30"


def test_since_which_day_is_said_by_its_number() -> None:
    """«С сегодня» is not Russian."""
    now = timezone.now()
    assert calendar_day(now) == calendar_day(timezone.localdate(now)) == date_format(timezone.localdate(now), "j E")
    assert calendar_day(dt.date(2020, 9, 1)) == "1 сентября 2020"
    assert calendar_day(None) == ""
