"""Deadlines in words."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from common.templatetags.ui import calendar_day


@dataclass(frozen=True)
class Deadline:
    """The last day in words; `tone` is that of a state («bad» when it has passed, «warn» on the last two days)."""

    text: str
    tone: str

    @property
    def is_near(self) -> bool:
        """Whether it is today, tomorrow, or over."""
        return bool(self.tone)


def deadline_of(due_on: date | None) -> Deadline | None:
    """Return the deadline as it stands today by the active clock, or None where there is none."""
    if due_on is None:
        return None
    days = (due_on - timezone.localdate()).days
    day = calendar_day(due_on)
    if days < 0:
        return Deadline(_("the deadline was %(day)s") % {"day": day}, "bad")
    if days == 0:
        return Deadline(_("today is the last day"), "warn")
    text = _("by tomorrow, %(day)s") if days == 1 else _("by %(day)s")
    return Deadline(text % {"day": day}, "warn" if days == 1 else "")


def deadline_day(due_on: date | None) -> str:
    """Return the day as papers write it: 25.11.2026; nothing where there is none."""
    return date_format(due_on, "d.m.Y") if due_on else ""
