"""How many codes may leave by SMS in a day: each costs money, and a stranger's program costs most (ACC-1)."""

import logging

from django.conf import settings
from django.utils.translation import gettext as _

from accounts import limits
from common.errors import DomainError

logger = logging.getLogger(__name__)
_WARN_AT = 0.8
# One for the whole platform: whose code it is must not be seen from the answer.
_KEY = "platform"


def check_sms(field: str) -> None:
    """Raise `DomainError("sms_budget_spent")` when today's SMS are used up, whoever asks; `field` is the form's."""
    if limits.sms_of_today().exceeded(_KEY):
        text = _("No more codes can be sent by SMS today. Sign in with a passkey, or with the e-mail of a parent.")
        raise DomainError("sms_budget_spent", text, fields={field: text}, status=429)


def spend_sms(*, is_sent: bool = True) -> None:
    """Count one SMS with a code; `is_sent=False` does the same work for a number that nobody has.

    The operator's log is told once when four fifths of the day's budget are gone, and once at its end.
    """
    if not is_sent:
        limits.sms_not_sent().record(_KEY)
        return
    spent, most = limits.sms_of_today().record(_KEY), settings.SMS_CODES_PER_DAY
    if spent in (int(most * _WARN_AT), most):
        logger.warning("%s of %s SMS with codes are spent today (SMS_CODES_PER_DAY)", spent, most)
