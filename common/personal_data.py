"""What the tables hold about people, why, and for how long: said by each app in its `personal_data.py` (152-ФЗ).

From these declarations come the register of processing (docs/personal-data.md), what a person takes along (ACC-2),
and the test that refuses a table nobody has spoken about.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from django.apps import apps
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise


class Whose(models.TextChoices):
    """Whom the data are about."""

    STAFF = "staff", _("staff")
    STUDENTS = "students", _("students")
    PARENTS = "parents", _("parents")
    APPLICANTS = "applicants", _("those who apply")
    OPERATORS = "operators", _("operators of the platform")


class Basis(models.TextChoices):
    """What allows the processing (article 6 of 152-ФЗ)."""

    CONSENT = "consent", _("consent (article 6, part 1, clause 1)")
    LAW = "law", _("duties of an educational organization by law (article 6, part 1, clause 2)")
    AGREEMENT = "agreement", _("rules of use that the person accepted (article 6, part 1, clause 5)")
    INTEREST = "interest", _("safety of the platform and of its users (article 6, part 1, clause 7)")


@dataclass(frozen=True)
class Purpose:
    """Why something is held: data of one purpose stand together in the register."""

    words: Words
    # Who sees them, beside the person.
    access: Words

    def __str__(self) -> str:
        return str(self.words)


@dataclass(frozen=True)
class Term:
    """One end of something: `what` goes so many days after its time, by a job of the schedule.

    `setting` is the name of a setting in days; empty where the moment stands in the row itself (`when` says which).
    """

    what: Words
    job: str
    setting: str = ""
    when: Words = ""


@dataclass(frozen=True)
class Held:
    """What one table holds about people.

    `personal`: fields that are data about somebody, also references to a person. `plain`: fields with text, JSON or a
    file that are looked at and hold none. `owners`: lookups from a row to the users it is about; to them it is given
    when they take their data along, but for `withheld`: fields about somebody else, and secrets. `kept`: how long, in
    words, where that is more than `ends` say: what brings an end, and when.
    """

    model: str
    personal: tuple[str, ...]
    whose: tuple[Whose, ...]
    why: Purpose | Words
    basis: Basis
    kept: Words
    plain: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()
    ends: tuple[Term, ...] = ()
    # How the register calls the table and its data, where their own names do not say it.
    title: Words = ""
    data: Words = ""


@dataclass(frozen=True)
class Nothing:
    """A table without data about people, and why there can be none."""

    model: str
    because: Words
    plain: tuple[str, ...] = ()
    ends: tuple[Term, ...] = ()


@dataclass(frozen=True)
class Outside:
    """Data about people that lie in no table of a model; named in `OUTSIDE` of an app."""

    name: Words
    what: Words
    whose: tuple[Whose, ...]
    why: Purpose | Words
    basis: Basis
    kept: Words
    ends: tuple[Term, ...] = ()


EVERYBODY = (Whose.STAFF, Whose.STUDENTS, Whose.PARENTS)
GROWN_UPS = (Whose.STAFF, Whose.PARENTS)

# --- Purposes that several apps share --------------------------------------------------------------------------------
_ADMINISTRATION = _("administrators and the head")
SIGNING_IN = Purpose(_("signing in, letters and codes"), _("nobody in the organization; the operator of the platform"))
ROSTER = Purpose(
    _("who learns, works and answers for whom in the organization"),
    _("administrators and the head; leaders and teachers within their units; of contacts only what the rights allow"),
)
JOINING = Purpose(_("letting people in by an invitation or on their request"), _("administrators and who invited"))
TALKING = Purpose(
    _("conversations of staff, students and parents"),
    _("those who are in the chat; moderators where somebody reported, or with a reason that the chat sees"),
)
NEWS = Purpose(_("news of the organization"), _("readers of the channel; public channels: everybody"))
ACTS = Purpose(
    _("local acts and the acquaintance with them"), _("who issues documents, and leaders within their units")
)
EVENTS = Purpose(_("events and broadcasts"), _("the organizer and the administration"))
FIGURES = Purpose(_("how the platform is used"), _("the administration; the head; the curator sees sums only"))
ORDER = Purpose(_("safety of children and order: who did what"), _("administrators and the head; moderators"))
WORKING = Purpose(_("work on the roster that can be undone"), _ADMINISTRATION)
REGISTERING = Purpose(_("registering organizations"), _("the operator of the platform"))
OPERATING = Purpose(_("operating the platform"), _("the operator of the platform"))

# --- Durations that several apps share -------------------------------------------------------------------------------
WITH_ACCOUNT = _("until the account is deleted")
WITH_ORGANIZATION = _("until the organization is deleted")
WITH_CHAT = _("as long as the chat keeps its messages; where nothing is set, until the organization is deleted")
WITH_POST = _("until the post is removed and 30 days more, else until the organization is deleted")
ORGANIZATION_GOES = Term(
    _("everything of an organization"),
    "registration.tasks.delete_due_organizations",
    "ORGANIZATION_DELETION_DAYS",
    _("after an administrator has asked for it"),
)
MESSAGES_GO = Term(
    _("messages with their files, polls and mentions"),
    "chats.tasks.remove_old_messages",
    when=_("by the rules of the chat or of the organization (days for which messages are kept)"),
)


@cache
def declared() -> dict[str, Held | Nothing]:
    """All declarations by the lower-case name of the model («chats.message»), in the order of INSTALLED_APPS.

    Raises ValueError when a table is spoken about twice.
    """
    found: dict[str, Held | Nothing] = {}
    for table in _tables():
        name = table.model.lower()
        if name in found:
            raise ValueError(f"{table.model} is declared twice")
        found[name] = table
    return found


def outside() -> list[Outside]:
    """Return what is held about people outside of the tables of models."""
    return [held for module in _modules() for held in getattr(module, "OUTSIDE", ())]


def terms() -> list[Term]:
    """Return every end that a job brings, each once: of the tables, and what apps name in `TERMS` besides."""
    found = [term for table in declared().values() for term in table.ends]
    found += [term for held in outside() for term in held.ends]
    found += [term for module in _modules() for term in getattr(module, "TERMS", ())]
    return list(dict.fromkeys(found))


def _tables() -> Iterator[Held | Nothing]:
    for module in _modules():
        yield from module.TABLES


def _modules() -> Iterator[ModuleType]:
    for config in apps.get_app_configs():
        name = f"{config.name}.personal_data"
        if config.name != "common" and find_spec(name) is not None:
            yield import_module(name)
