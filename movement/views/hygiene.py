"""«Проверка данных»: what is not as it should be, with what puts it right beside it (ORG-7)."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from common.errors import DomainError, require
from common.notices import done, refused
from movement.selectors.hygiene import GROUPS, Group, findings_of
from movement.services import hygiene as services
from movement.views.hygiene_rows import lines_of
from movement.views.hygiene_words import words_of
from orgs import permissions
from orgs.actor import Actor
from orgs.forms.base import ids_of
from orgs.models import Person, Unit
from orgs.pages import member_page
from orgs.selectors.people import enrolments_visible_to, people_visible_to
from orgs.selectors.units import units_visible_to
from orgs.services.structure import archive_unit
from orgs.views.tools import PAGE_SIZE, back_or

FIRST = 5


@member_page
def hygiene(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show what the check has found: all groups with the first few each, or one of them page by page."""
    require(permissions.can_manage_people(actor))
    show = request.GET.get("show", "")
    show = show if show in GROUPS else ""
    hidden = request.GET.get("hidden") == "yes"
    findings = findings_of(actor.organization, timezone.now(), only=show)
    groups = []
    for group in findings.groups.values():
        found = group.dismissed if hidden else group.findings
        if found or show:
            page = Paginator(found, PAGE_SIZE if show else FIRST).get_page(request.GET.get("page") if show else 1)
            groups.append(_shown(group, len(found), lines_of(actor, findings, group.name, page.object_list), page))
    context = {
        "groups": groups,
        "show": show,
        "hidden": hidden,
        "count": findings.count,
        "hidden_count": findings.dismissed_count,
        "units": _main_units(actor),
        "back_here": request.get_full_path(),
    }
    return render(request, "movement/hygiene.html", context)


def _shown(group: Group, count: int, lines: list[Any], page: Any) -> dict[str, Any]:
    title, why = words_of(group.name)
    return {
        "name": group.name,
        "title": title,
        "why": why,
        "count": count,
        "lines": lines,
        "is_serious": group.is_serious,
        "page_obj": page,
        "more": count - len(lines),
    }


def _main_units(actor: Actor) -> list[Unit]:
    return list(units_visible_to(actor).active().teaching())


@require_POST
@member_page
def hygiene_dismiss(request: HttpRequest, actor: Actor) -> HttpResponse:
    """«Не проблема», and taking that back."""
    require(permissions.can_manage_people(actor))
    group, key = (request.POST.get(name) or request.GET.get(name, "") for name in ("group", "key"))
    page = reverse("movement:hygiene", args=[actor.organization.slug])
    again = (request.POST.get("again") or request.GET.get("again", "")) == "yes"
    if again:
        services.restore(actor=actor, group=group, key=key)
        done(request, _("It is shown again."))
        return back_or(request, page)
    try:
        services.dismiss(actor=actor, group=group, key=key)
    except DomainError as error:
        refused(request, error.message)
    else:
        address = reverse("movement:hygiene_dismiss", args=[actor.organization.slug])
        query = f"?group={group}&key={key}&again=yes"
        done(request, _("It is not shown any more."), undo=address + query)
    return back_or(request, page)


@require_POST
@member_page
def hygiene_fix(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Put one finding right at once."""
    require(permissions.can_manage_people(actor))
    deed = _DEEDS.get(request.POST.get("action", ""))
    if deed is not None:
        try:
            done(request, deed(request, actor))
        except DomainError as error:
            refused(request, error.message)
    page = reverse("movement:hygiene", args=[actor.organization.slug])
    return back_or(request, page) if deed is not None else redirect(page)


def _person(request: HttpRequest, actor: Actor) -> Person:
    visible = people_visible_to(actor).select_related("organization")
    return get_object_or_404(visible, pk__in=ids_of([request.POST.get("person", "")]))


def _unit(request: HttpRequest, actor: Actor) -> Unit:
    visible = units_visible_to(actor).active().select_related("organization")
    return get_object_or_404(visible, pk__in=ids_of([request.POST.get("unit", "")]))


def _keep(request: HttpRequest, actor: Actor) -> str:
    person, unit = _person(request, actor), _unit(request, actor)
    services.keep_in(actor=actor, person=person, unit=unit)
    return _("%(person)s stays in: %(unit)s.") % {"person": person.full_name, "unit": unit.name}


def _put(request: HttpRequest, actor: Actor) -> str:
    person, unit = _person(request, actor), _unit(request, actor)
    services.put_into(actor=actor, person=person, unit=unit)
    return _("%(person)s is enrolled: %(unit)s.") % {"person": person.full_name, "unit": unit.name}


def _archive(request: HttpRequest, actor: Actor) -> str:
    unit = _unit(request, actor)
    require(permissions.can_archive_unit(actor, unit))
    archive_unit(actor=actor, unit=unit)
    return _("In the archive: %(unit)s.") % {"unit": unit.name}


def _settle(request: HttpRequest, actor: Actor) -> str:
    visible = enrolments_visible_to(actor)
    row = get_object_or_404(visible, pk__in=ids_of([request.POST.get("enrolment", "")]))
    services.settle(actor=actor, enrolment=row)
    return _("Settled: %(person)s.") % {"person": row.person.full_name}


def _name(request: HttpRequest, actor: Actor) -> str:
    person = services.write_name_properly(actor=actor, person=_person(request, actor))
    return _("Now it is written so: %(name)s.") % {"name": person.full_name}


def _birth_date(request: HttpRequest, actor: Actor) -> str:
    person = _person(request, actor)
    day = None
    try:
        day = parse_date(request.POST.get("birth_date", ""))
    except ValueError:
        day = None
    if day is None:
        raise DomainError("wrong_day", _("Choose a day."), status=400)
    services.set_birth_date(actor=actor, person=person, day=day)
    return _("Saved.")


_DEEDS = {
    "keep": _keep,
    "enrol": _put,
    "archive": _archive,
    "settle": _settle,
    "name": _name,
    "birth_date": _birth_date,
}
