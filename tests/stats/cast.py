"""Short ways to have used the platform at given moments: rows only, so that a year costs a moment.

Times are written as the school's own clock shows them: `at(school, "2026-03-02 09:30")`.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from accounts.models import User
from channels_app.models import Channel, ChannelKind, Comment, Post, PostView, Reaction, ReactionKind
from chats.models import Chat, ChatAudience, ChatMember, ChatRules, Message, Template
from files.models import FileKind, StoredFile
from invitations.models import Invitation, InvitationUse
from meetings.models import Answer, Event, EventKind, Participation
from orgs.models import (
    Audience,
    AuditEvent,
    Enrolment,
    Guardianship,
    Organization,
    Person,
    Role,
    RoleAssignment,
    Unit,
)
from polls.models import Poll, PollBallot, PollOption, PollVote
from readings.models import Confirmation, Reading
from stats.models import Change, OrgDay, Period, PersonDay, Presence, StaffAnswer, UnitDay
from tests.world import School

_numbers = count(1)


def at(school: School, clock: str) -> datetime:
    """A moment by the school's clock: «2026-03-02 09:30» or with seconds."""
    return datetime.fromisoformat(clock).replace(tzinfo=school.organization.zone)


def move_to(school: School, time_zone: str) -> None:
    """Put the school into another zone."""
    school.organization.time_zone = time_zone
    Organization.objects.filter(pk=school.organization.pk).update(time_zone=time_zone)


def settled(school: School, clock: str = "2020-01-01 00:00") -> None:
    """Let everybody have been here since then: roles, places, families, accounts and units."""
    begun, organization = at(school, clock), school.organization
    RoleAssignment.objects.filter(organization=organization).update(since=begun)
    Enrolment.objects.filter(organization=organization).update(since=begun.date())
    Guardianship.objects.filter(organization=organization).update(since=begun)
    Unit.objects.filter(organization=organization).update(created_at=begun)
    joined_people = Person.objects.filter(organization=organization, user__isnull=False)
    User.objects.filter(persons__in=joined_people).update(phone_verified_at=begun)
    joined_people.update(joined_at=begun)


def rules(school: School, **values: Any) -> None:
    """Set rules of the chats: quiet_from, quiet_until, retention_days."""
    ChatRules.objects.update_or_create(organization=school.organization, defaults=values)


def forget_changes() -> None:
    """Leave nothing to count, as after a roll-up; for tests that look at what one deed leaves."""
    Change.objects.all().delete()


def came(school: School, name: str, moment: datetime) -> Presence:
    day = moment.astimezone(school.organization.zone).date()
    return Presence.objects.create(organization=school.organization, person=school.people[name], day=day, at=moment)


# --- Chats ----------------------------------------------------------------------------------------------------------
def free_chat(school: School, *names: str, audience: bool = False, since: datetime | None = None) -> Chat:
    """A free chat with these members, and with everybody when `audience`."""
    begun = since or at(school, "2020-01-01 00:00")
    chat = Chat.objects.create(organization=school.organization, title="Поход", created_at=begun)
    for name in names:
        ChatMember.objects.create(organization=school.organization, chat=chat, person=school.people[name], since=begun)
    if audience:
        ChatAudience.objects.create(organization=school.organization, chat=chat, audience=Audience.EVERYONE)
    return chat


def unit_chat(school: School, unit: str = "5А", template: Template = Template.UNIT_PARENTS) -> Chat:
    """The unit's own chat of `template`; made when it is not there."""
    chat, made = Chat.objects.get_or_create(
        organization=school.organization, template=template, unit=school.units[unit]
    )
    if made:
        audience = Audience.STUDENTS if template == Template.UNIT_STUDENTS else Audience.PARENTS
        ChatAudience.objects.create(
            organization=school.organization, chat=chat, audience=audience, unit=school.units[unit]
        )
    return chat


def personal_chat(school: School, one: str, other: str) -> Chat:
    """The chat of two people; made when it is not there."""
    people = sorted((school.people[one], school.people[other]), key=lambda person: person.pk)
    chat, made = Chat.objects.get_or_create(
        organization=school.organization,
        template=Template.PERSONAL,
        pair=":".join(str(person.pk) for person in people),
        defaults={"created_at": at(school, "2020-01-01 00:00")},
    )
    if made:
        for person in people:
            ChatMember.objects.create(organization=school.organization, chat=chat, person=person, since=chat.created_at)
    return chat


def wrote(school: School, name: str | None, moment: datetime, chat: Chat | None = None, **more: Any) -> Message:
    """A message; without `chat` in one chat with everybody. `fingerprint`, `kind` and the like as keywords."""
    [message] = wrote_all(school, name, [moment], chat, **more)
    return message


def wrote_all(
    school: School, name: str | None, moments: list[datetime], chat: Chat | None = None, **more: Any
) -> list[Message]:
    """Messages of one author in one statement."""
    chat = chat or _chat_of_all(school)
    author = school.people[name] if name else None
    first = Chat.objects.get(pk=chat.pk).last_event + 1
    last = first + len(moments) - 1
    rows = Message.objects.bulk_create(
        Message(
            organization=school.organization,
            chat=chat,
            number=number,
            event=number,
            ordinal=number,
            author=author,
            text="Здравствуйте!",
            created_at=moment,
            **more,
        )
        for number, moment in enumerate(moments, start=first)
    )
    Chat.objects.filter(pk=chat.pk).update(last_event=last, last_message_number=last, message_count=last)
    return rows


def _chat_of_all(school: School) -> Chat:
    found = Chat.objects.filter(organization=school.organization, template=Template.FREE, title="Все").first()
    if found is None:
        found = free_chat(school, audience=True)
        Chat.objects.filter(pk=found.pk).update(title="Все")
    return found


def delete_message(message: Message, moment: datetime) -> None:
    Message.objects.filter(pk=message.pk).update(deleted_at=moment, text="", html="", search_text="", fingerprint=0)


# --- Channels -------------------------------------------------------------------------------------------------------
def channel_of(school: School, unit: str | None = None) -> Channel:
    """The channel of the unit, or of the organization; made when it is not there."""
    if unit is None:
        return Channel.objects.get_or_create(organization=school.organization, kind=ChannelKind.ORGANIZATION)[0]
    return Channel.objects.get_or_create(
        organization=school.organization, kind=ChannelKind.UNIT, unit=school.units[unit]
    )[0]


def posted(school: School, name: str | None, moment: datetime | None, unit: str | None = None, **more: Any) -> Post:
    """A post of `name`; a draft when `moment` is None."""
    return Post.objects.create(
        organization=school.organization,
        channel=channel_of(school, unit),
        author=school.people[name] if name else None,
        text="Новость",
        published_at=moment,
        **more,
    )


def commented(school: School, name: str, moment: datetime, post: Post) -> Comment:
    return Comment.objects.create(
        organization=school.organization, post=post, author=school.people[name], text="Да", created_at=moment
    )


def reacted(school: School, name: str, moment: datetime, post: Post) -> Reaction:
    return Reaction.objects.create(
        organization=school.organization,
        post=post,
        person=school.people[name],
        kind=ReactionKind.LIKE,
        created_at=moment,
    )


def viewed(school: School, name: str, moment: datetime, post: Post) -> PostView:
    return PostView.objects.create(
        organization=school.organization, post=post, person=school.people[name], seen_at=moment
    )


# --- Readings and polls ---------------------------------------------------------------------------------------------
def given_out(school: School, moment: datetime | None, **more: Any) -> Reading:
    """A required reading, given out at `moment`."""
    return Reading.objects.create(
        organization=school.organization,
        title="Приказ",
        path="channels/posts/1/",
        content_hash="0" * 64,
        opened_at=moment,
        **more,
    )


def confirmed(school: School, name: str, moment: datetime, reading: Reading, *, on_paper: bool = False) -> Confirmation:
    return Confirmation.objects.create(
        organization=school.organization,
        reading=reading,
        person=school.people[name],
        confirmed_at=moment,
        is_on_paper=on_paper,
        noted_by=school.people["administrator"] if on_paper else None,
    )


def asked(school: School, moment: datetime, options: int = 3, **more: Any) -> Poll:
    """A poll with so many answers to choose from."""
    poll = Poll.objects.create(organization=school.organization, question="Когда?", created_at=moment, **more)
    PollOption.objects.bulk_create(
        PollOption(organization=school.organization, poll=poll, position=place, text=f"{place}")
        for place in range(options)
    )
    return poll


def voted(school: School, name: str, moment: datetime, poll: Poll, option: int = 0) -> PollVote:
    return PollVote.objects.create(
        organization=school.organization,
        poll=poll,
        option=poll.options.get(position=option),
        person=school.people[name],
        created_at=moment,
        is_single=not poll.is_multiple,
    )


def voted_secretly(school: School, name: str, poll: Poll) -> PollBallot:
    return PollBallot.objects.create(organization=school.organization, poll=poll, person=school.people[name])


# --- Files and events -----------------------------------------------------------------------------------------------
def uploaded(school: School, name: str, moment: datetime, *, claimed: bool = True) -> StoredFile:
    number = next(_numbers)
    return StoredFile.objects.create(
        organization=school.organization,
        kind=FileKind.DOCUMENT,
        content=f"2026/01/{number}.pdf",
        original_name="Приказ.pdf",
        content_type="application/pdf",
        size=1,
        sha256=f"{number:064x}",
        uploaded_by=school.people[name],
        uploaded_at=moment,
        claimed_at=moment if claimed else None,
    )


def held(school: School, moment: datetime, *, broadcast: bool = False, **more: Any) -> Event:
    """An event that begins at `moment` and lasts an hour."""
    words = {"kind": EventKind.BROADCAST, "link": "https://video.example.org/1"} if broadcast else {}
    return Event.objects.create(
        organization=school.organization,
        title="Собрание",
        starts_at=moment,
        ends_at=moment + timedelta(hours=1),
        **{**words, **more},
    )


def took_part(
    school: School,
    name: str,
    event: Event,
    *,
    answered: datetime | None = None,
    attended: bool | None = None,
    opened: datetime | None = None,
) -> Participation:
    """What `name` made of an event."""
    return Participation.objects.create(
        organization=school.organization,
        event=event,
        person=school.people[name],
        answer=Answer.YES if answered else "",
        answered_at=answered,
        attended=attended,
        opened_at=opened,
        seen_at=opened,
    )


# --- Invitations and the journal ------------------------------------------------------------------------------------
def invited(school: School, name: str, moment: datetime, **more: Any) -> Invitation:
    """A link made by `name` for parents of 5А, valid for a week."""
    values: dict[str, Any] = {"max_uses": 30, "expires_at": moment + timedelta(days=7), **more}
    return Invitation.objects.create(
        organization=school.organization,
        unit=school.units["5А"],
        role=Role.PARENT,
        owner=school.people[name],
        created_at=moment,
        **values,
    )


def joined(school: School, name: str, moment: datetime, link: Invitation) -> InvitationUse:
    return InvitationUse.objects.create(
        organization=school.organization,
        invitation=link,
        person=school.people[name],
        generation=link.generation,
        at=moment,
    )


def noted(school: School, name: str, moment: datetime, action: str = "unit.changed") -> AuditEvent:
    """A line of the journal."""
    return AuditEvent.objects.create(
        organization_id=school.organization.pk, at=moment, actor_id=school.people[name].pk, action=action
    )


# --- What was counted -----------------------------------------------------------------------------------------------
def person_day(school: School, name: str, day: str) -> dict[str, Any]:
    """The figures of a person's day that are not zero; empty when there is no row."""
    rows = PersonDay.objects.filter(
        organization=school.organization, person=school.people[name], day=date.fromisoformat(day)
    )
    return _figures(rows.values())


def org_day(school: School, day: str) -> dict[str, Any]:
    """The figures of the organization's day that are not zero; empty when there is no row."""
    return _figures(OrgDay.objects.filter(organization=school.organization, day=day).values())


def unit_day(school: School, unit: str, day: str) -> dict[str, Any]:
    """The figures of a unit's day that are not zero; empty when there is no row."""
    return _figures(UnitDay.objects.filter(unit=school.units[unit], day=day).values())


def _figures(rows: Any) -> dict[str, Any]:
    row = rows.first() or {}
    keys = {"id", "organization_id", "day", "person_id", "unit_id"}
    return {name: value for name, value in row.items() if name not in keys and value}


def all_counted(school: School) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the school's statistics, in order: two of these are equal when nothing was touched.

    Ids are in it: a row that was removed and made anew is another row.
    """
    return {
        model.__name__: list(
            model._default_manager.filter(organization=school.organization).order_by("pk").values_list()
        )
        for model in (Presence, PersonDay, UnitDay, OrgDay, Period, StaffAnswer)
    }


def counted_anew(school: School) -> dict[str, set[tuple[Any, ...]]]:
    """The same without ids: what a rebuild must come to again."""
    found = {}
    for model in (PersonDay, UnitDay, OrgDay, Period, StaffAnswer):
        names = [field.attname for field in model._meta.concrete_fields if not field.primary_key]
        found[model.__name__] = set(model._default_manager.filter(organization=school.organization).values_list(*names))
    return found


def person(school: School, surname: str, *roles: Role, joined_at: datetime | None = None, since: str = "") -> Person:
    """Somebody more of the roster, with roles since a moment by the school's clock."""
    made = Person.objects.create(
        organization=school.organization,
        last_name=surname,
        first_name="Имя",
        search_name=f"{surname} имя".lower(),
        joined_at=joined_at,
    )
    begun = at(school, since) if since else at(school, "2020-01-01 00:00")
    for role in roles:
        made.roles.create(organization=school.organization, role=role, since=begun)
    school.people[surname] = made
    return made
