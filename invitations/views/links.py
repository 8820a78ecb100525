"""The list of links, new ones, one link."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from common.errors import DomainError, require
from invitations import permissions, selectors
from invitations.addresses import join_url
from invitations.forms import ExtendForm, NewLinksForm, SendForm, roles_by_link
from invitations.home import SOON
from invitations.models import Invitation, InvitationQuerySet, State
from invitations.qr import qr_svg
from invitations.services import create_links
from invitations.views.rows import rows_of
from orgs.actor import Actor
from orgs.capabilities import Capability
from orgs.forms.base import apply_domain_error, ids_of
from orgs.models import Unit
from orgs.pages import member_page
from orgs.permissions import can_invite_somebody
from orgs.selectors.units import units_invitable_by, units_visible_to

PER_PAGE = 50
KIND_TITLES = {
    "unit": pgettext_lazy("links", "for everybody"),
    "family": pgettext_lazy("links", "family"),
    "personal": pgettext_lazy("links", "personal"),
}


@member_page
@require_safe
def invitation_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All links the actor sees, newest first, with filters that stay in the address (INV-3)."""
    require(can_invite_somebody(actor))
    visible = selectors.invitations_visible_to(actor)
    units = list(units_invitable_by(actor))
    unit = next((unit for unit in units if str(unit.pk) == request.GET.get("unit")), None)
    if unit is not None:
        visible = visible.filter(unit=unit)
    visible, show = _narrowed(actor, visible, request.GET.get("show", ""))
    kind, state = request.GET.get("kind", ""), request.GET.get("state", "")
    kinds = selectors.kind_counts(visible)
    if kind in selectors.KINDS:
        visible = visible.filter(selectors.KINDS[kind])
    states = selectors.state_counts(visible)
    if state in State.values:
        visible = visible.in_state(state, timezone.now())
    links = selectors.with_list_columns(selectors.common_first(visible))
    page = Paginator(links, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "rows": rows_of(actor, list(page)),
        "units": units,
        "unit": unit,
        "states": _chips({value: str(State(value).label) for value in State.values}, states, state),
        "kinds": _chips({value: str(title) for value, title in KIND_TITLES.items()}, kinds, kind),
        "may_revoke_all": permissions.can_revoke_all(actor),
        "show": show,
        "is_filtered": bool(unit or kind or state or show),
    }
    return render(request, "invitations/list.html", context)


def _narrowed(actor: Actor, links: InvitationQuerySet, show: str) -> tuple[InvitationQuerySet, str]:
    """What the home page leads to; returns the links and what to call them."""
    if show == "soon":
        soon = timezone.now() + SOON
        return links.redeemable(timezone.now()).filter(expires_at__lte=soon), _("Links that expire within three days")
    if show == "undelivered":
        return selectors.undelivered(links, actor.organization.pk), _("Links that did not reach somebody")
    return links, ""


def _chips(titles: dict[str, str], counts: dict[str, int], chosen: str) -> list[dict[str, Any]]:
    everything = {"title": _("All"), "value": "", "is_active": chosen not in titles, "count": sum(counts.values())}
    return [everything] + [
        {"title": title.capitalize(), "value": value, "is_active": value == chosen, "count": counts[value]}
        for value, title in titles.items()
    ]


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Links into several units at once (INV-1, INV-2)."""
    require(can_invite_somebody(actor))
    units = list(units_invitable_by(actor))
    roles = roles_by_link(actor, may_invite_staff=actor.may(Capability.INVITE_STAFF))
    chosen = [unit.pk for unit in units if unit.pk in ids_of(request.GET.getlist("unit"))]
    initial = {"units": chosen, "role": request.GET.get("role", "")}
    if len(units) == 1:
        initial["units"] = [units[0].pk]
    form = NewLinksForm(request.POST or None, initial=initial, actor=actor, units=units, roles=roles)
    if request.method == "POST" and form.is_valid():
        try:
            links = create_links(
                actor=actor,
                units=form.cleaned_data["chosen_units"],
                role=form.cleaned_data["role"],
                terms=form.terms(),
            )
        except DomainError as error:
            apply_domain_error(form, error)
        else:
            address = reverse("invitations:created", args=[actor.organization.slug])
            return redirect(f"{address}?{'&'.join(f'link={link.pk}' for link in links)}")
    return render(request, "invitations/new.html", {"form": form}, status=422 if form.errors else 200)


@member_page
@never_cache
@require_safe
def created(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The links just made, each to copy, to show, to print."""
    require(can_invite_somebody(actor))
    wanted = ids_of(request.GET.getlist("link"))[:200]
    visible = selectors.invitations_visible_to(actor).filter(pk__in=wanted)
    links = selectors.with_list_columns(visible).order_by("unit__sort_key", "id")
    return render(request, "invitations/created.html", {"rows": rows_of(actor, list(links))})


@member_page
@never_cache
@require_safe
def detail(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """One link: address, QR code, who joined, what can be done with it, where its letters stand."""
    return link_page(request, actor, link_or_404(actor, pk), SendForm())


def link_or_404(actor: Actor, pk: int) -> Invitation:
    """Return the link if the actor sees it, with what its page shows."""
    links = selectors.with_list_columns(selectors.invitations_visible_to(actor))
    return get_object_or_404(links.select_related("organization"), pk=pk)


def link_page(request: HttpRequest, actor: Actor, link: Invitation, form: SendForm) -> HttpResponse:
    """Show a link's page with the form for sending it as it stands."""
    row = rows_of(actor, [link])[0]
    may_change = permissions.can_change_invitation(actor, link)
    context = {
        "row": row,
        "link": link,
        "form": form,
        "extend_form": ExtendForm(),
        "may_change": may_change,
        "may_give": may_change and permissions.can_give(actor, link),
        "in_list": can_invite_somebody(actor),
    }
    return render(request, "invitations/detail.html", context, status=422 if form.errors else 200)


@member_page
@never_cache
@require_safe
def qr(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """The QR code of a working link as a picture (INV-5)."""
    link = get_object_or_404(selectors.invitations_visible_to(actor).redeemable(timezone.now()), pk=pk)
    return HttpResponse(qr_svg(join_url(link)), content_type="image/svg+xml")


@member_page
@require_safe
def unit_panel(request: HttpRequest, actor: Actor, unit_id: int) -> HttpResponse:
    """Working links of a unit as a fragment for the unit's page; without htmx the way leads to the list."""
    unit: Unit = get_object_or_404(units_visible_to(actor), pk=unit_id)
    require(any(permissions.can_invite(actor, unit, role) for role in ("parent", "student", "teacher")))
    if not request.headers.get("HX-Request"):
        return redirect(f"{reverse('invitations:list', args=[actor.organization.slug])}?unit={unit.pk}")
    working = selectors.invitations_visible_to(actor).redeemable(timezone.now()).filter(unit=unit)
    links = selectors.with_list_columns(working.filter(selectors.KINDS["unit"]))[:20]
    context = {
        "unit": unit,
        "rows": rows_of(actor, list(links)),
        "code_count": working.exclude(selectors.KINDS["unit"]).count(),
        "is_staff_unit": unit.is_staff_unit,
    }
    return render(request, "invitations/_unit_panel.html", context)
