"""What the pages of the statistics share: the period in the address, the links that keep it, the unit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from common.errors import DomainError, require
from orgs.actor import Actor
from orgs.forms.base import apply_domain_error, ids_of
from orgs.models import Unit
from orgs.permissions import can_see_statistics
from stats import wording
from stats.forms.period import PeriodForm
from stats.periods import Days, PeriodKind, compared, days_of
from stats.selectors.choosing import chosen_days
from stats.selectors.units import unit_of
from stats.selectors.values import Viewer, viewer_of

# In the order of the page; a single day is for the API.
KINDS = (PeriodKind.WEEK, PeriodKind.MONTH, PeriodKind.QUARTER, PeriodKind.YEAR)


@dataclass(frozen=True)
class AskedPeriod:
    """Which period the address asks for, understood."""

    days: Days
    today: date
    # Whether doubtful messages are left out; empty: as the organization has chosen.
    without_doubtful: bool | None
    form: PeriodForm

    @property
    def query(self) -> str:
        """Return the parameters that lead to the same period on another page: «» or «?period=…»."""
        return self.query_of(self.days)

    def query_of(self, days: Days, **more: Any) -> str:
        """Return the parameters of another period, and of `more`, which may replace `doubtful`."""
        doubtful = {None: "", True: "without", False: "with"}[self.without_doubtful]
        values = {**_of_days(days, self.today), "doubtful": doubtful, **more}
        kept = {name: value for name, value in values.items() if value not in (None, "")}
        return f"?{urlencode(kept)}" if kept else ""

    @property
    def is_going_on(self) -> bool:
        """Tell whether the period has not ended."""
        return self.days.last >= self.today


@dataclass(frozen=True)
class Asked(AskedPeriod):
    """What the address of a page inside an organization asks for, and by whose eyes it is seen."""

    viewer: Viewer


def asked_period(request: HttpRequest, today: date) -> AskedPeriod:
    """Return the period in the address; one that is none is told at the form and replaced by this week."""
    without = {"without": True, "with": False}.get(request.GET.get("doubtful", ""))
    days, form = _days_of(request, today)
    return AskedPeriod(days, today, without, form)


def asked_of(request: HttpRequest, actor: Actor) -> Asked:
    """Return what is asked for (`asked_period`); 403 for whoever may not see the statistics."""
    require(can_see_statistics(actor))
    asked = asked_period(request, timezone.localdate())
    return Asked(asked.days, asked.today, asked.without_doubtful, asked.form, viewer_of(actor))


def _days_of(request: HttpRequest, today: date) -> tuple[Days, PeriodForm]:
    kind = request.GET.get("period", "")
    kept = [(name, request.GET[name]) for name in ("doubtful", "unit") if request.GET.get(name)]
    if kind == PeriodKind.CUSTOM:
        return _own_days(PeriodForm(request.GET, kept=kept), today)
    try:
        days = chosen_days(kind, _day(request.GET.get("on", "")), None, None, today)
    except DomainError:
        days = days_of(PeriodKind.WEEK, today)
    first_and_last = {"period": PeriodKind.CUSTOM.value, "first": days.first, "last": min(days.last, today)}
    return days, PeriodForm(initial=first_and_last, kept=kept)


def _own_days(form: PeriodForm, today: date) -> tuple[Days, PeriodForm]:
    if form.is_valid():
        try:
            return chosen_days(PeriodKind.CUSTOM, None, *form.ends(), today), form
        except DomainError as error:
            apply_domain_error(form, error)
    return days_of(PeriodKind.WEEK, today), form


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _of_days(days: Days, today: date) -> dict[str, Any]:
    if days.kind == PeriodKind.CUSTOM:
        return {"period": days.kind.value, "first": days.first.isoformat(), "last": days.last.isoformat()}
    is_now = days.first <= today <= days.last
    kind = "" if is_now and days.kind == PeriodKind.WEEK else days.kind.value
    return {"period": kind, "on": "" if is_now else days.first.isoformat()}


def chooser(asked: AskedPeriod, *, without_doubtful: bool, unit: Unit | None = None) -> dict[str, Any]:
    """Return what `stats/_period.html` shows: kinds, arrows, the own period, the switch of doubtful messages, which are
    left out at present or not; `unit` stays in the address.
    """
    days, today = asked.days, asked.today
    more = {"unit": unit.pk} if unit else {}
    is_now = days.first <= today <= days.last
    on = today if is_now else min(days.last, today)
    after = days.after
    return {
        "asked": asked,
        "period_title": capfirst(wording.period(days)),
        "period_now": _now_words(days.kind) if is_now else "",
        "before_title": _before_title(asked),
        "kinds": [
            {"title": _kind_title(kind), "query": asked.query_of(days_of(kind, on), **more) or "?",
             "is_active": kind == days.kind}
            for kind in KINDS
        ],
        "previous_query": asked.query_of(days.before, **more) or "?",
        "next_query": (asked.query_of(after, **more) or "?") if after.first <= today else "",
        "is_custom": days.kind == PeriodKind.CUSTOM or asked.form.is_bound,
        "without_doubtful": without_doubtful,
        "doubtful_query": asked.query_of(days, **more, doubtful="with" if without_doubtful else "without"),
    }  # fmt: skip


def _before_title(asked: AskedPeriod) -> str:
    """What the figures are compared with: the period before, or as many days of it."""
    _now, before = compared(asked.days, asked.today)
    whole = asked.days.before
    return wording.period(whole) if before == whole else wording.span(before.first, before.last)


def _kind_title(kind: PeriodKind) -> str:
    return {
        PeriodKind.WEEK: _("Week"),
        PeriodKind.MONTH: _("Month"),
        PeriodKind.QUARTER: _("Quarter"),
        PeriodKind.YEAR: pgettext("a period", "Year"),
    }[kind]


def _now_words(kind: PeriodKind) -> str:
    return {
        PeriodKind.DAY: _("today"),
        PeriodKind.WEEK: _("this week"),
        PeriodKind.MONTH: _("this month"),
        PeriodKind.QUARTER: _("this quarter"),
        PeriodKind.YEAR: _("this school year"),
    }.get(kind, "")


def as_of(counted_at: datetime | None) -> str:
    """Return «на 10:05»; «» when nothing has been counted yet."""
    return wording.as_of(counted_at) if counted_at is not None else ""


def address(actor: Actor, name: str, **values: Any) -> str:
    """Return the address of the page `stats:<name>` in the actor's organization."""
    return reverse(f"stats:{name}", kwargs={"slug": actor.organization.slug, **values})


def known_unit(actor: Actor, unit_id: int) -> Unit:
    """Return a unit of the organization, also an archived one; 404 for any other."""
    unit = unit_of(actor.organization, unit_id)
    if unit is None:
        raise Http404
    return unit


def asked_unit(request: HttpRequest, actor: Actor) -> Unit | None:
    """Return the unit in the address (`unit=…`), if there is one; 404 for one that is not there."""
    text = request.GET.get("unit", "")
    if not text:
        return None
    numbers = ids_of([text])
    if not numbers:
        raise Http404
    return known_unit(actor, numbers[0])
