"""Times of events in words."""

from datetime import datetime, tzinfo

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst

from meetings.models import Event


def journal_day(moment: datetime, zone: tzinfo) -> str:
    """Return the time as the journal keeps it, the same in every language: «21.11.2026 18:00»."""
    return f"{moment.astimezone(zone):%d.%m.%Y %H:%M}"


def when(event: Event, zone: tzinfo) -> str:
    """Return when the event is, by the clock of `zone`: «Пятница, 21 ноября, 18:00–19:30».

    Never «tomorrow»: a letter may be read the day after.
    """
    starts, ends = event.starts_at.astimezone(zone), event.ends_at.astimezone(zone)
    if starts.date() == ends.date():
        return f"{_day(starts, zone)}, {starts:%H:%M}–{ends:%H:%M}"
    return f"{_day(starts, zone)}, {starts:%H:%M} – {_day(ends, zone)}, {ends:%H:%M}"


def _day(moment: datetime, zone: tzinfo) -> str:
    this_year = timezone.localdate(timezone=zone).year
    day = date_format(moment.date(), "j E" if moment.year == this_year else "j E Y")
    return f"{capfirst(date_format(moment.date(), 'l'))}, {day}"


def hour(moment: datetime, zone: tzinfo) -> str:
    """Return the time of the day: «18:00»."""
    return f"{moment.astimezone(zone):%H:%M}"
