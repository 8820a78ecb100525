"""The structure: classes, groups, circles; one of them; making, renaming, archiving, restoring."""

from itertools import groupby
from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from common.errors import DomainError, require
from common.notices import done
from common.text import normalise
from orgs import permissions
from orgs.actor import Actor
from orgs.contacts import writable
from orgs.forms.base import apply_domain_error
from orgs.forms.structure import ClassesForm, UnitForm, unit_rows
from orgs.models import Part, Role, Unit, UnitKind
from orgs.pages import member_page
from orgs.selectors.people import (
    former_members_of_unit,
    parents_listed,
    sees_all_students,
    staff_listed,
    students_visible_in,
)
from orgs.selectors.units import units_visible_to, with_counts
from orgs.services.structure import UnitData, archive_unit, create_units, restore_unit, update_unit
from orgs.views.tools import address, back_or, invalid, render_results, to
from orgs.vocabulary import UNIT_KINDS, unit_phrase

MOST_FORMER = 100
ROWS = 4


@member_page
def units(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show the structure as far as the actor sees it, grouped by kind and parallel (ORG-1)."""
    show = request.GET.get("show", "")
    manages = permissions.can_manage_structure(actor)
    visible = units_visible_to(actor)
    archived = show == "archived" and manages
    wanted = visible.filter(archived_at__isnull=False) if archived else visible.active()
    found = [unit for unit in with_counts(wanted) if _matches(unit, request.GET.get("q", ""))]
    if show == "mine":
        found = [unit for unit in found if unit.pk in actor.worked_unit_ids and not unit.is_staff_unit]
    if show == "unled":
        found = [unit for unit in found if not unit.leaders and not unit.is_staff_unit]  # type: ignore[attr-defined]
    context = {
        "groups": _grouped(found),
        "only_staff": all(unit.is_staff_unit for unit in found),
        "q": request.GET.get("q", ""),
        "chips": _chips(actor, show) if actor.is_staff else [],
        "title": _units_title(actor, show),
        "archived": archived,
        "can_manage": manages,
        "can_invite": permissions.can_invite_somebody(actor) and not archived,
        "invitable": {unit.pk for unit in found if _may_invite(actor, unit)},
    }
    return render_results(request, "orgs/units.html", "orgs/fragments/units.html", context)


def _units_title(actor: Actor, show: str) -> str:
    if not actor.is_staff:
        return capfirst(str(actor.words["units"]))
    return actor.words.phrase("mine") if show == "mine" else _("Structure")


def _may_invite(actor: Actor, unit: Unit) -> bool:
    return permissions.can_invite(actor, unit, Role.TEACHER if unit.is_staff_unit else Role.PARENT)


def _matches(unit: Unit, text: str) -> bool:
    names = [unit.name, unit.age_group, unit.direction]
    names += [row.person.search_name for row in unit.leaders]  # type: ignore[attr-defined]
    hay = normalise(" ".join(names))
    return all(word in hay for word in normalise(text).split())


def _chips(actor: Actor, show: str) -> list[dict[str, Any]]:
    chips = [("", _("All")), ("unled", _("Without a leader"))]
    if Role.TEACHER in actor.roles:
        chips.insert(1, ("mine", actor.words.phrase("mine")))
    if permissions.can_manage_structure(actor):
        chips.append(("archived", _("Archive")))
    return [{"value": value, "title": title, "is_active": show == value} for value, title in chips]


def _grouped(found: list[Unit]) -> list[dict[str, Any]]:
    order = [UnitKind.STAFF, UnitKind.CLASS, UnitKind.GROUP, UnitKind.CIRCLE]
    found.sort(key=lambda unit: (order.index(UnitKind(unit.kind)), unit.parallel or 99))
    groups = []
    for (kind, parallel), members in groupby(found, key=lambda unit: (unit.kind, unit.parallel)):
        title = _("%(number)s parallel") % {"number": parallel} if parallel else unit_phrase(kind, "many")
        groups.append({"title": title, "kind": kind, "units": list(members)})
    return groups


@member_page
def unit(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Show one unit: who leads and teaches, who learns, whose parents they are — as far as the actor sees them."""
    unit = get_object_or_404(units_visible_to(actor).select_related("academic_year"), pk=pk)
    sees_all = sees_all_students(actor, unit)
    students = students_visible_in(actor, unit) if not unit.is_staff_unit else []
    parents: dict[int, list[Any]] = {}
    knows_parents = sees_all and actor.is_staff
    for link in parents_listed(unit=unit.pk) if knows_parents and not unit.is_staff_unit else ():
        parents.setdefault(link.child_id, []).append(link.parent)
    staff = staff_listed(unit=unit.pk)
    shown = {row.person_id for row in [*staff, *students]} | {parent.pk for row in parents.values() for parent in row}
    context = {
        "unit": unit,
        "leaders": [row for row in staff if row.part == Part.LEADER],
        "teachers": [row for row in staff if row.part == Part.TEACHER],
        "students": [{"row": row, "parents": parents.get(row.person_id, [])} for row in students],
        "joined": sum(row.person.has_joined for row in students),
        "with_parent": sum(any(parent.has_joined for parent in parents.get(row.person_id, [])) for row in students),
        "sees_all": sees_all,
        "writable": writable(actor, shown),
        "knows_parents": knows_parents,
        "former": list(former_members_of_unit(unit.pk)[:MOST_FORMER]) if permissions.can_manage_people(actor) else [],
        **_unit_rights(actor, unit),
    }
    return render(request, "orgs/unit.html", context)


def _unit_rights(actor: Actor, unit: Unit) -> dict[str, bool]:
    return {
        "can_change": permissions.can_change_unit(actor, unit),
        "can_archive": permissions.can_archive_unit(actor, unit),
        "can_enrol": permissions.can_manage_people(actor),
        "can_invite": any(permissions.can_invite(actor, unit, role) for role in (Role.STUDENT, Role.TEACHER)),
    }


@member_page
def unit_new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Create units, several at once: classes by names or by parallels and letters, groups and circles in rows."""
    require(permissions.can_manage_structure(actor))
    kinds = UNIT_KINDS[actor.organization.kind]
    kind = request.GET.get("kind", "")
    kind = kind if kind in kinds else actor.words.main_unit_kind.value
    data = request.POST if request.method == "POST" else None
    form: Any = ClassesForm(data) if kind == UnitKind.CLASS else _rows(kind, data)
    context = {
        "form": form,
        "kind": kind,
        "kinds": [{"value": k.value, "title": capfirst(unit_phrase(k, "word")), "is_active": k == kind} for k in kinds],
        "is_classes": kind == UnitKind.CLASS,
        "year": actor.organization.academic_years.filter(is_current=True).first(),
    }
    if data is None:
        return render(request, "orgs/unit_new.html", context)
    if "more" in data:
        context["form"] = _with_more_rows(data, kind)
        return render(request, "orgs/unit_new.html", context)
    if form.is_valid():
        wanted: list[UnitData] = form.cleaned_data["units"] if kind == UnitKind.CLASS else form.units()
        try:
            created = create_units(organization=actor.organization, actor=actor, units=wanted)
        except DomainError as error:
            context["refusal"] = error.message
            if isinstance(form, BaseForm):
                apply_domain_error(form, DomainError(error.code, error.message))  # type: ignore[arg-type]
        else:
            done(request, _("Added: %(names)s.") % {"names": _listed([unit.name for unit in created])})
            return to(actor, "unit", pk=created[0].pk) if len(created) == 1 else to(actor, "units")
    return invalid(request, "orgs/unit_new.html", context)


def _rows(kind: str, data: Any = None, initial: Any = None) -> Any:
    return unit_rows(ROWS)(data, initial=initial, form_kwargs={"kind": kind}, prefix="unit")


def _with_more_rows(data: Any, kind: str) -> Any:
    typed = data.copy()
    total = typed.get("unit-TOTAL_FORMS", "")
    count = int(total) if total.isascii() and total.isdigit() and len(total) < 4 else ROWS
    values = [
        {name: typed.get(f"unit-{n}-{name}", "") for name in ("name", "age_group", "direction")}
        for n in range(min(count, 46))
    ]
    filled = [value for value in values if any(value.values())]
    return _rows(kind, initial=filled)


def _listed(names: list[str], most: int = 12) -> str:
    text, left = ", ".join(names[:most]), len(names) - most
    return text if left <= 0 else _("%(names)s and %(count)s more") % {"names": text, "count": left}


@member_page
def unit_edit(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Rename a unit or correct its age group or direction; people and links stay (ORG-1)."""
    unit = get_object_or_404(units_visible_to(actor), pk=pk)
    require(permissions.can_change_unit(actor, unit))
    data = request.POST if request.method == "POST" else None
    form = UnitForm(data, kind=unit.kind, initial=UnitForm.initial_of(unit))
    context = {"form": form, "unit": unit, "can_archive": permissions.can_archive_unit(actor, unit)}
    if data is None:
        return render(request, "orgs/unit_edit.html", context)
    if form.is_valid():
        try:
            update_unit(actor=actor, unit=unit, data=form.data_of_unit())
        except DomainError as error:
            apply_domain_error(form, error)
        else:
            done(request, _("Saved."))
            return to(actor, "unit", pk=unit.pk)
    context["unit"] = get_object_or_404(units_visible_to(actor), pk=pk)
    return invalid(request, "orgs/unit_edit.html", context)


@require_POST
@member_page
def unit_archive(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Put a unit out of sight; its people stay, its links stop. Can be undone."""
    unit = get_object_or_404(units_visible_to(actor), pk=pk)
    require(permissions.can_archive_unit(actor, unit))
    archive_unit(actor=actor, unit=unit)
    done(request, unit_phrase(unit.kind, "archived", name=unit.name), undo=address(actor, "unit_restore", pk=unit.pk))
    return to(actor, "units")


@require_POST
@member_page
def unit_restore(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Bring an archived unit back with its people; its links stay annulled."""
    unit = get_object_or_404(units_visible_to(actor), pk=pk)
    require(permissions.can_archive_unit(actor, unit))
    restore_unit(actor=actor, unit=unit)
    done(request, unit_phrase(unit.kind, "restored", name=unit.name))
    return back_or(request, address(actor, "unit", pk=unit.pk))
