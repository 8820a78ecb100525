"""Figures in words: per cent, times, changes and periods, the same on pages, in exports and in letters (STAT-6).

What is shown is what is subtracted: shares are cut to a tenth of a per cent, and a change is the difference of the two
numbers that stand there. 74.96 % is shown as 74.9, so that nobody reads «75» below a norm of 75 that is not met.
"""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stats.catalogue import Better, Measure
from stats.periods import Days, PeriodKind
from stats.selectors.values import Value

# Between a number and its unit no line may break.
_NO_BREAK = "\u00a0"
MINUTE, HOUR, DAY = 60, 3600, 86400
_PART = 1e-9  # 0.29 * 1000 is 289.99…


def number(value: float) -> str:
    """Return a number as people write it: «12 480», «2,1»."""
    short = round(value, 1)
    return number_format(short, decimal_pos=0 if short == int(short) else 1, use_l10n=True, force_grouping=True)


def tenths(share: float) -> int:
    """Return a share (0 to 1) in tenths of a per cent, cut off."""
    return int(share * 1000 + _PART)


def percent(share: float) -> str:
    """Return a share as «74,9 %»."""
    return f"{number(tenths(share) / 10)}{_NO_BREAK}%"


def spell(seconds: float) -> str:
    """Return a length of time by its two largest parts: «20 мин», «1 ч 5 мин», «2 д 3 ч»."""
    total = max(0, round(seconds))
    if total < MINUTE:
        return _("under a minute") if total else _("at once")
    minutes = round(total / MINUTE)
    if minutes < HOUR // MINUTE:
        return _("%(count)s min") % {"count": minutes}
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        words = _("%(count)s h") % {"count": hours}
        return f"{words} {_('%(count)s min') % {'count': minutes}}" if minutes else words
    days, hours = divmod(round(total / HOUR), 24)
    words = _("%(count)s d") % {"count": days}
    return f"{words} {_('%(count)s h') % {'count': hours}}" if hours else words


def amount(measure: Measure, value: float | None) -> str:
    """Return one number of a figure with its unit; «—» where there is none."""
    if value is None:
        return "—"
    if measure == Measure.SHARE:
        return percent(value)
    return spell(value) if measure == Measure.SECONDS else number(value)


def shown(value: Value) -> str:
    """Return what stands large on a page: the number, «—» without one, or that it is hidden."""
    return _("hidden") if value.is_hidden else amount(value.figure.measure, value.amount)


def direction(value: Value) -> int | None:
    """Return 1, 0 or -1: more, as much, less than before as it is shown; empty: nothing to compare."""
    if value.is_hidden or value.amount is None or value.before is None:
        return None
    now, before = _steps(value.figure.measure, value.amount), _steps(value.figure.measure, value.before)
    return (now > before) - (now < before)


def change(value: Value) -> str:
    """Return the change in words: «выше на 2,1 п. п.», «меньше на 12 %», «быстрее на 20 мин»; «» when hidden."""
    way = direction(value)
    if value.is_hidden or value.amount is None:
        return ""
    if way is None or value.before is None:
        return _("nothing to compare with")
    if way == 0:
        return _("unchanged")
    measure = value.figure.measure
    if measure == Measure.SHARE:
        points = number(abs(tenths(value.amount) - tenths(value.before)) / 10)
        text = _("up by %(points)s points") if way > 0 else _("down by %(points)s points")
        return text % {"points": points}
    if measure == Measure.SECONDS:
        text = _("longer by %(time)s") if way > 0 else _("shorter by %(time)s")
        minutes = abs(_steps(measure, value.amount) - _steps(measure, value.before))
        return text % {"time": spell(minutes * MINUTE)}
    return _change_of_count(value.amount, value.before)


def _change_of_count(now: float, before: float) -> str:
    if not before:
        return _("there were none")
    if now >= 2 * before:
        times = int(10 * now / before) / 10
        # «в 2,4 раза», «в 5 раз»: a fraction is declined as two.
        count = int(times) if times == int(times) else 2
        return ngettext("%(times)s time as many", "%(times)s times as many", count) % {"times": number(times)}
    text = _("more by %(percent)s") if now > before else _("fewer by %(percent)s")
    return text % {"percent": percent(abs(now - before) / before)}


def judgement(value: Value) -> str:
    """Return «это лучше» or «это хуже» where «выше» and «ниже» do not say it; else «»."""
    way = direction(value)
    if not way or value.figure.better != Better.LOWER or value.figure.measure != Measure.SHARE:
        return ""
    return _("that is better") if way < 0 else _("that is worse")


def tone(value: Value) -> str:
    """Return the colour of the change: «good», «bad» or «»."""
    way = direction(value)
    if not way or value.figure.better == Better.NEITHER:
        return ""
    return "good" if (way > 0) == (value.figure.better == Better.HIGHER) else "bad"


def _steps(measure: Measure, value: float) -> int:
    """The number in the smallest steps that are shown."""
    if measure == Measure.SHARE:
        return tenths(value)
    return round(value / MINUTE) if measure == Measure.SECONDS else round(value)


def of_whole(value: Value) -> str:
    """Return «31 из 41» for a share, «по 12 ответам» for a median; «» for a count or a hidden figure."""
    if value.is_hidden or value.amount is None:
        return ""
    if value.denominator is not None:
        return _("%(part)s of %(whole)s") % {"part": number(value.numerator), "whole": number(value.denominator)}
    if value.figure.measure != Measure.SECONDS:
        return ""
    count = value.numerator
    return ngettext("over %(count)s case", "over %(count)s cases", count) % {"count": number(count)}


def period(days: Days) -> str:
    """Return the name of a period: «16–22 ноября 2026», «Ноябрь 2026», «IV квартал 2026», «2026/27 учебный год»."""
    if days.kind == PeriodKind.MONTH:
        return date_format(days.first, "F Y")
    if days.kind == PeriodKind.QUARTER:
        roman = ("I", "II", "III", "IV")[(days.first.month - 1) // 3]
        return _("quarter %(roman)s of %(year)s") % {"roman": roman, "year": days.first.year}
    if days.kind == PeriodKind.YEAR:
        return _("school year %(first)s/%(last)s") % {"first": days.first.year, "last": f"{days.last.year % 100:02}"}
    return span(days.first, days.last)


def span(first: date, last: date) -> str:
    """Return both ends without saying anything twice: «16–22 ноября 2026», «28 сентября — 4 октября 2026»."""
    if first == last:
        return date_format(first, "j E Y")
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{date_format(last, 'j E Y')}"
    start = date_format(first, "j E" if first.year == last.year else "j E Y")
    return f"{start} — {date_format(last, 'j E Y')}"


def as_of(counted_at: datetime) -> str:
    """Return «на 10:05», with the day when it is not today, by the clock that is active."""
    local = timezone.localtime(counted_at)
    clock = local.strftime("%H:%M")
    if local.date() == timezone.localdate():
        return _("as of %(time)s") % {"time": clock}
    day = date_format(local, "j E" if local.year == timezone.localdate().year else "j E Y")
    return _("as of %(day)s, %(time)s") % {"day": day, "time": clock}
