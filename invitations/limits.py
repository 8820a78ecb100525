"""The limit on guessing (INV-11), for pages and API together: failures are counted per network, successes never."""

from django.conf import settings
from django.utils.translation import gettext as _

from common.errors import DomainError
from common.network import network_of
from common.throttle import FailureLimit
from invitations import tokens
from invitations.selectors import Answer, Presented, present


def failed_tokens() -> FailureLimit:
    """Tokens and codes that nobody was given, per network."""
    return FailureLimit("join_token", settings.FAILED_TOKENS_PER_ADDRESS_PER_HOUR)


def foreign_emails() -> FailureLimit:
    """E-mails typed beside a personal code that are not those of the child's parents, per code (INV-7)."""
    return FailureLimit("parents_email", 10)


def count_request(user_id: int, address: str) -> None:
    """Count one sent request; raises `DomainError("too_many_requests")` beyond the limits (INV-11).

    A whole school may stand behind one address on the first of September, a single human sends a few.
    """
    of_user, of_network = FailureLimit("join-requests", 10, seconds=86_400), FailureLimit("join-requests-from", 200)
    keys = ((of_user, str(user_id)), (of_network, network_of(address)))
    if any(limit.record(key) > limit.limit for limit, key in keys):
        text = _("Too many requests were sent. Please try again tomorrow or call the organization.")
        raise DomainError("too_many_requests", text, status=429)


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
