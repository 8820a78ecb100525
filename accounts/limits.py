"""What is counted against guessing at the door. A sign-in that succeeds counts nothing (ACC-1)."""

from django.conf import settings

from common.throttle import FailureLimit


def failed_codes() -> FailureLimit:
    """Wrong codes, per address."""
    return FailureLimit("codes", settings.FAILED_CODES_PER_ADDRESS_PER_HOUR)


def tries_of_one_code() -> FailureLimit:
    """Tries of one sign-in, per sign-in. Not in the session: parallel requests would each see the old count there."""
    return FailureLimit("tries", settings.ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS, seconds=86_400)


def codes_sent() -> FailureLimit:
    """Codes asked for and not typed back, per phone — known or not, so that the limit tells nothing."""
    return FailureLimit("codes-sent", settings.CODES_PER_PHONE_PER_HOUR)


def unknown_phones() -> FailureLimit:
    """Numbers that nobody has and that were not confirmed, per address."""
    return FailureLimit("unknown-phones", settings.UNKNOWN_PHONES_PER_ADDRESS_PER_HOUR)
