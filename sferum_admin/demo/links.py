"""Invite links of the past month: who joined by which, what expired, was used up, annulled, sent (INV-3 … INV-5)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from invitations.models import Invitation, InvitationUse
from invitations.services.sending import reference_of
from invitations.services.terms import CODE_DAYS, DEFAULT_DAYS, FAMILY_USES, end_of_day
from orgs.models import Person, Role, Unit
from outbox.models import Channel, Message, Status
from sferum_admin.demo.people import BATCH, FIRST_LINKS_END, LINKS_DAY, SECOND_LINKS_DAY, Cast

Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Plan:
    """What the links of an organization look like; names of units."""

    # Their families got strips with personal codes instead of one link for the unit.
    by_codes: Collection[str] = ()
    used_up: Collection[str] = ()
    annulled: Collection[str] = ()
    # These have a fresh link for parents, whether or not somebody has used it yet.
    fresh: Collection[str] = ()


@dataclass
class Links:
    """Links with their uses, gathered in memory."""

    cast: Cast
    invitations: list[Invitation] = field(default_factory=list)
    uses: list[InvitationUse] = field(default_factory=list)
    sent: dict[datetime, int] = field(default_factory=dict)

    def add(self, unit: Unit, role: str, span: Span, uses: int = 40, **fields: object) -> Invitation:
        """Make a link that lives for `span`, the administrator's unless `fields` name an owner.

        After a handover the successor owns what the predecessor made.
        """
        fields.setdefault("owner", self.cast.administrator_at(self.cast.clock.now))
        link = Invitation(
            organization=self.cast.organization,
            unit=unit,
            role=role,
            max_uses=uses,
            created_at=span[0],
            expires_at=span[1],
            **fields,
        )
        if link.expires_at <= self.cast.clock.now:
            link.expiry_recorded_at = link.expires_at + timedelta(minutes=5)
        self.invitations.append(link)
        return link

    def use(self, link: Invitation, person: Person) -> None:
        """Let `person` have joined by `link`."""
        _unit, claimed_child = self.cast.claims.get(person, (None, ""))
        link.uses += 1
        link.opened_at = min(person.joined_at or link.created_at, link.opened_at or self.cast.clock.now)
        self.uses.append(
            InvitationUse(
                organization=self.cast.organization,
                invitation=link,
                person=person,
                generation=1,
                claimed_child=claimed_child,
                at=person.joined_at or link.created_at,
            )
        )

    def creator_of(self, link: Invitation) -> Person:
        """Return who made the link: its owner, or the administrator of that day."""
        if link.owner == self.cast.administrator_at(self.cast.clock.now):
            return self.cast.administrator_at(link.created_at)
        return link.owner

    def save(self) -> None:
        """Write links in the order in which they were made, then their uses."""
        self.invitations.sort(key=lambda link: link.created_at)
        Invitation.objects.bulk_create(self.invitations, batch_size=BATCH)
        InvitationUse.objects.bulk_create(self.uses, batch_size=BATCH)


def make(cast: Cast, plan: Plan) -> Links:
    """Make the links by which everybody of `cast` joined, and those that still wait; the cast is saved already."""
    links = Links(cast)
    groups = _joined_by_place(cast)
    for unit, role in sorted(groups, key=lambda key: (key[0].sort_key, key[1])):
        if not (role == Role.PARENT and unit.name in plan.by_codes):
            _shared_links(links, plan, unit, role, groups[unit, role])
    _wrong_links(links, plan)
    _family_codes(links, plan)
    _staff_codes(links)
    links.save()
    _send(links)
    return links


def _span(cast: Cast, ago: int, minute: int, days: int) -> Span:
    start = cast.clock.at(ago, minute)
    return start, end_of_day(cast.organization, start, days)


def _first_span(cast: Cast) -> Span:
    return _span(cast, LINKS_DAY, 9 * 60 + 30, LINKS_DAY - FIRST_LINKS_END)


def _second_span(cast: Cast) -> Span:
    return _span(cast, SECOND_LINKS_DAY, 9 * 60, DEFAULT_DAYS)


def _joined_by_place(cast: Cast) -> dict[tuple[Unit, str], list[Person]]:
    """Return who joined into which unit in which role, in the order of joining."""
    roles: dict[Person, set[str]] = defaultdict(set)
    for held in cast.roles:
        roles[held.person].add(held.role)
    children = {tie.parent: tie.child for tie in reversed(cast.ties)}
    groups: dict[tuple[Unit, str], list[Person]] = defaultdict(list)
    for person in sorted(cast.people, key=lambda person: (person.joined_at or cast.clock.now, person.pk)):
        if person.joined_at is None or person.joined_at == cast.organization.created_at:
            continue  # the first administrator needed no link
        if Role.HEAD in roles[person] or Role.TEACHER in roles[person]:
            groups[cast.staff_unit, Role.HEAD if Role.HEAD in roles[person] else Role.TEACHER].append(person)
        else:
            role = Role.STUDENT if Role.STUDENT in roles[person] else Role.PARENT
            groups[_place_of(cast, person, children.get(person, person)), role].append(person)
    return groups


def _place_of(cast: Cast, person: Person, student: Person) -> Unit:
    """Return the unit by whose link `person` joined: the student's of that day, the last one after leaving."""
    if person in cast.claims:
        return cast.claims[person][0]
    day = (person.joined_at or cast.clock.now).astimezone(cast.clock.zone).date()
    rows = cast.student_rows[student]
    then = [row for row in rows if row.since <= day and (row.until is None or day < row.until)]
    return (then or rows[-1:])[0].unit


def _shared_links(links: Links, plan: Plan, unit: Unit, role: str, people: list[Person]) -> None:
    """The unit's first link with those who joined at once, and a second one for those who came late."""
    first, second = _first_span(links.cast), _second_span(links.cast)
    early = [person for person in people if person.joined_at and person.joined_at < second[0]]
    late = people[len(early) :]
    is_full = role == Role.PARENT and unit.name in plan.used_up
    if early:
        link = links.add(unit, role, first, len(early) if is_full else len(early) // 10 * 10 + 10)
        if unit.archived_at is not None:
            link.revoked_at, link.expiry_recorded_at = unit.archived_at, None
        for person in early:
            links.use(link, person)
    if late or (role == Role.PARENT and unit.name in plan.fresh):
        link = links.add(unit, role, second, 20, owner=_inviter(links, unit, second[0]))
        for person in late:
            links.use(link, person)


def _inviter(links: Links, unit: Unit, moment: datetime) -> Person:
    """The unit's leader invites into the own unit once joined (INV-2), else the administrator."""
    for leader in links.cast.leaders.get(unit, []):
        if leader.joined_at is not None and leader.joined_at < moment:
            return leader
    return links.cast.administrator_at(links.cast.clock.now)


def _wrong_links(links: Links, plan: Plan) -> None:
    """Links made by mistake and annulled soon after."""
    for unit in links.cast.all_units:
        if unit.name in plan.annulled:
            link = links.add(unit, Role.STUDENT, _span(links.cast, SECOND_LINKS_DAY + 1, 10 * 60, DEFAULT_DAYS), 30)
            link.revoked_at = link.created_at + timedelta(minutes=12)


def _family_codes(links: Links, plan: Plan) -> None:
    already = {use.person for use in links.uses}
    for unit in links.cast.all_units:
        if unit.name in plan.by_codes:
            for child in links.cast.students[unit]:
                already.update(_codes_of_family(links, unit, child, already))


def _codes_of_family(links: Links, unit: Unit, child: Person, already: Collection[Person]) -> list[Person]:
    """Give the family a code, and a second one where somebody came last week; return who joined by them."""
    first = _span(links.cast, LINKS_DAY, 11 * 60, CODE_DAYS)
    link, second = links.add(unit, Role.PARENT, first, FAMILY_USES, student=child), None
    joined = []
    for parent in links.cast.parents.get(child, []):
        if parent.joined_at is None or parent in already:
            continue
        if parent.joined_at > first[1] and second is None:
            span = _span(links.cast, SECOND_LINKS_DAY, 11 * 60, CODE_DAYS)
            second = links.add(unit, Role.PARENT, span, FAMILY_USES, student=child)
        links.use(second if second is not None and parent.joined_at > first[1] else link, parent)
        joined.append(parent)
    return joined


def _staff_codes(links: Links) -> None:
    """Staff who have not joined got personal codes last week."""
    span = _span(links.cast, SECOND_LINKS_DAY, 9 * 60 + 30, CODE_DAYS)
    for row in links.cast.enrolments:
        if row.unit is links.cast.staff_unit and row.until is None and row.person.joined_at is None:
            links.add(row.unit, Role.TEACHER, span, 1, person=row.person)


def _send(links: Links) -> None:
    """Codes were sent to whom the roster can reach: strips to families, codes to staff (INV-5)."""
    messages = []
    for link in links.invitations:
        people = links.cast.parents.get(link.student, []) if link.student else [link.person] if link.person else []
        messages += [_message(link, person) for person in people if person.email or person.phone]
    for place in (3, 17):
        if place < len(messages):
            messages[place].status, messages[place].attempts = Status.FAILED, 6
            messages[place].last_error = "Адресат не принимает сообщения."
    Message.objects.bulk_create(messages, batch_size=BATCH)
    links.sent.update(Counter(message.created_at for message in messages))


def _message(link: Invitation, person: Person) -> Message:
    channel, address = (Channel.EMAIL, person.email) if person.email else (Channel.SMS, person.phone)
    sent = link.created_at + timedelta(minutes=20)
    return Message(
        channel=channel,
        recipient=address,
        template="invitation",
        context={"invitation": link.pk, "generation": link.generation},
        organization_id=link.organization_id,
        reference=reference_of(link),
        # The key of invitations.services.sending: sending again by hand repeats nothing.
        dedupe_key=f"invitation:{link.pk}:{link.generation}:{channel}:{address}"[:120],
        status=Status.KEPT,
        attempts=1,
        created_at=sent,
        finished_at=sent + timedelta(seconds=2),
    )
