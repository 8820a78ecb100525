"""Days of an organization's own calendar as moments: 23 to 25 hours, with their quiet parts (STAT-4)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from chats.models import ChatRules
from orgs.models import Organization
from stats.models import DayWindow

DAY = timedelta(days=1)


def local_day(organization: Organization, moment: datetime) -> date:
    """Return the day it is in `organization` at `moment`."""
    return moment.astimezone(organization.zone).date()


def window(organization: Organization, day: date) -> DayWindow:
    """Return `day` of `organization` as moments, unsaved; its quiet hours are those of the chats' rules.

    A day that a zone has skipped (an island that crossed the date line) has no length.
    """
    zone, rules = organization.zone, rules_of(organization)
    starts_at, ends_at = _moment(zone, day, time.min), _moment(zone, day + DAY, time.min)
    quiet_until, quiet_from = starts_at, ends_at
    if has_quiet_hours(rules):
        # Between them when they lie within one day; before the one and after the other when they pass midnight.
        quiet_until, quiet_from = _moment(zone, day, rules.quiet_until), _moment(zone, day, rules.quiet_from)
    return DayWindow(
        organization=organization,
        day=day,
        starts_at=starts_at,
        ends_at=ends_at,
        quiet_until=quiet_until,
        quiet_from=quiet_from,
    )


def basis_of(organization: Organization) -> str:
    """Return by what days and quiet hours are counted; when it is another one, everything is counted anew."""
    rules = rules_of(organization)
    hours = f"{rules.quiet_from}-{rules.quiet_until}" if has_quiet_hours(rules) else ""
    return f"{organization.time_zone} {hours}".strip()


def rules_of(organization: Organization) -> ChatRules:
    """Return the chats' rules; the caller has selected them with the organization (`chat_rules`)."""
    rules = getattr(organization, "chat_rules", None)
    return rules if rules is not None else ChatRules(organization=organization)


def has_quiet_hours(rules: ChatRules) -> bool:
    """Tell whether there are quiet hours; from and until the same clock: none (as `chats.selectors.rules`)."""
    return rules.quiet_from is not None and rules.quiet_from != rules.quiet_until


def _moment(zone: ZoneInfo, day: date, clock: time | None) -> datetime:
    return datetime.combine(day, clock or time.min, tzinfo=zone).astimezone(UTC)
