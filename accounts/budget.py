"""How many codes may leave by SMS in a day: each costs money, and a stranger's program costs most (ACC-1)."""

import logging

from django.conf import settings
from django.utils.translation import gettext as _

from accounts import limits
from accounts.models import User
from accounts.places import organizations_of
from common.errors import DomainError

logger = logging.getLogger(__name__)
_WARN_AT = 0.8
# One for the whole platform: whose code it is must not be seen from the answer.
_KEY = "platform"
_NOWHERE = 0


def check_sms(field: str) -> None:
    """Raise `DomainError("sms_budget_spent")` when today's SMS are used up, whoever asks; `field` is the form's."""
    if limits.sms_of_today().exceeded(_KEY):
        text = _("No more codes can be sent by SMS today. Sign in with a passkey, or with the e-mail of a parent.")
        raise DomainError("sms_budget_spent", text, fields={field: text}, status=429)


def take_from_organizations(user: User | None) -> bool:
    """Count a code for `user` (None: for nobody, with the same work) and tell whether it may leave by SMS.

    It may as long as one of the user's organizations has something left; whoever belongs to none is the platform's
    matter. The answer at the door stays the same, or it would tell whose number it is; the log tells the operator.
    """
    found = organizations_of(user.pk if user is not None else 0)
    limit = limits.sms_of_organization()
    spent = {key: limit.record(str(key)) for key in found or [_NOWHERE]}
    for key in found:
        if spent[key] == limit.limit + 1:
            logger.warning(
                "organization %s: %s SMS with codes were asked for today and not typed back, no more leave "
                "(SMS_CODES_PER_ORGANIZATION_PER_DAY)",
                key,
                limit.limit,
            )
    return not found or min(spent.values()) <= limit.limit


def give_back(user: User) -> None:
    """A code of `user` was typed back: it counts for nothing."""
    for key in organizations_of(user.pk):
        limits.sms_of_organization().forgive(str(key))


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
