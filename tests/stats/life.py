"""What people of a school do, through the same services as pages and API: each deed is a method that takes two numbers
and picks from what is there. A deed that the rules refuse is none.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import time, timedelta
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from channels_app.models import Channel, Comment, Post, ReactionKind
from channels_app.selectors.posts import find_post
from channels_app.services import channels, publishing
from channels_app.services import reading as feed
from channels_app.services.posts import PostDraft, ReadingTerms
from chats.models import SYSTEM_TEMPLATES, Chat, Message, Template
from chats.selectors.chats import find_chat
from chats.services import members, safety
from chats.services import reading as chat_reading
from chats.services.chats import ChatData, create_chat, personal_chat
from chats.services.messages import Draft, delete, edit, send
from chats.services.system import change_rules
from common.errors import DomainError
from files.services import upload
from invitations.models import Invitation
from invitations.services import JoinAnswers, LinkTerms, create_links, redeem, renew, revoke
from meetings.models import Event, EventKind
from meetings.selectors.events import find_event
from meetings.services import answering, attending, broadcasting, planning
from orgs.actor import Actor, load_actor
from orgs.models import Audience, Enrolment, Guardianship, Part, Person, Role
from orgs.services.organization import update_organization
from orgs.services.people import end_role, grant_role, tie_parent, untie_parent
from orgs.services.structure import Movement, end_enrolment, enrol
from polls.services import PollData
from readings.models import Reading
from readings.services import confirming
from stats.services.presence import note_presence
from tests.files.samples import RUSSIAN, upload_of
from tests.world import School, make_user

T = TypeVar("T")

NAMES = ("administrator", "head", "leader", "teacher", "student", "parent", "both")
# Equal words of over twenty characters are repeated; short ones never are.
WORDS = ("Да", "Спасибо!", "Завтра уроков не будет, приходите", "Соберёмся в четверг в кабинете двенадцать")
POLL = PollData("Куда пойдём?", ("Музей", "Театр", "Парк"), is_multiple=True)


class Life:
    """A school in use. `deeds` counts what was really done."""

    def __init__(self, school: School) -> None:
        self.school = school
        self.done: list[str] = []
        self.newcomers = 0
        administrator = school.actor("administrator")
        change_rules(actor=administrator, rules={"switched_on": list(SYSTEM_TEMPLATES)})
        self.channels = [channels.open_unit_channel(actor=administrator, unit=school.units["5А"])]
        self.channels += Channel.objects.filter(organization=school.organization).exclude(pk=self.channels[0].pk)
        Channel.objects.filter(organization=school.organization).update(has_comments=True)
        data = ChatData("Поход", people=[school.people[name].pk for name in ("teacher", "student", "parent")])
        create_chat(actor=school.actor("leader"), data=data)

    def do(self, deed: str, one: int, two: int) -> None:
        """Do it as far as the rules let."""
        try:
            outcome = getattr(self, deed)(one, two)
        except (DomainError, PermissionDenied, Person.DoesNotExist):
            return
        if outcome is not False:
            self.done.append(deed)

    # Picking.

    def actor(self, number: int) -> Actor:
        """One of the cast; who has no role left can do nothing."""
        found = load_actor(self.school.user(NAMES[number % len(NAMES)]).pk, self.school.slug)
        if found is None:
            raise DomainError("no_role", "")
        return found

    def rows(self, model: Any, **conditions: Any) -> list[Any]:
        return list(model.objects.filter(organization=self.school.organization, **conditions).order_by("pk"))

    def pick(self, rows: Sequence[T], number: int) -> T:
        """One of the rows; there is none: nothing is done."""
        if not rows:
            raise DomainError("nothing_there", "")
        return rows[number % len(rows)]

    def chat_for(self, actor: Actor, number: int) -> Chat:
        seen = [found for chat in self.rows(Chat) if (found := find_chat(actor, chat.pk)) is not None]
        return self.pick(seen, number)

    def message_for(self, actor: Actor, number: int, **conditions: Any) -> tuple[Chat, Message]:
        rows = self.rows(Message, kind="text", **conditions)
        message = self.pick(rows, number)
        chat = find_chat(actor, message.chat_id)
        if chat is None:
            raise DomainError("not_seen", "")
        return chat, message

    def post_for(self, actor: Actor, number: int) -> Post:
        seen = [found for post in self.rows(Post) if (found := find_post(actor, post.pk)) is not None]
        return self.pick([post for post in seen if post.is_published], number)

    def event_for(self, actor: Actor, number: int, **conditions: Any) -> Event:
        seen = [found for event in self.rows(Event, **conditions) if (found := find_event(actor, event.pk)) is not None]
        return self.pick(seen, number)

    # Chats.

    def say(self, one: int, two: int) -> None:
        actor = self.actor(one)
        words = WORDS[two % len(WORDS)]
        send(actor=actor, chat=self.chat_for(actor, two // len(WORDS)), draft=Draft(text=words))

    def storm(self, one: int, two: int) -> None:
        """Eleven messages in one minute, mostly."""
        actor = self.actor(one)
        chat = self.chat_for(actor, two)
        for number in range(11):
            send(actor=actor, chat=chat, draft=Draft(text=f"{number}"))

    def repeat(self, one: int, two: int) -> None:
        actor = self.actor(one)
        for number in range(4):
            send(actor=actor, chat=self.chat_for(actor, two + number), draft=Draft(text=WORDS[3]))

    def write_privately(self, one: int, two: int) -> None:
        actor, other = self.actor(one), self.actor(two)
        chat = personal_chat(actor=actor, person=other.person)
        found = find_chat(actor, chat.pk)
        assert found is not None
        send(actor=actor, chat=found, draft=Draft(text=WORDS[two % len(WORDS)]))

    def ask_in_chat(self, one: int, two: int) -> None:
        actor = self.actor(one)
        send(actor=actor, chat=self.chat_for(actor, two), draft=Draft(text="?", poll=POLL))

    def vote_in_chat(self, one: int, two: int) -> None:
        actor = self.actor(one)
        chat, message = self.message_for(actor, two, poll__isnull=False)
        options = list(message.poll.options.values_list("pk", flat=True)) if message.poll else []
        chosen = [option for place, option in enumerate(options) if (two >> place) & 1]
        chat_reading.vote(actor=actor, chat=chat, message=message, option_ids=chosen)

    def send_file(self, one: int, two: int) -> None:
        actor = self.actor(one)
        stored = upload(actor=actor, upload=upload_of(RUSSIAN.encode(), "Приказ.txt"))
        if two % 4:
            send(actor=actor, chat=self.chat_for(actor, two), draft=Draft(file_ids=[stored.pk]))

    def change_message(self, one: int, two: int) -> None:
        actor = self.actor(one)
        chat, message = self.message_for(actor, two, author=actor.person, deleted_at=None)
        edit(actor=actor, chat=chat, message=message, text=WORDS[two % len(WORDS)])

    def delete_message(self, one: int, two: int) -> None:
        actor = self.actor(one)
        chat, message = self.message_for(actor, two, author=actor.person, deleted_at=None)
        delete(actor=actor, chat=chat, message=message)

    def remove_message(self, one: int, two: int) -> None:
        actor = self.actor(one)
        chat, message = self.message_for(actor, two, deleted_at=None)
        safety.remove_message(actor=actor, chat=chat, message=message, reason="Грубо")

    def begin_chat(self, one: int, two: int) -> None:
        """With somebody, or with nobody else."""
        people = [self.actor(two).person.pk] if two % 3 else []
        create_chat(actor=self.actor(one), data=ChatData("Ещё чат", people=people))

    def leave_chat(self, one: int, two: int) -> None:
        actor = self.actor(one)
        members.leave(actor=actor, chat=self.pick(self.rows(Chat, template=Template.FREE), two))

    def join_chat(self, one: int, two: int) -> None:
        chat = self.pick(self.rows(Chat, template=Template.FREE), two)
        owner = next((name for name in NAMES if self.school.people[name].pk == chat.owner_id), None)
        if owner is not None:
            found = find_chat(self.school.actor(owner), chat.pk)
            assert found is not None
            members.add_members(actor=self.school.actor(owner), chat=found, people=[self.actor(one).person])

    # Channels.

    def publish(self, one: int, two: int) -> None:
        draft = PostDraft(
            text=WORDS[one % len(WORDS)],
            poll=POLL if two % 2 else None,
            reading=ReadingTerms([(Audience.EVERYONE, None)]) if two % 3 == 0 else None,
        )
        channel = self.channels[two % len(self.channels)]
        publishing.publish_now(actor=self.actor(0), channel=self._channel(channel), draft=draft)

    def plan_post(self, one: int, two: int) -> None:
        at = timezone.now() + timedelta(hours=1 + one)
        channel = self._channel(self.channels[two % len(self.channels)])
        publishing.plan_new(actor=self.actor(0), channel=channel, draft=PostDraft(text="Завтра"), at=at)

    def publish_due(self, _one: int, _two: int) -> bool:
        return bool(publishing.publish_due())

    def _channel(self, channel: Channel) -> Channel:
        from channels_app.selectors.channels import find_channel

        found = find_channel(self.actor(0), channel.pk)
        assert found is not None
        return found

    def remove_post(self, _one: int, two: int) -> None:
        publishing.delete(actor=self.actor(0), post=self.pick(self.rows(Post, deleted_at=None), two))

    def restore_post(self, _one: int, two: int) -> None:
        publishing.restore(actor=self.actor(0), post=self.pick(self.rows(Post, deleted_at__isnull=False), two))

    def view(self, one: int, two: int) -> bool:
        posts = [post.pk for post in self.rows(Post)]
        return bool(feed.mark_seen(actor=self.actor(one), post_ids=posts[two % 3 :]))

    def react(self, one: int, two: int) -> None:
        actor = self.actor(one)
        kind = ["", *ReactionKind.values][two % 3]
        feed.react(actor=actor, post=self.post_for(actor, two // 3), kind=kind)

    def comment(self, one: int, two: int) -> None:
        actor = self.actor(one)
        feed.comment(actor=actor, post=self.post_for(actor, two), text="Придём")

    def delete_comment(self, one: int, two: int) -> None:
        feed.delete_comment(actor=self.actor(one), comment=self.pick(self.rows(Comment, deleted_at=None), two))

    def vote_on_post(self, one: int, two: int) -> None:
        actor = self.actor(one)
        post = self.post_for(actor, two)
        options = list(post.poll.options.values_list("pk", flat=True)) if post.poll else []
        feed.vote(actor=actor, post=post, option_ids=[pk for place, pk in enumerate(options) if (two >> place) & 1])

    # Readings.

    def confirm(self, one: int, two: int) -> None:
        confirming.confirm(actor=self.actor(one), reading=self.pick(self.rows(Reading), two))

    def note_on_paper(self, one: int, two: int) -> None:
        reading = self.pick(self.rows(Reading), two)
        confirming.note_on_paper(actor=self.actor(0), reading=reading, person=self.actor(one).person)

    def unnote(self, one: int, two: int) -> None:
        reading = self.pick(self.rows(Reading), two)
        confirming.unnote(actor=self.actor(0), reading=reading, person=self.actor(one).person)

    # Events.

    def plan_event(self, one: int, two: int) -> None:
        start = timezone.now() + timedelta(hours=(1, 5, 30, 60)[two % 4])
        is_broadcast = bool(one % 2)
        data = planning.EventData(
            kind=EventKind.BROADCAST if is_broadcast else EventKind.MEETING,
            title="Собрание",
            link="https://video.example.org/1" if is_broadcast else "",
            starts_at=start,
            ends_at=start + timedelta(hours=2),
            circles=[(Audience.EVERYONE, None)],
        )
        planning.plan(actor=self.actor(0), data=data)

    def answer(self, one: int, two: int) -> None:
        actor = self.actor(one)
        answering.answer(actor=actor, event=self.event_for(actor, two // 2), answer=("yes", "no")[two % 2])

    def attend(self, one: int, two: int) -> None:
        event = self.event_for(self.actor(0), two)
        person, other = self.actor(one).person.pk, self.actor(one + 1).person.pk
        attending.mark(actor=self.actor(0), event=event, present=[person], absent=[], cleared=[other])

    def cancel_event(self, _one: int, two: int) -> bool:
        actor = self.actor(0)
        return bool(planning.cancel(actor=actor, event=self.event_for(actor, two), reason="Карантин"))

    def go_on_air(self, _one: int, two: int) -> None:
        actor = self.actor(0)
        event = self.event_for(actor, two, kind=EventKind.BROADCAST, on_air_at=None)
        broadcasting.go_on_air(actor=actor, event=event)

    def open_broadcast(self, one: int, two: int) -> None:
        actor = self.actor(one)
        event = self.event_for(actor, two, kind=EventKind.BROADCAST, on_air_at__isnull=False)
        broadcasting.open_broadcast(actor=actor, event=event)

    # Invitations.

    def invite(self, one: int, two: int) -> None:
        unit = self.school.units[("5А", "5Б")[two % 2]]
        terms = LinkTerms(days=1 + two % 3, max_uses=1 + two % 2)
        create_links(actor=self.actor(one), units=[unit], role=Role.PARENT, terms=terms)

    def annul(self, _one: int, two: int) -> None:
        revoke(actor=self.actor(0), invitation=self.pick(self.rows(Invitation, revoked_at=None), two))

    def renew(self, one: int, two: int) -> None:
        link = self.pick(self.rows(Invitation), two)
        renew(actor=self.actor(0), invitation=link, terms=LinkTerms(days=1 + one % 3, max_uses=1))

    def redeem(self, one: int, two: int) -> None:
        link = self.pick(self.rows(Invitation), two)
        self.newcomers += 1
        user = make_user(f"+7955{self.school.organization.pk % 1000:03}{self.newcomers:04}")
        answers = JoinAnswers("Новикова", f"Нина{one}", "", "Ёжиков Пётр", child_unknown_is_fine=True)
        redeem(user=user, invitation=link, generation=link.generation, answers=answers)

    # Roster.

    def end_role(self, one: int, _two: int) -> None:
        person = self.actor(one).person
        role = self.pick(list(person.roles.filter(until=None).values_list("role", flat=True)), one)
        if one % len(NAMES) > 0:
            end_role(actor=self.actor(0), person=person, role=role)

    def grant_role(self, one: int, two: int) -> None:
        role = (Role.PARENT, Role.TEACHER, Role.STUDENT)[two % 3]
        name = NAMES[1 + one % (len(NAMES) - 1)]
        grant_role(actor=self.actor(0), person=self.school.people[name], role=role)

    def transfer(self, one: int, two: int) -> None:
        """A pupil changes class, also from a day that has passed already."""
        rows = self.rows(Enrolment, part=Part.STUDENT, until=None)
        enrolment = self.pick(rows, one)
        unit = self.school.units["5Б" if enrolment.unit_id == self.school.units["5А"].pk else "5А"]
        today = timezone.localdate(timezone=self.school.organization.zone)
        movement = Movement(day=max(enrolment.since, today - timedelta(days=two % 3)))
        end_enrolment(actor=self.actor(0), enrolment=enrolment, movement=movement)
        enrol(actor=self.actor(0), people=[enrolment.person], unit=unit, part=Part.STUDENT, movement=movement)

    def tie(self, one: int, two: int) -> None:
        child = self.pick([self.school.people[name] for name in ("student", "classmate", "other_student")], two)
        tie_parent(actor=self.actor(0), parent=self.actor(one).person, child=child)

    def untie(self, _one: int, two: int) -> None:
        link = self.pick(self.rows(Guardianship, until=None), two)
        untie_parent(actor=self.actor(0), parent=link.parent, child=link.child)

    # What days and quiet hours are.

    def move(self, one: int, two: int) -> bool:
        """Into another time zone; rarely."""
        zone = ("Europe/Samara", "Asia/Irkutsk", "Pacific/Honolulu")[two % 3]
        if one % 3:
            return False
        update_organization(actor=self.actor(0), details={"time_zone": zone})
        self.school.organization.refresh_from_db()
        return True

    def set_quiet_hours(self, _one: int, two: int) -> None:
        """Over midnight, in the afternoon, or none."""
        start, end = [(time(20), time(6, 30)), (time(13), time(15)), (None, None)][two % 3]
        change_rules(actor=self.actor(0), rules={"quiet_from": start, "quiet_until": end})

    # Opening the platform.

    def come(self, one: int, _two: int) -> None:
        organization, now = self.school.organization, timezone.now()
        note_presence(person=self.actor(one).person, day=timezone.localdate(now, organization.zone))


DEEDS: tuple[str, ...] = tuple(
    name
    for name, deed in vars(Life).items()
    if isinstance(deed, Callable)  # type: ignore[arg-type]
    and not name.startswith("_")
    and name not in {"do", "actor", "rows", "pick", "chat_for", "message_for", "post_for", "event_for"}
)
