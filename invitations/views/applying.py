"""The page where one asks to be let in, and what has become of it (INV-6). A guest sees nothing else."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.sign_in import MAY_JOIN
from common.errors import DomainError
from common.network import client_address
from common.notices import done, refused
from invitations.forms import ApplyForm
from invitations.limits import count_request
from invitations.models import JoinRequest
from invitations.selectors import names_of
from invitations.selectors.matching import applicant_names
from invitations.selectors.requests import (
    member_of,
    open_organization,
    requests_of,
    roles_held_by,
    units_to_ask_for,
)
from invitations.services.applying import correct_request, send_request, withdraw_request
from orgs.forms.base import apply_domain_error, ids_of
from orgs.models import Organization
from orgs.vocabulary import vocabulary_of


def _open_or_404(slug: str) -> Organization:
    organization = open_organization(slug)
    if organization is None:
        raise Http404
    return organization


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - the pages below need a sign-in
    return request.user


def _status_url(organization: Organization) -> str:
    return reverse("invitations:apply_status", args=[organization.slug])


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask to be let in. A closed page and an unknown organization answer alike; a stranger learns the name only."""
    organization = _open_or_404(slug)
    with timezone.override(organization.zone):
        if not request.user.is_authenticated:
            return _as_guest(request, organization)
        return _as_user(request, organization, _user(request))


def _as_guest(request: HttpRequest, organization: Organization) -> HttpResponse:
    if request.method == "POST":
        # An unknown number gets its code: whoever asks to be let in has no account yet.
        request.session[MAY_JOIN] = {"organization": organization.pk}
        here = reverse("invitations:apply", args=[organization.slug])
        return redirect(f"{reverse('account_login')}?next={here}")
    return render(request, "invitations/requests/welcome.html", {"organization": organization})


def _as_user(request: HttpRequest, organization: Organization, user: User) -> HttpResponse:
    own = list(requests_of(user, organization.pk))
    earlier = _earlier(request, own)
    looks = request.method != "POST" and earlier is None and "another" not in request.GET
    if looks and any(one.is_pending for one in own):
        return redirect(_status_url(organization))
    member = member_of(user, organization.pk)
    words = vocabulary_of(organization)
    form = ApplyForm(
        request.POST if request.method == "POST" else None,
        initial=_initial(request, user, earlier),
        words=words,
        units=units_to_ask_for(organization),
        asks_name=member is None,
    )
    if request.method == "POST" and form.is_valid() and _send(request, organization, form, earlier):
        return redirect(_status_url(organization))
    held = [str(words.role(role)) for role in roles_held_by(user, organization.pk)]
    context = {
        "organization": organization,
        "form": form,
        "member": member,
        "held": held,
        "correcting": earlier if earlier is not None and earlier.is_pending else None,
        "unit_word": words["unit"],
    }
    return render(request, "invitations/requests/apply.html", context, status=422 if form.errors else 200)


def _earlier(request: HttpRequest, own: list[JoinRequest]) -> JoinRequest | None:
    """The request that is corrected, or sent again."""
    wanted = ids_of([request.GET.get("again", "")])
    return next((one for one in own if one.pk in wanted), None)


def _initial(request: HttpRequest, user: User, earlier: JoinRequest | None) -> dict[str, Any]:
    if earlier is None:
        return {"role": request.GET.get("role", ""), **applicant_names(user, names_of(user))}
    names = ("role", "last_name", "first_name", "patronymic", "unit", "child_name", "child_birth_date", "message")
    return {name: getattr(earlier, name) for name in names}


def _send(request: HttpRequest, organization: Organization, form: ApplyForm, earlier: JoinRequest | None) -> bool:
    """Send or correct the request; False when the form has to be corrected."""
    user = _user(request)
    try:
        if earlier is not None and earlier.is_pending:
            correct_request(user=user, request=earlier, application=form.application())
            done(request, _("Corrected."))
        else:
            count_request(user.pk, client_address(request))
            send_request(user=user, organization=organization, application=form.application())
    except DomainError as error:
        apply_domain_error(form, error)
        return False
    request.session.pop(MAY_JOIN, None)
    return True


@login_required
@never_cache
@require_safe
def apply_status(request: HttpRequest, slug: str) -> HttpResponse:
    """What has become of the own requests to the organization: the state, the reason, what can be done."""
    organization = Organization.objects.filter(slug=slug).first()
    user = _user(request)
    own = list(requests_of(user, organization.pk)[:20]) if organization is not None else []
    is_open = open_organization(slug) is not None
    if organization is None or (not own and not is_open):
        raise Http404
    if not own:
        return redirect("invitations:apply", slug=slug)
    words = vocabulary_of(organization)
    with timezone.override(organization.zone):
        context = {
            "organization": organization,
            "rows": [{"request": one, "role": words.role(one.role)} for one in own],
            "is_member": bool(roles_held_by(user, organization.pk)),
            "is_open": is_open,
            "waits": any(one.is_pending for one in own),
        }
        return render(request, "invitations/requests/status.html", context)


@login_required
@require_POST
def apply_withdraw(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take an own request back."""
    found = get_object_or_404(requests_of(_user(request)).select_related("person"), pk=pk, organization__slug=slug)
    try:
        withdraw_request(user=_user(request), request=found)
        done(request, _("The request is taken back."))
    except DomainError as error:
        refused(request, error.message)
    return redirect(_status_url(found.organization))
