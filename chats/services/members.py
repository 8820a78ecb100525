"""Who was chosen into a chat, who moderates it, and the link that lets the organization's people in (INV-10)."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from chats import live
from chats.models import Chat, ChatLink, ChatMember, Template
from chats.notices import Notice
from chats.selectors.chats import chats_of
from chats.selectors.titles import title_of
from chats.services.chats import MOST_LISTED, note_change
from chats.services.messages import post_notice
from common.errors import DomainError
from orgs.actor import Actor
from orgs.audit import Action, Deed, record
from orgs.models import STAFF_ROLES, Person, Role, RoleAssignment

LINK_DAYS = 14


@transaction.atomic
def add_members(*, actor: Actor, chat: Chat, people: Iterable[Person]) -> int:
    """Choose `people` of this organization into the chat; return how many were not in it yet.

    Raises `DomainError`: `chat_people_many` beyond a thousand (400), `not_by_oneself` (403).
    """
    people = list(people)
    _require_somebody_else(actor, chat, people)
    Chat.objects.select_for_update().get(pk=chat.pk)
    have = set(ChatMember.objects.filter(chat=chat, until=None).values_list("person_id", flat=True))
    new = [person for person in people if person.pk not in have]
    if len(have) + len(new) > MOST_LISTED:
        message = _("At most %(most)s people can be chosen; take an audience instead.") % {"most": MOST_LISTED}
        raise DomainError("chat_people_many", message, fields={"people": message}, status=400)
    ChatMember.objects.bulk_create(
        ChatMember(organization_id=chat.organization_id, chat=chat, person=person) for person in new
    )
    title = title_of(chat, actor.words)
    record(actor.organization, actor, [Deed(Action.CHAT_MEMBER_ADDED, p, details={"chat": title}) for p in new])
    for person in new:
        post_notice(chat, Notice.JOINED, person=person.full_name)
        live.memberships_changed(person)
    return len(new)


def _require_somebody_else(actor: Actor, chat: Chat, people: Sequence[Person]) -> None:
    """Whoever keeps the registry chooses others; a way in for oneself would make looks into chats needless (CHAT-9)."""
    if actor.person in people and not getattr(chat, "is_member", False):
        message = _("You cannot let yourself into a chat. Somebody in it can do that.")
        raise DomainError("not_by_oneself", message, fields={"people": message}, status=403)


@transaction.atomic
def remove_member(*, actor: Actor, chat: Chat, person: Person) -> None:
    """Take somebody out of the chat's list: they keep nothing of it (CHAT-8).

    Raises `DomainError`: `chat_owner_stays` (the owner names another one first), `not_in_chat` (400).
    """
    if not _end(chat, person, Notice.TAKEN_OUT):
        raise DomainError("not_in_chat", _("This person is not in the list of the chat."), status=400)
    deed = Deed(Action.CHAT_MEMBER_REMOVED, person, details={"chat": title_of(chat, actor.words)})
    record(actor.organization, actor, [deed])


@transaction.atomic
def leave(*, actor: Actor, chat: Chat) -> None:
    """Leave a chat oneself. Raises `DomainError("chat_owner_stays")` for its owner."""
    _end(chat, actor.person, Notice.LEFT)


def _end(chat: Chat, person: Person, notice: Notice) -> bool:
    if chat.owner_id == person.pk:
        message = _("The owner answers for the chat. Name another owner first.")
        raise DomainError("chat_owner_stays", message, fields={"person": message})
    if not ChatMember.objects.filter(chat=chat, person=person, until=None).update(until=timezone.now()):
        return False
    # In this order: the pages of whoever left do not hear the notice any more.
    live.memberships_changed(person)
    post_notice(chat, notice, person=person.full_name)
    return True


@transaction.atomic
def set_moderator(*, actor: Actor, chat: Chat, person: Person, moderates: bool) -> None:
    """Name a chosen member a moderator of the chat, or take that back.

    Raises `DomainError`: `not_in_chat`; `moderator_not_staff` (students and parents moderate no chats, CHAT-9).
    """
    if moderates and not RoleAssignment.objects.filter(person=person, role__in=STAFF_ROLES, until=None).exists():
        raise DomainError("moderator_not_staff", _("Only staff moderate chats."), status=400)
    row = ChatMember.objects.filter(chat=chat, person=person, until=None).first()
    if row is None:
        raise DomainError("not_in_chat", _("This person is not in the list of the chat."), status=400)
    if ChatMember.objects.filter(pk=row.pk, is_moderator=not moderates).update(is_moderator=moderates):
        action = Action.CHAT_MODERATOR_SET if moderates else Action.CHAT_MODERATOR_UNSET
        record(actor.organization, actor, [Deed(action, person, details={"chat": title_of(chat, actor.words)})])
        live.memberships_changed(person)


@transaction.atomic
def set_owner(*, actor: Actor, chat: Chat, person: Person) -> None:
    """Let somebody of the staff answer for the chat from now on; they come into it if they were not.

    Raises `DomainError`: `owner_not_staff` (400), `not_by_oneself` (403).
    """
    _require_somebody_else(actor, chat, [person])
    if not RoleAssignment.objects.filter(person=person, role__in=STAFF_ROLES, until=None).exists():
        raise DomainError("owner_not_staff", _("Only staff answer for chats."), status=400)
    Chat.objects.filter(pk=chat.pk).update(owner=person)
    chat.owner = person
    ChatMember.objects.get_or_create(
        organization_id=chat.organization_id, chat=chat, person=person, until=None, defaults={"is_moderator": True}
    )
    deed = Deed(Action.CHAT_OWNER_CHANGED, person, details={"chat": title_of(chat, actor.words)})
    record(actor.organization, actor, [deed])
    note_change(chat)
    live.memberships_changed(person)


def leave_chats_owned(person: Person) -> None:
    """Listener of `orgs.role_ended`: chats of somebody who is no longer staff go to an administrator, so that every
    chat has somebody who answers for it (CHAT-9)."""
    if RoleAssignment.objects.filter(person=person, role__in=STAFF_ROLES, until=None).exists():
        return
    _pass_on(person)


def pass_on_chats(person: Person) -> None:
    """Listener of `orgs.account_leaves`: every chat has somebody who answers for it, and who left is on no list
    (ACC-2)."""
    _pass_on(person)
    ChatMember.objects.filter(person=person, until=None).update(until=timezone.now())


def _pass_on(person: Person) -> None:
    # Only staff moderate.
    ChatMember.objects.filter(person=person, until=None, is_moderator=True).update(is_moderator=False)
    owned = Chat.objects.filter(owner=person)
    if not owned.exists():
        return
    heir = (
        Person.objects.filter(
            organization=person.organization_id, roles__role=Role.ADMINISTRATOR, roles__until=None, user__isnull=False
        )
        .exclude(pk=person.pk)
        .order_by("pk")
        .first()
    )
    for chat in owned:
        if heir is not None:
            ChatMember.objects.get_or_create(
                organization_id=chat.organization_id,
                chat=chat,
                person=heir,
                until=None,
                defaults={"is_moderator": True},
            )
    owned.update(owner=heir)


@transaction.atomic
def make_link(*, actor: Actor, chat: Chat, days: int = LINK_DAYS) -> ChatLink:
    """Make the chat's link for people of this organization (INV-10); an older one stops working.

    Raises `DomainError("link_days_out_of_range")` outside 1 to 90 days.
    """
    if not 1 <= days <= 90:
        message = _("From 1 to 90 days.")
        raise DomainError("link_days_out_of_range", message, fields={"days": message}, status=400)
    Chat.objects.select_for_update().get(pk=chat.pk)
    ChatLink.objects.filter(chat=chat, revoked_at=None).update(revoked_at=timezone.now())
    link = ChatLink.objects.create(
        organization_id=chat.organization_id,
        chat=chat,
        created_by=actor.person,
        expires_at=timezone.now() + timedelta(days=days),
    )
    deed = Deed(Action.CHAT_LINK_CREATED, details={"chat": title_of(chat, actor.words)})
    record(actor.organization, actor, [deed])
    return link


@transaction.atomic
def revoke_link(*, actor: Actor, chat: Chat) -> None:
    """Annul the chat's link. Twice is once."""
    if ChatLink.objects.filter(chat=chat, revoked_at=None).update(revoked_at=timezone.now()):
        deed = Deed(Action.CHAT_LINK_REVOKED, details={"chat": title_of(chat, actor.words)})
        record(actor.organization, actor, [deed])


def join_by_link(*, actor: Actor, link: ChatLink) -> Chat:
    """Come into the chat by its link and return the chat; who is in already changes nothing (INV-10).

    The condition stands in the statement that counts the use, so an annulled link lets nobody in. Raises
    `DomainError("chat_link_dead")` (410): expired, annulled, or the chat is in the archive.
    """
    if chats_of(actor).filter(pk=link.chat_id).exists():
        return link.chat
    try:
        with transaction.atomic():
            _come_in(actor, link)
    except IntegrityError:  # chat_member_once_at_a_time: a double click
        pass
    return link.chat


def _come_in(actor: Actor, link: ChatLink) -> None:
    alive = ChatLink.objects.filter(
        pk=link.pk,
        organization=actor.organization,
        revoked_at=None,
        expires_at__gt=timezone.now(),
        chat__archived_at=None,
    ).exclude(chat__template=Template.PERSONAL)
    if not alive.update(uses=F("uses") + 1):
        message = _("This link no longer works. Ask whoever sent it for a new one.")
        raise DomainError("chat_link_dead", message, status=410)
    ChatMember.objects.create(organization=actor.organization, chat_id=link.chat_id, person=actor.person)
    post_notice(link.chat, Notice.JOINED, person=actor.person.full_name)
    live.memberships_changed(actor.person)
