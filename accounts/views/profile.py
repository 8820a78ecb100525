"""My name, e-mail and phone (ACC-2)."""

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import contact_change
from accounts.forms import ConfirmForm, EmailForm, NameForm, NewPhoneForm
from accounts.services.contacts import set_display_name, set_email
from accounts.views.account import me
from common.errors import DomainError
from common.forms import Form
from common.notices import done

KINDS: dict[str, type[Form]] = {"name": NameForm, "email": EmailForm, "phone": NewPhoneForm}


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Three small forms; a new phone asks for a sign-in of the last minutes, which proves the old one."""
    user = me(request)
    kind = request.POST.get("what", "") if request.method == "POST" else ""
    initial = {"display_name": user.display_name, "email": user.email}
    forms = {name: form(request.POST if name == kind else None, initial=initial) for name, form in KINDS.items()}
    error = None
    form = forms.get(kind)
    if form is not None and form.is_valid():
        try:
            return _take(request, kind, form)
        except DomainError as caught:
            error = caught
            form.add_error(kind if kind in form.fields else None, caught.message)
    is_wrong = request.method == "POST"
    context = {**{f"{name}_form": form for name, form in forms.items()}, "is_recent": _is_recent(request)}
    status = error.status if error else (422 if is_wrong else 200)
    return render(request, "accounts/profile.html", context, status=status)


def _take(request: HttpRequest, kind: str, form: Form) -> HttpResponse:
    user = me(request)
    if kind == "name":
        set_display_name(user, form.cleaned_data["display_name"])
    elif kind == "email" and not form.cleaned_data["email"]:
        set_email(user, "")
    elif kind == "phone" and not _is_recent(request):
        raise DomainError("sign_in_first", _("Sign out and in again with the old number first."), status=403)
    else:
        contact_change.begin(request, user, kind, form.cleaned_data[kind])
        return redirect("account_profile_code")
    done(request, _("Saved."))
    return redirect("account_profile")


def _is_recent(request: HttpRequest) -> bool:
    """Whether the sign-in here is some minutes old: its code went to the old number."""
    records = get_authentication_records(request, me(request))
    last = max((float(record["at"]) for record in records), default=0)
    return timezone.now().timestamp() - last <= settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


@sensitive_post_parameters("code")
@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """The code sent to the new phone or e-mail."""
    waiting = contact_change.pending(request)
    if waiting is None:
        return redirect("account_profile")
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            contact_change.confirm(request, me(request), form.cleaned_data["code"])
        except DomainError as error:
            form.add_error("code", error.message)
        else:
            done(request, _("Saved."))
            return redirect("account_profile")
    context = {"form": form, "waiting": waiting}
    return render(request, "accounts/profile_code.html", context, status=422 if form.errors else 200)
