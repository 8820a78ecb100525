"""One figure opened: its formula, its date, the rows and the people behind it; «Напомнить» (STAT-5, STAT-6)."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from common.errors import DomainError, require
from common.notices import done, refused
from orgs.actor import Actor
from orgs.models import Unit
from orgs.pages import member_page
from orgs.views.tools import page_of
from stats import wording
from stats.catalogue import BY_KEY, Circle, Figure, Moment
from stats.permissions import can_remind
from stats.selectors.figures import overview
from stats.selectors.people import AUTHORS, people_behind
from stats.selectors.rules import rules_of
from stats.selectors.things import FIGURES_OF_THINGS, Thing, things_behind
from stats.selectors.trend import TREND_FIGURES, weekly
from stats.selectors.units import units_with_figures
from stats.selectors.values import Value
from stats.services.reminding import Reminded, remind
from stats.views import rows
from stats.views.tools import Asked, address, as_of, asked_of, asked_unit, chooser

WEEKS = 12


@member_page
def figure(request: HttpRequest, actor: Actor, key: str) -> HttpResponse:
    """Show one figure of a period, of the organization or of one unit."""
    known, asked, unit = _opened(request, actor, key)
    without = asked.without_doubtful
    without = rules_of(actor.organization).without_doubtful if without is None else without
    found = overview(asked.viewer, asked.days, unit, without_doubtful=without, today=asked.today)
    value = found.values[key]
    context = {
        **chooser(asked, without_doubtful=without, unit=unit),
        "figure": known,
        "row": rows.row_of(value),
        **_parts(value),
        "unit": unit,
        "as_of": as_of(found.counted_at),
        "words": actor.words,
        "trend": _trend(asked, known, unit, without=without),
        "tab": "",
        **_things(request, actor, asked, known, unit),
        **_people(request, actor, asked, known, unit),
        **_units(asked, known, unit, without=without),
    }
    return render(request, "stats/figure.html", context)


def _opened(request: HttpRequest, actor: Actor, key: str) -> tuple[Figure, Asked, Unit | None]:
    """The figure, the period and the unit of the address; 404 for what is not there."""
    asked = asked_of(request, actor)
    known = BY_KEY.get(key)
    unit = asked_unit(request, actor)
    if known is None or (unit is not None and not known.by_unit):
        raise Http404
    return known, asked, unit


def _parts(value: Value) -> dict[str, str]:
    """Numerator and denominator in numbers, and which time the figure is about."""
    is_known = not value.is_hidden
    whole = value.denominator
    times = {
        Moment.PERIOD: _("the whole period; of one that is going on, its days so far"),
        Moment.END: _("the last day of the period; of one that is going on, today"),
    }
    return {
        "numerator": wording.number(value.numerator) if is_known else "",
        "denominator": wording.number(whole) if is_known and whole is not None else "",
        "of_time": times[value.figure.moment],
    }


def _trend(asked: Asked, known: Figure, unit: Unit | None, *, without: bool) -> dict[str, Any] | None:
    if known.key not in TREND_FIGURES:
        return None
    until = min(asked.days.last, asked.today)
    points = weekly(asked.viewer, until, WEEKS, unit, without_doubtful=without)
    return rows.trend(points, [known.key], [known.key])


def _things(request: HttpRequest, actor: Actor, asked: Asked, known: Figure, unit: Unit | None) -> dict[str, Any]:
    """The readings, posts, polls and events behind the figure, fifty a page."""
    if known.key not in FIGURES_OF_THINGS or unit is not None:
        return {}
    page = page_of(request, things_behind(asked.viewer, known.key, asked.days))
    return {"has_things": True, "page_obj": page, "things": [_thing(actor, thing) for thing in page.object_list]}


def _thing(actor: Actor, thing: Thing) -> dict[str, Any]:
    median = thing.median_seconds
    return {
        "thing": thing,
        "url": f"/o/{actor.organization.slug}/{thing.path}" if thing.path else "",
        "share": wording.percent(thing.share) if thing.share is not None else "",
        "median": wording.spell(median) if median is not None else "",
    }


def _people(request: HttpRequest, actor: Actor, asked: Asked, known: Figure, unit: Unit | None) -> dict[str, Any]:
    """Who is counted and who is missing, for those who may see names; nobody's numbers stand beside them."""
    if known.people is None:
        return {}
    if not asked.viewer.sees_people:
        return {"has_people": True, "names_hidden": True}
    # Of messages and answers there are only those who wrote them.
    has_missing = known.key not in AUTHORS
    tab = "missing" if has_missing and request.GET.get("people") == "missing" else "counted"
    page = _names(request, actor, asked, known, unit, missing=tab == "missing")
    more: dict[str, Any] = {"unit": unit.pk if unit else ""}
    query = asked.query_of(asked.days, **more)
    can = has_missing and known.can_remind and can_remind(actor)
    return {
        "has_people": True,
        "tab": tab,
        "tabs": _tabs(asked, more, tab) if has_missing else [],
        "page_obj": page,
        "people": list(page.object_list),
        "are_families": known.people == Circle.FAMILIES,
        "remind_url": f"{address(actor, 'remind', key=known.key)}{query}" if can else "",
    }


def _names(
    request: HttpRequest, actor: Actor, asked: Asked, known: Figure, unit: Unit | None, *, missing: bool
) -> Page:
    return page_of(request, people_behind(actor.organization, known.key, asked.days, unit, missing=missing))


def _tabs(asked: Asked, more: dict[str, Any], tab: str) -> list[dict[str, Any]]:
    return [
        {
            "title": title,
            "query": (asked.query_of(asked.days, **more, people=value) or "?") + "#people",
            "is_active": tab == name,
        }
        for name, value, title in (("counted", "", _("There")), ("missing", "missing", _("Missing")))
    ]


def _units(asked: Asked, known: Figure, unit: Unit | None, *, without: bool) -> dict[str, Any]:
    """The same figure by units."""
    if not known.by_unit or unit is not None:
        return {}
    found = units_with_figures(asked.viewer, asked.days, without_doubtful=without, today=asked.today)
    return {
        "by_units": [
            {
                "unit": row.unit,
                "leaders": row.leaders,
                "query": asked.query_of(asked.days, unit=row.unit.pk),
                **rows.row_of(row.values[known.key]),
            }
            for row in found
            if known.key in row.values
        ]
    }


@member_page
@require_http_methods(["GET", "POST"])
def remind_missing(request: HttpRequest, actor: Actor, key: str) -> HttpResponse:
    """Ask first, then remind those who are missing in a figure, and say how many were told."""
    known, asked, unit = _opened(request, actor, key)
    require(can_remind(actor))
    if not known.can_remind:
        raise Http404
    query = asked.query_of(asked.days, unit=unit.pk if unit else "")
    back = f"{address(actor, 'figure', key=key)}{query}"
    if request.method == "POST":
        return _remind(request, actor, known, asked, unit, back)
    count = people_behind(actor.organization, key, asked.days, unit, missing=True).count()
    context = {
        "figure": known,
        "unit": unit,
        "count": count,
        "title": known.name,
        "text": _missing_words(known, count) % {"count": count, "period": wording.period(asked.days)},
        "facts": [
            _("Who has an account gets a notification, or a letter without a device; others get a letter."),
            _("Nobody is reminded twice on one day, whatever the figure."),
            _("In quiet hours the reminder waits for their end."),
        ],
        "action_label": _("Remind"),
        "back_url": back,
    }
    return render(request, "stats/remind.html", context)


def _missing_words(known: Figure, count: int) -> str:
    """How many are missing, and that a reminder will go to them; with «count» and «period» to be put in."""
    if known.people == Circle.FAMILIES:
        return ngettext(
            "%(count)s family is missing (%(period)s). A reminder will go to the parents.",
            "%(count)s families are missing (%(period)s). A reminder will go to the parents.",
            count,
        )
    if known.people == Circle.PARENTS:
        return ngettext(
            "%(count)s parent is missing (%(period)s). A reminder will go to this person.",
            "%(count)s parents are missing (%(period)s). A reminder will go to them.",
            count,
        )
    return ngettext(
        "%(count)s member of the staff is missing (%(period)s). A reminder will go to this person.",
        "%(count)s members of the staff are missing (%(period)s). A reminder will go to them.",
        count,
    )


def _remind(
    request: HttpRequest, actor: Actor, known: Figure, asked: Asked, unit: Unit | None, back: str
) -> HttpResponse:
    try:
        found = remind(actor=actor, figure=known.key, days=asked.days, unit=unit)
    except DomainError as error:
        refused(request, error.message)
    else:
        done(request, reminded_words(found))
    return redirect(back)


def reminded_words(found: Reminded) -> str:
    """Return whom a reminder reached, in words."""
    if not (found.told or found.already or found.unreachable):
        return _("Nobody is missing: there was nobody to remind.")
    told = ngettext("A reminder went to %(count)s.", "Reminders went to %(count)s.", found.told) % {"count": found.told}
    parts = [told if found.told else _("Nobody new was reminded.")]
    if found.already:
        parts.append(
            ngettext("%(count)s was reminded earlier today.", "%(count)s were reminded earlier today.", found.already)
            % {"count": found.already}
        )
    if found.unreachable:
        parts.append(
            ngettext(
                "%(count)s cannot be reached: neither an account nor an e-mail address.",
                "%(count)s cannot be reached: neither an account nor an e-mail address.",
                found.unreachable,
            )
            % {"count": found.unreachable}
        )
    return " ".join(parts)
