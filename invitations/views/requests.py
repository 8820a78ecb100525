"""The queue of requests to join: who asks, whom of the roster it is, the answer (INV-6)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.errors import DomainError, require
from common.notices import done, refused
from invitations.forms import DecisionForm, ReasonForm
from invitations.forms.requests import NEW_PERSON, ready_reasons
from invitations.models import ROLES_ASKED, JoinRequest, RequestState
from invitations.permissions import can_change_join_rules, can_decide, can_see_requests, can_verify_staff
from invitations.selectors import by_likeness, pupils_of
from invitations.selectors.matching import Match, find_on_roster, matches_of
from invitations.selectors.requests import (
    RequestFilter,
    filter_requests,
    requests_visible_to,
    rules_of,
    state_counts_of,
    with_queue_columns,
)
from invitations.services.deciding import accept, accept_certain, decision_of, reject, reject_many
from orgs.actor import Actor
from orgs.forms.base import apply_domain_error, ids_of
from orgs.models import Person, Role, Unit
from orgs.pages import member_page
from orgs.selectors.units import units_invitable_by
from orgs.views.tools import back_or, next_or, page_of, render_results

MOST_AT_ONCE = 50


def queue_url(actor: Actor) -> str:
    """Return the address of the queue."""
    return reverse("invitations:requests", args=[actor.organization.slug])


def tabs_of(actor: Actor, current: str) -> list[dict[str, Any]]:
    """Return the tabs over the queue that `actor` may open."""
    slug = [actor.organization.slug]
    tabs = [("requests", _("Requests"), "invitations:requests", True)]
    tabs.append(("staff", _("Confirmation of staff"), "invitations:request_staff", can_verify_staff(actor)))
    tabs.append(("rules", _("Rules of joining"), "invitations:request_rules", can_change_join_rules(actor)))
    return [
        {"title": title, "url": reverse(route, args=slug), "is_active": name == current}
        for name, title, route, allowed in tabs
        if allowed
    ]


@member_page
@require_safe
def requests(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show the requests the actor answers: search, filters, fifty a page, each with its match (INV-6)."""
    require(can_see_requests(actor))
    wanted = _filter_of(request)
    visible = requests_visible_to(actor)
    found = with_queue_columns(filter_requests(visible, wanted))
    page = page_of(request, found)
    context = {
        "page_obj": page,
        "rows": [_row(actor, match) for match in matches_of(actor.organization.pk, list(page))],
        "q": wanted.text,
        "filters": _filters(request, actor, wanted),
        "units": list(units_invitable_by(actor).teaching().order_by("sort_key")),
        "unit_id": wanted.unit_id,
        "shows_waiting": wanted.state == RequestState.PENDING,
        "is_filtered": wanted != RequestFilter(state=RequestState.PENDING),
        "tabs": tabs_of(actor, "requests"),
        "reasons": ready_reasons(),
        "apply_url": _apply_url(actor),
    }
    return render_results(request, "invitations/requests/queue.html", "invitations/requests/_rows.html", context)


def _apply_url(actor: Actor) -> str:
    """The page for joining, to those who may give its address away; empty while it is closed."""
    is_open = rules_of(actor.organization.pk).is_open
    return reverse("invitations:apply", args=[actor.organization.slug]) if is_open else ""


def _filter_of(request: HttpRequest) -> RequestFilter:
    get = request.GET
    state, role = get.get("state", RequestState.PENDING), get.get("role", "")
    units = ids_of([get.get("unit", "")])
    return RequestFilter(
        text=get.get("q", ""),
        state=state if state in RequestState.values else "",
        role=role if role in Role.values else "",
        unit_id=units[0] if units else None,
        by_link={"yes": True, "no": False}.get(get.get("link", "")),
    )


def _filters(request: HttpRequest, actor: Actor, wanted: RequestFilter) -> list[dict[str, Any]]:
    counts = state_counts_of(requests_visible_to(actor))
    states = [
        {"title": capfirst(str(state.label)), "value": state.value, "count": counts[state.value]}
        for state in RequestState
    ]
    states.append({"title": _("All"), "value": "all", "count": sum(counts.values())})
    roles = [{"title": capfirst(str(actor.words.role(role))), "value": role.value} for role in ROLES_ASKED]
    shown = wanted.state or "all"
    return [
        {
            "name": "state",
            "label": _("State"),
            "chips": [{**one, "is_active": one["value"] == shown} for one in states],
        },
        {
            "name": "role",
            "label": _("Role"),
            "chips": [{**one, "is_active": one["value"] == wanted.role} for one in roles],
        },
    ]


def _row(actor: Actor, match: Match) -> dict[str, Any]:
    asked = match.request
    person = match.person if match.member is None else None
    others = [one for one in match.candidates if person is None or one.person.pk != person.pk]
    return {
        "match": match,
        "request": asked,
        "role": actor.words.role(asked.role),
        "days": (timezone.now() - asked.created_at).days,
        "person": person,
        "differences": next((one.differences for one in match.candidates if one.person == person), ()),
        "others": others,
        "child": match.child,
        "may_decide": asked.is_pending and can_decide(actor, asked.role, asked.unit),
        "accept_as": f"{person.pk}" if person is not None else NEW_PERSON,
    }


def request_or_404(actor: Actor, pk: int) -> JoinRequest:
    """Return a request that the actor sees, with what its card shows."""
    return get_object_or_404(with_queue_columns(requests_visible_to(actor)), pk=pk)


@member_page
@require_safe
def request_card(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """One request: what was written, whom of the roster it may be, and the choice of another person or place."""
    return _card_page(request, actor, request_or_404(actor, pk), None)


def _card_page(request: HttpRequest, actor: Actor, asked: JoinRequest, error: DomainError | None) -> HttpResponse:
    match = matches_of(actor.organization.pk, [asked])[0]
    unit = _chosen_unit(request, actor, asked)
    form = _decision_form(request, actor, match, unit)
    if error is not None:
        form.is_valid()
        apply_domain_error(form, error)
    context = {
        "row": _row(actor, match),
        "form": form,
        "unit": unit,
        "units": list(units_invitable_by(actor).teaching().order_by("sort_key")),
        "q": request.GET.get("q", ""),
        "people": {str(one.person.pk): one for one in match.candidates},
        "back_url": queue_url(actor),
        "tabs": tabs_of(actor, "requests"),
    }
    status = error.status if error is not None else 422 if form.errors else 200
    return render(request, "invitations/requests/card.html", context, status=status)


def _chosen_unit(request: HttpRequest, actor: Actor, asked: JoinRequest) -> Unit | None:
    """The place in the form or the address, else the one that was asked for."""
    values = request.POST if request.method == "POST" else request.GET
    if "unit" not in values:
        return asked.unit
    found = units_invitable_by(actor).filter(pk__in=ids_of([values.get("unit", "")]))
    unit: Unit | None = found.select_related("organization").first()
    return unit


def _decision_form(request: HttpRequest, actor: Actor, match: Match, unit: Unit | None) -> DecisionForm:
    asked = match.request
    people = [] if match.member is not None else [one.person for one in match.candidates]
    # The one that was chosen on the page may have been found there by the search.
    if text := (request.POST or request.GET).get("q", ""):
        found = find_on_roster(actor.organization.pk, asked.role, text)
        people += [one for one in found if one not in people]
    children: list[Person] = []
    if unit is not None:
        children = by_likeness(pupils_of([unit.pk]).get(unit.pk, []), asked.child_name)
    roles = [str(role) for role in ROLES_ASKED if can_decide(actor, role, unit)] or [asked.role]
    usual = decision_of(match)
    initial = {
        "role": asked.role,
        "person": usual.person.pk if usual.person else NEW_PERSON,
        "child": usual.child.pk if usual.child else "",
    }
    data = request.POST if request.method == "POST" else None
    return DecisionForm(data, initial=initial, words=actor.words, roles=roles, people=people, children=children)


@member_page
@require_POST
def request_accept(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Let the applicant in as the form says."""
    asked = request_or_404(actor, pk)
    unit = _chosen_unit(request, actor, asked)
    require(can_decide(actor, asked.role, asked.unit))
    match = matches_of(actor.organization.pk, [asked])[0]
    form = _decision_form(request, actor, match, unit)
    if not form.is_valid():
        return _card_page(request, actor, asked, None)
    try:
        accepted = accept(actor=actor, request=asked, decision=form.decision(unit))
    except DomainError as error:
        if error.code == "request_decided":
            refused(request, error.message)
            return back_or(request, queue_url(actor))
        return _card_page(request, actor, asked, error)
    done(request, _("%(name)s is in now.") % {"name": accepted.full_name})
    return back_or(request, queue_url(actor))


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def request_reject(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Refuse a request with a reason."""
    asked = request_or_404(actor, pk)
    require(can_decide(actor, asked.role, asked.unit))
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            reject(actor=actor, request=asked, reason=form.text())
        except DomainError as error:
            if error.code == "request_decided":
                refused(request, error.message)
                return redirect(queue_url(actor))
            apply_domain_error(form, error)
        else:
            done(request, _("The request of %(name)s is rejected.") % {"name": asked.full_name})
            return redirect(queue_url(actor))
    context = {"request_": asked, "form": form, "back_url": next_or(request, queue_url(actor))}
    return render(request, "invitations/requests/reject.html", context, status=422 if form.errors else 200)


@member_page
@require_POST
def request_bulk(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Accept those of the selected whose match is certain, or refuse all of them for one reason."""
    require(can_see_requests(actor))
    ids = ids_of(request.POST.getlist("ids"))[:MOST_AT_ONCE]
    chosen = list(requests_visible_to(actor).filter(pk__in=ids, state=RequestState.PENDING))
    if not chosen:
        refused(request, _("Choose somebody first: tick the boxes."))
    elif request.POST.get("action") == "accept":
        _accept_many(request, actor, chosen)
    elif request.POST.get("action") == "reject":
        _reject_many(request, actor, chosen)
    else:
        refused(request, _("Choose what to do with the selected people."))
    return back_or(request, queue_url(actor))


def _accept_many(request: HttpRequest, actor: Actor, chosen: list[JoinRequest]) -> None:
    accepted, left = accept_certain(actor=actor, requests=chosen)
    if accepted:
        text = ngettext("%(count)s request accepted.", "%(count)s requests accepted.", len(accepted))
        done(request, text % {"count": len(accepted)})
    if left:
        text = ngettext(
            "%(count)s request is left: look at it by itself.",
            "%(count)s requests are left: look at each by itself.",
            len(left),
        )
        refused(request, text % {"count": len(left)})


def _reject_many(request: HttpRequest, actor: Actor, chosen: list[JoinRequest]) -> None:
    ready = dict(ready_reasons()).get(request.POST.get("ready", ""), "")
    try:
        rejected = reject_many(actor=actor, requests=chosen, reason=request.POST.get("reason", "").strip() or ready)
    except DomainError as error:
        refused(request, error.message)
        return
    text = ngettext("%(count)s request rejected.", "%(count)s requests rejected.", len(rejected))
    done(request, text % {"count": len(rejected)})
