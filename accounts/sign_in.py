"""Sign-in by phone and one-time code (ACC-1), on top of allauth's code process.

What differs from allauth: the code lies in the session as a keyed hash; it leaves through the outbox; an unknown
number gets the same page, the same work and the same limits as a known one, and no SMS.
"""

import logging
import secrets

from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.models import Login
from allauth.account.stages import LoginByCodeStage, LoginStage, LoginStageController
from allauth.core.exceptions import RateLimited
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from accounts import limits
from accounts.budget import check_sms, give_back, spend_sms, take_from_organizations
from accounts.codes import Carrier, count_code, is_void, new_code
from accounts.models import User
from accounts.selectors import active_user_by_phone, has_app
from accounts.services import ensure_user
from common.network import client_address
from outbox.models import Channel

# Set by `invitations` once a valid link was opened; what it holds is theirs.
MAY_JOIN = "may_join"
logger = logging.getLogger("security")
_SMS = Carrier(Channel.SMS, "sign_in_code")


class SignIn(LoginCodeVerificationProcess):
    """One sign-in under way; its state lies in the session until it ends."""

    @classmethod
    def start(cls, request: HttpRequest, phone: str) -> "SignIn":
        """Begin a sign-in with `phone` (E.164) and send its code, if there is somebody to send it to.

        Raises `RateLimited` for an address that tried too many unknown numbers, `DomainError("too_many_codes")`
        for a number to which too many codes were asked. Neither depends on whether the number is known.
        """
        if limits.unknown_phones().exceeded(client_address(request)):
            raise RateLimited
        user = active_user_by_phone(phone)
        is_new = user is None
        _count_code(phone)
        (limits.unknown_phones() if is_new else limits.known_phones()).record(client_address(request))
        if is_new:
            user = _joining_user(request, phone)
        login = Login(user=user, phone=phone)
        login.state["stages"] = {"current": LoginByCodeStage.key}
        stage = LoginByCodeStage(LoginStageController(request, login), request, login)
        stage.state.update(cls.initial_state(user=user, phone=phone))
        stage.state |= {"initiated_by_user": True, "id": secrets.token_urlsafe(12), "is_new": is_new}
        process = cls(stage=stage)
        process.send()
        process.persist()
        return process

    @classmethod
    def current(cls, stage: LoginStage) -> "SignIn | None":
        """Return the sign-in of `stage`, or None when its time is over."""
        return cls(stage=stage).abort_if_invalid()

    @property
    def phone(self) -> str:
        return str(self.state["phone"])

    def generate_code(self) -> str:
        code = new_code()
        self.state["code"] = self._digest(code)
        return code

    def send_by_phone(self, phone: str, skip_enumeration_mails: bool = False) -> None:
        code = self.generate_code()
        is_sent = take_from_organizations(self.user) and self.user is not None
        if is_sent:
            _SMS.send(phone, code)
        else:
            self.state["code"] = ""
            _SMS.send_nobody(phone, code)
        spend_sms(is_sent=is_sent)

    def resend(self) -> None:
        """Send a new code; the old one no longer fits. Raises `DomainError("too_many_codes")`."""
        _count_code(self.phone)
        self.state["at"] = timezone.now().timestamp()
        self.send(skip_enumeration_mails=True)
        self.record_resend()
        self.persist()

    def fits(self, code: str) -> bool:
        """Count a try and tell whether `code` is right. Raises `RateLimited` for an address of many failures."""
        address = client_address(self.request)
        if limits.failed_codes().exceeded(address):
            raise RateLimited
        tries = limits.tries_of_one_code()
        allowed = tries.record(self.state["id"]) <= tries.limit
        right = constant_time_compare(self._digest(code), self.state.get("code") or "-")
        if right and allowed and self.user is not None and not is_void(self.phone, float(self.state["at"])):
            return True
        limits.failed_codes().record(address)
        logger.info("a code did not fit: user %s", self.user.pk if self.user is not None else None)
        return False

    @property
    def used_up(self) -> bool:
        """Whether this sign-in has no tries left."""
        return limits.tries_of_one_code().exceeded(self.state["id"])

    def finish(self, redirect_url: str | None) -> HttpResponse:
        """Sign in (or go on to the second factor), and forget what was counted on the way."""
        limits.codes_sent().forget(self.phone)
        limits.codes_sent_today().forget(self.phone)
        limits.tries_of_one_code().forget(self.state["id"])
        give_back(self.user)
        if self.state["is_new"]:
            limits.unknown_phones().forgive(client_address(self.request))
        if not has_app(self.user):
            # The code is the best proof this person can give, so it opens the pages of safety for a while: whoever
            # lost the device with the passkey can remove it.
            record_authentication(self.request, self.user, method="code", reauthenticated=True)
        return super().finish(redirect_url)

    def _digest(self, code: str) -> str:
        value = f"{self.state['id']}:{self.phone}:{code}"
        return salted_hmac("accounts.sign_in.code", value, algorithm="sha256").hexdigest()


def _count_code(phone: str) -> None:
    check_sms("phone")
    text = _("Several codes were already asked for with this number. Please wait an hour and try again.")
    count_code(limits.codes_sent(), phone, "phone", text)
    today = _("Many codes were asked for with this number today. Please try again tomorrow, or sign in with a passkey.")
    count_code(limits.codes_sent_today(), phone, "phone", today)


def _joining_user(request: HttpRequest, phone: str) -> User | None:
    """A new user for somebody who came by a valid link; a number that was shut out stays out."""
    if not request.session.get(MAY_JOIN):
        return None
    user = ensure_user(phone)
    return user if user.is_active else None
