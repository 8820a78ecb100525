"""Who may do what with the statistics beyond seeing them; who sees stands in `orgs.permissions` (STAT-1)."""

from orgs.actor import Actor
from orgs.permissions import can_see_people_of_statistics, can_see_statistics


def can_remind(actor: Actor) -> bool:
    """Send «Напомнить» to the people behind a figure: who may see them by name (STAT-6)."""
    return can_see_people_of_statistics(actor)


def can_set_norms(actor: Actor) -> bool:
    """Change norms and rules: the head, and administrators who see the statistics (STAT-5)."""
    return can_see_statistics(actor) and (actor.is_head or actor.is_administrator)
