"""Whom to notify of what, for one message or for a whole organization at once (CHAT-4)."""

from collections import defaultdict
from datetime import datetime

from django.db.models import Q

from chats.models import Chat, ChatAudience, MemberState, Mention, Message, Notify
from chats.selectors.chats import members_of, moderators_of
from orgs.models import Audience, Organization, Person
from orgs.selectors.audiences import people_in


def users_to_notify(message: Message) -> dict[int, int]:
    """Return {person: user} of today's members who want to know of `message` and have not read it; three queries
    (four where somebody is mentioned) whatever the number of members."""
    members = members_of(message.chat).filter(user__isnull=False).exclude(pk=message.author_id or 0)
    left_out = MemberState.objects.filter(chat=message.chat_id).filter(
        Q(notify=Notify.NONE) | Q(read_number__gte=message.number)
    )
    wanted = members.exclude(pk__in=left_out.values("person_id"))
    if not message.mentions_all:
        named = Mention.objects.filter(message=message).values("person_id")
        sparing = MemberState.objects.filter(chat=message.chat_id, notify=Notify.MENTIONS).values("person_id")
        wanted = wanted.exclude(Q(pk__in=sparing) & ~Q(pk__in=named))
    return {person: user for person, user in wanted.values_list("pk", "user_id") if user is not None}


def moderators_to_tell(chat: Chat, author_id: int | None) -> dict[int, Person]:
    """Return who learns of a report: the chat's moderators with an account, else the administration; never the author
    of the message, who does not decide about it."""
    named = list(moderators_of(chat).filter(user__isnull=False).select_related("user"))
    if chat.unit_id is not None:
        named += _joined(chat.organization_id, Audience.LEADERS, chat.unit_id)
    named = [person for person in named if person.pk != author_id]
    if not named:
        named = _joined(chat.organization_id, Audience.ADMINISTRATION, None)
    return {person.pk: person for person in named if person.pk != author_id}


def _joined(organization_id: int, audience: str, unit_id: int | None) -> list[Person]:
    people = people_in(organization_id, [ChatAudience(audience=audience, unit_id=unit_id)])
    return list(people.filter(user__isnull=False).select_related("user"))


def people_who_missed(organization: Organization, since: datetime) -> dict[int, int]:
    """Return {person: unread messages} of those with an account who want to hear of the chats in which something was
    written after `since`. Two queries for each such chat; none for each person."""
    missed: dict[int, int] = defaultdict(int)
    lively = Chat.objects.filter(organization=organization, archived_at=None, message_count__gt=0)
    for chat in lively.filter(last_message_at__gte=since):
        states = {row[0]: row[1:] for row in _states(chat)}
        for person_id in members_of(chat).filter(user__isnull=False).values_list("pk", flat=True):
            notify, read_count = states.get(person_id, (Notify.ALL, 0))
            if notify == Notify.ALL:
                missed[person_id] += max(0, chat.message_count - read_count)
    return {person_id: count for person_id, count in missed.items() if count}


def _states(chat: Chat) -> list[tuple[int, str, int]]:
    return list(MemberState.objects.filter(chat=chat).values_list("person_id", "notify", "read_count"))
