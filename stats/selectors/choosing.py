"""Which period is asked for, from the parameters of pages and the API alike (`period`, `on`, `first`, `last`)."""

from datetime import date

from django.utils.translation import gettext as _

from common.errors import DomainError
from stats.periods import Days, PeriodKind, days_of

# A year and a day, so that two years can be laid side by side; more is asked year by year.
LONGEST_DAYS = 366
# Before and after there is nothing to count, and the calendar's own ends stay out of reach.
EARLIEST, LATEST = date(2000, 1, 1), date(2199, 12, 31)


def chosen_days(kind: str, on: date | None, first: date | None, last: date | None, today: date) -> Days:
    """Return the period asked for; without any choice the current week.

    `kind` is a value of `PeriodKind` or empty; `on` is any day in it (without it `today`); `first` and `last`, both
    included, are for a custom period, which they choose by themselves when no kind is given. Raise `DomainError`
    `period_unknown`, `period_backwards` or `period_too_long`, each at its field.
    """
    if kind and kind not in list(PeriodKind):
        raise _refusal("period_unknown", "period", _("There is no such period."))
    chosen = PeriodKind(kind or (PeriodKind.CUSTOM if first and last else PeriodKind.WEEK))
    if chosen == PeriodKind.CUSTOM:
        return _custom(first, last, on or today)
    return days_of(chosen, _within(on or today, "on"))


def _custom(first: date | None, last: date | None, day: date) -> Days:
    start, end = _within(first or last or day, "first"), _within(last or first or day, "last")
    if end < start:
        raise _refusal("period_backwards", "last", _("The last day is before the first."))
    days = Days(PeriodKind.CUSTOM, start, end)
    if days.length > LONGEST_DAYS:
        raise _refusal("period_too_long", "last", _("Choose at most a year."))
    return days


def _within(day: date, field: str) -> date:
    if not EARLIEST <= day <= LATEST:
        raise _refusal("period_unknown", field, _("There is no such period."))
    return day


def _refusal(code: str, field: str, message: str) -> DomainError:
    return DomainError(code, message, fields={field: message}, status=400)
