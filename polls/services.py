"""Making polls, voting, closing. Who may do so is asked by the app that the poll hangs on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Case, Exists, F, OuterRef, When
from django.utils import timezone
from django.utils.translation import gettext as _

from common.errors import DomainError
from common.text import clean_line, normalise
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

    Empty answers are left out. Raises `DomainError` (400): `poll_question_required`, `poll_question_long`,
    `poll_options_few`, `poll_options_many`, `poll_option_long`, `poll_options_equal`, `poll_closes_in_past`,
    `poll_closes_too_late`.
    """
    now = timezone.now()
    question = _question(data.question)
    options = _options(data.options)
    _check_closing(data.closes_at, now)
    poll = Poll.objects.create(
        organization=actor.organization,
        question=question,
        is_multiple=data.is_multiple,
        is_anonymous=data.is_anonymous,
        closes_at=data.closes_at,
        created_by=actor.person,
        created_at=now,
    )
    PollOption.objects.bulk_create(
        PollOption(organization=actor.organization, poll=poll, position=position, text=text)
        for position, text in enumerate(options)
    )
    return poll


def _question(typed: str) -> str:
    message = _("The question is longer than %(most)s characters.") % {"most": MOST_QUESTION}
    question = _line(typed, MOST_QUESTION, _refused("poll_question_long", "question", message))
    if not question:
        raise _refused("poll_question_required", "question", _("Please ask a question."))
    return question


def _options(typed: Sequence[str]) -> list[str]:
    too_many = _refused("poll_options_many", "options", _("At most %(most)s answers.") % {"most": MOST_OPTIONS})
    # Twice as many rows of a form may have been left empty; more are not even looked at.
    if len(typed) > MOST_OPTIONS * 2:
        raise too_many
    message = _("An answer is longer than %(most)s characters.") % {"most": MOST_OPTION}
    too_long = _refused("poll_option_long", "options", message)
    options = [option for text in typed if (option := _line(text, MOST_OPTION, too_long))]
    if len(options) < 2:
        raise _refused("poll_options_few", "options", _("Give at least two answers."))
    if len(options) > MOST_OPTIONS:
        raise too_many
    # Of an answer of signs only (a new emoji) nothing may be left to compare.
    if len({normalise(option) or option for option in options}) < len(options):
        raise _refused("poll_options_equal", "options", _("Two answers are the same."))
    return options


def _line(typed: str, most: int, too_long: DomainError) -> str:
    try:
        return clean_line(typed, most=most)
    except DomainError as error:
        raise too_long from error


def _check_closing(closes_at: datetime | None, now: datetime) -> None:
    if closes_at is None:
        return
    if closes_at <= now:
        raise _refused("poll_closes_in_past", "closes_at", _("This moment has passed already."))
    if closes_at > now + LONGEST:
        raise _refused("poll_closes_too_late", "closes_at", _("At most a year from now."))


@transaction.atomic
def cast(*, actor: Actor, poll: Poll, option_ids: Sequence[int]) -> Poll:
    """Vote for `option_ids` and return the poll with its new counter (CHAT-6).

    In an open poll this replaces the earlier choice, and none withdraws it; an anonymous vote stays. Five statements,
    whatever the number of answers and voters. Raises `DomainError`: `poll_gone`, `poll_closed`, `poll_already_voted`
    (409), `poll_one_answer`, `poll_unknown_option`, `poll_choose_something` (400).
    """
    row = _locked(actor, poll)
    if not row.is_open:
        raise DomainError("poll_closed", _("The poll is closed."))
    chosen = set(option_ids)
    options = _options_with_own(row, actor)
    if not chosen <= options.keys():
        raise _refused("poll_unknown_option", "options", _("This answer does not belong to the poll."))
    if len(chosen) > 1 and not row.is_multiple:
        raise _refused("poll_one_answer", "options", _("Choose one answer."))
    before = {option for option, is_own in options.items() if is_own}
    if row.is_anonymous:
        _drop_ballot(row, actor, chosen, has_voted=bool(before))
        before = set()
    else:
        _change_votes(row, actor, gone=before - chosen, new=chosen - before)
    _count(row, gone=before - chosen, new=chosen - before)
    _count_voter(row, bool(chosen) - bool(before))
    return row


def _locked(actor: Actor, poll: Poll) -> Poll:
    """The poll's row is locked before any other of the poll's, so nobody waits for somebody who waits for them."""
    polls = Poll.objects.select_for_update(no_key=True)
    row = polls.filter(pk=poll.pk, organization_id=actor.organization.pk).first()
    if row is None:
        raise DomainError("poll_gone", _("This poll has been deleted meanwhile."))
    return row


def _options_with_own(poll: Poll, actor: Actor) -> dict[int, bool]:
    """Each answer, and whether the actor has chosen it; of an anonymous poll, whether the actor has voted at all."""
    own = PollVote.objects.filter(option=OuterRef("pk"), person=actor.person)
    voted = PollBallot.objects.filter(poll=poll, person=actor.person)
    is_own = Exists(voted if poll.is_anonymous else own)
    return dict(PollOption.objects.filter(poll=poll).annotate(is_own=is_own).values_list("pk", "is_own"))


def _drop_ballot(poll: Poll, actor: Actor, chosen: set[int], *, has_voted: bool) -> None:
    if has_voted:
        message = _("You have voted. An anonymous vote cannot be changed: nobody knows which one is yours.")
        raise DomainError("poll_already_voted", message)
    if not chosen:
        raise _refused("poll_choose_something", "options", _("Choose an answer."))
    PollBallot.objects.create(organization_id=poll.organization_id, poll=poll, person=actor.person)


def _change_votes(poll: Poll, actor: Actor, *, gone: set[int], new: set[int]) -> None:
    if gone:
        PollVote.objects.filter(poll=poll, person=actor.person, option__in=gone).delete()
    if new:
        PollVote.objects.bulk_create(
            PollVote(
                organization_id=poll.organization_id,
                poll=poll,
                option_id=option,
                person=actor.person,
                is_single=not poll.is_multiple,
            )
            for option in sorted(new)
        )


def _count(poll: Poll, *, gone: set[int], new: set[int]) -> None:
    """Move the counters of the answers.

    Every answer of the poll is written, also those that stay: else PostgreSQL's note of the transaction that wrote a
    row last (`xmin`) would tie an anonymous answer to the ballot of the same transaction.
    """
    if gone or new:
        step = Case(When(pk__in=new, then=1), When(pk__in=gone, then=-1), default=0)
        PollOption.objects.filter(poll=poll).update(vote_count=F("vote_count") + step)


def _count_voter(poll: Poll, step: int) -> None:
    if step:
        Poll.objects.filter(pk=poll.pk).update(voter_count=F("voter_count") + step)
        poll.voter_count += step


@transaction.atomic
def close(*, actor: Actor, poll: Poll) -> Poll:
    """Take no more votes and return the poll; votes that are being cast come first. Twice is once.

    Raises `DomainError("poll_gone")`.
    """
    row = _locked(actor, poll)
    if row.is_open:
        row.closed_at = timezone.now()
        row.save(update_fields=["closed_at"])
    return row


def _refused(code: str, field: str, message: str) -> DomainError:
    return DomainError(code, message, fields={field: message}, status=400)
