"""What becomes of links when the school year changes (ORG-9)."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone

from invitations.models import Invitation, JoinRequest, RequestState, State
from orgs.models import Organization, Unit
from works.services.ledger import Ledger


def hold_links(organization: Organization) -> None:
    """Listener of `movement.year_begins`: lock the working links before the units are.

    Whoever joins locks the link first and the unit second; in the same order nobody waits for the other for ever.
    """
    working = Invitation.objects.filter(organization=organization).in_state(State.ACTIVE, timezone.now())
    list(working.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))


def follow_units(
    organization: Organization,
    pairs: Sequence[tuple[Unit, Unit]],
    merged: Sequence[tuple[Unit, Unit]],
    closed: Sequence[Unit],
    elsewhere: Mapping[int, Unit],
    ledger: Ledger,
) -> None:
    """Listener of `movement.units_continued`: working links lead into the new unit, so that codes already handed out
    go on working; those of units that nothing follows are annulled.

    `elsewhere`: students (by id) who go apart from their unit; their own codes and their families' go with them.
    """
    new_of = {old.pk: new.pk for old, new in [*pairs, *merged]}
    now = timezone.now()
    working = Invitation.objects.filter(organization=organization).in_state(State.ACTIVE, now)
    old = {*new_of, *(unit.pk for unit in closed)}
    links = list(working.filter(unit_id__in=old))
    columns: dict[int, dict[str, Any]] = {}
    for link in links:
        apart = elsewhere.get(link.person_id or link.student_id or 0)
        unit_id = apart.pk if apart is not None else new_of.get(link.unit_id)
        columns[link.pk] = {"unit_id": unit_id} if unit_id is not None else {"revoked_at": now}
    ledger.change(links, columns)
    # Who asked to be let into the old unit is let into the new one.
    pending = JoinRequest.objects.filter(organization=organization, state=RequestState.PENDING)
    requests = list(pending.filter(unit_id__in=new_of))
    ledger.change(requests, {row.pk: {"unit_id": new_of[row.unit_id or 0]} for row in requests})
