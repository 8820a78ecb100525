"""Why somebody cannot write in a chat right now, as a stable code with a sentence (CHAT-3, CHAT-9)."""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from chats.models import Chat, Writers
from chats.permissions import can_write
from chats.selectors.chats import has_staff
from chats.selectors.contacts import may_correspond
from chats.selectors.rules import rules_of
from orgs.actor import Actor
from orgs.models import Person

OBSTACLES = ("looking", "archived", "muted", "staff_only", "moderators_only", "contact_closed", "no_staff")


def obstacle(actor: Actor, chat: Chat) -> str | None:
    """Return the code of what keeps the actor from writing, or None. Queries only in personal chats, and for
    students in chats with a chosen list."""
    if not can_write(actor, chat):
        return _forbidden(chat)
    if chat.is_personal:
        other = Person.objects.filter(pk=chat.other_id).first()  # type: ignore[attr-defined]
        allowed = other is not None and may_correspond(actor, other, rules_of(chat.organization))
        return None if allowed else "contact_closed"
    if chat.has_member_list and actor.is_student and not actor.is_staff and not has_staff(chat):
        return "no_staff"
    return None


def _forbidden(chat: Chat) -> str:
    if not getattr(chat, "is_member", False):
        return "looking"
    if chat.archived_at is not None:
        return "archived"
    if getattr(chat, "muted_until", None):
        return "muted"
    return "staff_only" if chat.writers == Writers.STAFF else "moderators_only"


def sentence_of(code: str, chat: Chat) -> str:
    """Return what people read in place of the box to write in."""
    until = getattr(chat, "muted_until", None)
    when = date_format(timezone.localtime(until, chat.organization.zone), "j E, H:i") if until else ""
    return {
        "looking": _("You are looking into this chat and cannot write here."),
        "archived": _("This chat is in the archive: it can be read, not written in."),
        "muted": _("A moderator has paused your messages here until %(when)s.") % {"when": when},
        "staff_only": _("Only staff write in this chat."),
        "moderators_only": _("Only moderators write in this chat."),
        "contact_closed": _("By the organization's rules you can no longer write to each other."),
        "no_staff": _("Students can write here while somebody of the staff is in the chat."),
    }[code]
