"""A new phone or e-mail on its way: a code is sent to it, and typed back (ACC-2).

The same protections as at the door: the code lies in the session as a keyed hash and leaves through the outbox; tries
and codes are counted. An address that somebody else has gets a code all the same: who has which number tells nobody.
"""

import secrets
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from accounts import limits
from accounts.budget import check_sms, spend_sms
from accounts.codes import Carrier, count_code, new_code
from accounts.models import User
from accounts.services.contacts import change_phone, set_email
from common.errors import DomainError
from outbox.models import Channel

_UNDER_WAY = "contact_change"
_CARRIERS = {"phone": Carrier(Channel.SMS, "contact_code"), "email": Carrier(Channel.EMAIL, "contact_code")}


@dataclass(frozen=True)
class Pending:
    """What is being changed (`phone` or `email`), and to what."""

    kind: str
    value: str


def begin(request: HttpRequest, user: User, kind: str, value: str) -> None:
    """Send a code to the new `value`. Raises `DomainError("too_many_codes")`."""
    text = _("Several codes were already asked for. Please wait an hour and try again.")
    count_code(limits.contact_changes(), str(user.pk), kind, text)
    counted = limits.codes_sent() if kind == "phone" else limits.codes_mailed()
    count_code(counted, value, kind, text)
    if kind == "phone":
        check_sms(kind)
        spend_sms()
    code, key = new_code(), secrets.token_urlsafe(12)
    request.session[_UNDER_WAY] = {
        "kind": kind,
        "value": value,
        "id": key,
        "at": timezone.now().timestamp(),
        "code": _digest(key, value, code),
    }
    _CARRIERS[kind].send(value, code)


def pending(request: HttpRequest) -> Pending | None:
    """Return what waits for its code here; None when nothing does, or its time is over."""
    state = request.session.get(_UNDER_WAY)
    if not isinstance(state, dict):
        return None
    if timezone.now().timestamp() - state["at"] > settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT:
        return None
    return Pending(state["kind"], state["value"])


def confirm(request: HttpRequest, user: User, code: str) -> Pending:
    """Take the code and make the change. Raises `DomainError`: `expired`, `tries`, `code_wrong`, the change's."""
    found, state = pending(request), request.session.get(_UNDER_WAY) or {}
    if found is None:
        raise DomainError("expired", _("The time of the code is over. Ask for another one."))
    tries = limits.tries_of_one_code()
    if tries.record(state["id"]) > tries.limit:
        request.session.pop(_UNDER_WAY, None)
        raise DomainError("tries", _("Too many tries. Ask for another code."))
    if not constant_time_compare(_digest(state["id"], found.value, code), state["code"]):
        text = _("This code does not fit. Please look again.")
        raise DomainError("code_wrong", text, fields={"code": text})
    request.session.pop(_UNDER_WAY, None)
    if found.kind == "phone":
        change_phone(user, found.value)
    else:
        set_email(user, found.value)
    return found


def _digest(key: str, value: str, code: str) -> str:
    return salted_hmac("accounts.contact_change.code", f"{key}:{value}:{code}", algorithm="sha256").hexdigest()
