"""The own account: `/account/`, sessions, API keys. The second factor's pages are allauth's."""

import datetime as dt

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import services
from accounts.devices import device_name, is_phone
from accounts.forms import KeyForm
from accounts.models import User
from accounts.places import places_of
from accounts.selectors import api_keys_of, deletion_of, sessions_of
from common.errors import DomainError


def me(request: HttpRequest) -> User:
    """Who is signed in, with the type that this means."""
    assert isinstance(request.user, User)  # noqa: S101 - every view here needs a sign-in
    return request.user


@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Who I am, and where the settings of my account are."""
    user = me(request)
    # Children of one e-mail are told apart by their names; whoever has a phone of one's own knows who it is.
    place = places_of([user.pk]).get(user.pk) if user.phone is None else None
    context = {
        "name": user.display_name or (place.name if place else ""),
        "sessions_count": sessions_of(user).count(),
        "deletion": deletion_of(user),
        "keys_count": api_keys_of(user).count(),
    }
    return render(request, "accounts/home.html", context)


# --- Sessions -------------------------------------------------------------------------------------------------------
@login_required
@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    """Where I am signed in."""
    rows = [_session_row(request, session) for session in sessions_of(me(request))]
    rows.sort(key=lambda row: not row["is_current"])
    return render(request, "usersessions/usersession_list.html", {"rows": rows})


def _session_row(request: HttpRequest, session: UserSession) -> dict[str, object]:
    return {
        "session": session,
        "device": device_name(session.user_agent),
        "is_phone": is_phone(session.user_agent),
        "is_current": session.session_key == request.session.session_key,
    }


@login_required
@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign out one other device."""
    session = get_object_or_404(sessions_of(me(request)), pk=pk)
    services.end_session(me(request), session)
    messages.success(request, _("Signed out there: %(device)s.") % {"device": device_name(session.user_agent)})
    return redirect("usersessions_list")


@login_required
@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """Sign out everywhere but here."""
    count = services.end_other_sessions(me(request), request.session.session_key)
    text = ngettext("Signed out on %(count)s device.", "Signed out on %(count)s devices.", count)
    messages.success(request, text % {"count": count} if count else _("You are signed in here only."))
    return redirect("usersessions_list")


# --- API keys -------------------------------------------------------------------------------------------------------
@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def keys(request: HttpRequest) -> HttpResponse:
    """My API keys; a new one is shown in the answer to its form, and never again."""
    form = KeyForm(request.POST or None)
    fresh = None
    if form.is_valid():
        try:
            _key, fresh = services.create_api_key(
                me(request), form.cleaned_data["name"], form.cleaned_data["read_only"], _end(form)
            )
            form = KeyForm()
        except DomainError as error:
            form.add_error(None, error.message)
    context = {"form": form, "fresh": fresh, "keys": list(api_keys_of(me(request))), "now": timezone.now()}
    return render(request, "accounts/keys.html", context)


def _end(form: KeyForm) -> dt.datetime | None:
    """The chosen day is the last one on which the key works."""
    day = form.cleaned_data["expires_on"]
    return timezone.make_aware(dt.datetime.combine(day, dt.time.max)) if day else None


@login_required
@require_POST
def revoke_key(request: HttpRequest, pk: int) -> HttpResponse:
    """End a key."""
    key = get_object_or_404(api_keys_of(me(request)), pk=pk)
    services.revoke_api_key(key)
    messages.success(request, _("The key «%(name)s» no longer works.") % {"name": key.name})
    return redirect("account_keys")
