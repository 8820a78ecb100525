"""Limits against flooding (REG-1): what comes too often is refused in the same words, whatever was counted."""

from collections.abc import Iterable

from django.conf import settings
from django.utils.translation import gettext as _

from common.errors import DomainError
from common.network import network_of
from common.throttle import FailureLimit

_DAY = 24 * 3600


def applications_of_network() -> FailureLimit:
    """Applications sent from one network within an hour."""
    return FailureLimit("registration", settings.APPLICATIONS_PER_ADDRESS_PER_HOUR)


def applications_of_contact() -> FailureLimit:
    """Applications with the same phone, e-mail or INN within a day."""
    return FailureLimit("registration_same", settings.APPLICATIONS_PER_CONTACT_PER_DAY, _DAY)


def orders_of_network() -> FailureLimit:
    """Orders uploaded from one network within an hour, whatever became of the form."""
    return FailureLimit("registration_orders", settings.ORDERS_PER_ADDRESS_PER_HOUR)


def failed_tokens() -> FailureLimit:
    """Addresses of applications that nobody was given, per network."""
    return FailureLimit("registration_token", settings.FAILED_TOKENS_PER_ADDRESS_PER_HOUR)


def check_order(address: str) -> None:
    """Count an uploaded order; raises `DomainError` `orders_too_many` (429)."""
    limit, network = orders_of_network(), network_of(address)
    if limit.exceeded(network):
        message = _("Too many files were sent from here within an hour. Please try again later.")
        raise DomainError("orders_too_many", message, fields={"order": message}, status=429)
    limit.record(network)


def check_application(address: str, contacts: Iterable[str]) -> None:
    """Count an application; raises `DomainError` `applications_too_many` (429).

    The sentence is the same for the network, the phone, the e-mail and the INN: it tells nothing about others.
    """
    pairs = [(applications_of_network(), network_of(address))]
    pairs += [(applications_of_contact(), contact) for contact in contacts if contact]
    if any(limit.exceeded(key) for limit, key in pairs):
        message = _("Too many applications for now. Please try again tomorrow, or write to the platform's operator.")
        raise DomainError("applications_too_many", message, status=429)
    for limit, key in pairs:
        limit.record(key)
