"""Who may write to whom, in words: «педагогам классов своих детей» (CHAT-3)."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chats.models import ChatRules, Template
from chats.selectors.contacts import groups_of
from chats.selectors.rules import Group, Reach, reach
from orgs.actor import Actor
from orgs.models import UnitKind
from orgs.vocabulary import Vocabulary

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise
else:
    StrOrPromise = str

WRITERS: Mapping[Group, StrOrPromise] = {
    Group.ADMINISTRATION: pgettext_lazy("who writes", "The administration"),
    Group.TEACHER: pgettext_lazy("who writes", "Teachers and other staff"),
    Group.PARENT: pgettext_lazy("who writes", "Parents"),
    Group.STUDENT: pgettext_lazy("who writes", "Students"),
}
READERS: Mapping[Group, StrOrPromise] = {
    Group.ADMINISTRATION: pgettext_lazy("to whom", "to the administration"),
    Group.TEACHER: pgettext_lazy("to whom", "to teachers and other staff"),
    Group.PARENT: pgettext_lazy("to whom", "to parents"),
    Group.STUDENT: pgettext_lazy("to whom", "to students"),
}
_OWN: Mapping[UnitKind, Mapping[Group, StrOrPromise]] = {
    UnitKind.CLASS: {
        Group.TEACHER: pgettext_lazy("to whom", "of their own classes"),
        Group.PARENT: pgettext_lazy("to whom", "of their children's classes"),
        Group.STUDENT: pgettext_lazy("to whom", "of their own class"),
    },
    UnitKind.GROUP: {
        Group.TEACHER: pgettext_lazy("to whom", "of their own groups"),
        Group.PARENT: pgettext_lazy("to whom", "of their children's groups"),
        Group.STUDENT: pgettext_lazy("to whom", "of their own group"),
    },
    UnitKind.CIRCLE: {
        Group.TEACHER: pgettext_lazy("to whom", "of their own circles"),
        Group.PARENT: pgettext_lazy("to whom", "of their children's circles"),
        Group.STUDENT: pgettext_lazy("to whom", "of their own circle"),
    },
}

_UNIT_CHATS: Mapping[UnitKind, Mapping[Template, StrOrPromise]] = {
    UnitKind.CLASS: {
        Template.UNIT_STUDENTS: _("Students of each class with its teachers"),
        Template.UNIT_PARENTS: _("Parents of each class with its leader"),
        Template.UNIT_STAFF: _("Teachers of each class"),
    },
    UnitKind.GROUP: {
        Template.UNIT_STUDENTS: _("Students of each group with its teachers"),
        Template.UNIT_PARENTS: _("Parents of each group with its leader"),
        Template.UNIT_STAFF: _("Teachers of each group"),
    },
    UnitKind.CIRCLE: {
        Template.UNIT_STUDENTS: _("Students of each circle with its teachers"),
        Template.UNIT_PARENTS: _("Parents of each circle with its leader"),
        Template.UNIT_STAFF: _("Teachers of each circle"),
    },
}


def system_chats(words: Vocabulary) -> dict[Template, str]:
    """Return the chats that exist by themselves in such an organization, with what they are (CHAT-1)."""
    titles = {Template.GENERAL: _t("General chat: everybody of the organization")}
    titles |= {template: str(title) for template, title in _UNIT_CHATS[words.main_unit_kind].items()}
    if not words.students_join:
        del titles[Template.UNIT_STUDENTS]
    return titles


def groups_here(words: Vocabulary) -> list[Group]:
    """Return who has an account in this organization: the little ones' parents write for them."""
    return [group for group in Group if group != Group.STUDENT or words.students_join]


def own_units_of(source: Group, words: Vocabulary) -> str:
    """Return what «own» means for whoever writes: «своих классов», «классов своих детей»."""
    phrases = _OWN[words.main_unit_kind]
    return str(phrases.get(source, phrases[Group.TEACHER]))


def reach_in_words(actor: Actor, rules: ChatRules) -> list[str]:
    """Return to whom the actor may write first, a line for each: «администрации», «педагогам своих классов»."""
    lines = []
    for source in groups_of(actor):
        for target in groups_here(actor.words):
            how_far = reach(rules, source, target)
            whom = str(READERS[target])
            if how_far == Reach.EVERYONE:
                lines.append(whom)
            elif how_far == Reach.OWN_UNITS:
                values = {"whom": whom, "units": own_units_of(source, actor.words)}
                lines.append(_t("%(whom)s %(units)s") % values)
    return list(dict.fromkeys(lines))
