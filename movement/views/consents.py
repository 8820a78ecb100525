"""The register of consents: who agreed, who did not, who is not reached and how to reach them (ORG-11)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.errors import DomainError, require
from common.notices import done
from movement.forms.consents import ConsentForm, OwnConsentForm
from movement.models import Decision
from movement.paper import consent_forms
from movement.permissions import (
    can_give_consent,
    can_record_consents,
    can_record_consents_in,
    can_record_consents_of,
    can_see_consents,
)
from movement.selectors.consents import (
    STATES,
    UNREACHED,
    ConsentFilter,
    Family,
    children_visible_to,
    consents_visible_to,
    counts_of,
    families_of,
    filter_children,
    history_of,
    own_children,
    units_of_register,
)
from movement.selectors.wording import icon_of, state_name, tone_of
from movement.services import consents as services
from movement.sheets import consent_columns, consent_rows
from movement.views.register import table_response
from orgs.actor import Actor
from orgs.forms.base import apply_domain_error, ids_of
from orgs.models import Person, Unit
from orgs.pages import member_page
from orgs.selectors.people import members_of_unit
from orgs.views.tools import invalid, page_of, render_results

MOST_EXPORTED = 10_000


@require_safe
@member_page
def consents(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show the families with what they decided, fifty a page; `?show=unreached`: whom messages do not reach."""
    require(can_see_consents(actor))
    wanted = _filter_of(request)
    units = list(units_of_register(actor))
    children = children_visible_to(actor)
    counts = counts_of(filter_children(children, ConsentFilter(unit_id=wanted.unit_id)))
    page = page_of(request, filter_children(children, wanted))
    unit = next((unit for unit in units if unit.pk == wanted.unit_id), None)
    context = {
        "page_obj": page,
        "rows": [_shown(family) for family in families_of(actor, page.object_list)],
        "q": wanted.text,
        "chips": _chips(wanted, counts),
        "counts": counts,
        "percent": counts[Decision.CONSENT] * 100 // counts["all"] if counts["all"] else 0,
        "units": units,
        "unit": unit,
        "unreached": wanted.unreached,
        "is_filtered": bool(wanted.text.strip() or wanted.state or wanted.unit_id or wanted.unreached),
        "can_record": can_record_consents(actor),
        "can_record_unit": unit is not None and can_record_consents_in(actor, unit),
    }
    return render_results(request, "movement/consents.html", "movement/_families.html", context)


def _filter_of(request: HttpRequest) -> ConsentFilter:
    get = request.GET
    units = ids_of([get.get("unit", "")])
    state = get.get("state", "")
    return ConsentFilter(
        text=get.get("q", ""),
        unit_id=units[0] if units else None,
        state=state if state in STATES else "",
        unreached=get.get("show") == UNREACHED,
    )


def _shown(family: Family) -> dict[str, Any]:
    decisions = [(line, state_name(line.consent.decision if line.consent else "none")) for line in family.parents]
    return {
        "family": family,
        "state": state_name(family.state),
        "tone": tone_of(family.state),
        "icon": icon_of(family.state),
        "parents": decisions,
    }


def _chips(wanted: ConsentFilter, counts: dict[str, int]) -> list[dict[str, Any]]:
    states = [{"value": "", "title": _("All"), "count": counts["all"], "is_active": not wanted.state}]
    return states + [
        {
            "value": str(state),
            "title": capfirst(state_name(state)),
            "count": counts[str(state)],
            "is_active": state == wanted.state,
        }
        for state in STATES
    ]


@require_safe
@member_page
def consents_export(request: HttpRequest, actor: Actor, ending: str) -> HttpResponse:
    """The register as a table, narrowed as the page was."""
    require(can_see_consents(actor))
    children = filter_children(children_visible_to(actor), _filter_of(request))
    families = families_of(actor, children[:MOST_EXPORTED])
    return table_response(actor, _("Register of consents"), consent_columns(), consent_rows(families), ending)


@require_safe
@member_page
def consents_paper(request: HttpRequest, actor: Actor, unit_id: int) -> HttpResponse:
    """Forms to be signed, one a child of the unit, as a PDF."""
    unit = _unit(actor, unit_id)
    children = [row.person for row in members_of_unit(unit.pk, "student")]
    response = HttpResponse(consent_forms(actor.organization, unit, children), content_type="application/pdf")
    response["Cache-Control"] = "private, no-store"
    return response


def _unit(actor: Actor, unit_id: int) -> Unit:
    require(can_see_consents(actor))
    return get_object_or_404(units_of_register(actor), pk=unit_id)


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def consents_of_unit(request: HttpRequest, actor: Actor, unit_id: int) -> HttpResponse:
    """Record one decision of all families of a unit that have not decided yet."""
    unit = _unit(actor, unit_id)
    require(can_record_consents_in(actor, unit))
    waiting = filter_children(children_visible_to(actor), ConsentFilter(unit_id=unit.pk, state="none"))
    data = request.POST if request.method == "POST" else None
    form = ConsentForm(data, initial={"decision": Decision.CONSENT})
    chosen = set(ids_of(data.getlist("ids"))) if data is not None else None
    children = list(waiting)
    context = {
        "form": form,
        "unit": unit,
        "children": [(child, chosen is None or child.pk in chosen) for child in children],
        "back_url": f"{_address(actor)}?unit={unit.pk}",
    }
    if data is None:
        return render(request, "movement/consents_of_unit.html", context)
    if not chosen:
        form.add_error(None, _("Choose at least one child."))
    elif form.is_valid():
        try:
            count = services.record_for_unit(
                actor=actor, unit=unit, children=sorted(chosen), data=form.data_of_consent()
            )
        except DomainError as error:
            apply_domain_error(form, error)
        else:
            text = ngettext("%(count)s decision recorded.", "%(count)s decisions recorded.", count)
            done(request, text % {"count": count})
            return redirect(f"{_address(actor)}?unit={unit.pk}")
    return invalid(request, "movement/consents_of_unit.html", context)


def _address(actor: Actor) -> str:
    return reverse("movement:consents", args=[actor.organization.slug])


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def consent(request: HttpRequest, actor: Actor, child_id: int) -> HttpResponse:
    """One family: what was decided when, and recording a decision."""
    require(can_see_consents(actor))
    child = get_object_or_404(children_visible_to(actor), pk=child_id)
    family = families_of(actor, [child])[0]
    may_record = can_record_consents_of(actor, {unit.pk for unit in family.units})
    parents = [(str(line.parent.pk), line.parent.full_name) for line in family.parents]
    choices = [*parents, ("", _("the family, by a paper"))]
    data = request.POST if request.method == "POST" else None
    form = ConsentForm(data, parents=choices, initial={"parent": choices[0][0]})
    context = {
        **_shown(family),
        "child": child,
        "form": form if may_record else None,
        "history": list(history_of(actor, child)),
        "back_url": _address(actor),
    }
    if data is None:
        return render(request, "movement/consent.html", context)
    require(may_record)
    if form.is_valid():
        parent = next((line.parent for line in family.parents if str(line.parent.pk) == data.get("parent")), None)
        try:
            services.record_consent(actor=actor, child=child, parent=parent, data=form.data_of_consent())
        except DomainError as error:
            apply_domain_error(form, error)
        else:
            done(request, _("Recorded: %(child)s.") % {"child": child.full_name})
            return redirect("movement:consent", actor.organization.slug, child.pk)
    return invalid(request, "movement/consent.html", context)


@require_POST
@member_page
def consent_take_back(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """End a decision that was recorded by mistake."""
    require(can_see_consents(actor))
    found = get_object_or_404(consents_visible_to(actor), pk=pk)
    child = get_object_or_404(children_visible_to(actor), pk=found.child_id)
    family = families_of(actor, [child])[0]
    require(can_record_consents_of(actor, {unit.pk for unit in family.units}) and not found.is_electronic)
    services.take_back(actor=actor, consent=found)
    done(request, _("The record was taken back. It stays in the history."))
    return redirect("movement:consent", actor.organization.slug, child.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def my_consents(request: HttpRequest, actor: Actor) -> HttpResponse:
    """A parent decides about the own children; the decision is electronic, with its moment."""
    require(actor.is_parent)
    data = request.POST if request.method == "POST" else None
    ids = ids_of([data.get("child", "")]) if data is not None else []
    families = own_children(actor)
    forms = {family.child.pk: OwnConsentForm(auto_id=f"of{family.child.pk}_%s") for family in families}
    if data is not None:
        family = next((family for family in families if family.child.pk in ids), None)
        if family is None or not can_give_consent(actor, family.child.pk):
            raise PermissionDenied
        form = forms[family.child.pk] = OwnConsentForm(data, auto_id=f"of{family.child.pk}_%s")
        if form.is_valid() and _give(actor, family.child, form):
            done(request, _("Your decision is recorded."))
            return redirect("movement:my_consents", actor.organization.slug)
    rows = [
        {
            **_shown(family),
            "own": next((line.consent for line in family.parents if line.parent.pk == actor.person.pk), None),
            "form": forms[family.child.pk],
        }
        for family in families
    ]
    context = {"rows": rows}
    return (
        invalid(request, "movement/my_consents.html", context)
        if data is not None
        else render(request, "movement/my_consents.html", context)
    )


def _give(actor: Actor, child: Person, form: OwnConsentForm) -> bool:
    try:
        services.give_consent(actor=actor, child=child, data=form.data_of_consent())
    except DomainError as error:
        apply_domain_error(form, error)
        return False
    return True
