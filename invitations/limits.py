"""What is counted against guessing of links: tries that fail, per address; joins are never limited (INV-11)."""

from django.conf import settings

from common.throttle import FailureLimit


def failed_tokens() -> FailureLimit:
    """Tokens and codes that nobody was given, per address; pages and API count together."""
    return FailureLimit("tokens", settings.FAILED_TOKENS_PER_ADDRESS_PER_HOUR)
