"""Circles of people in words: whom an audience means."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from orgs.models import Audience, AudienceRule
from orgs.vocabulary import Vocabulary


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
