"""«Ознакомлен(а)», signatures on paper, and reminding by hand."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from common.errors import DomainError
from orgs.actor import Actor
from orgs.audit import Action, Deed, record
from orgs.models import Person
from readings.models import Confirmation, Reading
from readings.selectors.progress import people_asked
from readings.selectors.readings import with_state
from readings.services.giving import closed
from readings.services.telling import tell_waiting

BY_HAND_EACH = timedelta(hours=1)


def confirm(*, actor: Actor, reading: Reading) -> Confirmation:
    """Confirm that the actor has read `reading` and return the confirmation (CHAN-4); twice is once.

    Raises `DomainError`: `reading_closed` (409) when nobody is asked, `reading_not_asked` (403) when the actor is not.
    """
    own = _own(actor, reading)
    if own is not None:
        return own
    now = with_state(actor, Reading.objects.filter(pk=reading.pk, organization=actor.organization.pk)).first()
    if now is not None and not now.is_open:
        raise closed()
    if now is None or not now.is_asked:  # type: ignore[attr-defined]
        raise DomainError("reading_not_asked", _("You are not asked to read this."), status=403)
    # Two taps at once: the second one is left out by the database.
    made = Confirmation(organization=actor.organization, reading=now, person=actor.person)
    Confirmation.objects.bulk_create([made], ignore_conflicts=True)
    return Confirmation.objects.get(reading=now, person=actor.person)


def _own(actor: Actor, reading: Reading) -> Confirmation | None:
    return Confirmation.objects.filter(reading=reading, person=actor.person).first()


@transaction.atomic
def note_on_paper(*, actor: Actor, reading: Reading, person: Person) -> Confirmation:
    """Note that `person` signed for `reading` on paper, and return the confirmation; who has confirmed stays so.

    Raises `DomainError`: `reading_closed`, `person_not_asked` (409).
    """
    if not reading.is_open:
        raise closed()
    if not people_asked(reading).filter(pk=person.pk).exists():
        raise DomainError("person_not_asked", _("This person is not asked to read it."))
    noted, is_new = Confirmation.objects.get_or_create(
        reading=reading,
        person=person,
        defaults={"organization_id": reading.organization_id, "is_on_paper": True, "noted_by": actor.person},
    )
    if is_new:
        _record(actor, Action.READING_ON_PAPER, reading, person)
    return noted


@transaction.atomic
def unnote(*, actor: Actor, reading: Reading, person: Person) -> None:
    """Take back the note that `person` signed on paper; without one nothing happens.

    Raises `DomainError("confirmed_here")` (409) for a confirmation that the person gave here.
    """
    removed, _rows = Confirmation.objects.filter(reading=reading, person=person, is_on_paper=True).delete()
    if removed:
        _record(actor, Action.READING_NOT_ON_PAPER, reading, person)
    elif Confirmation.objects.filter(reading=reading, person=person).exists():
        raise DomainError("confirmed_here", _("This person has confirmed it here; that cannot be taken back."))


@transaction.atomic
def remind_now(*, actor: Actor, reading: Reading) -> int:
    """Remind everybody who has not confirmed yet («Напомнить») and return how many of them use the platform.

    At most once an hour for each reading, whoever presses; in quiet hours it arrives when they end. Raises
    `DomainError`: `reading_closed` (409), `reminded_recently` (429).
    """
    now = timezone.now()
    is_free = Q(reminded_at=None) | Q(reminded_at__lte=now - BY_HAND_EACH)
    open_ones = Reading.objects.filter(pk=reading.pk, opened_at__isnull=False, closed_at=None)
    if not open_ones.filter(is_free).update(reminded_at=now):
        if not open_ones.exists():
            raise closed()
        message = _("A reminder went out less than an hour ago. Give people a little time.")
        raise DomainError("reminded_recently", message, status=429)
    count = tell_waiting(reading, "reading_reminder", occasion=f"hand:{now:%Y%m%d%H%M%S}")
    details = {"reading": reading.title, "id": reading.pk, "count": count}
    record(actor.organization, actor, [Deed(Action.READING_REMINDED, details=details)])
    return count


def _record(actor: Actor, action: Action, reading: Reading, person: Person) -> None:
    details = {"reading": reading.title, "id": reading.pk}
    record(actor.organization, actor, [Deed(action, person, details=details)])
