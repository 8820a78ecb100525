"""Who may stop and undo long work. Forbidden is 403; what is not seen at all is 404 by the selector."""

from orgs.actor import Actor
from works.kinds import kind_of
from works.models import Work


def can_steer(actor: Actor, work: Work) -> bool:
    """Call a work off, undo it: whoever could have begun it."""
    return kind_of(work.kind).can_start(actor)
