"""Opening chats by template, freely, or with one person; changing and archiving them (CHAT-2, CHAT-3, CHAT-9)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from chats import live
from chats.models import (
    SYSTEM_TEMPLATES,
    Chat,
    ChatAudience,
    ChatMember,
    Template,
    Writers,
)
from chats.notices import Notice
from chats.selectors.contacts import reachable_by
from chats.selectors.rules import rules_of
from chats.selectors.titles import title_of
from chats.services.messages import post_notice
from chats.services.numbering import next_event
from common.errors import DomainError
from common.text import clean
from orgs.actor import Actor
from orgs.audit import Action, Deed, record
from orgs.models import Person
from orgs.selectors.people import PeopleFilter, filter_people, people_visible_to
from orgs.services.circles import Circle, checked_circles

MOST_LISTED = 1000
READERS_SHOWN = 100
MOST_DAYS = 3650
SLOW_CHOICES = (0, 10, 30, 60, 300, 900, 3600)


@dataclass(frozen=True)
class ChatData:
    """What a chat is called, what for, and whom it is for: chosen people, audiences (circle, unit id or None)."""

    title: str
    purpose: str = ""
    template: str = Template.FREE
    people: Collection[int] = ()
    circles: Sequence[Circle] = field(default_factory=tuple)
    writers: str = Writers.EVERYONE


@transaction.atomic
def create_chat(*, actor: Actor, data: ChatData) -> Chat:
    """Open a chat with the actor as its owner and return it (CHAT-2).

    The people are those of the roster whom the actor sees, with or without an account; the circles those the actor may
    gather (`orgs.permissions.can_gather`). Raises `DomainError`: `chat_title_required`, `chat_template_unknown`,
    `chat_rule_unknown`, `chat_people_unknown`, `chat_people_many`, `circle_unknown` (400), `circle_closed`
    (403).
    """
    if data.template in SYSTEM_TEMPLATES or data.template == Template.PERSONAL:
        raise _refused("chat_template_unknown", "template", _("Such a chat cannot be opened by hand."))
    title = clean(data.title)[:120]
    if not title:
        raise _refused("chat_title_required", "title", _("Please give the chat a name."))
    if data.writers not in Writers.values:
        raise _refused("chat_rule_unknown", "writers", _("There is no such rule."))
    people = _chosen(actor, data.people)
    circles = checked_circles(actor, data.circles)
    chat = Chat.objects.create(
        organization=actor.organization,
        template=data.template,
        title=title,
        purpose=clean(data.purpose)[:300],
        owner=actor.person,
        writers=data.writers,
        shows_readers=len(people) <= READERS_SHOWN and all(unit is not None for _circle, unit in circles),
    )
    _set_circles(chat, circles)
    ChatMember.objects.bulk_create(
        ChatMember(organization=actor.organization, chat=chat, person=person, is_moderator=person.pk == actor.person.pk)
        for person in {actor.person.pk: actor.person, **{person.pk: person for person in people}}.values()
    )
    record(actor.organization, actor, [Deed(Action.CHAT_CREATED, details={"chat": title})])
    post_notice(chat, Notice.CREATED, person=actor.person.full_name)
    for person in (actor.person, *people):
        live.memberships_changed(person)
    live.circles_changed(actor.organization.pk, {unit for _circle, unit in circles})
    return chat


def _chosen(actor: Actor, ids: Collection[int]) -> list[Person]:
    if len(ids) > MOST_LISTED:
        message = _("At most %(most)s people can be chosen; take an audience instead.") % {"most": MOST_LISTED}
        raise _refused("chat_people_many", "people", message)
    people = list(filter_people(people_visible_to(actor), PeopleFilter()).filter(pk__in=ids))
    if len(people) != len(set(ids)):
        raise _refused("chat_people_unknown", "people", _("Some of these people are not in the organization."))
    return people


def _set_circles(chat: Chat, circles: Sequence[Circle]) -> None:
    ChatAudience.objects.bulk_create(
        ChatAudience(organization_id=chat.organization_id, chat=chat, audience=audience, unit_id=unit)
        for audience, unit in circles
    )


def personal_chat(*, actor: Actor, person: Person) -> Chat:
    """Return the personal chat of the actor with `person`, opened if there is none yet (CHAT-3).

    Raises `DomainError("contact_closed")` (403) when the organization's rules do not let the actor begin.
    """
    pair = ":".join(str(key) for key in sorted((actor.person.pk, person.pk)))
    known = Chat.objects.filter(organization=actor.organization, pair=pair)
    if found := known.first():
        return found
    if not reachable_by(actor, rules_of(actor.organization)).filter(pk=person.pk).exists():
        message = _("By the organization's rules you cannot write to this person.")
        raise DomainError("contact_closed", message, status=403)
    try:
        with transaction.atomic():
            return _open_personal(actor, person, pair)
    except IntegrityError:  # chat_one_per_pair: both began at once
        return known.get()


def _open_personal(actor: Actor, person: Person, pair: str) -> Chat:
    chat = Chat.objects.create(organization=actor.organization, template=Template.PERSONAL, pair=pair)
    ChatMember.objects.bulk_create(
        ChatMember(organization=actor.organization, chat=chat, person=member) for member in (actor.person, person)
    )
    for member in (actor.person, person):
        live.memberships_changed(member)
    return chat


@dataclass(frozen=True)
class ChatChanges:
    """What may be changed in a chat; None leaves it as it is. `retention_days` 0 means the organization's rule."""

    title: str | None = None
    purpose: str | None = None
    writers: str | None = None
    slow_seconds: int | None = None
    retention_days: int | None = None


@transaction.atomic
def change_chat(*, actor: Actor, chat: Chat, changes: ChatChanges) -> Chat:
    """Rename a chat or change its rules; its members see it at once, the journal keeps it.

    A chat of the structure keeps its name. Raises `DomainError`: `chat_title_required`, `chat_title_fixed`,
    `chat_rule_unknown`, `retention_out_of_range` (400).
    """
    row = Chat.objects.select_for_update().get(pk=chat.pk)
    wanted = _wanted(row, changes)
    changed = [name for name, value in wanted.items() if getattr(row, name) != value]
    if not changed:
        return chat
    for name in changed:
        setattr(row, name, wanted[name])
        setattr(chat, name, wanted[name])
    row.save(update_fields=changed)
    rules = ", ".join(str(Chat._meta.get_field(name).verbose_name) for name in changed)  # type: ignore[union-attr]
    details = {"chat": title_of(chat, actor.words), "rules": rules}
    record(actor.organization, actor, [Deed(Action.CHAT_CHANGED, unit=chat.unit, details=details)])
    if "title" in changed:
        post_notice(row, Notice.RENAMED, person=actor.person.full_name, title=row.title)
    note_change(chat)
    return chat


def _wanted(row: Chat, changes: ChatChanges) -> dict[str, object]:
    wanted: dict[str, object] = {}
    if changes.title is not None:
        wanted["title"] = clean(changes.title)[:120]
        if row.is_system or row.is_personal:
            raise _refused("chat_title_fixed", "title", _("This chat is named after the structure."))
        if not wanted["title"]:
            raise _refused("chat_title_required", "title", _("Please give the chat a name."))
    if changes.purpose is not None:
        wanted["purpose"] = clean(changes.purpose)[:300]
    if changes.writers is not None:
        wanted["writers"] = changes.writers
    if changes.slow_seconds is not None:
        wanted["slow_seconds"] = changes.slow_seconds
    if changes.retention_days is not None:
        wanted["retention_days"] = changes.retention_days or None
    unknown = wanted.get("writers", row.writers) not in Writers.values
    if not 0 <= (changes.retention_days or 0) <= MOST_DAYS:
        raise _refused("retention_out_of_range", "retention_days", _("From 1 day to 10 years."))
    if unknown or wanted.get("slow_seconds", 0) not in SLOW_CHOICES:
        raise _refused("chat_rule_unknown", "writers" if unknown else "slow_seconds", _("There is no such rule."))
    return wanted


def note_change(chat: Chat) -> None:
    """Number a change of the chat itself and tell its members; the caller owns the transaction."""
    chat.last_event = chat.changed_event = next_event(chat.pk)
    Chat.objects.filter(pk=chat.pk).update(changed_event=chat.changed_event)
    live.chat_changed(chat)


@transaction.atomic
def archive_chat(*, actor: Actor, chat: Chat) -> None:
    """Put a chat into the archive: its members can read it, nobody writes. Twice is once."""
    _set_archived(actor, chat, Chat.objects.filter(pk=chat.pk, archived_at=None), archived=True)


@transaction.atomic
def restore_chat(*, actor: Actor, chat: Chat) -> None:
    """Bring a chat back from the archive."""
    _set_archived(actor, chat, Chat.objects.filter(pk=chat.pk, archived_at__isnull=False), archived=False)


def _set_archived(actor: Actor, chat: Chat, rows: QuerySet[Chat], *, archived: bool) -> None:
    chat.archived_at = timezone.now() if archived else None
    if rows.update(archived_at=chat.archived_at):
        action = Action.CHAT_ARCHIVED if archived else Action.CHAT_RESTORED
        record(actor.organization, actor, [Deed(action, details={"chat": title_of(chat, actor.words)})])
        note_change(chat)


def _refused(code: str, field_name: str, message: str) -> DomainError:
    return DomainError(code, message, fields={field_name: message}, status=400)
