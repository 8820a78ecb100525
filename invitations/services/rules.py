"""The organization's rules for those who come by themselves (INV-6, INV-9)."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import DomainError
from invitations.models import JoinRules, StaffReview
from orgs.actor import Actor
from orgs.audit import Action, Deed, record

RULES = ("is_open", "staff_review", "days_until_stale")
DAYS = range(3, 91)


@transaction.atomic
def change_join_rules(*, actor: Actor, rules: Mapping[str, Any]) -> JoinRules:
    """Change some of `RULES`; what did not change is not written into the journal.

    Raises `DomainError("bad_rules")` for a value that makes no sense.
    """
    found, _is_new = JoinRules.objects.select_for_update().get_or_create(organization=actor.organization)
    changed = [name for name in RULES if name in rules and getattr(found, name) != rules[name]]
    for name in changed:
        setattr(found, name, rules[name])
    if found.days_until_stale not in DAYS or found.staff_review not in StaffReview.values:
        text = _("From %(least)s to %(most)s days.") % {"least": DAYS.start, "most": DAYS.stop - 1}
        raise DomainError("bad_rules", text, fields={"days_until_stale": text}, status=400)
    if changed:
        found.save(update_fields=changed)
        record(actor.organization, actor, [Deed(Action.JOIN_RULES_CHANGED, details={"fields": changed})])
    return found
