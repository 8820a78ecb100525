"""Who is at the other end of the wire."""

from ipaddress import IPv6Address, ip_address

from django.conf import settings
from django.http import HttpRequest

_HOME_BITS = 64


def client_address(request: HttpRequest) -> str:
    """Return the client's IP address, believing exactly `TRUSTED_PROXY_COUNT` proxies in front of us."""
    count = settings.TRUSTED_PROXY_COUNT
    forwarded = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    if count and len(forwarded) >= count:
        return forwarded[-count]
    return request.META.get("REMOTE_ADDR", "")


def network_of(address: str) -> str:
    """Return whose tries are counted together: the address; of IPv6 its network, for one home has 2⁶⁴ addresses."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv6Address) and found.ipv4_mapped is None:
        return str(int(found) >> (128 - _HOME_BITS))
    return address
