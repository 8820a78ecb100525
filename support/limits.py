"""Limits on calls from outside (SUP-1): refused in the same words, whatever was counted."""

from collections.abc import Iterable

from django.conf import settings
from django.utils.translation import gettext as _

from common.errors import DomainError
from common.network import network_of
from common.throttle import FailureLimit

_DAY = 24 * 3600


def check_call(address: str, contacts: Iterable[str]) -> None:
    """Count a call from `address` with these phone and e-mail; raises `DomainError` `help_too_many` (429)."""
    pairs = [
        (FailureLimit("help", settings.HELP_CALLS_PER_ADDRESS_PER_HOUR), network_of(address)),
        # A flood from many networks must not fill the table either.
        (FailureLimit("help_all", settings.HELP_CALLS_PER_HOUR), "all"),
    ]
    same = FailureLimit("help_same", settings.HELP_CALLS_PER_CONTACT_PER_DAY, _DAY)
    pairs += [(same, contact.lower()) for contact in contacts if contact]
    if any(limit.exceeded(key) for limit, key in pairs):
        message = _("Too many calls for help for now. Please try again later, or ask your school.")
        raise DomainError("help_too_many", message, status=429)
    for limit, key in pairs:
        limit.record(key)
