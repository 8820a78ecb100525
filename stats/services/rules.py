"""Changing what an organization wants of its statistics (STAT-1, STAT-5). Who may is asked before
(`orgs.permissions.can_grant_statistics`)."""

from django.db import transaction

from orgs.actor import Actor
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
    see the statistics by their role (STAT-1)."""
    raise NotImplementedError


@transaction.atomic
def set_norm(*, actor: Actor, figure: str, percent: int, is_on: bool) -> Norm:
    """Set the norm of `figure` (a key of `NORM_TEMPLATES`) to at least `percent` and switch it on or off.

    Raise `DomainError` `norm_unknown` for other figures and `percent_out_of_range` outside 1 to 100."""
    raise NotImplementedError
