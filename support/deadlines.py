"""Until which day an answer comes in time (SUP-1, «право на оперативный ответ»)."""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils import timezone

from orgs.models import Organization
from support.models import HelpRules

_SATURDAY = 5


def add_working_days(day: date, days: int, *, works_on_saturday: bool) -> date:
    """Return the `days`-th working day after `day`. Holidays are not known: a deadline is a promise, not a law."""
    free = _SATURDAY + (1 if works_on_saturday else 0)
    while days:
        day += timedelta(days=1)
        days -= day.weekday() < free
    return day


def due_here(organization: Organization, now: datetime | None = None) -> date:
    """Return the day by which the administrators of `organization` answer what comes `now`; one query."""
    rules = rules_of(organization)
    today = (now or timezone.now()).astimezone(organization.zone).date()
    return add_working_days(today, rules.answer_days, works_on_saturday=rules.works_on_saturday)


def due_of_operator(organization: Organization | None, now: datetime | None = None) -> date:
    """Return the day by which the platform's operator answers."""
    moment = now or timezone.now()
    zone = organization.zone if organization is not None else timezone.get_default_timezone()
    return add_working_days(moment.astimezone(zone).date(), settings.SUPPORT_ANSWER_DAYS, works_on_saturday=False)


def rules_of(organization: Organization) -> HelpRules:
    """Return the organization's rules of answering, or the defaults as an unsaved row; one query."""
    return HelpRules.objects.filter(organization=organization).first() or HelpRules(organization=organization)
