"""Signing in and out: `/signin/`, `/signin/code/`, `/signout/`."""

from allauth.account.internal.decorators import login_stage_required
from allauth.account.internal.flows.logout import logout
from allauth.account.stages import LoginByCodeStage
from allauth.account.utils import get_login_redirect_url, get_next_redirect_url, passthrough_next_redirect_url
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.forms import CodeForm, PhoneForm
from accounts.phones import spoken_phone
from accounts.services import remove_device_of_session
from accounts.sign_in import MAY_JOIN, SignIn
from common.errors import DomainError


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for the phone and send a code (ACC-1). The answer is the same for a number that nobody has."""
    if request.user.is_authenticated:
        return HttpResponseRedirect(get_login_redirect_url(request))
    form = PhoneForm(request.POST or None)
    status = 200
    if form.is_valid():
        try:
            SignIn.start(request, form.cleaned_data["phone"])
        except DomainError as error:
            form.add_error("phone", error.message)
            status = error.status
        else:
            return HttpResponseRedirect(with_next(request, "account_confirm_login_code"))
    return render(request, "account/sign_in.html", context_of(request, form=form), status=status)


@sensitive_post_parameters("code")
@login_stage_required(stage=LoginByCodeStage.key, redirect_urlname="account_login")
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_code(request: HttpRequest) -> HttpResponse:
    """Take the code, or send another one. After five wrong ones, or when its time is over, a page says so."""
    process = SignIn.current(request._login_stage)  # type: ignore[attr-defined]
    if process is None:
        return _over(request, "expired", None)
    if request.method == "POST" and request.POST.get("action") == "resend":
        return _resend(request, process)
    form = CodeForm(request.POST or None)
    if form.is_valid():
        if process.fits(form.cleaned_data["code"]):
            return process.finish(get_next_redirect_url(request))
        if process.used_up:
            process.abort()
            return _over(request, "tries", process.phone)
        form.add_error("code", _("This code does not fit. Please look again."))
    return _code_page(request, process, form)


def _resend(request: HttpRequest, process: SignIn) -> HttpResponse:
    if not process.can_resend:
        return _over(request, "resent", process.phone)
    form = CodeForm()
    try:
        process.resend()
    except DomainError as error:
        return _code_page(request, process, form, notice=error.message, status=error.status)
    return _code_page(request, process, form, resent=True)


def _code_page(
    request: HttpRequest, process: SignIn, form: CodeForm, status: int = 200, **extra: object
) -> HttpResponse:
    context = context_of(request, form=form, phone=process.phone, can_resend=process.can_resend, **extra)
    return render(request, "account/code.html", context, status=status)


def _over(request: HttpRequest, reason: str, phone: str | None) -> HttpResponse:
    """The end of a sign-in that did not come to its end, with the way to begin anew."""
    context = context_of(
        request, reason=reason, form=PhoneForm(initial={"phone": spoken_phone(phone or "")}), phone=phone
    )
    return render(request, "account/code_over.html", context)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out here; one button, no question."""
    target = get_next_redirect_url(request) or reverse("account_login")
    remove_device_of_session(request.session.session_key)
    logout(request, show_message=False)
    return HttpResponseRedirect(target)


@require_safe
def inactive(request: HttpRequest) -> HttpResponse:
    """The account was closed by an operator."""
    return render(request, "account/inactive.html", status=403)


def with_next(request: HttpRequest, name: str) -> str:
    if get_next_redirect_url(request) is None:
        return reverse(name)
    return passthrough_next_redirect_url(request, reverse(name), REDIRECT_FIELD_NAME)


def context_of(request: HttpRequest, **values: object) -> dict[str, object]:
    safe = get_next_redirect_url(request) or ""
    return {
        "next": safe,
        "sign_in_url": with_next(request, "account_login"),
        "child_url": with_next(request, "account_parent_email"),
        "may_join": MAY_JOIN in request.session,
        **values,
    }
