"""The second door: a pupil without a phone signs in with a code sent to a parent (INV-7). `/signin/child/…`."""

from allauth.account.utils import get_login_redirect_url, get_next_redirect_url
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.forms import MailedCodeForm, ParentEmailForm
from accounts.models import User
from accounts.parent_sign_in import ParentSignIn, confirmed_email, sign_in_pupil
from accounts.places import Place, places_of
from accounts.selectors import pupils_of_parent
from accounts.views.door import context_of, with_next
from common.errors import DomainError


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask_email(request: HttpRequest) -> HttpResponse:
    """Ask for a parent's e-mail and send a code. The answer is the same for an e-mail that nobody has."""
    if request.user.is_authenticated:
        return HttpResponseRedirect(get_login_redirect_url(request))
    form = ParentEmailForm(request.POST or None)
    status = 200
    if form.is_valid():
        try:
            ParentSignIn.start(request, form.cleaned_data["email"])
        except DomainError as error:
            form.add_error("email", error.message)
            status = error.status
        else:
            return HttpResponseRedirect(with_next(request, "account_parent_code"))
    return render(request, "account/parent_email.html", _context(request, form=form), status=status)


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_code(request: HttpRequest) -> HttpResponse:
    """Take the code of the letter, or send another one. After five wrong ones, or too late, a page says so."""
    if request.user.is_authenticated:
        return HttpResponseRedirect(get_login_redirect_url(request))
    process = ParentSignIn.current(request)
    if process is None:
        return HttpResponseRedirect(with_next(request, "account_parent_email"))
    if process.is_over:
        process.abort()
        return _over(request, "expired", process)
    if request.method == "POST" and request.POST.get("action") == "resend":
        return _resend(request, process)
    form = MailedCodeForm(request.POST or None)
    if form.is_valid():
        if process.fits(form.cleaned_data["code"]):
            return _on(request, process)
        if process.used_up:
            process.abort()
            return _over(request, "tries", process)
        form.add_error("code", _("This code does not fit. Please look again."))
    return _code_page(request, process, form)


def _on(request: HttpRequest, process: ParentSignIn) -> HttpResponse:
    """The code was right: whoever joins goes back to the link, one child is signed in, several are asked who it is."""
    process.confirm()
    if process.joining:
        return redirect("invitations:join_child")
    pupils = list(pupils_of_parent(process.email)[:2])
    if len(pupils) == 1:
        return sign_in_pupil(request, pupils[0], get_next_redirect_url(request))
    return HttpResponseRedirect(with_next(request, "account_parent_choose"))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """Which of the children it is, now that the code has shown whose they are."""
    if request.user.is_authenticated:
        return HttpResponseRedirect(get_login_redirect_url(request))
    email = confirmed_email(request)
    if not email:
        return HttpResponseRedirect(with_next(request, "account_parent_email"))
    children = children_of(email)
    chosen = request.POST.get("child", "")
    for user, _place in children:
        if str(user.pk) == chosen:
            return sign_in_pupil(request, user, get_next_redirect_url(request))
    context = _context(request, children=children, email=email)
    return render(request, "account/parent_choose.html", context)


def children_of(email: str) -> list[tuple[User, Place | None]]:
    """Each child of a confirmed e-mail with its place; an account that is nobody anywhere only when it is alone."""
    users = list(pupils_of_parent(email))
    places = places_of([user.pk for user in users])
    known: list[tuple[User, Place | None]] = [(user, places[user.pk]) for user in users if user.pk in places]
    return known or [(user, None) for user in users]


def _resend(request: HttpRequest, process: ParentSignIn) -> HttpResponse:
    if not process.can_resend:
        return _over(request, "resent", process)
    form = MailedCodeForm()
    try:
        process.resend()
    except DomainError as error:
        return _code_page(request, process, form, notice=error.message, status=error.status)
    return _code_page(request, process, form, resent=True)


def _code_page(
    request: HttpRequest, process: ParentSignIn, form: MailedCodeForm, status: int = 200, **extra: object
) -> HttpResponse:
    context = _context(
        request, form=form, email=process.email, joining=process.joining, can_resend=process.can_resend, **extra
    )
    return render(request, "account/parent_code.html", context, status=status)


def _over(request: HttpRequest, reason: str, process: ParentSignIn) -> HttpResponse:
    """The end of a sign-in that did not come to its end, with the way to begin anew."""
    form = ParentEmailForm(initial={"email": process.email})
    context = _context(request, reason=reason, form=form, joining=process.joining)
    return render(request, "account/parent_over.html", context)


def _context(request: HttpRequest, joining: int = 0, **values: object) -> dict[str, object]:
    # Whoever joins types the e-mail anew beside the link: there it is known whose parents are asked for.
    again = reverse("invitations:join_child") if joining else with_next(request, "account_parent_email")
    return context_of(request, again_url=again, joining=joining, **values)
