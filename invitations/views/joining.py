"""The door: what a link opens, who comes in, and a kind answer to every link that does not open (INV-1, INV-11)."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.sign_in import MAY_JOIN
from common.errors import DomainError
from common.network import client_address
from common.visitors import is_prefetched, is_robot
from invitations import selectors, tokens
from invitations.addresses import token_of
from invitations.forms import CodeForm, JoinForm
from invitations.limits import look_at
from invitations.models import Invitation, InvitationUse, JoinRequest
from invitations.permissions import may_join_by_email
from invitations.selectors import Answer, Newcomer, Presented
from invitations.selectors.matching import applicant_names
from invitations.selectors.requests import open_organization
from invitations.services import come_in, note_opening
from orgs.actor import Actor, load_actor
from orgs.models import Role
from orgs.vocabulary import vocabulary_of

JUST_JOINED = "just_joined"
# A genuine link that opens no more was here once: gone. What nobody ever made is not found.
GONE, NOT_FOUND, TOO_MANY = 410, 404, 429
_LINK_ERRORS = {"link_renewed", "link_revoked", "link_used_up", "link_expired"}

View = Callable[..., HttpResponse]


def door(view: View) -> View:
    """A page whose address lets people in: not kept by browsers, not told to other pages, not found by searches.

    `strict-origin` and not `no-referrer`: with the latter browsers send «Origin: null» with the page's own forms,
    which the protection against forged requests has to refuse.
    """

    @wraps(view)
    @never_cache
    def page(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        response = view(request, **kwargs)
        response.headers["Referrer-Policy"] = "strict-origin"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return page


@door
@require_http_methods(["GET", "HEAD", "POST"])
def join_code(request: HttpRequest) -> HttpResponse:
    """Entry of a personal code."""
    form = CodeForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        status = 422 if form.errors else 200
        return render(request, "invitations/join_code.html", {"form": form}, status=status)
    presented = look_at(form.cleaned_data["code"], client_address(request))
    if presented is None or presented.invitation is None:
        return _refuse(request, presented, form)
    if presented.answer is Answer.OPEN:
        return redirect("invitations:join", token=token_of(presented.invitation))
    return _answer_for(request, presented)


@door
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """A link: says where one joins and as whom before anything is asked, then lets in whoever is signed in."""
    presented = look_at(token, client_address(request))
    if presented is None or presented.invitation is None:
        return _refuse(request, presented)
    if request.method == "GET":
        _note_visit(request, presented.invitation)
    with timezone.override(presented.invitation.organization.zone):
        return _answer_for(request, presented)


def _note_visit(request: HttpRequest, link: Invitation) -> None:
    """Neither the preview a messenger draws, nor a look at the own link is an invitation opened (STAT-3)."""
    if link.opened_at is not None or is_robot(request) or is_prefetched(request):
        return
    if isinstance(request.user, User) and request.user.pk == link.owner.user_id:
        return
    note_opening(invitation=link)


@door
@require_safe
def join_next(request: HttpRequest) -> HttpResponse:
    """Where the sign-in leads back to: the link stands in the session by its number, so the token travels through no
    form of the sign-in and lies in no table."""
    marker = request.session.pop(MAY_JOIN, None) if request.user.is_authenticated else None
    number = marker.get("invitation") if isinstance(marker, dict) else None
    link = Invitation.objects.filter(pk=number).first() if number else None
    if link is None or not isinstance(marker, dict):
        return redirect("invitations:join_code")
    return redirect("invitations:join", token=tokens.make_token(link.pk, marker["generation"]))


def _refuse(request: HttpRequest, presented: Presented | None, form: CodeForm | None = None) -> HttpResponse:
    is_limit = presented is None
    context = {"form": form or CodeForm(), "is_limit": is_limit, "was_code": form is not None}
    return render(request, "invitations/join_unknown.html", context, status=TOO_MANY if is_limit else NOT_FOUND)


def _answer_for(request: HttpRequest, presented: Presented) -> HttpResponse:
    """The page for a genuine link; who has joined by it before is simply told so."""
    link = presented.invitation
    assert link is not None  # noqa: S101 - both callers have sent the unknown ones away
    user = request.user
    if isinstance(user, User):
        page = _joined_before(request, link, user)
        if page is not None:
            return page
    if presented.answer is not Answer.OPEN:
        return _gone(request, link, presented.answer)
    if request.method == "POST" and request.POST.get("step") in ("enter", "switch", "child"):
        return _to_sign_in(request, link)
    if not isinstance(user, User):
        return _page(request, "welcome", link, by_email=may_join_by_email(link))
    return _signed_in(request, link, user)


def _to_sign_in(request: HttpRequest, link: Invitation) -> HttpResponse:
    """To the sign-in and back; whoever is signed in here (a child on the family's tablet) is signed out first."""
    if request.user.is_authenticated:
        logout(request)
    request.session[MAY_JOIN] = {"invitation": link.pk, "generation": link.generation}
    if request.POST.get("step") == "child" and may_join_by_email(link):
        return redirect("invitations:join_child")
    return redirect(f"{reverse('account_login')}?next={reverse('invitations:join_next')}")


def _signed_in(request: HttpRequest, link: Invitation, user: User) -> HttpResponse:
    newcomer = selectors.who_comes(link, user)
    if link.student is not None and link.student.user_id == user.pk:
        return _page(request, "own_family", link)
    if newcomer.member is not None and selectors.is_parent_of(newcomer.member, link.student):
        return _here_already(request, link, InvitationUse(person=newcomer.member), _actor_in(link, user))
    if link.person is not None and not _may_be(newcomer, link):
        return _page(request, "other_person", link, member=newcomer.member)
    form = JoinForm(
        request.POST if request.method == "POST" else None,
        initial=applicant_names(user, selectors.names_of(user)),
        asks_name=newcomer.person is None,
        asks_child=link.role == Role.PARENT and not newcomer.has_child,
    )
    if request.method == "POST" and form.is_valid():
        answer = _try_to_redeem(request, link, user, form)
        if answer is not None:
            return answer
    status = 422 if form.errors else 200
    return _page(request, "confirm", link, form=form, newcomer=newcomer, status=status)


def _may_be(newcomer: Newcomer, link: Invitation) -> bool:
    """Whether the one who is signed in can be the person of the code."""
    if link.person is None or newcomer.member is None or newcomer.member.pk == link.person.pk:
        return True
    return selectors.is_same_human(newcomer.member, link.person)


def _try_to_redeem(request: HttpRequest, link: Invitation, user: User, form: JoinForm) -> HttpResponse | None:
    """Let in and lead to the page that says so; None when the form has to be corrected."""
    try:
        came = come_in(user=user, invitation=link, generation=link.generation, answers=form.answers())
    except DomainError as error:
        if error.code in _LINK_ERRORS:
            return _gone(request, link, Answer(error.code.removeprefix("link_")))
        if not set(error.fields) & set(form.fields):
            return _page(request, "refused", link, error=error, status=error.status)
        for name, text in error.fields.items():
            form.add_error(name if name in form.fields else None, text)
        form.offers_to_insist = error.code == "child_unknown"
        return None
    request.session.pop(MAY_JOIN, None)
    if isinstance(came, JoinRequest):
        return redirect("invitations:apply_status", slug=link.organization.slug)
    request.session[JUST_JOINED] = link.pk
    return redirect("invitations:join", token=token_of(link))


def _joined_before(request: HttpRequest, link: Invitation, user: User) -> HttpResponse | None:
    """The page that says what one is by this link now; None for whoever has not joined by it, or left and is given
    the renewed link to come back."""
    use = selectors.use_by(link, user)
    if use is None:
        return None
    actor = _actor_in(link, user)
    if actor is None or link.role not in actor.roles:
        return _left(request, link) if use.generation == link.generation else None
    return _here_already(request, link, use, actor)


def _left(request: HttpRequest, link: Invitation) -> HttpResponse:
    may_ask = open_organization(link.organization.slug) is not None
    return _page(request, "left", link, status=GONE, may_ask=may_ask)


def _actor_in(link: Invitation, user: User) -> Actor | None:
    return load_actor(user.pk, link.organization.slug)


def _here_already(request: HttpRequest, link: Invitation, use: InvitationUse, actor: Actor | None) -> HttpResponse:
    """What one is here now: shown right after joining, and whenever the link is opened again."""
    context = {
        "is_new": request.session.pop(JUST_JOINED, None) == link.pk,
        "use": use,
        "children": actor.children if actor is not None and link.role == Role.PARENT else (),
    }
    return _page(request, "joined", link, **context)


def _gone(request: HttpRequest, link: Invitation, answer: Answer) -> HttpResponse:
    """A link that opens no more. The way leads on to a request, as far as the organization takes requests (INV-11)."""
    may_ask = open_organization(link.organization.slug) is not None
    context = {"answer": answer.value, "form": CodeForm(), "may_ask": may_ask}
    return _page(request, "gone", link, status=GONE, **context)


def _page(request: HttpRequest, name: str, link: Invitation, *, status: int = 200, **context: Any) -> HttpResponse:
    words = vocabulary_of(link.organization)
    own = {
        "link": link,
        "organization": link.organization,
        "role": words.role(link.role),
        "words": words,
        "for_whom": _careful_name(link),
    }
    return render(request, f"invitations/join_{name}.html", {**own, **context}, status=status)


def _careful_name(link: Invitation) -> str:
    """For whom a code is, as far as a stranger who found the strip may know: no surname in full."""
    target = link.student or link.person
    if target is None:
        return ""
    if link.role in (Role.TEACHER, Role.HEAD):
        return target.polite_name
    return f"{target.first_name} {target.last_name[:1]}."
