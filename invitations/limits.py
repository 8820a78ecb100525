"""The limit on guessing (INV-11): failures are counted per network, those that succeed never; pages and API together."""

from ipaddress import IPv6Address, ip_address

from django.conf import settings

from common.throttle import FailureLimit
from invitations.selectors import Answer, Presented, present

_HOME_BITS = 64


def failed_tokens() -> FailureLimit:
    """Tokens and codes that nobody was given, per network."""
    return FailureLimit("join_token", settings.FAILED_TOKENS_PER_ADDRESS_PER_HOUR)


def look_at(text: str, address: str) -> Presented | None:
    """Return what `text` stands for; None when too many tries from `address` were wrong within an hour."""
    limit, network = failed_tokens(), _network(address)
    if limit.exceeded(network):
        return None
    presented = present(text)
    if presented.answer is Answer.UNKNOWN:
        limit.record(network)
    return presented


def _network(text: str) -> str:
    """The address; of IPv6 its network, for one home has 2⁶⁴ addresses to change between."""
    try:
        address = ip_address(text)
    except ValueError:
        return text
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return str(int(address) >> (128 - _HOME_BITS))
    return text
