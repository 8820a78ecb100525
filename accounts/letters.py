"""Words of the messages of accounts; made when they are sent."""

from datetime import datetime
from typing import Any

from django.conf import settings
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
    "accounts/parent_email": lambda: _("Codes to sign your child in now go to another e-mail."),
    "accounts/own_phone": lambda: _("Your child now signs in with a phone of its own."),
    "accounts/deletion_asked": lambda: (
        _("Your account will be deleted in %(days)s days. To keep it, sign in and call the deletion off.")
        % {"days": settings.ACCOUNT_DELETION_DAYS}
    ),
    "accounts/deletion_called_off": lambda: _("Your account stays: the deletion was called off."),
    "accounts/deletion_put_off": lambda: _(
        "Your account was not deleted: you are the only administrator of an organization. Hand the duty over first."
    ),
    "accounts/hacked": lambda: _("Your account was reported as broken into: it was signed out on other devices."),
    "accounts/severed": lambda: _("An administrator took your account off an organization."),
    "accounts/phone_changed": lambda: _("Your account now signs in with another phone number."),
    "accounts/email_changed": lambda: _("The e-mail of your account was changed."),
    "accounts/export_ready": lambda: _("The archive of your data is ready: My account, My data."),
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


def parent_code(context: dict[str, Any], secret: str) -> Rendered:
    """The letter to a parent with a code for the child (INV-7). As `sign_in_code`."""
    if not secret or datetime.fromisoformat(context["valid_until"]) < timezone.now():
        raise Obsolete(_("The code is no longer valid."))
    text = _(
        "Code with which your child signs in on the school’s platform: %(code)s. It works for five minutes.\n\n"
        "If neither you nor your child asked for it, do nothing and tell it to nobody: without it nobody gets in."
    )
    return Rendered(_("Code to sign your child in"), text % {"code": secret})


def contact_code(context: dict[str, Any], secret: str) -> Rendered:
    """The code by which a new phone or e-mail is confirmed (ACC-2). As `sign_in_code`."""
    if not secret or datetime.fromisoformat(context["valid_until"]) < timezone.now():
        raise Obsolete(_("The code is no longer valid."))
    text = _("Code to confirm the change: %(code)s. Tell it to nobody.") % {"code": secret}
    return Rendered(_("Code to confirm"), text)


def security_notice(context: dict[str, Any], secret: str) -> Rendered:
    """Tell a person about a change to the own account's safety; `context["event"]` says which."""
    what = _NOTICES[context["event"]]()
    text = _("%(what)s If this was not you, tell the administrator of your school.") % {"what": what}
    return Rendered(_("Your account"), text)


def push_trial(context: dict[str, Any], secret: str) -> Rendered:
    """The push by which a person sees that notifications work."""
    text = _("This is how you will be told about new messages.")
    return Rendered(_("Notifications work"), text, url=reverse("account_notifications"), tag="trial")
