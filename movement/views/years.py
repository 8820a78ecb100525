"""Passing to the next school year: year, units, students, check; the draft is kept between visits (ORG-9)."""

import re
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from common.errors import DomainError, require
from common.notices import done, refused
from movement.forms.years import YearForm, people_from, units_from
from movement.selectors.years.draft import last_passing, reckoned_of
from movement.selectors.years.plan import stored_plan
from movement.selectors.years.problems import problems_of
from movement.selectors.years.reckoning import Reckoned
from movement.selectors.years.usual import is_time
from movement.services.years import passing, planning
from movement.views.year_tables import exempted, students_of, targets_of, unit_rows
from orgs import permissions
from orgs.actor import Actor
from orgs.forms.base import apply_domain_error, ids_of
from orgs.pages import member_page
from orgs.selectors.organizations import today_in
from orgs.views.tools import invalid

_SEPARATORS = re.compile(r"[,;\n]+")
STEPS = ("year", "units", "people", "check")


def _steps(actor: Actor, now: str) -> list[dict[str, Any]]:
    titles = {
        "year": _("School year"),
        "units": actor.words["units"],
        "people": _("Exceptions"),
        "check": _("Check"),
    }
    routes = {"year": "year", "units": "year_units", "people": "year_people", "check": "year_check"}
    return [
        {"title": titles[name], "route": f"movement:{routes[name]}", "is_now": name == now, "number": place}
        for place, name in enumerate(STEPS, 1)
    ]


def _base(actor: Actor, step: str, reckoned: Reckoned) -> dict[str, Any]:
    return {"steps": _steps(actor, step), "plan": reckoned.plan, "reckoned": reckoned, "year": reckoned.situation.year}


@member_page
def year(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The first step: what the year is called, the order; what was done before."""
    require(permissions.can_manage_structure(actor))
    reckoned = reckoned_of(actor.organization)
    plan = reckoned.plan
    names = ("name", "starts_on", "ends_on", "day", "order_number", "order_date")
    form = YearForm(request.POST or None, initial={name: getattr(plan, name) for name in names})
    work = last_passing(actor)
    context = {
        **_base(actor, "year", reckoned),
        "form": form,
        "work": work,
        "can_undo": work is not None and work.can_be_undone,
        "is_time": is_time(reckoned.situation.year, today_in(actor.organization)),
        "has_draft": bool(stored_plan(actor.organization)),
    }
    if request.method != "POST":
        return render(request, "movement/year.html", context)
    if form.is_valid():
        try:
            planning.change_plan(actor=actor, changes=form.cleaned_data)
        except DomainError as error:
            apply_domain_error(form, error)
        else:
            return redirect("movement:year_units", actor.organization.slug)
    return invalid(request, "movement/year.html", context)


@member_page
def year_units(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The second step: what becomes of each unit, and which ones are new."""
    require(permissions.can_manage_structure(actor))
    reckoned = reckoned_of(actor.organization)
    refusal = ""
    if request.method == "POST":
        changes = {
            "units": units_from(request.POST, [unit.pk for unit in reckoned.situation.units]),
            "new": [name for name in _SEPARATORS.split(request.POST.get("new", "")) if name.strip()],
        }
        try:
            planning.change_plan(actor=actor, changes=changes)
        except DomainError as error:
            refusal = error.message
        else:
            return redirect("movement:year_people", actor.organization.slug)
    context = {
        **_base(actor, "units", reckoned),
        "rows": unit_rows(actor, reckoned, request.POST if refusal else None),
        "new": request.POST.get("new", "") if refusal else ", ".join(reckoned.plan.new),
        "refusal": refusal,
        "is_school": actor.organization.kind == "school",
    }
    return render(request, "movement/year_units.html", context, status=422 if refusal else 200)


@member_page
def year_people(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The third step: students with whom it is otherwise, one unit at a time."""
    require(permissions.can_manage_structure(actor))
    reckoned = reckoned_of(actor.organization)
    situation = reckoned.situation
    chosen = next(iter(ids_of([request.GET.get("unit", "")])), 0)
    unit = situation.unit_of.get(chosen)
    if request.method == "POST" and unit is not None:
        people = people_from(request.POST, [row.person_id for row in situation.students_of(unit)])
        try:
            planning.change_plan(actor=actor, changes={"people": people})
        except DomainError as error:
            refused(request, error.message)
        else:
            done(request, _("Saved: %(unit)s.") % {"unit": unit.name})
            return redirect("movement:year_people", actor.organization.slug)
    counts = dict.fromkeys(situation.unit_of, 0)
    told = exempted(reckoned)
    for line in told:
        counts[line["unit"].pk] += 1
    chips = [
        {"value": str(one.pk), "title": one.name, "is_active": one.pk == chosen, "count": counts[one.pk] or None}
        for one in situation.units
        if situation.is_main(one)
    ]
    context = {
        **_base(actor, "people", reckoned),
        "unit": unit,
        "chips": chips,
        "students": students_of(reckoned, unit) if unit is not None else [],
        "told": told,
    }
    return render(request, "movement/year_people.html", context)


@member_page
def year_check(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The last step: everything that would happen, what stands in the way, and doing it."""
    require(permissions.can_manage_structure(actor))
    if request.method == "POST":
        try:
            work = passing.start(actor=actor, content=dict(stored_plan(actor.organization)))
        except DomainError as error:
            refused(request, error.message)
        else:
            return redirect("works:detail", actor.organization.slug, work.pk)
    reckoned = reckoned_of(actor.organization)
    problems = problems_of(reckoned)
    context = {
        **_base(actor, "check", reckoned),
        "problems": problems,
        "can_start": not any(problem.is_serious for problem in problems),
        **targets_of(reckoned),
    }
    return render(request, "movement/year_check.html", context)


@require_POST
@member_page
def year_drop(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Begin the draft anew."""
    require(permissions.can_manage_structure(actor))
    planning.drop_plan(actor=actor)
    done(request, _("The draft is as it was at the beginning."))
    return redirect("movement:year", actor.organization.slug)
