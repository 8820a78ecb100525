"""Making polls, voting, closing. Who may do so is asked by the app that the poll hangs on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from common.errors import DomainError
from common.text import clean, normalise
from orgs.actor import Actor
from polls.models import Poll, PollBallot, PollOption, PollVote

MOST_OPTIONS = 20
MOST_QUESTION = 300
MOST_OPTION = 120
LONGEST = timedelta(days=366)


@dataclass(frozen=True)
class PollData:
    """A poll before it is made; `closes_at` None means until it is closed by hand."""

    question: str
    options: Sequence[str]
    is_multiple: bool = False
    is_anonymous: bool = False
    closes_at: datetime | None = None


@transaction.atomic
def create_poll(*, actor: Actor, data: PollData) -> Poll:
    """Make a poll in the actor's organization in two statements and return it (CHAT-6).

    Raises `DomainError` (400): `poll_question_required`, `poll_question_long`, `poll_options_few`,
    `poll_options_many`, `poll_option_long`, `poll_options_equal`, `poll_closes_in_past`, `poll_closes_too_late`.
    """
    question = clean(data.question)
    if not question:
        raise _refused("poll_question_required", "question", _("Please ask a question."))
    if len(question) > MOST_QUESTION:
        message = _("The question is longer than %(most)s characters.") % {"most": MOST_QUESTION}
        raise _refused("poll_question_long", "question", message)
    options = _options(data.options)
    _check_closing(data.closes_at)
    poll = Poll.objects.create(
        organization=actor.organization,
        question=question,
        is_multiple=data.is_multiple,
        is_anonymous=data.is_anonymous,
        closes_at=data.closes_at,
        created_by=actor.person,
    )
    PollOption.objects.bulk_create(
        PollOption(organization=actor.organization, poll=poll, position=position, text=text)
        for position, text in enumerate(options)
    )
    return poll


def _options(typed: Sequence[str]) -> list[str]:
    if len(typed) > MOST_OPTIONS * 2:
        raise _too_many()
    options = [text for text in map(clean, typed) if text]
    if len(options) < 2:
        raise _refused("poll_options_few", "options", _("Give at least two answers."))
    if len(options) > MOST_OPTIONS:
        raise _too_many()
    if any(len(text) > MOST_OPTION for text in options):
        message = _("An answer is longer than %(most)s characters.") % {"most": MOST_OPTION}
        raise _refused("poll_option_long", "options", message)
    if len({normalise(text) for text in options}) < len(options):
        raise _refused("poll_options_equal", "options", _("Two answers are the same."))
    return options


def _too_many() -> DomainError:
    return _refused("poll_options_many", "options", _("At most %(most)s answers.") % {"most": MOST_OPTIONS})


def _check_closing(closes_at: datetime | None) -> None:
    if closes_at is None:
        return
    now = timezone.now()
    if closes_at <= now:
        raise _refused("poll_closes_in_past", "closes_at", _("This moment has passed already."))
    if closes_at > now + LONGEST:
        raise _refused("poll_closes_too_late", "closes_at", _("At most a year from now."))


@transaction.atomic
def cast(*, actor: Actor, poll: Poll, option_ids: Sequence[int]) -> Poll:
    """Vote for `option_ids`; in an open poll this replaces the earlier choice, and none withdraws it.

    Seven statements whatever the number of answers and voters. Raises `DomainError`: `poll_closed` (409),
    `poll_one_answer`, `poll_unknown_option`, `poll_choose_something` (400), `poll_already_voted` (409, anonymous:
    nobody knows which vote to change).
    """
    row = Poll.objects.select_for_update().get(pk=poll.pk)
    if not row.is_open:
        raise DomainError("poll_closed", _("The poll is closed."))
    chosen = list(dict.fromkeys(option_ids))
    if len(chosen) > 1 and not row.is_multiple:
        raise _refused("poll_one_answer", "options", _("Choose one answer."))
    known = PollOption.objects.filter(poll=row, pk__in=chosen[: MOST_OPTIONS + 1]).count() if chosen else 0
    if known != len(chosen):
        raise _refused("poll_unknown_option", "options", _("This answer does not belong to the poll."))
    if row.is_anonymous:
        _cast_secretly(actor, row, chosen)
    else:
        _cast_openly(actor, row, chosen)
    row.refresh_from_db(fields=["voter_count"])
    return row


def _cast_secretly(actor: Actor, poll: Poll, chosen: list[int]) -> None:
    if not chosen:
        raise _refused("poll_choose_something", "options", _("Choose an answer."))
    try:
        with transaction.atomic():
            PollBallot.objects.create(organization_id=poll.organization_id, poll=poll, person=actor.person)
    except IntegrityError as error:  # poll_ballot_once
        message = _("You have voted. An anonymous vote cannot be changed: nobody knows which one is yours.")
        raise DomainError("poll_already_voted", message) from error
    _count(poll, chosen, +1)
    Poll.objects.filter(pk=poll.pk).update(voter_count=F("voter_count") + 1)


def _cast_openly(actor: Actor, poll: Poll, chosen: list[int]) -> None:
    before = list(PollVote.objects.filter(poll=poll, person=actor.person).values_list("option_id", flat=True))
    gone = [option for option in before if option not in chosen]
    new = [option for option in chosen if option not in before]
    if gone:
        PollVote.objects.filter(poll=poll, person=actor.person, option__in=gone).delete()
        _count(poll, gone, -1)
    if new:
        PollVote.objects.bulk_create(
            PollVote(
                organization_id=poll.organization_id,
                poll=poll,
                option_id=option,
                person=actor.person,
                is_single=not poll.is_multiple,
            )
            for option in new
        )
        _count(poll, new, +1)
    if bool(before) != bool(chosen):
        Poll.objects.filter(pk=poll.pk).update(voter_count=F("voter_count") + (1 if chosen else -1))


def _count(poll: Poll, options: list[int], step: int) -> None:
    PollOption.objects.filter(poll=poll, pk__in=options).update(vote_count=F("vote_count") + step)


@transaction.atomic
def close(*, actor: Actor, poll: Poll) -> None:
    """Take no more votes. Twice is once."""
    Poll.objects.filter(pk=poll.pk, closed_at=None).update(closed_at=timezone.now())


def _refused(code: str, field: str, message: str) -> DomainError:
    return DomainError(code, message, fields={field: message}, status=400)
