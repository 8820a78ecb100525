"""What a chat is called: those derived from the structure take their words from it, so a renamed class renames them."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from chats.models import Chat, Template
from orgs.models import Audience, AudienceRule
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


def audience_name(audience: str, words: Vocabulary) -> str:
    """Return what a circle of people is called in the organization's words: «обучающиеся», «родители»."""
    names = {
        Audience.EVERYONE: pgettext("circle of a chat", "everyone"),
        Audience.STAFF: pgettext("circle of a chat", "teachers and other staff"),
        Audience.ADMINISTRATION: pgettext("circle of a chat", "administration"),
        Audience.LEADERS: pgettext("circle of a chat", "leaders of units"),
        Audience.STUDENTS: str(words["students"]),
        Audience.PARENTS: pgettext("circle of a chat", "parents"),
    }
    return names[Audience(audience)]


def circles_in_words(rules: Iterable[AudienceRule], words: Vocabulary) -> list[str]:
    """Return whom `rules` mean, a line for each unit: «5А: родители, классный руководитель»; units come along."""
    lines: dict[str, list[str]] = {}
    for rule in rules:
        place = _("The whole organization") if rule.unit is None else rule.unit.name
        is_led = rule.unit is not None and rule.audience == Audience.LEADERS
        lines.setdefault(place, []).append(str(words["leader"]) if is_led else audience_name(rule.audience, words))
    return [f"{place}: {', '.join(names)}" for place, names in lines.items()]
