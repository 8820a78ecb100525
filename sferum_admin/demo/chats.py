"""A month of conversations: chats of the structure, the parents' council, letters, a poll (CHAT-1 … CHAT-6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from chats.models import (
    SYSTEM_TEMPLATES,
    Chat,
    ChatMember,
    ChatRules,
    MemberState,
    Message,
    Template,
)
from chats.services.system import switch_on
from common import markup
from common.text import normalise
from orgs.models import Person, Role, Unit
from polls.models import Poll, PollOption, PollVote
from sferum_admin.demo import known, talk
from sferum_admin.demo.people import BATCH, LINKS_DAY, Cast

# Which past days something is written on, the last one being yesterday evening or this morning.
DAYS = (24, 19, 15, 11, 8, 5, 3, 1)
# And the weeks before, in about every second chat; older messages are gone because their time was over.
OLDER_DAYS = (81, 74, 67, 60, 53, 46, 39, 32)
KEPT_DAYS = 90
QUIET = (time(21), time(7))
_COUNTERS = ("last_event", "message_count", "last_message_number", "last_message_at")


@dataclass
class Conversations:
    """Messages gathered in memory, numbered chat by chat as the services would number them."""

    cast: Cast
    messages: list[Message] = field(default_factory=list)
    states: list[MemberState] = field(default_factory=list)
    chats: dict[int, Chat] = field(default_factory=dict)

    def say(self, chat: Chat, person: Person, text: str, at: datetime, **more: object) -> Message:
        """Add a message of `person` to `chat`."""
        chat.last_event += 1
        chat.message_count += 1
        chat.last_message_number, chat.last_message_at = chat.last_event, at
        self.chats[chat.pk] = chat
        message = Message(
            organization=self.cast.organization,
            chat=chat,
            number=chat.last_event,
            event=chat.last_event,
            ordinal=chat.message_count,
            author=person,
            text=text,
            html=str(markup.to_html(text, mentions_all=True)),
            search_text=normalise(markup.to_plain(text)),
            mentions_all="@all" in text,
            created_at=at,
            **more,
        )
        self.messages.append(message)
        return message

    def talk(
        self, chat: Chat, lines: talk.Talk, people: dict[str, Person], start: datetime, pause: int = 14
    ) -> list[Message]:
        """Let `people` say `lines` to each other, up to `pause` minutes apart; lines of absent ones are left out."""
        said: list[Message | None] = []
        at = start
        for line in lines:
            person = people.get(line[0])
            at += timedelta(minutes=self.cast.draw.randint(1, pause), seconds=self.cast.draw.randint(0, 59))
            if person is None or at > self.cast.clock.now:
                said.append(None)
                continue
            unit = chat.unit.name if chat.unit is not None else ""
            answered = said[line[2]] if len(line) == 3 else None
            said.append(self.say(chat, person, line[1].format(unit=unit), at, reply_to=answered))
        return [message for message in said if message is not None]

    def read(self, chat: Chat, people: Sequence[Person]) -> None:
        """Most have read everything, some are a few messages behind, some have never looked in."""
        own = {message.author_id: message for message in self.messages if message.chat is chat}
        for person in people:
            behind = self.cast.draw.choice((0, 0, 0, 0, 1, 2, 4, None))
            if behind is None and person.pk not in own:
                continue
            seen = max(chat.message_count - (behind or 0), own[person.pk].ordinal if person.pk in own else 0)
            if seen > 0:
                self.states.append(self._state(chat, person, seen))

    def _state(self, chat: Chat, person: Person, seen: int) -> MemberState:
        return MemberState(
            organization=self.cast.organization,
            chat=chat,
            person=person,
            read_number=seen,
            read_count=seen,
            read_at=chat.last_message_at,
        )

    def save(self) -> None:
        """Write everything; what is answered is written before its answers, which need its key."""
        Chat.objects.bulk_update(self.chats.values(), _COUNTERS, batch_size=BATCH)
        waiting = self.messages
        while waiting:
            ready = [message for message in waiting if message.reply_to is None or message.reply_to.pk is not None]
            waiting = [message for message in waiting if message.reply_to is not None and message.reply_to.pk is None]
            for message in ready:
                message.reply_to = message.reply_to  # takes the key over
            Message.objects.bulk_create(ready, batch_size=BATCH)
        MemberState.objects.bulk_create(self.states, batch_size=BATCH)


def write(cast: Cast) -> None:
    """Switch the chats of the organization on and fill them."""
    organization = cast.organization
    ChatRules.objects.create(
        organization=organization,
        switched_on=list(SYSTEM_TEMPLATES),
        quiet_from=QUIET[0],
        quiet_until=QUIET[1],
        retention_days=KEPT_DAYS,
    )
    switch_on(organization=organization, templates=SYSTEM_TEMPLATES)
    Chat.objects.filter(organization=organization).update(
        created_at=cast.clock.at(LINKS_DAY, 9 * 60), last_message_at=cast.clock.at(LINKS_DAY, 9 * 60)
    )
    conversations = Conversations(cast)
    _talk_in_units(conversations)
    _talk_in_general(conversations)
    _council(conversations)
    _letters(conversations)
    conversations.save()
    _ask(cast)


def _joined(people: Sequence[Person]) -> list[Person]:
    return [person for person in people if person.user is not None]


def _voices(
    conversations: Conversations, leader: Person, staff: Sequence[Person], others: list[Person]
) -> dict[str, Person]:
    chosen = conversations.cast.draw.sample(others, min(5, len(others)))
    voices = dict(zip("ABCDE", chosen, strict=False))
    voices["L"] = leader
    if staff:
        voices["T"] = conversations.cast.draw.choice(staff)
    return voices


def _talk_in_units(conversations: Conversations) -> None:
    cast = conversations.cast
    leaders, students, parents = cast.leaders, cast.students, cast.parents
    for chat in Chat.objects.filter(organization=cast.organization, unit__isnull=False).select_related("unit"):
        unit = next(unit for unit in cast.all_units if unit.pk == chat.unit_id)
        leading = _joined(leaders.get(unit, []))
        if not leading or unit.archived_at is not None:
            continue
        pupils = students.get(unit, [])
        families = _joined(list({parent.pk: parent for pupil in pupils for parent in parents.get(pupil, [])}.values()))
        teaching = _joined(_teachers(cast, unit))
        talks, others = {
            Template.UNIT_PARENTS: (talk.PARENTS, families),
            Template.UNIT_STUDENTS: (talk.STUDENTS, _joined(pupils)),
            Template.UNIT_STAFF: (talk.STAFF, teaching),
        }[Template(chat.template)]
        _fill(conversations, chat, talks, _voices(conversations, leading[0], teaching, others))
        conversations.read(chat, [*leading, *others])


def _teachers(cast: Cast, unit: Unit) -> list[Person]:
    rows = [row for row in cast.enrolments if row.unit is unit and row.part == "teacher" and row.until is None]
    return [row.person for row in rows]


def _fill(conversations: Conversations, chat: Chat, talks: Sequence[talk.Talk], voices: dict[str, Person]) -> None:
    draw = conversations.cast.draw
    for day in OLDER_DAYS:
        if talks and draw.random() < 0.5:
            start = conversations.cast.clock.at(day, draw.randint(8 * 60, 20 * 60))
            conversations.talk(chat, draw.choice(talks), voices, start)
    days = sorted(draw.sample(DAYS, min(len(talks), len(DAYS))), reverse=True)
    for lines, day in zip(talks, days, strict=False):
        conversations.talk(chat, lines, voices, conversations.cast.clock.at(day, draw.randint(8 * 60, 18 * 60)))


def _talk_in_general(conversations: Conversations) -> None:
    cast = conversations.cast
    chat = Chat.objects.get(organization=cast.organization, template=Template.GENERAL)
    everybody = _joined(cast.people)
    heads = [row.person for row in cast.roles if row.role == Role.HEAD and row.until is None]
    voices = {"H": _joined(heads)[0], "A": cast.draw.choice(everybody)}
    for lines, day in zip(talk.GENERAL, (20, 9, 2), strict=True):
        conversations.talk(chat, lines, voices, cast.clock.at(day, 12 * 60))
    conversations.read(chat, cast.draw.sample(everybody, len(everybody) // 2))


def _council(conversations: Conversations) -> None:
    cast = conversations.cast
    head = _joined([row.person for row in cast.roles if row.role == Role.HEAD and row.until is None])[0]
    families = _joined(list({p.pk: p for group in cast.parents.values() for p in group}.values()))
    members = cast.draw.sample(families, min(7, len(families)))
    if len(members) < 2:
        return
    at = cast.clock.at(14, 15 * 60)
    chat = Chat.objects.create(
        organization=cast.organization,
        template=Template.PARENTS_COUNCIL,
        title="Родительский комитет",
        purpose="Питание, праздники, помощь организации",
        owner=head,
        created_at=at,
        last_message_at=at,
    )
    ChatMember.objects.bulk_create(
        ChatMember(organization=cast.organization, chat=chat, person=person, is_moderator=person is head, since=at)
        for person in [head, *members]
    )
    conversations.talk(chat, talk.COUNCIL, {"H": head, "A": members[0], "B": members[1]}, at)
    conversations.read(chat, [head, *members])


def _letters(conversations: Conversations) -> None:
    """A parent and the leader of the child's unit write to each other, in each of a few units."""
    cast = conversations.cast
    pairs = [
        (parent, leader)
        for unit, pupils in list(cast.students.items())
        for leader in _joined(cast.leaders.get(unit, []))[:1]
        for pupil in pupils
        for parent in _joined(cast.parents.get(pupil, []))[:1]
        if parent is not leader and unit.archived_at is None
    ]
    first = [pair for pair in pairs if pair[0].phone in _FIRST][:2]
    for parent, leader in [*first, *cast.draw.sample(pairs, min(40, len(pairs)))]:
        low, high = sorted((parent.pk, leader.pk))
        chat, is_new = Chat.objects.get_or_create(
            organization=cast.organization, template=Template.PERSONAL, pair=f"{low}:{high}"
        )
        if is_new:
            ChatMember.objects.bulk_create(
                ChatMember(organization=cast.organization, chat=chat, person=person) for person in (parent, leader)
            )
            at = cast.clock.at(cast.draw.randint(2, KEPT_DAYS - 10), cast.draw.randint(9 * 60, 21 * 60))
            conversations.talk(chat, talk.PERSONAL, {"A": parent, "L": leader}, at, pause=240)
            conversations.read(chat, [parent, leader])


_FIRST = {known.PARENT_OF_TWO.phone, known.FAMILY_OF_TWO.phone}
_LEADERS = {known.CLASS_LEADER.phone, known.EDUCATOR.phone, known.TEACHER_OF_TWO.phone}


def _ask(cast: Cast) -> None:
    """A poll in the parents' chat of a unit whose leader one can sign in as; half of them have voted."""
    chats = Chat.objects.filter(organization=cast.organization, template=Template.UNIT_PARENTS, message_count__gt=0)
    told = [unit.pk for unit, leaders in cast.leaders.items() if any(one.phone in _LEADERS for one in leaders)]
    chat = (chats.filter(unit__in=told) or chats).select_related("unit").order_by("unit__sort_key").first()
    if chat is None:
        return
    unit = next(unit for unit in cast.all_units if unit.pk == chat.unit_id)
    leader = _joined(cast.leaders[unit])[0]
    families = [parent for pupil in cast.students[unit] for parent in _joined(cast.parents.get(pupil, []))]
    voters = cast.draw.sample(sorted(set(families), key=lambda person: person.pk), len(set(families)) // 2)
    asked = cast.clock.at(1, 9 * 60)
    poll = Poll.objects.create(
        organization=cast.organization,
        question=talk.QUESTION,
        created_by=leader,
        created_at=asked,
        closes_at=cast.clock.now + timedelta(days=5),
        voter_count=len(voters),
    )
    options = PollOption.objects.bulk_create(
        PollOption(organization=cast.organization, poll=poll, position=place, text=text)
        for place, text in enumerate(talk.ANSWERS)
    )
    votes = [(cast.draw.choice(options), voter) for voter in voters]
    PollVote.objects.bulk_create(
        PollVote(
            organization=cast.organization, poll=poll, option=option, person=voter, is_single=True, created_at=asked
        )
        for option, voter in votes
    )
    for option in options:
        option.vote_count = sum(chosen is option for chosen, _voter in votes)
    PollOption.objects.bulk_update(options, ["vote_count"])
    conversations = Conversations(cast)
    conversations.say(chat, leader, "", asked, poll=poll, pinned_at=asked)
    conversations.save()
