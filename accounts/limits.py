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


def codes_sent_today() -> FailureLimit:
    """The same in a day: whoever waits out each hour rings at night all the same."""
    return FailureLimit("codes-sent-day", settings.CODES_PER_PHONE_PER_DAY, seconds=86_400)


def sms_of_today() -> FailureLimit:
    """SMS with codes that left, of the whole platform (accounts.budget)."""
    return FailureLimit("sms", settings.SMS_CODES_PER_DAY, seconds=86_400)


def sms_of_organization() -> FailureLimit:
    """SMS with codes that left and were not typed back, per organization (accounts.budget)."""
    return FailureLimit("sms-organization", settings.SMS_CODES_PER_ORGANIZATION_PER_DAY, seconds=86_400)


def sms_not_sent() -> FailureLimit:
    """The same work for numbers that nobody has; nothing is asked of it."""
    return FailureLimit("sms-not-sent", settings.SMS_CODES_PER_DAY, seconds=86_400)


def codes_mailed() -> FailureLimit:
    """Codes asked for and not typed back, per e-mail of a parent — known or not (INV-7)."""
    return FailureLimit("codes-mailed", settings.CODES_PER_PHONE_PER_HOUR)


def hacked() -> FailureLimit:
    """How often a day an account is reported as broken into (ACC-3)."""
    return FailureLimit("hacked", 5, seconds=86_400)


def contact_changes() -> FailureLimit:
    """Codes asked for a new phone or e-mail, per user."""
    return FailureLimit("contact-changes", settings.CODES_PER_PHONE_PER_HOUR)


def exports() -> FailureLimit:
    """Archives of one's data asked for, per user."""
    return FailureLimit("exports", 3, seconds=86_400)


def unknown_phones() -> FailureLimit:
    """Numbers and parents' e-mails that nobody has and that were not confirmed, per address."""
    return FailureLimit("unknown-phones", settings.UNKNOWN_PHONES_PER_ADDRESS_PER_HOUR)


def known_phones() -> FailureLimit:
    """The same work for numbers that somebody has; nothing is asked of it."""
    return FailureLimit("known-phones", settings.UNKNOWN_PHONES_PER_ADDRESS_PER_HOUR)
