"""Chats that exist by themselves: made when the organization switches them on, for new units at once (CHAT-1)."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chats import live
from chats.models import SYSTEM_TEMPLATES, UNIT_TEMPLATES, Chat, ChatAudience, ChatRules, Template
from chats.selectors.rules import Group, Reach
from chats.services.chats import MOST_DAYS
from common.errors import DomainError
from orgs.actor import Actor
from orgs.audit import Action, Deed, record
from orgs.models import Audience, Organization, Unit, UnitKind

# Whom each system chat is for. Students are never among themselves: the unit's staff are in.
CIRCLES: Mapping[str, tuple[Audience, ...]] = {
    Template.GENERAL: (Audience.EVERYONE,),
    Template.UNIT_STUDENTS: (Audience.STUDENTS, Audience.STAFF),
    Template.UNIT_PARENTS: (Audience.PARENTS, Audience.LEADERS),
    Template.UNIT_STAFF: (Audience.STAFF,),
}
MOST_EDIT_MINUTES = 7 * 24 * 60


def switch_on(*, organization: Organization, templates: Collection[str]) -> None:
    """Let the system chats of `templates` exist, all others of the system rest in the archive with their messages.

    A constant number of statements whatever the number of units.
    """
    now = timezone.now()
    system = Chat.objects.filter(organization=organization, template__in=SYSTEM_TEMPLATES)
    system.filter(template__in=templates).update(archived_at=None)
    system.exclude(template__in=templates).filter(archived_at=None).update(archived_at=now)
    wanted = [template for template in UNIT_TEMPLATES if template in templates]
    units = Unit.objects.filter(organization=organization).exclude(kind=UnitKind.STAFF)
    have = set(system.values_list("template", "unit_id"))
    missing: list[tuple[Template, Unit | None]] = [
        (t, unit) for t in wanted for unit in units if (t, unit.pk) not in have
    ]
    if Template.GENERAL in templates and (Template.GENERAL, None) not in have:
        missing.append((Template.GENERAL, None))
    _make(organization, missing)


def _make(organization: Organization, wanted: Sequence[tuple[Template, Unit | None]]) -> None:
    chats = Chat.objects.bulk_create(
        Chat(organization=organization, template=template, unit=unit, shows_readers=unit is not None)
        for template, unit in wanted
    )
    ChatAudience.objects.bulk_create(
        ChatAudience(organization=organization, chat=chat, audience=audience, unit_id=chat.unit_id)
        for chat in chats
        for audience in CIRCLES[chat.template]
    )


def make_unit_chats(organization: Organization, units: Sequence[Unit]) -> None:
    """Listener of `orgs.units_created`: a new class has its chats from the start."""
    # Asked anew: the caller's object may remember that there were no rules yet.
    chosen = ChatRules.objects.filter(organization=organization).first()
    on = chosen.switched_on if chosen is not None else []
    teaching = [unit for unit in units if not unit.is_staff_unit]
    _make(organization, [(t, unit) for t in UNIT_TEMPLATES if t in on for unit in teaching])


RULES = (
    "switched_on",
    "contacts",
    "safe_mode",
    "quiet_from",
    "quiet_until",
    "edit_minutes",
    "retention_days",
)


@transaction.atomic
def change_rules(*, actor: Actor, rules: Mapping[str, Any]) -> ChatRules:
    """Change the organization's rules for its chats (names of `RULES`, those not given stay) and return them.

    Raises `DomainError`: `quiet_hours_half`, `rules_unknown_template`, `rules_unknown_reach`, `retention_out_of_range`,
    `edit_minutes_out_of_range` (400).
    """
    Organization.objects.select_for_update().get(pk=actor.organization.pk)
    row = ChatRules.objects.filter(organization=actor.organization).first()
    row = row or ChatRules(organization=actor.organization)
    changed = [name for name in RULES if name in rules and getattr(row, name) != rules[name]]
    for name in changed:
        setattr(row, name, rules[name])
    _check(row)
    if not changed:
        return row
    row.save()
    if "switched_on" in changed:
        switch_on(organization=actor.organization, templates=row.switched_on)
        live.organization_changed(actor.organization.pk)
    names = ", ".join(str(ChatRules._meta.get_field(name).verbose_name) for name in changed)  # type: ignore[union-attr]
    record(actor.organization, actor, [Deed(Action.CHATS_SETTINGS_CHANGED, details={"rules": names})])
    return row


def _check(row: ChatRules) -> None:
    if (row.quiet_from is None) != (row.quiet_until is None):
        raise _refused("quiet_hours_half", "quiet_until", _("Give both the beginning and the end of the quiet hours."))
    if not set(row.switched_on) <= set(SYSTEM_TEMPLATES):
        raise _refused("rules_unknown_template", "switched_on", _("There is no such kind of chat."))
    # The administration belongs to no unit.
    known = all(
        group in set(Group)
        and target in set(Group)
        and how_far in set(Reach)
        and (target, how_far) != (Group.ADMINISTRATION, Reach.OWN_UNITS)
        for group, targets in row.contacts.items()
        for target, how_far in targets.items()
    )
    if not known:
        raise _refused("rules_unknown_reach", "contacts", _("There is no such rule."))
    if row.retention_days is not None and not 1 <= row.retention_days <= MOST_DAYS:
        raise _refused("retention_out_of_range", "retention_days", _("From 1 day to 10 years."))
    if not 0 <= row.edit_minutes <= MOST_EDIT_MINUTES:
        raise _refused("edit_minutes_out_of_range", "edit_minutes", _("From 0 minutes to 7 days."))


def _refused(code: str, field: str, message: str) -> DomainError:
    return DomainError(code, message, fields={field: message}, status=400)
