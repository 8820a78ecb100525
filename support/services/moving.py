"""The one place where a request for help comes from one state into another (SUP-1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from common.errors import DomainError
from files.services import claim
from orgs.actor import Actor
from orgs.models import Person
from support.deadlines import due_here, due_of_operator
from support.models import OWED, HelpEntry, HelpFile, HelpRequest, Reminded, Side, State

# How long the asker may take a closed request up again; afterwards a new one is begun.
REOPEN_FOR = timedelta(days=30)
TEXT_LENGTH = 4000
MOST_FILES = 5


@dataclass(frozen=True)
class Said:
    """What comes into the thread, and from whom."""

    side: str
    step: str
    text: str = ""
    author: Person | None = None
    operator: User | None = None


def locked(request: HelpRequest, *, states: Sequence[str], revision: int | None = None) -> HelpRequest:
    """Return the row of `request`, locked until the commit.

    Raises `DomainError("help_changed")` (409) when it is in none of `states`, or `revision` is not what it is now: of
    two who answer at once one wins, and nobody answers what has changed since it was shown.
    """
    row = HelpRequest.objects.select_for_update(of=("self",)).select_related("organization").get(pk=request.pk)
    if row.state not in states or (revision is not None and row.revision != revision):
        message = _("Somebody was quicker: the request has changed. Please look at it again; your text is kept.")
        raise DomainError("help_changed", message)
    return row


def write(row: HelpRequest, state: str, said: Said, **values: Any) -> HelpEntry:
    """Bring a locked row into `state` with an entry in its thread and a day by which an answer is owed, if it is."""
    now, was = timezone.now(), row.state
    row.state, row.changed_at, row.revision = state, now, row.revision + 1
    row.closed_at = now if state == State.CLOSED else None
    _set_deadline(row, was, now)
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    return HelpEntry.objects.create(
        organization=row.organization,
        request=row,
        side=said.side,
        step=said.step,
        text=said.text,
        author=said.author,
        operator=said.operator,
        at=now,
    )


def _set_deadline(row: HelpRequest, was: str, now: datetime) -> None:
    """Who owed an answer before still owes it by the same day: neither taking it into work nor another message of
    the asker moves it."""
    if row.state not in OWED:
        row.due_on, row.reminded = None, Reminded.NONE
    elif row.state == State.PASSED_ON and was != State.PASSED_ON:
        row.due_on, row.reminded = due_of_operator(row.organization, now), Reminded.NONE
    elif row.due_on is None and row.organization is not None:
        row.due_on, row.reminded = due_here(row.organization, now), Reminded.NONE


def attach(actor: Actor, entry: HelpEntry, file_ids: Sequence[int]) -> None:
    """Hang the actor's uploads on `entry`. Raises `DomainError`: `file_not_yours`, `help_files_many` (400)."""
    if len(file_ids) > MOST_FILES:
        message = _("At most %(count)s files fit.") % {"count": MOST_FILES}
        raise DomainError("help_files_many", message, fields={"file_ids": message}, status=400)
    HelpFile.objects.bulk_create(
        HelpFile(organization=actor.organization, entry=entry, file=stored)
        for stored in claim(actor=actor, ids=file_ids)
    )


def state_after_reply(row: HelpRequest) -> str:
    """Return whose turn it is when the asker has written again: of whoever had it last."""
    last = row.entries.exclude(side=Side.ASKER).order_by("-id").first()
    if row.passed_on_at is not None and (last is None or last.side == Side.OPERATOR or row.state == State.PASSED_ON):
        return State.PASSED_ON
    return State.IN_WORK if row.assignee_id is not None else State.NEW
