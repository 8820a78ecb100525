"""Addresses of pages about events, for letters, calendars and the API.

The pages are named in meetings/urls.py: `events:event` (slug, event_id) is one event, `events:calendar` (slug) the
calendar, `events:calendar_feed` (token) what phones subscribe to (`/calendar/<token>.ics`).
"""

from django.conf import settings
from django.urls import reverse

from meetings import tokens
from meetings.models import CalendarAddress, Event


def page_of(event: Event, slug: str) -> str:
    """Return the path of the event's page in the organization `slug`."""
    return reverse("events:event", args=[slug, event.pk])


def calendar_page(slug: str) -> str:
    """Return the path of the calendar."""
    return reverse("events:calendar", args=[slug])


def whole(path: str) -> str:
    """Return `path` with the platform's address before it."""
    return settings.SITE_URL.rstrip("/") + path


def feed_of(address: CalendarAddress) -> str:
    """Return the secret address that a phone subscribes to (CHAN-6)."""
    return whole(reverse("events:calendar_feed", args=[tokens.make_token(address)]))
