"""The limit on guessing (INV-11), for pages and API together: failures are counted per network, successes never."""

from ipaddress import IPv6Address, ip_address

from django.conf import settings

from common.throttle import FailureLimit
from invitations import tokens
from invitations.selectors import Answer, Presented, present

_HOME_BITS = 64


def failed_tokens() -> FailureLimit:
    """Tokens and codes that nobody was given, per network."""
    return FailureLimit("join_token", settings.FAILED_TOKENS_PER_ADDRESS_PER_HOUR)


def look_at(text: str, address: str) -> Presented | None:
    """Return what `text` stands for; None when too many tries from `address` were wrong within an hour.

    What could never be genuine is no guess and counts nothing; beyond the limit typed codes are not even looked at,
    and a genuine token still opens: it is too long to guess.
    """
    claim = tokens.read(text)
    if claim is None:
        return Presented(Answer.UNKNOWN)
    limit, network = failed_tokens(), _network(address)
    is_exceeded = limit.exceeded(network)
    if is_exceeded and claim.purpose == "code":
        return None
    presented = present(text)
    if presented.answer is not Answer.UNKNOWN:
        return presented
    if is_exceeded:
        return None
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
