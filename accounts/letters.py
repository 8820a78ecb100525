"""Words of the messages of accounts; made when they are sent."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from outbox.rendering import Obsolete, Rendered

# What allauth calls the letter about a change → what we say. Kept short: it goes out as an SMS.
_NOTICES = {
    "mfa/email/totp_activated": lambda: _("Signing in now also asks for a code of your app."),
    "mfa/email/totp_deactivated": lambda: _("Signing in no longer asks for a code of your app."),
    "mfa/email/webauthn_added": lambda: _("A passkey was added to your account."),
    "mfa/email/webauthn_removed": lambda: _("A passkey was removed from your account."),
    "mfa/email/recovery_codes_generated": lambda: _("New spare codes were made for your account."),
}


def knows_notice(event: str) -> bool:
    """Tell whether there are words for `event`."""
    return event in _NOTICES


def sign_in_code(context: dict[str, Any], secret: str) -> Rendered:
    """The SMS with a one-time code. `context["valid_until"]` is an ISO time; raises `Obsolete` after it."""
    if not secret or datetime.fromisoformat(context["valid_until"]) < timezone.now():
        raise Obsolete(_("The code is no longer valid."))
    text = _("Code to sign in: %(code)s. Tell it to nobody.") % {"code": secret}
    return Rendered(_("Code to sign in"), text)


def security_notice(context: dict[str, Any], secret: str) -> Rendered:
    """Tell a person about a change to the own account's safety; `context["event"]` says which."""
    what = _NOTICES[context["event"]]()
    text = _("%(what)s If this was not you, tell the administrator of your school.") % {"what": what}
    return Rendered(_("Your account"), text)


def push_trial(context: dict[str, Any], secret: str) -> Rendered:
    """The push by which a person sees that notifications work."""
    text = _("This is how you will be told about new messages.")
    return Rendered(_("Notifications work"), text, url=reverse("account_notifications"), tag="trial")
