"""The limit on guessing codes (INV-11): failures are counted per network, successes never."""

from ipaddress import IPv6Address, ip_address

from django.conf import settings
from django.http import HttpRequest

from common.network import client_address
from common.throttle import FailureLimit

_HOME_BITS = 64


def too_many(request: HttpRequest) -> bool:
    """Tell whether too many codes from this network were wrong within an hour."""
    return _limit().exceeded(_network(request))


def record_failure(request: HttpRequest) -> int:
    """Count one failure and return how many there are."""
    return _limit().record(_network(request))


def _limit() -> FailureLimit:
    return FailureLimit("join_token", settings.FAILED_TOKENS_PER_ADDRESS_PER_HOUR)


def _network(request: HttpRequest) -> str:
    """The address; of IPv6 its network, for one home has 2⁶⁴ addresses to change between."""
    text = client_address(request)
    try:
        address = ip_address(text)
    except ValueError:
        return text
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return str(int(address) >> (128 - _HOME_BITS))
    return text
