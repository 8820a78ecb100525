"""Reports and what moderators do about them, mutes, looks into chats: all in the journal (CHAT-9)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from chats import live
from chats.models import Chat, Decision, Inspection, Message, Mute, Reason, Report
from chats.notices import Notice
from chats.selectors.titles import title_of
from chats.services.messages import delete, post_notice
from common.errors import DomainError
from common.jobs import enqueue
from common.text import clean
from orgs.actor import Actor
from orgs.audit import Action, Deed, record
from orgs.models import Person

LOOK_MINUTES = 60
MUTE_HOURS = (1, 24, 72, 168, 720)
MOST_REASON = 500


@transaction.atomic
def report(*, actor: Actor, chat: Chat, message: Message, reason: str, comment: str = "") -> Report:
    """Report a message to the moderators with what stands in it now; reporting twice is once (CHAT-9).

    Raises `DomainError("report_reason_unknown")` (400).
    """
    if reason not in Reason.values:
        raise _refused("report_reason_unknown", "reason", _("Choose a reason."))
    row = Report(
        organization_id=chat.organization_id,
        chat=chat,
        message=message,
        reporter=actor.person,
        reason=reason,
        comment=clean(comment)[:MOST_REASON],
        reported_text=message.text,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:  # report_once_per_person
        return Report.objects.get(message=message, reporter=actor.person)
    details = {"chat": title_of(chat, actor.words), "reason": str(Reason(reason).label)}
    # The journal does not name the reporter: the administration reads it, the author of the message may be one of it.
    record(actor.organization, None, [Deed(Action.MESSAGE_REPORTED, details=details)])
    enqueue("chats.tasks.tell_moderators", report_id=row.pk)
    return row


@dataclass(frozen=True)
class Verdict:
    """What a moderator decided, with the explanation that the author and the journal get; `mute_hours` for a mute."""

    decision: str
    answer: str
    mute_hours: int = 24


@transaction.atomic
def decide(*, actor: Actor, report: Report, verdict: Verdict) -> Report:
    """Decide a report; open reports of the same message are decided with it, and the chat reads what was done.

    A warning or a mute removes the message too. Raises `DomainError`: `report_decided` (somebody was quicker),
    `report_decision_unknown`, `explanation_required`, `mute_hours_unknown` (400).
    """
    answer = clean(verdict.answer)[:MOST_REASON]
    _check(verdict, answer)
    chat, message = report.chat, report.message
    Chat.objects.select_for_update().get(pk=chat.pk)
    decided = Report.objects.filter(message=message, decision="").update(
        decision=verdict.decision, decided_by=actor.person, decided_at=timezone.now(), answer=answer
    )
    if not decided:
        raise DomainError("report_decided", _("Somebody has already decided this report."))
    if verdict.decision == Decision.DISMISSED:
        _record(actor, chat, Action.REPORT_DISMISSED, None, reason=answer)
    else:
        _act(actor, chat, message, verdict, answer)
    report.refresh_from_db()
    return report


def _check(verdict: Verdict, answer: str) -> None:
    if verdict.decision not in Decision.values:
        raise _refused("report_decision_unknown", "decision", _("Choose a decision."))
    if not answer:
        raise _refused("explanation_required", "answer", _("Please explain the decision."))
    if verdict.decision == Decision.MUTED and verdict.mute_hours not in MUTE_HOURS:
        raise _refused("mute_hours_unknown", "mute_hours", _("Choose for how long."))


def _act(actor: Actor, chat: Chat, message: Message, verdict: Verdict, answer: str) -> None:
    author = message.author
    if message.deleted_at is None:
        delete(actor=actor, chat=chat, message=message)
    _record(actor, chat, Action.MESSAGE_REMOVED, author, reason=answer)
    if author is None or verdict.decision == Decision.REMOVED:
        post_notice(chat, Notice.REMOVED, person=_name(author), reason=answer)
    elif verdict.decision == Decision.WARNED:
        _record(actor, chat, Action.PERSON_WARNED, author, reason=answer)
        post_notice(chat, Notice.WARNED, person=_name(author), reason=answer)
    else:
        mute(actor=actor, chat=chat, person=author, hours=verdict.mute_hours, reason=answer)


@transaction.atomic
def remove_message(*, actor: Actor, chat: Chat, message: Message, reason: str) -> Message:
    """Remove somebody else's message as a moderator, without a report; the chat and the journal get the reason.

    Raises `DomainError("explanation_required")` (400).
    """
    words = clean(reason)[:MOST_REASON]
    if not words:
        raise _refused("explanation_required", "reason", _("Please explain the decision."))
    removed = delete(actor=actor, chat=chat, message=message)
    _record(actor, chat, Action.MESSAGE_REMOVED, message.author, reason=words)
    post_notice(chat, Notice.REMOVED, person=_name(message.author), reason=words)
    return removed


@transaction.atomic
def mute(*, actor: Actor, chat: Chat, person: Person, hours: int, reason: str) -> Mute:
    """Let somebody only read the chat for `hours`; muting anew moves the end.

    Raises `DomainError`: `mute_hours_unknown`, `explanation_required` (400).
    """
    words = clean(reason)[:MOST_REASON]
    _check(Verdict(Decision.MUTED, words, hours), words)
    until = timezone.now() + timedelta(hours=hours)
    row, _is_new = Mute.objects.update_or_create(
        organization_id=chat.organization_id,
        chat=chat,
        person=person,
        defaults={"until": until, "reason": words, "created_by": actor.person, "created_at": timezone.now()},
    )
    spoken = _spoken(until, chat)
    _record(actor, chat, Action.PERSON_MUTED, person, reason=words, until=spoken)
    post_notice(chat, Notice.MUTED, person=person.full_name, until=spoken, reason=words)
    live.memberships_changed(person)
    return row


@transaction.atomic
def unmute(*, actor: Actor, chat: Chat, person: Person) -> None:
    """Let somebody write again before the time. Twice is once."""
    now = timezone.now()
    if Mute.objects.filter(chat=chat, person=person, until__gt=now).update(until=now):
        _record(actor, chat, Action.PERSON_UNMUTED, person)
        live.memberships_changed(person)


@transaction.atomic
def inspect(*, actor: Actor, chat: Chat, reason: str, report: Report | None = None) -> Inspection:
    """Open a chat one is not in for an hour; its members read who looks and why, the journal keeps it (CHAT-9).

    A report is reason enough; without one the reason is asked. Personal messages are opened by a report only.
    Raises `DomainError`: `explanation_required` (400), `inspection_needs_report` (403).
    """
    if chat.is_personal and (report is None or report.chat_id != chat.pk):
        message = _("Personal messages are opened only when one of them was reported.")
        raise DomainError("inspection_needs_report", message, status=403)
    words = clean(reason)[:MOST_REASON]
    if not words and report is not None:
        words = _("report № %(number)s") % {"number": report.pk}
    if not words:
        raise _refused("explanation_required", "reason", _("Please give the reason: the chat will read it."))
    row = Inspection.objects.create(
        organization_id=chat.organization_id,
        chat=chat,
        person=actor.person,
        reason=words,
        report=report,
        expires_at=timezone.now() + timedelta(minutes=LOOK_MINUTES),
    )
    _record(actor, chat, Action.CHAT_INSPECTED, None, reason=words)
    post_notice(chat, Notice.INSPECTED, person=actor.person.full_name, reason=words)
    live.memberships_changed(actor.person)
    return row


def _record(actor: Actor, chat: Chat, action: Action, person: Person | None, **values: str) -> None:
    details = {"chat": title_of(chat, actor.words), **values}
    record(actor.organization, actor, [Deed(action, person, chat.unit, details=details)])


def _name(person: Person | None) -> str:
    return person.full_name if person is not None else _("somebody who left")


def _spoken(moment: datetime, chat: Chat) -> str:
    return date_format(timezone.localtime(moment, chat.organization.zone), "j E Y, H:i")


def _refused(code: str, field: str, message: str) -> DomainError:
    return DomainError(code, message, fields={field: message}, status=400)
