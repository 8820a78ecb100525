"""The journal of the past month, told from what exists: every row has the event that brought it about (ORG-12)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from orgs.audit import Action, Deed, Order, event_of
from orgs.models import AuditEvent, Person
from sferum_admin.demo.links import Links
from sferum_admin.demo.people import BATCH, Cast


@dataclass(frozen=True)
class Happening:
    """A deed with its moment and the one who did it (None: the platform)."""

    at: datetime
    actor: Person | None
    deed: Deed


def write(cast: Cast, links: Links) -> None:
    """Write the organization's journal in the order of time: newest has the greatest id, as in life."""
    happenings = [
        *_beginning(cast),
        *_roster(cast),
        *_parts(cast),
        *_families(cast),
        *_links(cast, links),
        *_handovers(cast),
        *_rights(cast),
    ]
    happenings.sort(key=lambda happening: happening.at)
    events = []
    for happening in happenings:
        event = event_of(cast.organization, happening.actor, happening.deed)
        event.at = happening.at
        events.append(event)
    AuditEvent.objects.bulk_create(events, batch_size=BATCH)


def _by_administrator(cast: Cast, at: datetime, deed: Deed) -> Happening:
    return Happening(at, cast.administrator_at(at), deed)


def _beginning(cast: Cast) -> Iterator[Happening]:
    created = cast.organization.created_at
    yield Happening(created, None, Deed(Action.ORGANIZATION_CREATED))
    details = {"fields": ["address", "phone", "email", "site"]}
    yield _by_administrator(cast, created + timedelta(minutes=15), Deed(Action.ORGANIZATION_CHANGED, details=details))
    for unit in cast.all_units:
        yield _by_administrator(cast, unit.created_at, Deed(Action.UNIT_CREATED, unit=unit))
        if unit.archived_at is not None:
            yield _by_administrator(cast, unit.archived_at, Deed(Action.UNIT_ARCHIVED, unit=unit))


def _roster(cast: Cast) -> Iterator[Happening]:
    for person in cast.people:
        if person.created_at > cast.organization.created_at:
            yield _by_administrator(cast, person.created_at, Deed(Action.PERSON_ADDED, person))
    for held in cast.roles:
        details = {"role": str(held.role)}
        granted = Deed(Action.ROLE_GRANTED, held.person, details=details)
        if held.since == cast.organization.created_at:
            yield Happening(held.since, None, granted)
        else:
            yield _by_administrator(cast, held.since, granted)
        if held.until is not None:
            yield _by_administrator(cast, held.until, Deed(Action.ROLE_ENDED, held.person, details=details))


def _parts(cast: Cast) -> Iterator[Happening]:
    """Enrolments and their ends; the staff unit follows the roles without words of its own."""
    orders = {row.pk: order for row, order in cast.endings}
    for row in cast.enrolments:
        if row.unit is cast.staff_unit:
            continue
        details = {"part": str(row.part)}
        deed = Deed(Action.ENROLLED, row.person, row.unit, Order(row.order_number, row.order_date), details)
        at = row.person.created_at if row.since == cast.first_day else _noon_of(cast, row.since)
        yield _by_administrator(cast, at + timedelta(minutes=1), deed)
        if row.until is not None:
            ended = Deed(Action.ENROLMENT_ENDED, row.person, row.unit, orders[row.pk], details)
            yield _by_administrator(cast, _noon_of(cast, row.until), ended)


def _noon_of(cast: Cast, day: date) -> datetime:
    return datetime.combine(day, time(11), tzinfo=cast.clock.zone)


def _families(cast: Cast) -> Iterator[Happening]:
    for tie in cast.ties:
        deed = Deed(Action.PARENT_TIED, tie.parent, details={"other": tie.child.full_name})
        yield _by_administrator(cast, tie.since + timedelta(minutes=1), deed)


def _links(cast: Cast, links: Links) -> Iterator[Happening]:
    for link in links.invitations:
        about = link.person or link.student
        number = {"number": link.pk}
        made = Deed(Action.INVITATION_CREATED, about, link.unit, details=number | {"role": str(link.role)})
        yield Happening(link.created_at, links.creator_of(link), made)
        if link.expiry_recorded_at is not None:
            expired = Deed(Action.INVITATION_EXPIRED, unit=link.unit, details=number)
            yield Happening(link.expiry_recorded_at, None, expired)
        if link.revoked_at is not None:
            revoked = Deed(Action.INVITATION_REVOKED, about, link.unit, details=number)
            yield _by_administrator(cast, link.revoked_at, revoked)
    for use in links.uses:
        joined = Deed(Action.PERSON_JOINED, use.person, use.invitation.unit, details={"number": use.invitation.pk})
        yield Happening(use.at, use.person, joined)
    for at, count in links.sent.items():
        yield _by_administrator(cast, at, Deed(Action.INVITATIONS_SENT, details={"count": count}))


def _handovers(cast: Cast) -> Iterator[Happening]:
    for offer in cast.handovers:
        yield Happening(offer.created_at, offer.from_person, Deed(Action.HANDOVER_OFFERED, offer.to_person))
        if offer.accepted_at is not None:
            accepted = Deed(Action.HANDOVER_ACCEPTED, offer.to_person)
            yield Happening(offer.accepted_at, offer.to_person, accepted)


def _rights(cast: Cast) -> Iterator[Happening]:
    for at, person, codename, unit in cast.rights:
        yield _by_administrator(cast, at, Deed(Action.RIGHT_GRANTED, person, unit, details={"right": codename}))
