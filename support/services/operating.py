"""What the platform's operator does with requests that were passed on or came from outside (SUP-1)."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.errors import DomainError
from common.text import clean_message
from orgs.audit import Action, Deed, record
from support.models import HelpRequest, Side, State, Step
from support.services.moving import TEXT_LENGTH, Said, locked, write
from support.services.telling import tell_administrators, tell_asker

_OPEN = tuple(state for state in State if state != State.CLOSED)


@transaction.atomic
def answer_as_operator(
    *, operator: User, request: HelpRequest, revision: int, text: str, is_question: bool = False
) -> HelpRequest:
    """Answer, or with `is_question` ask to specify; the asker is told.

    Raises `DomainError`: `text_empty`, `text_too_long` (400), `help_changed`.
    """
    words = clean_message(text, most=TEXT_LENGTH)
    row = locked(request, states=_OPEN, revision=revision)
    step, state = (Step.QUESTION, State.WAITING) if is_question else (Step.ANSWERED, State.ANSWERED)
    said = Said(Side.OPERATOR, step, words, operator=operator)
    entry = write(row, state, said, has_news=row.person_id is not None)
    _record(row, Action.HELP_ANSWERED_BY_OPERATOR)
    tell_asker(row, entry)
    return row


@transaction.atomic
def give_back(*, operator: User, request: HelpRequest, revision: int, text: str) -> HelpRequest:
    """Give a request back to the organization's administrators with a word why; the operator sees it no longer.

    Raises `DomainError`: `text_empty`, `text_too_long` (400), `help_changed`, `help_of_nobody` (409).
    """
    words = clean_message(text, most=TEXT_LENGTH)
    row = locked(request, states=[State.PASSED_ON], revision=revision)
    if row.organization is None:
        message = _("The request came from no organization: there is nobody to give it to.")
        raise DomainError("help_of_nobody", message)
    # The day of the operator's answer is no longer due, the administrators' begins.
    row.due_on = None
    state = State.IN_WORK if row.assignee_id is not None else State.NEW
    write(row, state, Said(Side.OPERATOR, Step.GIVEN_BACK, words, operator=operator), passed_on_at=None)
    _record(row, Action.HELP_GIVEN_BACK)
    tell_administrators(row, f"back{row.revision}")
    return row


@transaction.atomic
def close_as_operator(*, operator: User, request: HelpRequest, revision: int) -> HelpRequest:
    """Close a request without an answer: spam, settled by phone. Raises `DomainError("help_changed")`."""
    row = locked(request, states=_OPEN, revision=revision)
    write(row, State.CLOSED, Said(Side.OPERATOR, Step.CLOSED, operator=operator))
    return row


def _record(row: HelpRequest, action: Action) -> None:
    if row.organization is not None:
        record(row.organization, None, [Deed(action, details={"number": row.pk})])
