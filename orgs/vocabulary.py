"""The words of each kind of organization (REG-7): класс / группа / кружок, учитель / воспитатель / педагог.

The words are msgids with the kind as gettext context; an organization may put its own in their place
(`Organization.labels`, keys of `EDITABLE`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from orgs.models import Kind, Organization, Part, Role, UnitKind

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise
else:
    StrOrPromise = str  # lazy strings behave as str wherever they are shown

EDITABLE: dict[str, StrOrPromise] = {
    "unit": _("A unit (one)"),
    "units": _("Units (many)"),
    "teacher": _("A teacher (one)"),
    "teachers": _("Teachers (many)"),
    "leader": _("The leader of a unit"),
    "student": _("A student (one)"),
    "students": _("Students (many)"),
    "head": _("The head of the organization"),
}

WORDS: Mapping[str, Mapping[str, StrOrPromise]] = {
    Kind.SCHOOL: {
        "unit": pgettext_lazy("school", "class"),
        "units": pgettext_lazy("school", "classes"),
        "teacher": pgettext_lazy("school", "teacher"),
        "teachers": pgettext_lazy("school", "teachers"),
        "leader": pgettext_lazy("school", "class leader"),
        "student": pgettext_lazy("school", "student"),
        "students": pgettext_lazy("school", "students"),
        "head": pgettext_lazy("school", "head"),
        "staff_unit": pgettext_lazy("school", "Staff unit"),
    },
    Kind.KINDERGARTEN: {
        "unit": pgettext_lazy("kindergarten", "group"),
        "units": pgettext_lazy("kindergarten", "groups"),
        "teacher": pgettext_lazy("kindergarten", "teacher"),
        "teachers": pgettext_lazy("kindergarten", "teachers"),
        "leader": pgettext_lazy("kindergarten", "group leader"),
        "student": pgettext_lazy("kindergarten", "student"),
        "students": pgettext_lazy("kindergarten", "students"),
        "head": pgettext_lazy("kindergarten", "head"),
        "staff_unit": pgettext_lazy("kindergarten", "Staff unit"),
    },
    Kind.COLLEGE: {
        "unit": pgettext_lazy("college", "group"),
        "units": pgettext_lazy("college", "groups"),
        "teacher": pgettext_lazy("college", "teacher"),
        "teachers": pgettext_lazy("college", "teachers"),
        "leader": pgettext_lazy("college", "group leader"),
        "student": pgettext_lazy("college", "student"),
        "students": pgettext_lazy("college", "students"),
        "head": pgettext_lazy("college", "head"),
        "staff_unit": pgettext_lazy("college", "Staff unit"),
    },
    Kind.SUPPLEMENTARY: {
        "unit": pgettext_lazy("supplementary", "circle"),
        "units": pgettext_lazy("supplementary", "circles"),
        "teacher": pgettext_lazy("supplementary", "teacher"),
        "teachers": pgettext_lazy("supplementary", "teachers"),
        "leader": pgettext_lazy("supplementary", "circle leader"),
        "student": pgettext_lazy("supplementary", "student"),
        "students": pgettext_lazy("supplementary", "students"),
        "head": pgettext_lazy("supplementary", "head"),
        "staff_unit": pgettext_lazy("supplementary", "Staff unit"),
    },
}

# The kind of unit an organization mostly has; others may stand beside it (a circle in a school).
MAIN_UNIT_KIND: Mapping[str, UnitKind] = {
    Kind.SCHOOL: UnitKind.CLASS,
    Kind.KINDERGARTEN: UnitKind.GROUP,
    Kind.COLLEGE: UnitKind.GROUP,
    Kind.SUPPLEMENTARY: UnitKind.CIRCLE,
}
UNIT_KINDS: Mapping[str, tuple[UnitKind, ...]] = {
    Kind.SCHOOL: (UnitKind.CLASS, UnitKind.GROUP, UnitKind.CIRCLE),
    Kind.KINDERGARTEN: (UnitKind.GROUP, UnitKind.CIRCLE),
    Kind.COLLEGE: (UnitKind.GROUP, UnitKind.CIRCLE),
    Kind.SUPPLEMENTARY: (UnitKind.CIRCLE, UnitKind.GROUP),
}

# Sentences that would need a case ending: one for each kind of unit.
UNIT_PHRASES: Mapping[str, Mapping[str, StrOrPromise]] = {
    UnitKind.CLASS: {
        "new": _("New class"),
        "several": _("Several classes at once"),
        "edit": _("Edit the class"),
        "archive": _("Archive the class"),
        "archived": _("The class %(name)s is in the archive."),
        "restored": _("The class %(name)s is back from the archive."),
        "past": _("Was in classes"),
        "past_people": _("Were in this class"),
        "in": _("in class %(name)s"),
        "word": _("class"),
        "many": _("Classes"),
        "add": _("Add to the class"),
        "leave": _("Leaving the class %(name)s"),
        "links": _("Invitations of this class"),
        "empty": _("Nobody is in this class yet"),
        "find": _("Find a class"),
        "none": _("There are no classes yet"),
        "mine": _("My classes"),
        "own": _("My class"),
        "unled": _("Classes without a leader"),
        "unplaced": _("Students without a class"),
        "choose": _("Choose a class"),
    },
    UnitKind.GROUP: {
        "new": _("New group"),
        "several": _("Several groups at once"),
        "edit": _("Edit the group"),
        "archive": _("Archive the group"),
        "archived": _("The group %(name)s is in the archive."),
        "restored": _("The group %(name)s is back from the archive."),
        "past": _("Was in groups"),
        "past_people": _("Were in this group"),
        "in": _("in group %(name)s"),
        "word": _("group"),
        "many": _("Groups"),
        "add": _("Add to the group"),
        "leave": _("Leaving the group %(name)s"),
        "links": _("Invitations of this group"),
        "empty": _("Nobody is in this group yet"),
        "find": _("Find a group"),
        "none": _("There are no groups yet"),
        "mine": _("My groups"),
        "own": _("My group"),
        "unled": _("Groups without a leader"),
        "unplaced": _("Students without a group"),
        "choose": _("Choose a group"),
    },
    UnitKind.CIRCLE: {
        "new": _("New circle"),
        "several": _("Several circles at once"),
        "edit": _("Edit the circle"),
        "archive": _("Archive the circle"),
        "archived": _("The circle «%(name)s» is in the archive."),
        "restored": _("The circle «%(name)s» is back from the archive."),
        "past": _("Was in circles"),
        "past_people": _("Were in this circle"),
        "in": _("in circle «%(name)s»"),
        "word": _("circle"),
        "many": _("Circles"),
        "add": _("Add to the circle"),
        "leave": _("Leaving the circle «%(name)s»"),
        "links": _("Invitations of this circle"),
        "empty": _("Nobody is in this circle yet"),
        "find": _("Find a circle"),
        "none": _("There are no circles yet"),
        "mine": _("My circles"),
        "own": _("My circle"),
        "unled": _("Circles without a leader"),
        "unplaced": _("Students without a circle"),
        "choose": _("Choose a circle"),
    },
    UnitKind.STAFF: {
        "new": _("New unit"),
        "several": _("Several units at once"),
        "edit": _("Edit the unit"),
        "archive": _("Archive the unit"),
        "archived": _("«%(name)s» is in the archive."),
        "restored": _("«%(name)s» is back from the archive."),
        "past": _("Was in units"),
        "past_people": _("Were on the staff"),
        "in": _("in «%(name)s»"),
        "word": _("staff"),
        "many": _("Staff"),
        "add": _("Add to the staff"),
        "leave": _("Leaving «%(name)s»"),
        "links": _("Invitations of the staff"),
        "empty": _("Nobody is on the staff yet"),
        "find": _("Find a unit"),
        "none": _("There are no units yet"),
        "mine": _("My units"),
        "own": _("My unit"),
        "unled": _("Units without a leader"),
        "unplaced": _("Students without a unit"),
        "choose": _("Choose a unit"),
    },
}


def unit_phrase(kind: str, key: str, **values: str) -> str:
    """Return a whole sentence about a unit of `kind` (a key of `UNIT_PHRASES`), with `values` put in."""
    return str(UNIT_PHRASES[kind][key]) % values if values else str(UNIT_PHRASES[kind][key])


@dataclass(frozen=True)
class Vocabulary:
    """The words of one organization."""

    kind: str
    labels: Mapping[str, str]

    def __getitem__(self, key: str) -> StrOrPromise:
        """Return the organization's own word for `key`, else its kind's; templates write `words.unit`."""
        return self.labels.get(key) or WORDS[self.kind][key]

    @cached_property
    def main_unit_kind(self) -> UnitKind:
        return MAIN_UNIT_KIND[self.kind]

    @cached_property
    def new_unit(self) -> StrOrPromise:
        return UNIT_PHRASES[self.main_unit_kind]["new"]

    @property
    def students_join(self) -> bool:
        """Whether students have accounts of their own; for the little ones their parents join."""
        return self.kind != Kind.KINDERGARTEN

    def phrase(self, key: str) -> str:
        """Return a sentence about the kind of unit this organization mostly has."""
        return unit_phrase(self.main_unit_kind, key)

    def role(self, role: str) -> StrOrPromise:
        """Return the word for a role (ORG-4)."""
        fixed = {Role.ADMINISTRATOR: _("administrator"), Role.PARENT: _("parent")}
        return fixed.get(role) or self[str(role)]  # type: ignore[call-overload]

    def part(self, part: str) -> StrOrPromise:
        """Return the word for a part in a unit."""
        return self[str(part)] if part != Part.LEADER else self["leader"]


def vocabulary_of(organization: Organization) -> Vocabulary:
    """Return the words in which `organization` speaks."""
    return Vocabulary(organization.kind, organization.labels)
