"""What the tables of events hold about people."""

from django.utils.translation import gettext_lazy as _

from common.personal_data import (
    EVENTS,
    EVERYBODY,
    GROWN_UPS,
    ORGANIZATION_GOES,
    WITH_ORGANIZATION,
    Basis,
    Held,
    Nothing,
)

_ENDS = (ORGANIZATION_GOES,)

TABLES = [
    Nothing("meetings.Series", because=_("rules by which events recur"), plain=("rrule",)),
    Held(
        "meetings.Event",
        personal=("organizer", "title", "text", "html", "search_text", "place", "link", "result", "cancel_reason"),
        whose=GROWN_UPS,
        why=EVENTS,
        basis=Basis.AGREEMENT,
        kept=WITH_ORGANIZATION,
        owners=("organizer__user",),
        ends=_ENDS,
    ),
    Nothing("meetings.EventAudience", because=_("circles of people, no person")),
    Nothing("meetings.EventReminder", because=_("that a stage was reminded of")),
    Held(
        "meetings.Participation",
        personal=("person", "answer", "marked_by"),
        whose=EVERYBODY,
        why=EVENTS,
        basis=Basis.AGREEMENT,
        kept=WITH_ORGANIZATION,
        owners=("person__user",),
        withheld=("marked_by",),
        ends=_ENDS,
    ),
    Held(
        "meetings.CalendarAddress",
        personal=("person",),
        whose=EVERYBODY,
        why=EVENTS,
        basis=Basis.AGREEMENT,
        kept=WITH_ORGANIZATION,
        owners=("person__user",),
        ends=_ENDS,
    ),
]
