"""What is done with a link: renewed, extended, annulled, sent."""

from typing import Any

from django.db.models import F, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from common.errors import DomainError, require
from common.notices import done, refused
from invitations import permissions, selectors, services
from invitations.forms import ExtendForm, SendForm, TermsForm
from invitations.models import Invitation
from invitations.views.links import link_or_404, link_page
from invitations.views.rows import lifetime_of, rows_of
from orgs.actor import Actor
from orgs.forms.base import apply_domain_error
from orgs.pages import member_page


def _link_url(actor: Actor, link: Invitation) -> str:
    return reverse("invitations:detail", args=[actor.organization.slug, link.pk])


def _require_change(actor: Actor, link: Invitation, *, gives: bool) -> None:
    require(permissions.can_change_invitation(actor, link))
    require(not gives or permissions.can_give(actor, link))


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def renew_link(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """A new address in place of the old one, which stops working (INV-3); asks first."""
    link = link_or_404(actor, pk)
    _require_change(actor, link, gives=True)
    initial = {"max_uses": link.max_uses}
    form = TermsForm(request.POST or None, initial=initial, is_personal=link.person is not None)
    if request.method == "POST" and form.is_valid():
        try:
            services.renew(actor=actor, invitation=link, terms=form.terms())
        except DomainError as error:
            apply_domain_error(form, error)
        else:
            done(request, _("Here is the new link. The old one no longer works."))
            return redirect(_link_url(actor, link))
    return _ask(request, actor, link, "renew", form)


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def revoke_link(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Annul a link by hand (INV-4); asks first."""
    link = link_or_404(actor, pk)
    _require_change(actor, link, gives=False)
    if request.method == "POST":
        services.revoke(actor=actor, invitation=link)
        done(request, _("The link is annulled."))
        return redirect(_link_url(actor, link))
    return _ask(request, actor, link, "revoke", None)


def _ask(request: HttpRequest, actor: Actor, link: Invitation, what: str, form: Any) -> HttpResponse:
    context = {
        "row": rows_of(actor, [link])[0],
        "link": link,
        "form": form,
        "back_url": _link_url(actor, link),
        "is_renewal": what == "renew",
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "invitations/confirm.html", context, status=status)


@member_page
@require_POST
def extend_link(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Let the same link live longer (INV-3)."""
    link = link_or_404(actor, pk)
    _require_change(actor, link, gives=True)
    form = ExtendForm(request.POST)
    if form.is_valid():
        try:
            link = services.extend(actor=actor, invitation=link, days=form.cleaned_data["days"])
            done(request, _("The link now works %(lifetime)s.") % {"lifetime": lifetime_of(link)})
        except DomainError as error:
            refused(request, error.message)
    else:
        refused(request, _("Choose how much longer the link works."))
    return redirect(_link_url(actor, link))


@member_page
@require_POST
def send(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Send the link to many by e-mail and SMS (INV-5); what cannot be an address is shown with its reason."""
    link = link_or_404(actor, pk)
    _require_change(actor, link, gives=True)
    form = SendForm(request.POST)
    if form.is_valid():
        try:
            count = services.send_link(actor=actor, invitation=link, recipients=form.cleaned_data["recipients"])
        except DomainError as error:
            apply_domain_error(form, error)
        else:
            tell_sent(request, count)
            return redirect(f"{_link_url(actor, link)}#delivery")
    return link_page(request, actor, link, form)


def tell_sent(request: HttpRequest, count: int) -> None:
    """Say on the next page how many messages are on their way."""
    if count:
        text = ngettext("%(count)s message is on its way.", "%(count)s messages are on their way.", count)
        done(request, text % {"count": count})
    else:
        done(request, _("This link had already been sent to all of them; nothing was sent twice."))


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def revoke_all(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Annul every unclaimed link of the organization in one step (INV-4); asks first."""
    require(permissions.can_revoke_all(actor))
    list_url = reverse("invitations:list", args=[actor.organization.slug])
    if request.method == "POST":
        count = services.revoke_unclaimed(actor=actor)
        text = ngettext("%(count)s link is annulled.", "%(count)s links are annulled.", count)
        done(request, text % {"count": count})
        return redirect(list_url)
    working = selectors.invitations_visible_to(actor).redeemable(timezone.now())
    kinds = selectors.kind_counts(working)
    left = working.order_by().aggregate(left=Sum(F("max_uses") - F("uses")))["left"] or 0
    context = {"kinds": kinds, "count": sum(kinds.values()), "left": left, "back_url": list_url}
    return render(request, "invitations/revoke_all.html", context)
