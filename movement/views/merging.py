"""Merging two people: choose them, compare them, do it, take it back (ORG-7)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _

from common.errors import DomainError, require
from common.notices import done, refused
from movement.selectors.merges import merges_visible_to
from movement.services.merging import check, merge, shares_of
from movement.services.merging.merging import FIELDS
from orgs import permissions
from orgs.actor import Actor
from orgs.forms.base import ids_of
from orgs.models import Person
from orgs.pages import member_page
from orgs.selectors.people import find_people, people_visible_to, with_roster_columns
from orgs.views.tools import PAGE_SIZE, render_results

RECENT = 5


@member_page
def merge_people(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Choose two people, then compare them side by side and make one of them."""
    require(permissions.can_manage_people(actor))
    kept, gone = _chosen(request, actor, "kept"), _chosen(request, actor, "gone")
    if kept is None or gone is None:
        return _choose(request, actor, kept or gone)
    if request.method == "POST":
        from_gone = {name: request.POST.get(name) == "gone" for name in FIELDS if name in request.POST}
        try:
            work = merge(actor=actor, kept=kept, gone=gone, from_gone=from_gone)
        except DomainError as error:
            refused(request, error.message)
        else:
            text = _("%(gone)s and %(kept)s are one person now.")
            undo = reverse("works:undo", args=[actor.organization.slug, work.pk])
            done(request, text % {"gone": gone.full_name, "kept": kept.full_name}, undo=undo)
            return redirect("orgs:person", actor.organization.slug, kept.pk)
    return render(request, "movement/merge.html", _compared(actor, kept, gone))


def _chosen(request: HttpRequest, actor: Actor, name: str) -> Person | None:
    value = request.POST.get(name + "_id") or request.GET.get(name, "")
    visible = with_roster_columns(people_visible_to(actor).select_related("organization", "user"))
    return visible.filter(pk__in=ids_of([value])).first()


def _choose(request: HttpRequest, actor: Actor, first: Person | None) -> HttpResponse:
    text = request.GET.get("q", "")
    found = list(find_people(actor, text)[: PAGE_SIZE + 1]) if text.strip() else []
    context = {
        "first": first,
        "q": text,
        "found": [person for person in found[:PAGE_SIZE] if first is None or person.pk != first.pk],
        "too_many": len(found) > PAGE_SIZE,
        "recent": list(merges_visible_to(actor)[:RECENT]),
    }
    return render_results(request, "movement/merge_choose.html", "movement/_merge_found.html", context)


def _compared(actor: Actor, kept: Person, gone: Person) -> dict[str, Any]:
    refusal = ""
    try:
        check(kept, gone)
    except DomainError as error:
        refusal = error.message
    return {
        "kept": kept,
        "gone": gone,
        "refusal": refusal,
        "rows": [_row(kept, gone, name) for name in FIELDS],
        "shares": shares_of(gone, kept) if not refusal else [],
        "people": [(kept, _about(actor, kept)), (gone, _about(actor, gone))],
    }


def _row(kept: Person, gone: Person, name: str) -> dict[str, Any]:
    values = [_shown(getattr(person, name)) for person in (kept, gone)]
    return {
        "name": name,
        "title": Person._meta.get_field(name).verbose_name,  # type: ignore[union-attr]
        "kept": values[0],
        "gone": values[1],
        # Only where both say something, and not the same, there is something to choose.
        "is_choice": all(values) and values[0] != values[1],
        "takes_gone": not values[0],
    }


def _shown(value: Any) -> str:
    if hasattr(value, "year"):
        return formats.date_format(value, "d.m.Y")
    return str(value or "")


def _about(actor: Actor, person: Any) -> list[str]:
    roles = [str(actor.words.role(row.role)) for row in person.active_roles]
    units = [row.unit.name for row in person.active_enrolments]
    children = [row.child.full_name for row in person.active_children]
    joined = _("has joined") if person.has_joined else _("has not joined")
    return [", ".join(part) for part in (roles, units, children) if part] + [joined]
