"""«Напомнить»: the people behind a figure are asked to come (STAT-6)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.selectors import device_ids_of
from common.errors import DomainError
from orgs.actor import Actor
from orgs.audit import Action, Deed, record
from orgs.models import Guardianship, Organization, Person, Unit
from orgs.quiet import quiet_until
from orgs.telling import BATCH, dedupe_key, email_of, now_in, tell
from outbox.models import Channel, Message
from outbox.services import Draft, queue_many
from stats.catalogue import BY_KEY, Circle, Figure
from stats.models import Presence
from stats.periods import Days
from stats.selectors.people import people_behind

COME = "stats_reminder"
JOIN = "stats_join"
# Who has come today is not asked to come, also where the roll-up has not counted it yet.
ABOUT_COMING = frozenset({"staff_active", "parents_active"})


@dataclass(frozen=True)
class Reminded:
    """Whom a reminder reached, in the rows behind the figure: people, or families, each in one of the three."""

    told: int
    # Told earlier today, about whatever figure.
    already: int
    # Neither an account nor an address.
    unreachable: int


@transaction.atomic
def remind(*, actor: Actor, figure: str, days: Days, unit: Unit | None = None, now: datetime | None = None) -> Reminded:
    """Remind those who are missing in `figure` over `days`, and return how many were told.

    Who has an account gets a push, or a letter without a device; who has none gets a letter about how to come in,
    where the roster has an address: of families the parents. Nobody is told twice on one day of the organization,
    whatever the figure and however often it is pressed; in quiet hours it waits for their end. The actor is left out.
    Statements do not grow with people up to 500, and by a constant number for each 500 more. Raises
    `DomainError("figure_not_reminded")` (409) for a figure nobody can be reminded of.
    """
    known = BY_KEY.get(figure)
    if known is None or not known.can_remind:
        raise DomainError("figure_not_reminded", _("Nobody can be reminded of this figure."))
    organization = actor.organization
    # A second press waits here and finds what the first has queued.
    Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    today = now_in(organization, now).date()
    rows = _rows_behind(organization, known, days, unit, today)
    rows.pop(actor.person.pk, None)
    round_ = _Round(organization, known, today, now)
    told = round_.tell_all({person.pk: person for people in rows.values() for person in people})
    found = _counted(rows.values(), told)
    if found.told:
        _record(actor, known, unit, found)
    return found


def _rows_behind(
    organization: Organization, figure: Figure, days: Days, unit: Unit | None, today: date
) -> dict[int, list[Person]]:
    """{row behind the figure: whom to tell}; a family is told through its parents."""
    people = people_behind(organization, figure.key, days, unit, missing=True)
    if figure.people == Circle.FAMILIES:
        return _parents_of(organization, people)
    if figure.key in ABOUT_COMING:
        here = Presence.objects.filter(organization=organization, day=today).values("person_id")
        people = people.exclude(pk__in=here)
    return {person.pk: [person] for person in people.select_related("user")}


def _parents_of(organization: Organization, children: QuerySet[Person]) -> dict[int, list[Person]]:
    families: dict[int, list[Person]] = {child_id: [] for child_id in children.values_list("pk", flat=True)}
    ties = Guardianship.objects.filter(
        organization=organization, until=None, child__in=children.order_by().values("pk"), parent__merged_into=None
    )
    for tie in ties.select_related("parent__user").order_by("parent__search_name", "pk"):
        if tie.child_id in families:
            families[tie.child_id].append(tie.parent)
    return families


@dataclass(frozen=True)
class _Round:
    """One press of «Напомнить»: of what, where, on which day."""

    organization: Organization
    figure: Figure
    day: date
    now: datetime | None

    @property
    def reference(self) -> str:
        """What all messages of the day have in common."""
        return f"stats-reminder:{self.organization.pk}:{self.day:%Y%m%d}"

    @property
    def key(self) -> str:
        return f"{self.reference}:once"

    @property
    def context(self) -> dict[str, Any]:
        return {"figure": self.figure.key, "day": self.day.isoformat()}

    def tell_all(self, people: Mapping[int, Person]) -> dict[int, bool | None]:
        """Queue the messages; {person: told now (True), told before (False), cannot be reached (None)}."""
        devices = device_ids_of(person.user_id for person in people.values() if person.user_id)
        ids, addresses = self._told_today()
        outcome: dict[int, bool | None] = {}
        for pk, person in people.items():
            # Relatives who share an address get one letter.
            address = "" if devices.get(person.user_id or 0) else email_of(person)
            if pk in ids or address in addresses:
                outcome[pk] = False
            elif address or devices.get(person.user_id or 0):
                outcome[pk] = True
            else:
                outcome[pk] = None
        self._queue([person for pk, person in people.items() if outcome[pk]])
        return outcome

    def _told_today(self) -> tuple[set[int], set[str]]:
        sent = Message.objects.filter(reference=self.reference).values_list("channel", "recipient", "context")
        told = list(sent)
        addresses = {recipient for channel, recipient, _context in told if channel == Channel.EMAIL}
        return {context["person"] for _channel, _recipient, context in told}, addresses

    def _queue(self, people: Sequence[Person]) -> None:
        inside = [person for person in people if person.user is not None]
        if inside:
            tell(
                organization=self.organization,
                people=inside,
                template=COME,
                context=self.context,
                key=self.key,
                now=self.now,
            )
        later = quiet_until(self.organization, self.now)
        letters = [self._invitation(person, later) for person in people if person.user is None]
        for start in range(0, len(letters), BATCH):
            queue_many(letters[start : start + BATCH])

    def _invitation(self, person: Person, later: datetime | None) -> Draft:
        """A letter about how to come in, without anything that opens a door."""
        return Draft(
            channel=Channel.EMAIL,
            recipient=person.email,
            template=JOIN,
            context={**self.context, "person": person.pk},
            organization_id=self.organization.pk,
            reference=self.reference,
            dedupe_key=dedupe_key(self.key, Channel.EMAIL, person.email),
            not_before=later,
        )


def _counted(rows: Iterable[Sequence[Person]], outcome: Mapping[int, bool | None]) -> Reminded:
    """A family is told when one of its parents is."""
    counts: dict[bool | None, int] = defaultdict(int)
    for people in rows:
        outcomes = {outcome[person.pk] for person in people}
        counts[True if True in outcomes else False if False in outcomes else None] += 1
    return Reminded(counts[True], counts[False], counts[None])


def _record(actor: Actor, figure: Figure, unit: Unit | None, found: Reminded) -> None:
    with translation.override(settings.LANGUAGE_CODE):
        details = {"figure": str(figure.name), "key": figure.key, "count": found.told}
    record(actor.organization, actor, [Deed(Action.STATISTICS_REMINDED, unit=unit, details=details)])
