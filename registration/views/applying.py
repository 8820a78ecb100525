"""«Зарегистрировать организацию» and the page of an application (REG-1, REG-2)."""

from typing import Any
from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from common.errors import DomainError
from common.network import client_address, network_of
from common.notices import done, refused
from orgs.forms.base import apply_domain_error
from orgs.views.tools import invalid
from registration.forms.applying import ApplicationForm, NewApplicationForm, initial_of
from registration.limits import check_application, failed_tokens
from registration.models import Application, ApplicationEvent
from registration.selectors.applications import find_application, find_attempt, history_of, last_word
from registration.services.applying import correct, submit
from registration.services.applying import withdraw as withdraw_application
from registration.tokens import read_token, status_path
from registration.views.tools import applicants_page, bring_order, download, forget_order, kept_order

APPLY, STATUS = "registration/apply.html", "registration/status.html"
NOT_FOUND, TOO_MANY = 404, 429


@applicants_page
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest) -> HttpResponse:
    """The анкета; an order that an earlier attempt brought is still there."""
    if request.method != "POST":
        form, kept = NewApplicationForm(initial={"attempt": uuid4()}), kept_order(request)
        form.need_order(is_needed=kept is None)
        return render(request, APPLY, {"form": form, "kept": kept})
    made = find_attempt(request.POST.get("attempt", ""))
    if made is not None:
        return redirect(status_path(made.pk))
    form = NewApplicationForm(request.POST, request.FILES)
    form.is_valid()
    order = bring_order(request, form, is_needed=True)
    if form.is_valid() and order is not None:
        try:
            return _sent(request, form, order.pk)
        except DomainError as error:
            apply_domain_error(form, error)
    return invalid(request, APPLY, {"form": form, "kept": order})


def _sent(request: HttpRequest, form: NewApplicationForm, order_id: int) -> HttpResponse:
    data = form.application_data()
    check_application(client_address(request), [data.phone, data.email.lower(), data.inn])
    application = submit(data=data, order_id=order_id, attempt=form.cleaned_data["attempt"])
    forget_order(request)
    done(request, _("The application is sent. Its address has come to you by e-mail as well."))
    return redirect(status_path(application.pk))


def _by_address(request: HttpRequest, token: str) -> Application | HttpResponse:
    """The application of a genuine address; for any other the page that says so, and not for ever."""
    application = find_application(read_token(token))
    if application is not None:
        return application
    limit, network = failed_tokens(), network_of(client_address(request))
    is_limit = limit.exceeded(network)
    if not is_limit:
        limit.record(network)
    status = TOO_MANY if is_limit else NOT_FOUND
    return render(request, "registration/unknown.html", {"is_limit": is_limit}, status=status)


@applicants_page
@require_http_methods(["GET", "HEAD", "POST"])
def status(request: HttpRequest, token: str) -> HttpResponse:
    """Where the application stands, its history; a returned one is corrected here (REG-2)."""
    application = _by_address(request, token)
    if isinstance(application, HttpResponse):
        return application
    remarks = last_word(application)
    if request.method == "POST":
        return _correct(request, application, remarks)
    form = ApplicationForm(initial=initial_of(application)) if application.can_be_corrected else None
    return render(request, STATUS, _shown(request, application, remarks, form))


def _correct(request: HttpRequest, application: Application, remarks: ApplicationEvent | None) -> HttpResponse:
    form = ApplicationForm(request.POST, request.FILES)
    form.is_valid()
    order = bring_order(request, form, is_needed=False)
    if form.is_valid():
        data = form.application_data()
        try:
            check_application(client_address(request), [data.phone, data.email.lower(), data.inn])
            order_id = order.pk if order is not None else None
            correct(application=application, revision=_revision(request), data=data, order_id=order_id)
        except DomainError as error:
            apply_domain_error(form, error)
        else:
            forget_order(request)
            done(request, _("The application is sent again."))
            return redirect(status_path(application.pk))
    return invalid(request, STATUS, _shown(request, application, remarks, form))


def _shown(
    request: HttpRequest, application: Application, remarks: ApplicationEvent | None, form: ApplicationForm | None
) -> dict[str, Any]:
    if form is not None and remarks is not None:
        form.mark(remarks.fields)
    return {
        "application": application,
        "token": request.resolver_match.kwargs["token"] if request.resolver_match else "",
        "remarks": remarks,
        "events": history_of(application),
        "form": form,
        "kept": kept_order(request) if form is not None else None,
    }


def _revision(request: HttpRequest) -> int:
    text = request.POST.get("revision", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


@applicants_page
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, token: str) -> HttpResponse:
    """Ask, then take the application back."""
    application = _by_address(request, token)
    if isinstance(application, HttpResponse):
        return application
    if not application.is_open:
        return redirect("registration:status", token=token)
    if request.method != "POST":
        return render(request, "registration/withdraw.html", {"application": application, "token": token})
    try:
        withdraw_application(application=application, revision=_revision(request))
    except DomainError as error:
        refused(request, error.message)
    else:
        done(request, _("The application is withdrawn."))
    return redirect("registration:status", token=token)


@applicants_page
@require_safe
def order(request: HttpRequest, token: str) -> HttpResponse:
    """The order as the applicant has attached it."""
    application = _by_address(request, token)
    if isinstance(application, HttpResponse):
        return application
    try:
        return download(application.order)
    except FileNotFoundError as error:
        raise Http404 from error
