"""What a column of the roster can mean, in the order in which exports write the columns (ORG-8, INT-3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from orgs.vocabulary import Vocabulary
from roster.reading.headings import HEADINGS, PARENT_HEADINGS, UNIT_HEADINGS

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise
else:
    StrOrPromise = str

MOST_PARENTS = 4


@dataclass(frozen=True)
class Field:
    """One meaning of a column: its stable name, its title in the language of the interface, the parent it is about
    (0 = the person of the row)."""

    name: str
    title: StrOrPromise
    parent: int = 0


def _fields() -> dict[str, Field]:
    own: list[tuple[str, StrOrPromise]] = [
        ("platform_id", _("Number on the platform")),
        ("record_number", _("Number of the personal file")),
        ("full_name", _("Full name in one column")),
        ("last_name", _("Last name")),
        ("first_name", _("First name")),
        ("patronymic", _("Patronymic")),
        ("birth_date", _("Date of birth")),
        ("role", _("Role")),
        ("unit", _("Class, group or circle")),
        ("parallel", _("Parallel (the number of the class)")),
        ("letter", _("Letter of the class")),
        ("leads", _("Leader of which class or group")),
        ("phone", _("Phone")),
        ("email", _("E-mail")),
        ("position", _("Position")),
    ]
    fields = {name: Field(name, title) for name, title in own}
    titles: list[list[StrOrPromise]] = [
        [_("Parent 1: full name"), _("Parent 1: phone"), _("Parent 1: e-mail")],
        [_("Parent 2: full name"), _("Parent 2: phone"), _("Parent 2: e-mail")],
        [_("Parent 3: full name"), _("Parent 3: phone"), _("Parent 3: e-mail")],
        [_("Parent 4: full name"), _("Parent 4: phone"), _("Parent 4: e-mail")],
    ]
    for number, words in enumerate(titles, 1):
        for what, title in zip(("name", "phone", "email"), words, strict=True):
            fields[f"parent{number}_{what}"] = Field(f"parent{number}_{what}", title, parent=number)
    return fields


FIELDS: Mapping[str, Field] = _fields()

# Several columns may mean one of these: their texts are joined («Фамилия матери», «Имя матери»).
JOINED = frozenset({"full_name"} | {f"parent{number}_name" for number in range(1, MOST_PARENTS + 1)})


def heading_of(name: str, words: Vocabulary) -> str:
    """Return the Russian heading of a field, as exports write it and imports understand it whatever the language of
    the interface: «Класс» in a school, «Группа» in a kindergarten."""
    field = FIELDS[name]
    if name == "unit":
        return UNIT_HEADINGS[words.main_unit_kind]
    if field.parent:
        return PARENT_HEADINGS[name.partition("_")[2]] % {"number": field.parent}
    return HEADINGS[name]
