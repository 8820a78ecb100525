"""The limit on guessing (INV-11), for pages and API together: failures are counted per network, successes never."""

from django.conf import settings

from common.network import network_of
from common.throttle import FailureLimit
from invitations import tokens
from invitations.selectors import Answer, Presented, present


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
    limit, network = failed_tokens(), network_of(address)
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
