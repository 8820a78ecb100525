"""«Права»: who holds which right beyond the role (ACC-4)."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from common.errors import DomainError, require
from common.notices import done
from orgs import permissions
from orgs.actor import Actor
from orgs.audit import RIGHT_NAMES
from orgs.capabilities import GRANTABLE_RIGHTS
from orgs.forms.base import apply_domain_error, ids_of
from orgs.forms.organization import RightForm
from orgs.models import Person, Unit
from orgs.pages import member_page
from orgs.selectors.people import find_people, people_visible_to
from orgs.selectors.rights import held_rights, rights_elsewhere
from orgs.selectors.units import units_visible_to
from orgs.services.administration import grant_right, revoke_right
from orgs.views.tools import address_with, invalid, render_results, sent, to
from orgs.vocabulary import StrOrPromise

MOST_CANDIDATES = 20


@dataclass(frozen=True)
class HeldRow:
    """One right of one person: on a unit or the whole organization (`codename`, `unit`), taken back here unless it is
    somebody else's to give; or on a `thing` of an upper floor, taken back on its page (`url`)."""

    person: Person
    name: StrOrPromise
    codename: str = ""
    unit: Unit | None = None
    thing: str = ""
    url: str = ""
    is_of_others: bool = False


@member_page
def rights(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show all granted rights; grant one to somebody who has joined. Taking back stands beside each."""
    require(permissions.can_manage_rights(actor))
    data = request.POST if request.method == "POST" else None
    gives = [right for right in GRANTABLE_RIGHTS if permissions.can_grant_right(actor, right)]
    form = RightForm(data, units=units_visible_to(actor).active().teaching(), rights=gives)
    if data is None:
        return render_results(
            request, "orgs/rights.html", "orgs/fragments/holders.html", _context(request, actor, form)
        )
    person = (
        people_visible_to(actor)
        .select_related("user", "organization")
        .filter(pk__in=ids_of([data.get("person", "") or request.GET.get("person", "")]))
        .first()
    )
    if form.is_valid() and person is not None:
        try:
            right, unit = form.cleaned_data["right"], form.cleaned_data["unit"]
            grant_right(actor=actor, person=person, codename=right, unit=unit if GRANTABLE_RIGHTS[right] else None)
        except DomainError as error:
            apply_domain_error(form, error)
        else:
            text = _("The right is given: %(person)s — %(right)s.")
            undo = _undo(actor, "right_revoke", person, right, unit if GRANTABLE_RIGHTS[right] else None)
            done(request, text % {"person": person.full_name, "right": RIGHT_NAMES[right]}, undo=undo)
            return to(actor, "rights")
    elif person is None:
        form.add_error(None, _("Choose to whom: find the person by name."))
    return invalid(request, "orgs/rights.html", _context(request, actor, form, chosen=person.pk if person else None))


def _undo(actor: Actor, name: str, person: Person, right: str, unit: Unit | None) -> str:
    return address_with(actor, name, {"person": person.pk, "right": right, "unit": unit.pk if unit else ""})


def _context(request: HttpRequest, actor: Actor, form: RightForm, chosen: int | None = None) -> dict[str, Any]:
    text = request.GET.get("q", "")
    found = list(find_people(actor, text, joined=True)[:MOST_CANDIDATES]) if text.strip() else []
    is_ours = permissions.SEE_STATISTICS in dict(form.fields["right"].choices)  # type: ignore[attr-defined]
    held = _held_by_all(actor, () if is_ours else (permissions.SEE_STATISTICS,))
    return {"held": held, "gives_statistics": is_ours, "form": form, "q": text, "candidates": found, "chosen": chosen}


def _held_by_all(actor: Actor, of_others: Collection[str]) -> list[HeldRow]:
    """All rights of the organization by person: those given here, those `of_others` (the head's to give), and those on
    what upper floors hold."""
    rows = [
        HeldRow(
            right.person,
            RIGHT_NAMES[right.codename],
            codename=right.codename,
            unit=right.unit,
            is_of_others=right.codename in of_others,
        )
        for right in held_rights(actor.organization.pk)
    ]
    for elsewhere in rights_elsewhere(actor.organization.pk, actor.words):
        route, pk = elsewhere.page
        url = reverse(route, args=[actor.organization.slug, pk])
        rows.append(HeldRow(elsewhere.person, RIGHT_NAMES[elsewhere.codename], thing=elsewhere.thing, url=url))
    return sorted(rows, key=lambda row: (row.person.search_name, row.person.pk))


@require_POST
@member_page
def right_revoke(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Take a right back; what was made by it stops working. Can be undone."""
    require(permissions.can_manage_rights(actor))
    people = people_visible_to(actor).select_related("user", "organization")
    person = get_object_or_404(people, pk__in=ids_of([sent(request, "person")]))
    codename = sent(request, "right")
    require(permissions.can_grant_right(actor, codename))
    unit: Unit | None = None
    if sent(request, "unit"):
        unit = get_object_or_404(units_visible_to(actor), pk__in=ids_of([sent(request, "unit")]))
    revoke_right(actor=actor, person=person, codename=codename, unit=unit)
    text = _("The right is taken back: %(person)s — %(right)s.")
    done(
        request,
        text % {"person": person.full_name, "right": RIGHT_NAMES[codename]},
        undo=_undo(actor, "right_grant_again", person, codename, unit),
    )
    return to(actor, "rights")


@require_POST
@member_page
def right_grant_again(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Undo the taking back: everything stands in the address."""
    require(permissions.can_grant_right(actor, request.GET.get("right", "")))
    people = people_visible_to(actor).select_related("user", "organization")
    person = get_object_or_404(people, pk__in=ids_of([request.GET.get("person", "")]))
    units = units_visible_to(actor).filter(pk__in=ids_of([request.GET.get("unit", "")]))
    grant_right(actor=actor, person=person, codename=request.GET.get("right", ""), unit=units.first())
    done(
        request,
        _("The right is given: %(person)s — %(right)s.")
        % {"person": person.full_name, "right": RIGHT_NAMES[request.GET["right"]]},
    )
    return to(actor, "rights")
