"""One's own calendar as iCalendar (RFC 5545), which phones subscribe to (CHAN-6)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from icalendar import Calendar, Timezone
from icalendar import Event as Entry
from icalendar.prop import vRecur

from common.markup import to_plain
from common.text import clean
from meetings import tokens
from meetings.addresses import page_of, whole
from meetings.models import Answer, CalendarAddress, Event, EventKind
from meetings.selectors.events import events_visible_to, seen_by
from meetings.services.recurrence import expand
from orgs.actor import Actor, actor_of

KEPT = timedelta(days=60)
READ_NOTED_EVERY = timedelta(hours=1)
# Zones of Russia last changed in 2020; no event is older than the platform.
_ZONE_SINCE, _ZONE_UNTIL = date(2019, 1, 1), date(2038, 1, 1)


def calendar_of(token: str) -> bytes | None:
    """Return the calendar that a secret address opens: what its person sees of the last 60 days and all that comes.

    None for an address that was never given out or was renewed, and for whoever has no role any more. Six queries for
    any number of events; that it was read is noted once an hour at most.
    """
    claim = tokens.read(token)
    if claim is None:
        return None
    addresses = CalendarAddress.objects.select_related("person__organization")
    address = addresses.filter(pk=claim.address_id, person__merged_into=None, person__user__isnull=False).first()
    if address is None or not claim.holds_for(address):
        return None
    actor = actor_of(address.person)
    if not actor.roles:
        return None
    _note_reading(address)
    with translation.override(settings.LANGUAGE_CODE), timezone.override(actor.organization.zone):
        return calendar_for(actor)


def _note_reading(address: CalendarAddress) -> None:
    now = timezone.now()
    long_ago = Q(read_at=None) | Q(read_at__lt=now - READ_NOTED_EVERY)
    if address.read_at is None or address.read_at < now - READ_NOTED_EVERY:
        CalendarAddress.objects.filter(long_ago, pk=address.pk).update(read_at=now)


def calendar_for(actor: Actor) -> bytes:
    """Return the actor's calendar; the same bytes as long as nothing has changed. One query."""
    calendar = Calendar()
    calendar.add("prodid", f"-//{_host()}//calendar//RU")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", clean(actor.organization.short_name or actor.organization.name))
    calendar.add("x-wr-timezone", actor.organization.time_zone)
    calendar.add("refresh-interval;value=duration", "PT1H")
    calendar.add("x-published-ttl", "PT1H")
    calendar.add_component(_zone(actor.organization.time_zone))
    for entry in _entries(actor, _events(actor)):
        calendar.add_component(entry)
    return calendar.to_ical()


@cache
def _zone(name: str) -> Timezone:
    return Timezone.from_tzid(name, first_date=_ZONE_SINCE, last_date=_ZONE_UNTIL)


def _host() -> str:
    return urlsplit(settings.SITE_URL).hostname or "localhost"


def _events(actor: Actor) -> list[Event]:
    """What the calendar shows; of a series that goes on also what is long over, so that its rule stays whole."""
    visible = events_visible_to(actor)
    recent = Q(ends_at__gte=timezone.now() - KEPT)
    lively = visible.filter(recent, series__isnull=False).order_by().values("series")
    shown = visible.filter(recent | Q(series__in=lively))
    return list(seen_by(actor, shown).select_related("series", "organizer").order_by("starts_at", "id"))


def _entries(actor: Actor, events: Iterable[Event]) -> Iterable[Entry]:
    series: dict[int, list[Event]] = defaultdict(list)
    for event in events:
        if event.series_id is None:
            yield _single(actor, event)
        else:
            series[event.series_id].append(event)
    for rows in series.values():
        yield from _Series(actor, rows).entries()


def _single(actor: Actor, event: Event) -> Entry:
    entry = Entry()
    entry.add("uid", f"event-{event.pk}@{_host()}")
    return _fill(entry, actor, event, event.starts_at, event.ends_at)


def _fill(entry: Entry, actor: Actor, event: Event, starts_at: datetime, ends_at: datetime) -> Entry:
    """Write what `event` is into `entry`."""
    zone = actor.organization.zone
    entry.add("dtstart", starts_at.astimezone(zone))
    entry.add("dtend", ends_at.astimezone(zone))
    entry.add("dtstamp", event.changed_at.astimezone(UTC).replace(microsecond=0))
    entry.add("created", event.created_at.astimezone(UTC).replace(microsecond=0))
    entry.add("last-modified", event.changed_at.astimezone(UTC).replace(microsecond=0))
    entry.add("sequence", event.sequence)
    entry.add("summary", event.title)
    if event.place:
        entry.add("location", event.place)
    if description := _description(event):
        entry.add("description", description)
    entry.add("url", whole(page_of(event, actor.organization.slug)))
    entry.add("categories", [str(EventKind(event.kind).label)])
    entry.add("status", "CONFIRMED" if event.cancelled_at is None else "CANCELLED")
    entry.add("transp", _transparency(event))
    return entry


def _transparency(event: Event) -> str:
    """Whoever does not come is free at that time."""
    is_busy = event.cancelled_at is None and getattr(event, "answer", "") != Answer.NO
    return "OPAQUE" if is_busy else "TRANSPARENT"


def _description(event: Event) -> str:
    parts = [to_plain(event.text)]
    if event.cancelled_at is not None:
        parts.insert(0, _("Cancelled: %(reason)s") % {"reason": event.cancel_reason})
    return "\n\n".join(part for part in parts if part)


@dataclass(frozen=True)
class _Shown:
    """What makes an occurrence differ from the others of its series."""

    title: str
    text: str
    place: str
    kind: str
    lasts: timedelta
    transparency: str

    @classmethod
    def of(cls, event: Event) -> "_Shown":
        lasts = event.ends_at - event.starts_at
        return cls(event.title, event.text, event.place, event.kind, lasts, _transparency(event))


class _Series:
    """A series: its rule once, the days left out, and those that differ by themselves."""

    def __init__(self, actor: Actor, rows: Sequence[Event]) -> None:
        self.actor = actor
        self.zone: ZoneInfo = actor.organization.zone
        self.rows = rows
        self.alive = {_by_rule(row): row for row in rows if row.cancelled_at is None}

    def entries(self) -> Iterable[Entry]:
        series = self.rows[0].series
        if series is None or not self.alive:
            return []
        times = expand(series.rrule, series.starts_at, self.zone)
        # The organization moved to another zone meanwhile: the rule means other days there, the rows do not.
        if not self.alive.keys() <= {moment.astimezone(UTC) for moment in times}:
            return [_single(self.actor, row) for row in self.rows]
        usual = self._usual()
        master = self._master(usual, series.rrule, times)
        return [master, *self._others(usual, times[0])]

    def _usual(self) -> Event:
        """One of those that are as most are; the earliest of them, so that the same is chosen each time."""
        alike: dict[_Shown, list[Event]] = defaultdict(list)
        for row in self.alive.values():
            alike[_Shown.of(row)].append(row)
        return max(alike.values(), key=len)[0]

    def _master(self, usual: Event, rule: str, times: list[datetime]) -> Entry:
        entry = Entry()
        entry.add("uid", self._uid())
        _fill(entry, self.actor, usual, times[0], times[0].astimezone(UTC) + (usual.ends_at - usual.starts_at))
        entry.add("rrule", vRecur.from_ical(rule))
        left_out = [moment for moment in times if moment.astimezone(UTC) not in self.alive]
        if left_out:
            entry.add("exdate", left_out)
        # Whatever happens to one of them, the rule has to be read anew.
        changed = max(row.changed_at for row in self.rows).astimezone(UTC).replace(microsecond=0)
        for name, value in {"dtstamp": changed, "last-modified": changed}.items():
            del entry[name]
            entry.add(name, value)
        del entry["sequence"]
        entry.add("sequence", sum(row.sequence for row in self.rows))
        return entry

    def _others(self, usual: Event, first: datetime) -> Iterable[Entry]:
        same = _Shown.of(usual)
        for moment, row in self.alive.items():
            if row.starts_at == moment and _Shown.of(row) == same:
                continue
            entry = Entry()
            entry.add("uid", self._uid())
            entry.add("recurrence-id", moment.astimezone(self.zone))
            yield _fill(entry, self.actor, row, row.starts_at, row.ends_at)

    def _uid(self) -> str:
        return f"series-{self.rows[0].series_id}@{_host()}"


def _by_rule(event: Event) -> datetime:
    return (event.original_start or event.starts_at).astimezone(UTC)
