"""Chats somebody may read, with what the page and the rules ask about them in the same statement."""

from collections.abc import Sequence
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    Count,
    Exists,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Concat, Greatest

from chats.models import (
    SYSTEM_TEMPLATES,
    Chat,
    ChatAudience,
    ChatMember,
    Inspection,
    Mention,
    Message,
    Mute,
    Notify,
    Template,
)
from common.prepared import now
from orgs.actor import Actor
from orgs.models import Person, RoleAssignment
from orgs.prepared import prepared
from orgs.selectors.audiences import is_meant, people_in, rules_matching


def chats_of(actor: Actor) -> QuerySet[Chat]:
    """Return the chats the actor is in today: meant by an audience or chosen (CHAT-8). Former members find nothing.

    A system chat that was switched off is out of sight; other archived ones can still be read.
    """
    by_rule = ChatAudience.objects.filter(rules_matching(actor)).values("chat_id")
    chosen = ChatMember.objects.filter(person=actor.person, until=None).values("chat_id")
    return Chat.objects.filter(Q(pk__in=by_rule) | Q(pk__in=chosen), organization_id=actor.organization.pk).exclude(
        template__in=SYSTEM_TEMPLATES, archived_at__isnull=False
    )


def readable_by(actor: Actor) -> QuerySet[Chat]:
    """Return the chats of the actor and those the actor looks into for a documented reason right now (CHAT-9)."""
    looked_into = Inspection.objects.filter(person=actor.person, expires_at__gt=now()).values("chat_id")
    own = chats_of(actor).values("pk")
    return Chat.objects.filter(Q(pk__in=own) | Q(pk__in=looked_into), organization_id=actor.organization.pk)


def seen_by(actor: Actor, chats: QuerySet[Chat]) -> QuerySet[Chat]:
    """Add what depends on who looks.

    `read_number`, `read_count`, `notify` — the member's state; `unread`; `mentioned` — unread mentions;
    `is_named_moderator`; `is_listed` — chosen into it; `is_member` — false for somebody who only looks into it;
    `muted_until`; `other_name`,
    `other_id` — of a personal chat. The unit, the owner and the organization's rules come along.
    """
    person_id = actor.person.pk
    mine = FilteredRelation("states", condition=Q(states__person=person_id))
    listed = ChatMember.objects.filter(chat=OuterRef("pk"), until=None)
    others = listed.filter(chat__template=Template.PERSONAL).exclude(person=person_id)
    name = Concat("person__last_name", Value(" "), "person__first_name", Value(" "), "person__patronymic")
    mentions = Mention.objects.filter(chat=OuterRef("pk"), person=person_id, number__gt=OuterRef("read_number"))
    by_rule = ChatAudience.objects.filter(rules_matching(actor), chat=OuterRef("pk"))
    return (
        chats.select_related("unit", "owner", "organization__chat_rules")
        .annotate(mine=mine)
        .annotate(
            read_number=Coalesce(F("mine__read_number"), Value(0), output_field=BigIntegerField()),
            read_count=Greatest(Coalesce(F("mine__read_count"), Value(0)), _removed(), output_field=BigIntegerField()),
            notify=Coalesce(F("mine__notify"), Value(Notify.ALL), output_field=CharField()),
            is_listed=Exists(listed.filter(person=person_id)),
            is_named_moderator=Exists(listed.filter(person=person_id, is_moderator=True)),
            is_member=Case(When(Exists(by_rule) | Exists(listed.filter(person=person_id)), then=True), default=False),
            muted_until=Subquery(
                Mute.objects.filter(chat=OuterRef("pk"), person=person_id, until__gt=now()).values("until")
            ),
            other_id=Subquery(others.values("person_id")[:1]),
            other_name=Subquery(others.annotate(name=name).values("name")[:1]),
        )
        .annotate(
            unread=F("message_count") - F("read_count"),
            mentioned=Coalesce(
                Subquery(mentions.order_by().values("chat").annotate(count=Count("pk")).values("count")), 0
            ),
        )
    )


def _removed() -> Case:
    """How many messages of a chat are gone because their time was over: nobody can read them any more."""
    first = Message.objects.filter(chat=OuterRef("pk")).order_by("number").values("ordinal")[:1]
    removed = Coalesce(Subquery(first) - 1, F("message_count"), output_field=BigIntegerField())
    return Case(When(kept_after__gt=0, then=removed), default=0, output_field=BigIntegerField())


def list_of(actor: Actor, *, archived: bool = False) -> QuerySet[Chat]:
    """Return the actor's chats as the list shows them, the latest first (one query)."""
    return seen_by(actor, chats_of(actor).filter(archived_at__isnull=not archived)).order_by("-last_message_at", "-id")


def find_chat(actor: Actor, chat_id: int) -> Chat | None:
    """Return a chat the actor may read, with what `seen_by` adds but `mentioned`; None when it is not visible.

    One query for a member, one more for a personal chat. This is asked with every message that is read or written:
    joins and a comparison in memory take a third of the time of `seen_by`.
    """
    rows = _own_rows_of(actor, chat_id)
    if not rows or (rows[0].is_system and rows[0].archived_at is not None):
        return None
    chat = rows[0]
    rules = [(row.circle, row.circle_unit) for row in rows if row.circle is not None]
    chat.is_member = chat.is_listed or is_meant(actor, rules)
    if not chat.is_member and not _looks_into(actor, chat):
        return None
    if chat.kept_after:
        first = Message.objects.filter(chat=chat).order_by("number").values_list("ordinal", flat=True).first()
        chat.read_count = max(chat.read_count, chat.message_count if first is None else first - 1)
    chat.unread = chat.message_count - chat.read_count
    other = Person.objects.filter(pk=chat.other_of(actor.person.pk)).first() if chat.is_personal else None
    chat.other_id, chat.other_name = (other.pk, other.author_name) if other is not None else (None, None)
    return chat


@prepared
def _own_rows_of(actor: Actor, chat_id: int) -> QuerySet[Any]:
    """The chat once for each of its circles, as a rule one or two: a second query would take longer."""
    circles = {"circle": F("audiences__audience"), "circle_unit": F("audiences__unit_id")}
    return _with_own_rows(actor).filter(pk=chat_id).annotate(**circles)


def _with_own_rows(actor: Actor) -> QuerySet[Any]:
    """Chats of the organization beside the actor's state, place in the list, and mute."""
    person_id = actor.person.pk
    return (
        Chat.objects.filter(organization=actor.organization.pk)
        .select_related("unit", "owner", "organization__chat_rules")
        .annotate(
            mine=FilteredRelation("states", condition=Q(states__person=person_id)),
            listed=FilteredRelation("members", condition=Q(members__person=person_id, members__until=None)),
            muted=FilteredRelation("mutes", condition=Q(mutes__person=person_id, mutes__until__gt=now())),
        )
        .annotate(
            read_number=Coalesce(F("mine__read_number"), Value(0)),
            read_count=Coalesce(F("mine__read_count"), Value(0)),
            notify=Coalesce(F("mine__notify"), Value(Notify.ALL), output_field=CharField()),
            is_listed=Q(listed__isnull=False),
            is_named_moderator=Coalesce(F("listed__is_moderator"), Value(False)),
            muted_until=F("muted__until"),
        )
    )


def _looks_into(actor: Actor, chat: Chat) -> bool:
    return Inspection.objects.filter(person=actor.person, chat=chat, expires_at__gt=now()).exists()


def last_messages_of(chats: Sequence[Chat]) -> dict[int, Message]:
    """Return the last message of each of `chats` by the chat's id, in one query."""
    found = Q(pk=None)
    for chat in chats:
        if chat.last_message_number:
            found |= Q(chat=chat.pk, number=chat.last_message_number)
    return {message.chat_id: message for message in Message.objects.filter(found).select_related("author")}


def members_of(chat: Chat) -> QuerySet[Person]:
    """Return everybody who is in the chat today, with or without an account, by name (CHAT-8)."""
    chosen = ChatMember.objects.filter(chat=chat, until=None).values("person_id")
    rules = list(chat.audiences.all())
    people = people_in(chat.organization_id, rules) if rules else Person.objects.none()
    by_rule = people.values("pk")
    # Whoever left the organization stays in the list, in case they come back, and hears nothing meanwhile.
    is_here = Exists(RoleAssignment.objects.filter(person=OuterRef("pk"), until=None))
    return Person.objects.filter(
        (Q(pk__in=chosen) & Q(is_here)) | Q(pk__in=by_rule), organization=chat.organization_id, merged_into=None
    ).order_by("search_name", "id")


def has_staff(chat: Chat) -> bool:
    """Tell whether somebody of the staff is in the chat; students write only where one is (CHAT-3)."""
    return members_of(chat).filter(roles__role__in=("administrator", "head", "teacher"), roles__until=None).exists()


def moderators_of(chat: Chat) -> QuerySet[Person]:
    """Return the owner and those named moderators of the list; leaders moderate the chats of their unit besides."""
    named = ChatMember.objects.filter(chat=chat, until=None, is_moderator=True).values("person_id")
    return Person.objects.filter(Q(pk__in=named) | Q(pk=chat.owner_id)).order_by("search_name")
