"""Sign-in of pupils without a phone: a code goes to a parent's e-mail, then one of the children is chosen (INV-7).

Beside `accounts.sign_in`, and with the same protections: the code lies in the session as a keyed hash and leaves
through the outbox; an unknown e-mail gets the same page, the same work and the same limits as a known one. allauth's
process of codes knows one user from the start; here nobody is known before the code is typed, so what is under way has
a place of its own in the session, and the login itself is allauth's again: the second step, the list of sessions and
the rotation of the session are those of every sign-in.
"""

import logging
import secrets
from typing import Any

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.core.exceptions import RateLimited
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from accounts import limits
from accounts.codes import Carrier, count_code, is_void, new_code
from accounts.models import User
from accounts.selectors import has_app, pupils_of_parent
from accounts.services import confirm_phone
from common.network import client_address
from outbox.models import Channel

logger = logging.getLogger("security")
_UNDER_WAY = "parent_sign_in"
_CONFIRMED = "parent_email"
_LETTER = Carrier(Channel.EMAIL, "parent_code")
# Long enough to find the right child on the page, short enough for a tablet that is left lying.
CHOICE_SECONDS = 600


class ParentSignIn:
    """One sign-in by a parent's e-mail under way; its state lies in the session until the code is typed."""

    def __init__(self, request: HttpRequest, state: dict[str, Any]) -> None:
        self.request, self.state = request, state

    @classmethod
    def start(cls, request: HttpRequest, email: str, *, joining: int = 0) -> "ParentSignIn":
        """Begin a sign-in with `email` (normalised) and send its code, if there is a child to sign in.

        `joining`: the number of an open link of a pupil, then anybody gets a code (set by `invitations` only). Raises
        `RateLimited` for an address that tried too much nobody has, `DomainError("too_many_codes")` for an e-mail to
        which too many codes were asked. Neither depends on whether the e-mail is known.
        """
        if limits.unknown_phones().exceeded(client_address(request)):
            raise RateLimited
        is_known = pupils_of_parent(email).exists()
        _count_code(email)
        if not is_known:
            limits.unknown_phones().record(client_address(request))
        request.session.pop(_CONFIRMED, None)
        state = {"email": email, "id": secrets.token_urlsafe(12), "resends": 0, "joining": joining}
        process = cls(request, state | {"is_new": not is_known})
        process._send(is_known or bool(joining))
        return process

    @classmethod
    def current(cls, request: HttpRequest) -> "ParentSignIn | None":
        """Return what is under way, expired or not; None when nothing is."""
        state = request.session.get(_UNDER_WAY)
        return cls(request, state) if isinstance(state, dict) else None

    @property
    def email(self) -> str:
        return str(self.state["email"])

    @property
    def joining(self) -> int:
        return int(self.state["joining"])

    @property
    def is_over(self) -> bool:
        """Whether the time of the code is over."""
        age = timezone.now().timestamp() - float(self.state["at"])
        return age > settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT

    @property
    def can_resend(self) -> bool:
        return int(self.state["resends"]) < settings.ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND

    def resend(self) -> None:
        """Send a new code; the old one no longer fits. Raises `DomainError("too_many_codes")`."""
        _count_code(self.email)
        self.state["resends"] += 1
        self._send(bool(self.joining) or pupils_of_parent(self.email).exists())

    def fits(self, code: str) -> bool:
        """Count a try and tell whether `code` is right. Raises `RateLimited` for an address of many failures."""
        address = client_address(self.request)
        if limits.failed_codes().exceeded(address):
            raise RateLimited
        tries = limits.tries_of_one_code()
        allowed = tries.record(self.state["id"]) <= tries.limit
        if constant_time_compare(self._digest(code), self.state["code"] or "-") and allowed:
            return not is_void(self.email, float(self.state["at"]))
        limits.failed_codes().record(address)
        logger.info("a code sent to a parent's e-mail did not fit")
        return False

    @property
    def used_up(self) -> bool:
        """Whether this sign-in has no tries left."""
        return limits.tries_of_one_code().exceeded(self.state["id"])

    def abort(self) -> None:
        """Forget what is under way."""
        self.request.session.pop(_UNDER_WAY, None)

    def confirm(self) -> None:
        """The code was right: from now on, for ten minutes, the session may choose one of the e-mail's children.

        The session gets another key: whoever knew the old one gains nothing.
        """
        limits.codes_mailed().forget(self.email)
        limits.tries_of_one_code().forget(self.state["id"])
        if self.state["is_new"]:
            limits.unknown_phones().forgive(client_address(self.request))
        self.abort()
        self.request.session.cycle_key()
        confirmed = {"email": self.email, "at": timezone.now().timestamp(), "joining": self.joining}
        self.request.session[_CONFIRMED] = confirmed

    def _send(self, is_known: bool) -> None:
        code = new_code()
        self.state["at"] = timezone.now().timestamp()
        self.state["code"] = self._digest(code) if is_known else ""
        if is_known:
            _LETTER.send(self.email, code)
        else:
            _LETTER.send_nobody(self.email, code)
        self.request.session[_UNDER_WAY] = self.state

    def _digest(self, code: str) -> str:
        value = f"{self.state['id']}:{self.email}:{code}"
        return salted_hmac("accounts.parent_sign_in.code", value, algorithm="sha256").hexdigest()


def confirmed_email(request: HttpRequest, joining: int = 0) -> str:
    """Return the e-mail whose code was typed here within ten minutes, for the same link; else an empty text."""
    found = request.session.get(_CONFIRMED)
    if not isinstance(found, dict) or found["joining"] != joining:
        return ""
    is_fresh = timezone.now().timestamp() - found["at"] <= CHOICE_SECONDS
    return str(found["email"]) if is_fresh else ""


def sign_in_pupil(request: HttpRequest, user: User, redirect_url: str | None) -> HttpResponse:
    """Sign in as one of the children of the confirmed e-mail (or go on to the second step)."""
    request.session.pop(_CONFIRMED, None)
    confirm_phone(user)
    if has_app(user):
        record_authentication(request, user, method="code")
    else:
        # As with a phone: the code is the best proof this person can give.
        record_authentication(request, user, method="code", reauthenticated=True)
    return perform_login(request, Login(user=user, redirect_url=redirect_url))


def _count_code(email: str) -> None:
    text = _("Several codes were already asked for with this e-mail. Please wait an hour and try again.")
    count_code(limits.codes_mailed(), email, "email", text)
