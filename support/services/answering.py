"""What administrators do with a request for help: take, answer, pass on, close; and the rules of answering (SUP-1)."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.errors import DomainError
from common.text import clean_message
from orgs.actor import Actor
from orgs.audit import Action, Deed, record
from support.models import HelpRequest, HelpRules, Side, State, Step
from support.services.moving import TEXT_LENGTH, Said, attach, locked, write
from support.services.telling import tell_asker, tell_operator

_OPEN = tuple(state for state in State if state != State.CLOSED)
_BEFORE_PASSING_ON = tuple(state for state in _OPEN if state != State.PASSED_ON)
MOST_DAYS = 10


@transaction.atomic
def take(*, actor: Actor, request: HelpRequest) -> HelpRequest:
    """Take a new request into work, so that two do not do the same; the asker sees who deals with it.

    Raises `DomainError("help_changed")` when another administrator was quicker.
    """
    row = locked(request, states=[State.NEW])
    write(row, State.IN_WORK, Said(Side.ADMINISTRATION, Step.TAKEN, author=actor.person), assignee=actor.person)
    _record(actor, row, Action.HELP_TAKEN)
    return row


@transaction.atomic
def answer(
    *,
    actor: Actor,
    request: HelpRequest,
    revision: int,
    text: str,
    file_ids: Sequence[int] = (),
    is_question: bool = False,
) -> HelpRequest:
    """Answer, or with `is_question` ask the asker to specify; the asker is told, who cannot get in by a letter.

    Raises `DomainError`: `text_empty`, `text_too_long`, `file_not_yours`, `help_files_many` (400), `help_changed` when
    another administrator, the operator or the asker has written meanwhile.
    """
    words = clean_message(text, most=TEXT_LENGTH)
    row = locked(request, states=_OPEN, revision=revision)
    step, state = (Step.QUESTION, State.WAITING) if is_question else (Step.ANSWERED, State.ANSWERED)
    said = Said(Side.ADMINISTRATION, step, words, author=actor.person)
    entry = write(row, state, said, assignee=actor.person, has_news=row.person_id is not None)
    attach(actor, entry, file_ids)
    _record(actor, row, Action.HELP_ANSWERED)
    tell_asker(row, entry)
    return row


@transaction.atomic
def pass_on(*, actor: Actor, request: HelpRequest, revision: int, note: str = "") -> HelpRequest:
    """Hand the request to the platform's support with a note that the asker does not read; the asker is told.

    By the asker, when the administrators are late, the note is one more message. Raises `DomainError`:
    `text_too_long` (400), `help_changed`.
    """
    words = clean_message(note, most=TEXT_LENGTH, allow_empty=True)
    row = locked(request, states=_BEFORE_PASSING_ON, revision=revision)
    is_own = row.person_id == actor.person.pk
    said = Said(Side.ASKER if is_own else Side.ADMINISTRATION, Step.PASSED_ON, words, author=actor.person)
    has_news = row.person_id is not None and not is_own
    entry = write(row, State.PASSED_ON, said, passed_on_at=timezone.now(), has_news=has_news)
    _record(actor, row, Action.HELP_PASSED_ON)
    if not is_own:
        tell_asker(row, entry)
    tell_operator(row, f"passed{row.revision}")
    return row


@transaction.atomic
def close(*, actor: Actor, request: HelpRequest, revision: int) -> HelpRequest:
    """Close a request that needs no answer any more; the asker may take it up again for a month.

    Raises `DomainError("help_changed")`.
    """
    row = locked(request, states=_OPEN, revision=revision)
    write(row, State.CLOSED, Said(Side.ADMINISTRATION, Step.CLOSED, author=actor.person))
    _record(actor, row, Action.HELP_CLOSED)
    return row


@transaction.atomic
def set_rules(*, actor: Actor, answer_days: int, works_on_saturday: bool) -> HelpRules:
    """Say how soon the organization answers; deadlines that run already stay. Raises `DomainError("days_range")`."""
    if not 1 <= answer_days <= MOST_DAYS:
        message = _("From 1 to %(most)s working days.") % {"most": MOST_DAYS}
        raise DomainError("days_range", message, fields={"answer_days": message}, status=400)
    values = {"answer_days": answer_days, "works_on_saturday": works_on_saturday}
    rules, _is_new = HelpRules.objects.update_or_create(organization=actor.organization, defaults=values)
    record(actor.organization, actor, [Deed(Action.HELP_RULES_CHANGED, details={"count": answer_days})])
    return rules


def _record(actor: Actor, row: HelpRequest, action: Action) -> None:
    record(actor.organization, actor, [Deed(action, details={"number": row.pk})])
