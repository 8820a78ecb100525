"""Accepting the rules of use (ACC-5)."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import RulesAcceptance, User
from common.errors import DomainError


@transaction.atomic
def accept_rules(user: User, version: str) -> None:
    """Record that `user` accepted the rules of `version`; a second time changes nothing (ACC-5).

    Raises `DomainError("rules_changed")` when another version is in force by now: nobody accepts what was not shown.
    """
    if version != settings.RULES_VERSION:
        raise DomainError("rules_changed", _("The rules have changed meanwhile. Please read them once more."))
    RulesAcceptance.objects.get_or_create(user=user, version=version, defaults={"accepted_at": timezone.now()})
    User.objects.filter(pk=user.pk).update(rules_version=version)
    user.rules_version = version
