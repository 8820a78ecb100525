"""Changing what an organization wants of its statistics (STAT-1, STAT-5). Who may is asked before: norms and rules
`stats.permissions.can_set_norms`, what administrators see `orgs.permissions.can_grant_statistics`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from common.errors import DomainError
from orgs.actor import Actor
from orgs.audit import Action, Deed, record
from orgs.models import Organization
from orgs.services.organization import let_administrators_see_statistics
from stats.catalogue import BY_KEY, NORM_TEMPLATES
from stats.models import Norm, StatsRules


@transaction.atomic
def set_rules(
    *,
    actor: Actor,
    weekly_letter: bool | None = None,
    without_doubtful: bool | None = None,
    administrators_see: bool | None = None,
) -> StatsRules:
    """Change the organization's choices; None leaves one as it is. `administrators_see` says whether administrators
    see the statistics by their role (STAT-1). Saying the same again changes nothing and writes no line."""
    organization = _locked(actor)
    if administrators_see is not None:
        let_administrators_see_statistics(actor=actor, is_on=administrators_see)
    rules = StatsRules.objects.filter(organization=organization).first() or StatsRules(organization=organization)
    wanted = {"weekly_letter": weekly_letter, "without_doubtful": without_doubtful}
    changed = {name: value for name, value in wanted.items() if value is not None and value != getattr(rules, name)}
    if changed:
        for name, value in changed.items():
            setattr(rules, name, value)
        rules.save()
        _note(actor, Action.STATISTICS_RULES_CHANGED, rules=_in_words(changed))
    return rules


@transaction.atomic
def set_norm(*, actor: Actor, figure: str, percent: int, is_on: bool) -> Norm:
    """Set the norm of `figure` (a key of `NORM_TEMPLATES`) to at least `percent` and switch it on or off.

    Raise `DomainError` `norm_unknown` for other figures and `percent_out_of_range` outside 1 to 100. Saying the same
    again changes nothing and writes no line."""
    if figure not in NORM_TEMPLATES:
        raise DomainError("norm_unknown", _("There is no norm for this figure."), status=400)
    if not 1 <= percent <= 100:
        message = _("A norm is from 1 to 100 per cent.")
        fields = {"percent": message, f"percent_{figure}": message}
        raise DomainError("percent_out_of_range", message, fields=fields, status=400)
    organization = _locked(actor)
    norm = Norm.objects.filter(organization=organization, figure=figure).first()
    before = (norm.percent, norm.is_on) if norm else (NORM_TEMPLATES[figure], False)
    norm = norm or Norm(organization=organization, figure=figure)
    if (percent, is_on) != before:
        norm.percent, norm.is_on = percent, is_on
        norm.save()
        action = Action.NORM_SET if is_on else Action.NORM_SWITCHED_OFF
        _note(actor, action, figure=_name_of(figure), key=figure, percent=percent)
    return norm


def _locked(actor: Actor) -> Organization:
    """Two at once would both make the row."""
    return Organization.objects.select_for_update(no_key=True).get(pk=actor.organization.pk)


def _in_words(changed: Mapping[str, bool]) -> str:
    """«еженедельное письмо руководителю — нет», in the language of the journal."""
    with translation.override(settings.LANGUAGE_CODE):
        names = {name: str(StatsRules._meta.get_field(name).verbose_name) for name in changed}  # type: ignore[union-attr]
        return ", ".join(f"{names[name]} — {_('yes') if value else _('no')}" for name, value in changed.items())


def _name_of(figure: str) -> str:
    with translation.override(settings.LANGUAGE_CODE):
        return str(BY_KEY[figure].name)


def _note(actor: Actor, action: Action, **details: Any) -> None:
    record(actor.organization, actor, [Deed(action, details=details)])
