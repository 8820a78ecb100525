"""What the asker does: writes, writes again, says that it is settled (SUP-1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.errors import DomainError
from common.text import clean, clean_message, normalise
from orgs.actor import Actor
from orgs.audit import Action, Deed, record
from orgs.models import Organization
from support.deadlines import due_here, due_of_operator
from support.models import HelpEntry, HelpRequest, Side, State, Step, Topic
from support.selectors.requests import find_attempt
from support.services.moving import REOPEN_FOR, TEXT_LENGTH, Said, attach, locked, state_after_reply, write
from support.services.telling import tell_administrators, tell_operator

# Of one person: who has so many open ones, or has begun so many within a day, is heard already.
MOST_OPEN = 20
MOST_A_DAY = 10
_OPEN = tuple(state for state in State if state != State.CLOSED)


@dataclass(frozen=True)
class Question:
    """What a member asks: `to_operator` — the platform's support at once, for whoever may."""

    topic: str
    text: str
    file_ids: Sequence[int] = ()
    to_operator: bool = False
    attempt: UUID = field(default_factory=uuid4)


@dataclass(frozen=True)
class Stranger:
    """Who cannot get in: a name, a phone (E.164) or an e-mail, a school in words."""

    name: str
    phone: str
    email: str
    school: str
    topic: str
    text: str
    attempt: UUID = field(default_factory=uuid4)


def ask(*, actor: Actor, question: Question) -> HelpRequest:
    """Write to the administrators, or to the platform's support, and return the request; the answerers are told.

    The same `attempt` again (a double click) gives the request that it made. Raises `DomainError`: `text_empty`,
    `text_too_long`, `file_not_yours`, `help_files_many` (400), `help_too_many` (429).
    """
    text = clean_message(question.text, most=TEXT_LENGTH)
    made = find_attempt(question.attempt)
    if made is not None and made.person_id == actor.person.pk:
        return made
    if made is not None:
        # The mark of somebody else's form: what it made is not for this eye.
        question = replace(question, attempt=uuid4())
    try:
        with transaction.atomic():
            return _create(actor, question, text)
    except (IntegrityError, DomainError):
        # The other click may have come through meanwhile, also with the files of both.
        made = find_attempt(question.attempt)
        if made is None or made.person_id != actor.person.pk:
            raise
        return made


def _create(actor: Actor, question: Question, text: str) -> HelpRequest:
    _check_number(actor)
    now, organization = timezone.now(), actor.organization
    is_operators = question.to_operator
    row = HelpRequest.objects.create(
        organization=organization,
        person=actor.person,
        topic=question.topic,
        state=State.PASSED_ON if is_operators else State.NEW,
        attempt=question.attempt,
        search_text=_search_text(actor.person.full_name, text),
        created_at=now,
        changed_at=now,
        due_on=due_of_operator(organization, now) if is_operators else due_here(organization, now),
        passed_on_at=now if is_operators else None,
    )
    entry = HelpEntry.objects.create(
        organization=organization, request=row, side=Side.ASKER, step=Step.ASKED, author=actor.person, text=text, at=now
    )
    attach(actor, entry, question.file_ids)
    record(organization, actor, [Deed(Action.HELP_ASKED, details={"number": row.pk})])
    _tell(row, "asked")
    return row


def _check_number(actor: Actor) -> None:
    own = HelpRequest.objects.filter(person=actor.person)
    today = own.filter(created_at__gt=timezone.now() - timedelta(days=1)).count()
    if today >= MOST_A_DAY or own.exclude(state=State.CLOSED).count() >= MOST_OPEN:
        message = _("You have written many requests already. Please go on in one of them.")
        raise DomainError("help_too_many", message, status=429)


def _search_text(name: str, text: str) -> str:
    return normalise(f"{name} {text}"[:1000])[:500]


def _tell(row: HelpRequest, occasion: str) -> None:
    if row.state == State.PASSED_ON:
        tell_operator(row, f"{occasion}{row.revision}")
    else:
        tell_administrators(row, f"{occasion}{row.revision}")


@transaction.atomic
def reply(*, actor: Actor, request: HelpRequest, text: str, file_ids: Sequence[int] = ()) -> HelpRequest:
    """Go on with the own request, also with one closed lately; whose turn it is now is told (SUP-1).

    Raises `DomainError`: `text_empty`, `text_too_long`, `file_not_yours`, `help_files_many` (400), `help_closed` (409).
    """
    words = clean_message(text, most=TEXT_LENGTH)
    row = locked(request, states=State.values)
    if row.closed_at is not None and timezone.now() - row.closed_at > REOPEN_FOR:
        raise DomainError("help_closed", _("This request was closed long ago. Please begin a new one."))
    state = state_after_reply(row)
    said = Said(Side.ASKER, Step.ASKED, words, author=actor.person)
    attach(actor, write(row, state, said, has_news=False), file_ids)
    _tell(row, "again")
    return row


@transaction.atomic
def settle(*, actor: Actor, request: HelpRequest) -> HelpRequest:
    """Close the own request: the question is settled. Raises `DomainError("help_changed")` when it is closed."""
    row = locked(request, states=_OPEN)
    write(row, State.CLOSED, Said(Side.ASKER, Step.CLOSED, author=actor.person), has_news=False)
    return row


def mark_seen(*, request: HelpRequest) -> None:
    """The asker looks at the request: nothing in it is news any more."""
    if request.has_news:
        HelpRequest.objects.filter(pk=request.pk, has_news=True).update(has_news=False)


# --- Who cannot get in ------------------------------------------------------------------------------------------------
def ask_from_outside(*, stranger: Stranger, organization: Organization | None) -> HelpRequest:
    """Take in a call of somebody who cannot sign in: for the administrators of `organization`, else for the operator.

    The same `attempt` again gives the request that it made. Whether the phone or the e-mail is known to anybody is not
    looked at (no enumeration). Raises `DomainError`: `text_empty`, `text_too_long`, `help_no_contact` (400).
    """
    text = clean_message(stranger.text, most=TEXT_LENGTH)
    if not stranger.phone and not stranger.email:
        message = _("Leave an e-mail or a phone: there must be a way to answer.")
        raise DomainError("help_no_contact", message, fields={"email": message}, status=400)
    try:
        with transaction.atomic():
            return find_attempt(stranger.attempt) or _take_in(stranger, organization, text)
    except IntegrityError:
        made = find_attempt(stranger.attempt)
        if made is None:
            raise
        return made


def _take_in(stranger: Stranger, organization: Organization | None, text: str) -> HelpRequest:
    now, name = timezone.now(), clean(stranger.name)[:150]
    row = HelpRequest.objects.create(
        organization=organization,
        name=name,
        phone=stranger.phone,
        email=stranger.email,
        school=clean(stranger.school)[:200],
        topic=stranger.topic if stranger.topic in Topic.values else Topic.OTHER,
        state=State.PASSED_ON if organization is None else State.NEW,
        attempt=stranger.attempt,
        search_text=_search_text(f"{name} {stranger.school}", text),
        created_at=now,
        changed_at=now,
        due_on=due_of_operator(None, now) if organization is None else due_here(organization, now),
        passed_on_at=now if organization is None else None,
    )
    HelpEntry.objects.create(
        organization=organization, request=row, side=Side.ASKER, step=Step.ASKED, text=text, at=now
    )
    _tell(row, "outside")
    return row
