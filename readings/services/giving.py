"""Giving something out to be read, renewing it, taking it back.

Called by the floors above in their own transactions: whether the actor may do so with the post or the document at hand
they ask themselves.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from common.errors import DomainError
from common.jobs import enqueue
from orgs.actor import Actor
from orgs.audit import Action, Deed, record
from orgs.models import Organization
from orgs.permissions import can_gather
from orgs.selectors.organizations import today_in
from orgs.services.circles import Circle, Rule, checked_circles
from readings.models import MOST_TITLE, ParentsConfirm, Reading, ReadingAudience, Reminder


@dataclass(frozen=True)
class ReadingData:
    """Something to be read before it is given out.

    `path` is its page below `/o/<slug>/` («channels/posts/12/»), `content_hash` the SHA-256 of what is confirmed.
    """

    title: str
    path: str
    content_hash: str
    circles: Sequence[Circle]
    due_on: date | None = None
    parents_confirm: str = ParentsConfirm.EACH
    # As the thing itself counts its versions; None: the one after that which was given out last.
    version: int | None = None


def check_data(actor: Actor, data: ReadingData, *, allowed: Rule = can_gather) -> list[Circle]:
    """Return the circles that are asked, each once (CHAN-4).

    `allowed` says which circles the actor may address. Raises `DomainError`: `reading_circles_required`,
    `reading_due_past`, `reading_parents_unknown` (400), and what `checked_circles` raises; the messages stand at
    `reading_circles`, `reading_due_on`, `reading_parents_confirm`.
    """
    if not data.circles:
        raise _refused("reading_circles_required", "reading_circles", _("Say who has to read it."))
    if data.parents_confirm not in ParentsConfirm.values:
        message = _("Choose: each parent, or one parent of a child.")
        raise _refused("reading_parents_unknown", "reading_parents_confirm", message)
    _check_due(actor.organization, data.due_on, "reading_due_on")
    return checked_circles(actor, data.circles, allowed=allowed, field="reading_circles")


def _check_due(organization: Organization, due_on: date | None, field: str) -> None:
    if due_on is None:
        return
    if due_on < today_in(organization):
        raise _refused("reading_due_past", field, _("This day has passed. Choose today or a later one."))


@transaction.atomic
def give_out(*, actor: Actor, data: ReadingData, is_open: bool = True, allowed: Rule = can_gather) -> Reading:
    """Make a required reading and return it (CHAN-4, DOC-1).

    People are asked and told at once, or, unless `is_open`, when `open_readings` is called. Raises what `check_data`
    raises.
    """
    circles = check_data(actor, data, allowed=allowed)
    return _make(actor, data, circles, version=data.version or 1, opened_at=timezone.now() if is_open else None)


def _make(
    actor: Actor, data: ReadingData, circles: list[Circle], *, version: int, opened_at: datetime | None
) -> Reading:
    reading = Reading.objects.create(
        organization=actor.organization,
        title=Truncator(data.title).chars(MOST_TITLE),
        path=data.path.lstrip("/"),
        version=version,
        content_hash=data.content_hash.lower(),
        due_on=data.due_on,
        parents_confirm=data.parents_confirm,
        created_by=actor.person,
        opened_at=opened_at,
    )
    _ask(reading, circles)
    if opened_at is not None:
        record(actor.organization, actor, [_opened(reading)])
        enqueue("readings.tasks.tell_asked", reading_id=reading.pk)
    return reading


@transaction.atomic
def open_readings(ids: Collection[int]) -> int:
    """Begin to ask for those of `ids` that were made before their time, tell people, and return how many.

    Safe to call twice and at once: each is opened once. A constant number of statements for each organization.
    """
    waiting = Reading.objects.filter(pk__in=ids, opened_at=None, closed_at=None)
    found = list(waiting.select_for_update(no_key=True, of=("self",)).select_related("organization").order_by("pk"))
    Reading.objects.filter(pk__in=[reading.pk for reading in found]).update(opened_at=timezone.now())
    for organization in {reading.organization for reading in found}:
        own = [reading for reading in found if reading.organization_id == organization.pk]
        record(organization, None, [_opened(reading) for reading in own])
    for reading in found:
        enqueue("readings.tasks.tell_asked", reading_id=reading.pk)
    return len(found)


@transaction.atomic
def renew(*, actor: Actor, reading: Reading, data: ReadingData, allowed: Rule = can_gather) -> Reading:
    """Put a new version in the place of `reading` and return it: it asks anew, old confirmations stay with the old one.

    A reading that has not been given out yet is followed by one that waits, too. Raises what `check_data` raises, and
    `reading_replaced` (409) when there is a newer version already.
    """
    circles = check_data(actor, data, allowed=allowed)
    old = _locked(reading)
    if old.replaced_by_id is not None:
        raise _replaced()
    now = timezone.now()
    version = data.version or old.version + 1
    new = _make(actor, data, circles, version=version, opened_at=now if old.opened_at else None)
    old.closed_at, old.replaced_by = old.closed_at or now, new
    old.save(update_fields=["closed_at", "replaced_by"])
    return new


@transaction.atomic
def close(*, actor: Actor | None, reading: Reading) -> None:
    """Ask nobody any more (None: what it was about is gone by itself); confirmations stay. Twice is once."""
    row = _locked(reading)
    if row.closed_at is not None:
        return
    row.closed_at = timezone.now()
    row.save(update_fields=["closed_at"])
    if row.opened_at is not None:
        record(row.organization, actor, [Deed(Action.READING_CLOSED, details=_named(row))])


@transaction.atomic
def reopen(*, actor: Actor, reading: Reading) -> None:
    """Ask again, as before it was closed; nobody is told twice. Raises `DomainError("reading_replaced")` (409)."""
    row = _locked(reading)
    if row.replaced_by_id is not None:
        raise _replaced()
    if row.closed_at is None:
        return
    row.closed_at = None
    row.save(update_fields=["closed_at"])
    if row.opened_at is not None:
        record(row.organization, actor, [_opened(row)])


@transaction.atomic
def discard_unopened(reading: Reading) -> None:
    """Remove a reading that nobody was asked yet, with what it names; one that has been given out stays."""
    Reading.objects.filter(pk=reading.pk, opened_at=None).delete()


@transaction.atomic
def change_people(
    *, actor: Actor, reading: Reading, circles: Sequence[Circle], parents_confirm: str, allowed: Rule = can_gather
) -> None:
    """Ask other circles, or parents otherwise, about the same words: who has confirmed stays so, who is new is told.

    Raises what `check_data` raises, and `reading_closed` (409). Without a difference nothing happens.
    """
    row = _locked(reading)
    asked = set(row.audiences.values_list("audience", "unit_id"))
    if asked == set(circles) and row.parents_confirm == parents_confirm:
        return
    data = ReadingData(row.title, row.path, row.content_hash, circles, parents_confirm=parents_confirm)
    wanted = check_data(actor, data, allowed=allowed)
    if row.closed_at is not None:
        raise closed()
    row.parents_confirm = parents_confirm
    row.save(update_fields=["parents_confirm"])
    row.audiences.all().delete()
    _ask(row, wanted)
    record(row.organization, actor, [Deed(Action.READING_PEOPLE_CHANGED, details=_named(row))])
    if row.opened_at is not None:
        # Told by one key for each person: those who were asked before hear nothing.
        enqueue("readings.tasks.tell_asked", reading_id=row.pk)


def _ask(reading: Reading, circles: Sequence[Circle]) -> None:
    ReadingAudience.objects.bulk_create(
        ReadingAudience(organization_id=reading.organization_id, reading=reading, audience=audience, unit_id=unit)
        for audience, unit in circles
    )


@transaction.atomic
def change_due(*, actor: Actor, reading: Reading, due_on: date | None) -> None:
    """Set another last day (None: no deadline); the reminders begin anew.

    Raises `DomainError`: `reading_due_past` (400), `reading_closed` (409).
    """
    row = _locked(reading)
    if row.due_on == due_on:
        return
    if row.closed_at is not None:
        raise closed()
    _check_due(row.organization, due_on, "due_on")
    row.due_on = due_on
    row.save(update_fields=["due_on"])
    Reminder.objects.filter(reading=row).delete()
    details = {**_named(row), "day": f"{due_on:%d.%m.%Y}" if due_on else "—"}
    record(row.organization, actor, [Deed(Action.READING_CHANGED, details=details)])


def _locked(reading: Reading) -> Reading:
    rows = Reading.objects.select_for_update(no_key=True, of=("self",)).select_related("organization")
    return rows.get(pk=reading.pk)


def _opened(reading: Reading) -> Deed:
    return Deed(Action.READING_OPENED, details={**_named(reading), "version": reading.version})


def _named(reading: Reading) -> dict[str, str | int]:
    return {"reading": reading.title, "id": reading.pk}


def closed() -> DomainError:
    """Return the refusal of whatever needs people to be asked still: `reading_closed` (409)."""
    return DomainError("reading_closed", _("Nobody is asked to read this any more."))


def _replaced() -> DomainError:
    return DomainError("reading_replaced", _("There is a newer version of it already."))


def _refused(code: str, field: str, message: str) -> DomainError:
    return DomainError(code, message, fields={field: message}, status=400)
