"""Figures in words: what is shown is what is subtracted (STAT-6)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from stats import wording
from stats.catalogue import BY_KEY, Measure
from stats.periods import Days, PeriodKind, days_of
from stats.selectors.values import Value


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def value(key: str, amount: float | None, before: float | None, **more: int) -> Value:
    return Value(BY_KEY[key], 0, None, amount, before, **more)


@pytest.mark.parametrize(
    ("share", "words"),
    [(0.0, "0 %"), (1.0, "100 %"), (0.7499, "74,9 %"), (0.29, "29 %"), (0.9996, "99,9 %"), (0.0001, "0 %")],
)
def test_shares_are_cut_to_a_tenth(share: float, words: str) -> None:
    assert plain(wording.percent(share)) == words


@pytest.mark.parametrize(("number", "words"), [(0, "0"), (12480, "12 480"), (2.5, "2,5"), (1.0, "1"), (2.04, "2")])
def test_numbers(number: float, words: str) -> None:
    assert plain(wording.number(number)) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "сразу"),
        (59, "меньше минуты"),
        (60, "1 мин"),
        (59 * 60 + 29, "59 мин"),
        (59 * 60 + 31, "1 ч"),
        (3900, "1 ч 5 мин"),
        (86400 - 20, "1 д"),
        (2 * 86400 + 3 * 3600, "2 д 3 ч"),
    ],
)
def test_lengths_of_time(seconds: float, words: str) -> None:
    assert wording.spell(seconds) == words


@pytest.mark.req("STAT-6")
@pytest.mark.parametrize(
    ("key", "now", "before", "words", "judgement", "tone"),
    [
        ("staff_active", 0.756, 0.78, "ниже на 2,4 п. п.", "", "bad"),
        ("staff_active", 0.78, 0.756, "выше на 2,4 п. п.", "", "good"),
        # Less than what is shown does not count as a change.
        ("staff_active", 0.7501, 0.7509, "без изменений", "", ""),
        ("quiet_messages", 0.1, 0.2, "ниже на 10 п. п.", "это лучше", "good"),
        ("quiet_messages", 0.3, 0.2, "выше на 10 п. п.", "это хуже", "bad"),
        ("messages", 120, 100, "больше на 20 %", "", "good"),
        ("messages", 80, 100, "меньше на 20 %", "", "bad"),
        ("messages", 0, 100, "меньше на 100 %", "", "bad"),
        ("messages", 5, 0, "раньше не было", "", "good"),
        ("messages", 0, 0, "без изменений", "", ""),
        ("messages", 240, 100, "больше в 2,4 раза", "", "good"),
        ("messages", 500, 100, "больше в 5 раз", "", "good"),
        ("messages", 2100, 100, "больше в 21 раз", "", "good"),
        ("events", 2, 1, "больше в 2 раза", "", ""),
        ("answer_time", 1200, 2400, "быстрее на 20 мин", "", "good"),
        ("answer_time", 2430, 2400, "без изменений", "", ""),
        ("answer_time", None, 2400, "", "", ""),
        ("answer_time", 2400, None, "сравнить не с чем", "", ""),
    ],
)
def test_changes_say_which_way(
    key: str, now: float | None, before: float | None, words: str, judgement: str, tone: str
) -> None:
    one = value(key, now, before)
    assert plain(wording.change(one)) == words
    assert (wording.judgement(one), wording.tone(one)) == (judgement, tone)


def test_a_hidden_figure_says_nothing_more() -> None:
    hidden = Value(BY_KEY["staff_active"], 0, 0, None, 0.5, is_hidden=True)
    assert wording.shown(hidden) == "скрыто"
    assert wording.change(hidden) == wording.of_whole(hidden) == wording.tone(hidden) == ""


def test_an_unknown_amount_is_a_dash() -> None:
    assert {wording.amount(measure, None) for measure in Measure} == {"—"}


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (PeriodKind.DAY, "18 ноября 2026"),
        (PeriodKind.WEEK, "16–22 ноября 2026"),
        (PeriodKind.MONTH, "Ноябрь 2026"),
        (PeriodKind.QUARTER, "IV квартал 2026 года"),
        (PeriodKind.YEAR, "2026/27 учебный год"),
    ],
)
def test_periods_have_names(kind: PeriodKind, words: str) -> None:
    assert wording.period(days_of(kind, date(2026, 11, 18))) == words


def test_the_turn_of_the_century_is_a_school_year_too() -> None:
    assert wording.period(days_of(PeriodKind.YEAR, date(2099, 12, 1))) == "2099/00 учебный год"


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2026, 9, 28), date(2026, 10, 4), "28 сентября — 4 октября 2026"),
        (date(2026, 12, 28), date(2027, 1, 3), "28 декабря 2026 — 3 января 2027"),
        (date(2026, 1, 5), date(2027, 1, 8), "5 января 2026 — 8 января 2027"),
    ],
)
def test_both_ends_of_own_days(first: date, last: date, words: str) -> None:
    assert wording.period(Days(PeriodKind.CUSTOM, first, last)) == words


@pytest.mark.req("STAT-5")
def test_the_date_of_the_figures_is_by_the_clock_of_the_school() -> None:
    now = timezone.now()
    with timezone.override("Asia/Kamchatka"):
        assert wording.as_of(now) == f"на {timezone.localtime(now):%H:%M}"
        early = (timezone.localtime(now) - timedelta(days=1)).replace(hour=7, minute=4)
        assert wording.as_of(early).endswith(", 07:04")
    assert "2020" in wording.as_of(datetime(2020, 3, 1, 12, tzinfo=UTC))
