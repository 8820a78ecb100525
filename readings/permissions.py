"""Who may follow and direct a required reading: pure predicates. Making one is asked by the app it hangs on."""

from orgs.actor import Actor
from orgs.capabilities import Capability
from readings.models import Reading


def can_follow_readings(actor: Actor) -> bool:
    """Whether the register «Кто ознакомлен» concerns the actor at all: staff give things out to be read."""
    return actor.is_staff


def can_see_progress(actor: Actor, reading: Reading) -> bool:
    """See who has read it and who has not (CHAN-4): whoever gave it out, and the administration."""
    if reading.organization_id != actor.organization.pk:
        return False
    return actor.may(Capability.SEE_ALL_READINGS) or reading.created_by_id == actor.person.pk


def can_manage_reading(actor: Actor, reading: Reading) -> bool:
    """Remind, change the deadline, stop asking: whoever gave it out, and the administration."""
    return can_see_progress(actor, reading)


def can_note_on_paper(actor: Actor, reading: Reading) -> bool:
    """Note that somebody signed on paper: the administration, and whoever gave it out and collects the sheets."""
    return can_see_progress(actor, reading)
