"""What kinds of work there are: each app describes its own, `settings.WORK_KINDS` names the descriptions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from orgs.actor import Actor
from works.models import Work

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

    from works.services.ledger import Ledger
    from works.services.progress import Progress


@dataclass(frozen=True)
class Line:
    """One line of what came of a work: «New people — 812»; `url` leads to those people."""

    title: str
    number: int
    url: str = ""


def _nothing(*_args: Any) -> None:
    """Nothing more has to be done."""


@dataclass(frozen=True)
class WorkKind:
    """How one kind of work is done and told.

    `prepare(work, progress)` reads and reckons, writes nothing, and may take long; `write(work, prepared, progress,
    ledger)` does the work inside one transaction and returns the outcome (JSON). A `DomainError` of either fails the
    work with a sentence people read. `lines(work)` tells what came of it. `page(work)` is where the work was begun.
    `steps` names the values of `Work.step`. `undo_days`: how long it can be undone, 0: never. `before_undo(work)` runs
    in the transaction of the undoing, before rows go back, and may withdraw what listeners have made.
    """

    title: "StrOrPromise"
    prepare: "Callable[[Work, Progress], Any]"
    write: "Callable[[Work, Any, Progress, Ledger], dict[str, Any]]"
    lines: Callable[[Work], list[Line]]
    page: Callable[[Work], str]
    can_start: Callable[[Actor], bool]
    steps: "Mapping[str, StrOrPromise]"
    undo_days: int = 0
    # What is lost and what stays when it is undone, asked before.
    undo_text: "StrOrPromise" = ""
    before_undo: Callable[[Work], None] = _nothing
    after_undo: Callable[[Work], None] = _nothing


# Undoing goes the same way for every kind.
UNDO_STEPS: "Mapping[str, StrOrPromise]" = {
    "undo_checking": _("Looking whether something depends on it by now"),
    "undo_writing": _("Putting everything back"),
}


@cache
def kind_of(name: str) -> WorkKind:
    """Return the description of a kind by its name. Raises `KeyError`."""
    kind: WorkKind = import_string(settings.WORK_KINDS[name])
    return kind
