"""How many days things are kept (152-ФЗ). docs/personal-data.md says by which job they go."""

from __future__ import annotations

from environ import Env, ImproperlyConfigured


def days(env: Env) -> dict[str, int]:
    """Return the settings `KEEP_…_DAYS`; none may be less than a day."""
    found = {
        # Whom a letter or an SMS went to; that it was sent, for the figures of two school years.
        "KEEP_LETTER_ADDRESSES_DAYS": env.int("KEEP_LETTER_ADDRESSES_DAYS", default=90),
        "KEEP_LETTERS_DAYS": env.int("KEEP_LETTERS_DAYS", default=730),
        # A push that has left says nothing to anybody any more, and a lively school writes thousands a day.
        "KEEP_PUSHES_DAYS": env.int("KEEP_PUSHES_DAYS", default=7),
        "KEEP_FAILING_DEVICES_DAYS": env.int("KEEP_FAILING_DEVICES_DAYS", default=30),
        "KEEP_CLAIMS_DAYS": env.int("KEEP_CLAIMS_DAYS", default=365),
        "KEEP_JOIN_REQUESTS_DAYS": env.int("KEEP_JOIN_REQUESTS_DAYS", default=365),
        "KEEP_APPLICATIONS_DAYS": env.int("KEEP_APPLICATIONS_DAYS", default=365),
        # Closed requests for help; calls from outside go sooner: nobody knows who wrote them.
        "KEEP_HELP_REQUESTS_DAYS": env.int("KEEP_HELP_REQUESTS_DAYS", default=1095),
        "KEEP_HELP_CALLS_DAYS": env.int("KEEP_HELP_CALLS_DAYS", default=180),
        "KEEP_LEDGERS_DAYS": env.int("KEEP_LEDGERS_DAYS", default=7),
        "KEEP_REPORTED_WORDS_DAYS": env.int("KEEP_REPORTED_WORDS_DAYS", default=180),
        "KEEP_MEMBER_STATES_DAYS": env.int("KEEP_MEMBER_STATES_DAYS", default=180),
        "KEEP_ACTIVITY_DAYS": env.int("KEEP_ACTIVITY_DAYS", default=1096),
        "KEEP_OPERATOR_LOG_DAYS": env.int("KEEP_OPERATOR_LOG_DAYS", default=1096),
        "KEEP_ORPHANED_FILES_DAYS": env.int("KEEP_ORPHANED_FILES_DAYS", default=7),
    }
    for name, value in found.items():
        if value < 1:
            raise ImproperlyConfigured(f"{name} must be at least 1")
    return found
