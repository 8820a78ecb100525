"""The register of processing of personal data (152-ФЗ), made of what the apps declare in `personal_data.py`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import Field, Model
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from common.personal_data import (
    ACTS,
    EVENTS,
    FIGURES,
    JOINING,
    NEWS,
    OPERATING,
    ORDER,
    ORGANIZATION_GOES,
    REGISTERING,
    ROSTER,
    SIGNING_IN,
    TALKING,
    WORKING,
    Held,
    Outside,
    Purpose,
    Term,
    Whose,
    declared,
    outside,
    terms,
)

# What the platform does to keep the data safe; true of every installation.
MEASURES = (
    gettext_lazy("every organization is a closed space: the database itself refuses rows that point into another one"),
    gettext_lazy("rights by role, checked on the server for every page, answer and socket"),
    gettext_lazy(
        "signing in by a one-time code or a passkey, a second factor for those who want it; tries are limited"
    ),
    gettext_lazy("traffic is encrypted; one-time codes wait encrypted and are wiped when they have left"),
    gettext_lazy("links and personal codes are not stored: nothing in the database opens a door"),
    gettext_lazy("a journal of actions that nobody can change, kept by triggers of the database"),
    gettext_lazy("backups can be encrypted; logs hold no names, phones and texts"),
    gettext_lazy("what is needed no longer is removed by jobs, by the terms of this register"),
)
# Not the organization's: those who operate the platform answer for it.
_OF_THE_PLATFORM = (REGISTERING, OPERATING)
# What a school looks for first; the rest follows by apps.
_FIRST = (ROSTER, JOINING, TALKING, NEWS, ACTS, EVENTS, FIGURES, ORDER, WORKING, SIGNING_IN)


@dataclass(frozen=True)
class Line:
    """One kind of data in words."""

    what: str
    data: str
    whose: str
    basis: str
    kept: tuple[str, ...]


@dataclass
class Chapter:
    """All data of one purpose."""

    purpose: str
    access: str
    lines: list[Line] = field(default_factory=list)

    @property
    def subjects(self) -> str:
        """Whom they are about, all lines together, in the order of `Whose`."""
        named = {name for line in self.lines for name in line.whose.split(", ")}
        return ", ".join(label for label in map(str, Whose.labels) if label in named)


def chapters(*, of_organization: bool = False) -> list[Chapter]:
    """Return the register by purposes, in the active language and with the terms of this installation.

    `of_organization` leaves out what only the operator of the platform processes. No query.
    """
    found: dict[str, Chapter] = {}
    for held, line in _lines():
        if of_organization and held.why in _OF_THE_PLATFORM:
            continue
        purpose = str(held.why)
        access = str(held.why.access) if isinstance(held.why, Purpose) else _("who the rights allow it to")
        found.setdefault(purpose, Chapter(purpose, access)).lines.append(line)
    first = [str(purpose) for purpose in _FIRST]
    return sorted(found.values(), key=lambda c: first.index(c.purpose) if c.purpose in first else len(first))


def retention() -> list[tuple[str, str, str, str]]:
    """Return every end that a job brings: what, how long, the setting, the job."""
    return [(str(term.what), how_long(term), term.setting, term.job) for term in terms()]


def how_long(term: Term) -> str:
    """«90 дней после отправки», or the moment that the row itself names."""
    if not term.setting:
        return str(term.when)
    days = getattr(settings, term.setting)
    return f"{ngettext('%(days)s day', '%(days)s days', days) % {'days': days}} {term.when}".strip()


def measures() -> list[str]:
    """Return what keeps the data safe."""
    return [str(measure) for measure in MEASURES]


def _lines() -> Iterator[tuple[Held | Outside, Line]]:
    models = {model._meta.label_lower: model for model in apps.get_models(include_auto_created=True)}
    for name, table in declared().items():
        if isinstance(table, Held):
            model = models[name]
            title, data = table.title or _title_of(model), table.data or _data_of(model, table.personal)
            yield table, _line(table, str(title), str(data))
    for held in outside():
        yield held, _line(held, str(held.name), str(held.what))


def _line(held: Held | Outside, what: str, data: str) -> Line:
    whose = ", ".join(str(Whose(who).label) for who in Whose if who in held.whose)
    kept = [str(held.kept)] if held.kept else []
    # That of the whole organization is said once for all, in front of the tables.
    kept += [f"{term.what}: {how_long(term)}" for term in held.ends if term is not ORGANIZATION_GOES]
    return Line(capfirst(what), data, whose, str(held.basis.label), tuple(kept))


def _title_of(model: type[Model]) -> str:
    made_by = model._meta.auto_created
    named = made_by if isinstance(made_by, type) else model
    return str(named._meta.verbose_name_plural)


def _data_of(model: type[Model], names: Iterable[str]) -> str:
    """The names of the fields, as people read them; those that are only made of others have none."""
    fields = [model._meta.get_field(name) for name in names]
    words = [str(column.verbose_name) for column in fields if isinstance(column, Field) and _has_words(column)]
    return ", ".join(dict.fromkeys(words))


def _has_words(column: Field[Any, Any]) -> bool:
    return isinstance(column.verbose_name, Promise)
