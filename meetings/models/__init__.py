"""Tables of events."""

from meetings.models.event import (
    MOST_TEXT,
    MOST_TITLE,
    BroadcastState,
    Event,
    EventAudience,
    EventKind,
    EventReminder,
    Registration,
    Series,
)
from meetings.models.participation import Answer, CalendarAddress, Participation

__all__ = [
    "MOST_TEXT",
    "MOST_TITLE",
    "Answer",
    "BroadcastState",
    "CalendarAddress",
    "Event",
    "EventAudience",
    "EventKind",
    "EventReminder",
    "Participation",
    "Registration",
    "Series",
]
