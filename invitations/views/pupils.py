"""The door for a child without a phone: a parent's e-mail instead of the number (INV-7). `/join/child/`."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.forms import ParentEmailForm
from accounts.models import User
from accounts.parent_sign_in import ParentSignIn, confirmed_email, sign_in_pupil
from accounts.services import make_pupil
from accounts.sign_in import MAY_JOIN
from accounts.views.parent_door import children_of
from common.errors import DomainError
from invitations.addresses import token_of
from invitations.limits import foreign_emails
from invitations.models import Invitation, State
from invitations.permissions import may_join_by_email
from invitations.selectors.pupils import account_of_child, is_email_expected, parents_emails
from invitations.views.joining import door
from orgs.vocabulary import vocabulary_of

NEW = "new"


@door
@require_http_methods(["GET", "HEAD", "POST"])
def join_child(request: HttpRequest) -> HttpResponse:
    """Ask for a parent's e-mail beside the open link; after the code, sign in the child that joins."""
    if request.user.is_authenticated:
        return redirect("invitations:join_next")
    link = _link(request)
    if link is None:
        return redirect("invitations:join_code")
    if link.state != State.ACTIVE or not may_join_by_email(link):
        return redirect("invitations:join", token=token_of(link))
    with timezone.override(link.organization.zone):
        email = confirmed_email(request, link.pk)
        return _who(request, link, email) if email else _ask(request, link)


def _link(request: HttpRequest) -> Invitation | None:
    """The link that was opened here, by the number that `joining` has put into the session."""
    marker = request.session.get(MAY_JOIN)
    if not isinstance(marker, dict) or "invitation" not in marker:
        return None  # nothing, or the page where one asks to be let in
    links = Invitation.objects.select_related("organization", "unit__organization", "person", "student")
    return links.filter(pk=marker["invitation"], generation=marker["generation"]).first()


def _ask(request: HttpRequest, link: Invitation) -> HttpResponse:
    form = ParentEmailForm(request.POST or None)
    status = 200
    if form.is_valid():
        try:
            _start(request, link, form.cleaned_data["email"])
        except DomainError as error:
            form.add_error("email", error.message)
            status = error.status
        else:
            return redirect("account_parent_code")
    return _page(
        request, "invitations/join_child.html", link, form=form, status=422 if form.errors and status == 200 else status
    )


def _start(request: HttpRequest, link: Invitation, email: str) -> None:
    """Send the code; whose e-mail the roster does not name for this child is told so, a few times an hour."""
    limit = foreign_emails()
    if limit.exceeded(str(link.pk)):
        raise DomainError("too_many_emails", _("Too many e-mails were tried. Please wait an hour."), status=429)
    if not is_email_expected(link, email):
        limit.record(str(link.pk))
        text = _(
            "The school knows another e-mail of this child’s parents. Type that one, or ask the class leader to "
            "correct it."
        )
        raise DomainError("email_of_another", text, fields={"email": text}, status=422)
    ParentSignIn.start(request, email, joining=link.pk)


def _who(request: HttpRequest, link: Invitation, email: str) -> HttpResponse:
    """A personal code says which child it is; by a link of a class the children of this e-mail are offered."""
    if link.person is not None:
        user = account_of_child(link.person, email) or make_pupil(email, link.person.full_name)
        return _enter(request, user)
    children = children_of(email)
    if not any(place is not None for _user, place in children):
        return _enter(request, make_pupil(email))
    chosen = request.POST.get("child", "")
    for user, _place in children:
        if str(user.pk) == chosen:
            return _enter(request, user)
    if chosen == NEW:
        return _enter(request, make_pupil(email))
    return _page(request, "invitations/join_child_who.html", link, children=children)


def _enter(request: HttpRequest, user: User) -> HttpResponse:
    return sign_in_pupil(request, user, reverse("invitations:join_next"))


def _page(
    request: HttpRequest, template: str, link: Invitation, *, status: int = 200, **context: object
) -> HttpResponse:
    words = vocabulary_of(link.organization)
    own = {
        "link": link,
        "organization": link.organization,
        "role": words.role(link.role),
        "words": words,
        "for_whom": f"{link.person.first_name} {link.person.last_name[:1]}." if link.person else "",
        "link_token": token_of(link),
        "knows_parents": link.person is not None and bool(parents_emails(link.person)),
    }
    return render(request, template, {**own, **context}, status=status)
