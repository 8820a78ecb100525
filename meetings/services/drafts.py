"""What somebody typed about an event, checked before it becomes a row (CHAN-6)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils import timezone
from django.utils.translation import gettext as _

from common.errors import DomainError
from common.markup import to_html, to_plain
from common.text import clean_line, clean_message, normalise
from meetings.models import MOST_TEXT, MOST_TITLE, Event, EventKind, Registration
from meetings.permissions import can_invite_circle
from meetings.selectors.events import LONGEST
from orgs.actor import Actor
from orgs.services.circles import Circle, checked_circles

MOST_CIRCLES = 100
MOST_PLACES = 10_000
MOST_PLACE = 200
MOST_LINK = 500
OLDEST = timedelta(days=1)
FURTHEST = timedelta(days=731)
_is_address = URLValidator(schemes=["https"])


@dataclass(frozen=True, kw_only=True)
class EventData:
    """An event before it is made. `circles` are the invited: (audience, unit or None); times know their zone.

    `places` counts with `Registration.PLACES` only; answers are taken until `registration_until`, else until the end.
    """

    kind: str
    title: str
    starts_at: datetime
    ends_at: datetime
    circles: Sequence[Circle]
    text: str = ""
    place: str = ""
    link: str = ""
    registration: str = Registration.ANSWER
    places: int | None = None
    registration_until: datetime | None = None
    # Made by the planner's page: the same key sent again gives the events that are already there.
    client_key: UUID | None = None


def checked_fields(data: EventData, *, was: Event | None = None) -> dict[str, Any]:
    """Return the values of an event's row (without `html` and `search_text`, see `set_words`).

    `was` is the event that is changed: its time may lie in the past as long as it stays. Raises `DomainError` (400)
    with the field: `event_kind_unknown`, `event_title_required`, `text_too_long`, `event_link_invalid`,
    `event_broadcast_needs_link`, `event_in_past`, `event_too_far`, `event_ends_before_start`, `event_too_long`,
    `event_registration_unknown`, `event_places_out_of_range`, `event_registration_after_end`,
    `event_registration_too_early`.
    """
    if data.kind not in EventKind.values:
        raise refused("event_kind_unknown", "kind", _("Choose what kind of event it is."))
    title = _line(data.title, MOST_TITLE, "title")
    if not title:
        raise refused("event_title_required", "title", _("Please name the event."))
    _check_times(data, was)
    return {
        "kind": data.kind,
        "title": title,
        "text": _text(data.text),
        "place": _line(data.place, MOST_PLACE, "place"),
        "link": _link(data),
        "starts_at": data.starts_at,
        "ends_at": data.ends_at,
        "registration": _registration(data),
        "places": _places(data),
        "registration_until": _registration_until(data),
    }


def checked_audience(actor: Actor, data: EventData, *, known: Iterable[Circle] = ()) -> list[Circle]:
    """Return the circles invited, each once; those that are invited already (`known`) need no right any more.

    Raises `DomainError`: `event_circles_required`, `event_circles_many`, `circle_unknown` (400), `circle_closed` (403).
    """
    if not data.circles:
        raise refused("event_circles_required", "circles", _("Choose who is invited."))
    if len(data.circles) > MOST_CIRCLES:
        message = _("At most %(most)s circles of people.") % {"most": MOST_CIRCLES}
        raise refused("event_circles_many", "circles", message)
    kept = set(known)
    if set(data.circles) == kept:
        return list(dict.fromkeys(data.circles))

    def allowed(someone: Actor, audience: str, unit_id: int | None) -> bool:
        return (audience, unit_id) in kept or can_invite_circle(someone, audience, unit_id)

    return checked_circles(actor, data.circles, allowed=allowed)


def set_words(event: Event) -> None:
    """Make what is shown and searched from what was typed."""
    event.html = to_html(event.text)
    event.search_text = normalise(f"{event.title} {to_plain(event.text, one_line=True)} {event.place}")


def _line(typed: str, most: int, field: str) -> str:
    try:
        return clean_line(typed, most=most)
    except DomainError as error:
        raise DomainError(error.code, error.message, fields={field: error.message}, status=400) from error


def _text(typed: str) -> str:
    return clean_message(typed, most=MOST_TEXT, allow_empty=True)


def _check_times(data: EventData, was: Event | None) -> None:
    now = timezone.now()
    is_moved = was is None or was.starts_at != data.starts_at
    if is_moved and data.starts_at < now - OLDEST:
        raise refused("event_in_past", "starts_at", _("This time has passed already."))
    if data.starts_at > now + FURTHEST:
        raise refused("event_too_far", "starts_at", _("At most two years from now."))
    if data.ends_at <= data.starts_at:
        raise refused("event_ends_before_start", "ends_at", _("It has to end after it begins."))
    if data.ends_at - data.starts_at > LONGEST:
        message = _("An event takes two weeks at most. Plan several, or let it recur.")
        raise refused("event_too_long", "ends_at", message)


def _link(data: EventData) -> str:
    link = data.link.strip()
    if not link:
        if data.kind == EventKind.BROADCAST:
            message = _("Give the address where the broadcast can be watched.")
            raise refused("event_broadcast_needs_link", "link", message)
        return ""
    if not _is_safe(link):
        message = _("An address that begins with https://, without a name and a password in it.")
        raise refused("event_link_invalid", "link", message)
    return link


def _is_safe(link: str) -> bool:
    if len(link) > MOST_LINK or not link.isprintable() or any(char.isspace() for char in link):
        return False
    try:
        _is_address(link)
        parts = urlsplit(link)
        return parts.scheme.lower() == "https" and parts.username is None and parts.password is None
    except (ValidationError, ValueError):
        return False


def _registration(data: EventData) -> str:
    if data.registration not in Registration.values:
        raise refused("event_registration_unknown", "registration", _("Choose what those invited are asked."))
    return data.registration


def _places(data: EventData) -> int | None:
    if data.registration != Registration.PLACES:
        return None
    if data.places is None or not 1 <= data.places <= MOST_PLACES:
        message = _("How many places there are: from 1 to %(most)s.") % {"most": MOST_PLACES}
        raise refused("event_places_out_of_range", "places", message)
    return data.places


def _registration_until(data: EventData) -> datetime | None:
    until = data.registration_until
    if until is None or data.registration == Registration.NONE:
        return None
    if until > data.ends_at:
        message = _("Answers are taken until the end of the event at most.")
        raise refused("event_registration_after_end", "registration_until", message)
    if until < data.starts_at - FURTHEST:
        raise refused("event_registration_too_early", "registration_until", _("This time has passed already."))
    return until


def refused(code: str, field: str, message: str, *, status: int = 400) -> DomainError:
    """Return the refusal of one field."""
    return DomainError(code, message, fields={field: message}, status=status)
