"""Files of the roster that an actor sees, how far each is, and what its rows would do (ORG-8)."""

from __future__ import annotations

import re

from django.db import models
from django.db.models import QuerySet
from django.utils.translation import pgettext_lazy

from common.text import clean
from orgs.actor import Actor
from orgs.permissions import can_manage_people
from roster.models import KnownHeading, Load, LoadRow, Outcome
from works.models import OPEN, State

_SPECIAL = re.compile(r"([\\.^$*+?{}\[\]|()])")
_YE = re.compile("[её]", re.IGNORECASE)
MOST_WORDS = 6
# Rows about which something was remarked, whatever they come to.
REMARKS = "remarks"


class LoadState(models.TextChoices):
    """How far a file is on its way into the roster."""

    READ = "read", pgettext_lazy("file of the roster", "not checked yet")
    CHECKING = "checking", pgettext_lazy("file of the roster", "is being checked")
    UNCHECKED = "unchecked", pgettext_lazy("file of the roster", "could not be checked")
    CHECKED = "checked", pgettext_lazy("file of the roster", "checked")
    IMPORTING = "importing", pgettext_lazy("file of the roster", "is being loaded")
    DONE = "done", pgettext_lazy("file of the roster", "loaded")
    UNDOING = "undoing", pgettext_lazy("file of the roster", "is being undone")
    UNDONE = "undone", pgettext_lazy("file of the roster", "undone")


# What becomes of a file with the work that brings it in.
_BROUGHT_IN: dict[str, LoadState] = {
    State.WAITING: LoadState.IMPORTING,
    State.RUNNING: LoadState.IMPORTING,
    State.DONE: LoadState.DONE,
    State.UNDOING: LoadState.UNDOING,
    State.UNDONE: LoadState.UNDONE,
}
# States in which a file can be read anew, checked, brought in and removed.
OPEN_STATES = frozenset({LoadState.READ, LoadState.UNCHECKED, LoadState.CHECKED})


def loads_visible_to(actor: Actor) -> QuerySet[Load]:
    """Return the organization's files, the newest first, without their content; nobody but administrators sees any."""
    if not can_manage_people(actor):
        return Load.objects.none()
    loads = Load.objects.filter(organization_id=actor.organization.pk).defer("content", "columns")
    return loads.select_related("created_by", "check_work", "import_work", "organization")


def state_of(load: Load) -> LoadState:
    """Return how far a file is (its works have to be loaded: no query)."""
    brought, checked = load.import_work, load.check_work
    if brought is not None and (known := _BROUGHT_IN.get(brought.state)) is not None:
        return known
    if checked is not None and checked.state in OPEN:
        return LoadState.CHECKING
    if load.checked_at is not None:
        return LoadState.CHECKED
    is_refused = checked is not None and checked.state == State.FAILED
    return LoadState.UNCHECKED if is_refused else LoadState.READ


def rows_of(load: Load, *, outcome: str = "", text: str = "") -> QuerySet[LoadRow]:
    """Return what the check said about the rows of a file, in the file's order; narrowed to an outcome (or to
    `REMARKS`), and to names that hold every word of `text` (ё is е)."""
    rows = LoadRow.objects.filter(load=load)
    if outcome in Outcome.values:
        rows = rows.filter(outcome=outcome)
    elif outcome == REMARKS:
        rows = rows.exclude(remarks=[])
    for word in clean(text).split()[:MOST_WORDS]:
        # A pattern, because SQLite folds the case of no Cyrillic letter otherwise.
        rows = rows.filter(name__iregex=_YE.sub("[её]", _SPECIAL.sub(r"\\\1", word[:50])))
    return rows.order_by("number")


def known_headings(organization_id: int) -> dict[str, str]:
    """Return what the organization has said about its headings: key of the heading → name of the field (one query)."""
    known = KnownHeading.objects.filter(organization_id=organization_id)
    return dict(known.values_list("heading", "field"))
