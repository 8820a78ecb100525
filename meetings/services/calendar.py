"""The secret address of one's own calendar (CHAN-6)."""

from django.db import transaction
from django.db.models import F

from meetings.models import CalendarAddress
from orgs.actor import Actor


def calendar_address(*, actor: Actor) -> CalendarAddress:
    """Return the actor's address, made when first asked for; one statement afterwards."""
    address, _is_new = CalendarAddress.objects.get_or_create(
        person=actor.person, defaults={"organization": actor.organization}
    )
    return address


@transaction.atomic
def renew_address(*, actor: Actor) -> CalendarAddress:
    """Give the actor a new address and return it; the old one opens nothing any more, at once."""
    address = calendar_address(actor=actor)
    CalendarAddress.objects.filter(pk=address.pk).update(generation=F("generation") + 1, read_at=None)
    address.refresh_from_db()
    return address
