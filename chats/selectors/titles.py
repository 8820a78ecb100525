"""What a chat is called: those derived from the structure take their words from it, so a renamed class renames them."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from chats.models import Chat, Template
from orgs.vocabulary import Vocabulary


def title_of(chat: Chat, words: Vocabulary) -> str:
    """Return the name of `chat` in the reader's language and the organization's words.

    A personal chat is called by the other one's name, so it must come from `selectors.chats.seen_by`.
    """
    if chat.template == Template.GENERAL:
        return chat.title or _("General chat")
    if chat.is_personal:
        return getattr(chat, "other_name", None) or _("Personal messages")
    if chat.unit is not None and not chat.title:
        return f"{chat.unit.name} · {_circle(chat, words)}"
    return chat.title or str(Template(chat.template).label)


def _circle(chat: Chat, words: Vocabulary) -> str:
    if chat.template == Template.UNIT_STUDENTS:
        return str(words["students"])
    if chat.template == Template.UNIT_PARENTS:
        return pgettext("circle of a chat", "parents")
    return str(words["teachers"])
