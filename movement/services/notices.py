"""Notices of movement: sent by the head, carried out by the administrator in one click (ORG-6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from common.errors import DomainError
from common.text import clean
from movement.models import Notice, NoticeKind, NoticePerson, NoticeState
from movement.services.facts import facts_of
from movement.services.moving import move
from movement.services.plan import Plan, What, newcomer_as_json, newcomer_from_json
from movement.services.telling import outcome_of, sentence_of
from orgs.actor import Actor
from orgs.audit import Action, Deed, Order, record
from orgs.models import Part, Person, Role, RoleAssignment
from orgs.selectors.organizations import today_in
from orgs.services.people import PersonData
from orgs.telling import tell
from works.models import Work

TEXT_LENGTH = 500
# What each kind of notice means as a movement.
MEANING: dict[str, tuple[str, str]] = {
    NoticeKind.ENROL: (What.ENROL, Part.STUDENT),
    NoticeKind.TRANSFER: (What.TRANSFER, Part.STUDENT),
    NoticeKind.LEAVE: (What.LEAVE, Part.STUDENT),
    NoticeKind.RETURN: (What.RETURN, Part.STUDENT),
    NoticeKind.HIRE: (What.ENROL, Part.TEACHER),
    NoticeKind.DISMISS: (What.LEAVE, Part.TEACHER),
    NoticeKind.LEADER: (What.ENROL, Part.LEADER),
}
# Only those who come may be new to the roster.
FOR_NEWCOMERS = (NoticeKind.ENROL, NoticeKind.HIRE)


@dataclass(frozen=True)
class NoticeData:
    """What somebody reports: people of the roster, or one new person; `unit_id` where to."""

    kind: str
    people: Sequence[int] = ()
    newcomer: PersonData | None = None
    unit_id: int | None = None
    day: date | None = None
    order: Order = field(default_factory=Order)
    remark: str = ""


def plan_of_notice(notice: Notice) -> Plan:
    """Return the movement that a notice asks for; its people must be loaded or loadable."""
    what, part = MEANING[notice.kind]
    return Plan(
        what=str(what),
        people=tuple(row.person_id for row in notice.people.all()),
        unit_id=notice.unit_id,
        part=str(part),
        day=notice.day,
        order=Order(notice.order_number, notice.order_date),
        replaces_leader=notice.kind == NoticeKind.LEADER,
        newcomer=newcomer_from_json(notice.newcomer) if notice.newcomer else None,
    )


@transaction.atomic
def send(*, actor: Actor, data: NoticeData) -> Notice:
    """Report a movement to the administrators and return the notice; they get it on the home page and by letter.

    Raises `DomainError`: `newcomer_cannot` (400), `text_too_long` (400), and what the movement itself would refuse
    today (`movement.services.facts.facts_of`).
    """
    notice = Notice(organization=actor.organization)
    _fill(actor, notice, data)
    _tell_administrators(notice)
    return notice


@transaction.atomic
def send_again(*, actor: Actor, notice: Notice, data: NoticeData) -> Notice:
    """Send a returned notice again, mended; return it.

    Raises `DomainError`: those of `send`, `notice_decided` when it does not wait to be mended (any more).
    """
    row = _locked(notice)
    if row.state != NoticeState.RETURNED:
        raise _decided()
    row.people.all().delete()
    _fill(actor, row, data)
    _tell_administrators(row)
    return row


def _fill(actor: Actor, notice: Notice, data: NoticeData) -> None:
    if data.newcomer is not None and data.kind not in FOR_NEWCOMERS:
        text = _("Only somebody who comes can be new. Choose a person of the roster.")
        raise DomainError("newcomer_cannot", text, fields={"people": text}, status=400)
    notice.kind, notice.unit_id, notice.remark = data.kind, data.unit_id, _checked(data.remark, "remark")
    notice.day = data.day or today_in(actor.organization)
    notice.order_number, notice.order_date = clean(data.order.number), data.order.day
    notice.newcomer = newcomer_as_json(data.newcomer) if data.newcomer is not None else {}
    notice.state, notice.decided_at, notice.decided_by, notice.answer = NoticeState.SENT, None, None, ""
    notice.reported_by, notice.reported_at, notice.work = actor.person, timezone.now(), None
    what, part = MEANING[data.kind]
    people = tuple(dict.fromkeys(data.people))
    leads = data.kind == NoticeKind.LEADER
    plan = Plan(
        str(what),
        people,
        data.unit_id,
        part=str(part),
        day=notice.day,
        order=data.order,
        replaces_leader=leads,
        newcomer=data.newcomer,
    )
    facts = facts_of(actor.organization, plan)
    notice.save()
    NoticePerson.objects.bulk_create(
        NoticePerson(organization=actor.organization, notice=notice, person=person) for person in facts.people
    )
    sentence = sentence_of(outcome_of(facts))
    details = {"number": notice.pk, "movement": sentence}
    record(actor.organization, actor, [Deed(Action.NOTICE_SENT, order=data.order, details=details)])


def _checked(text: str, name: str) -> str:
    words = clean(text)
    if len(words) > TEXT_LENGTH:
        message = _("At most %(count)s characters.") % {"count": TEXT_LENGTH}
        raise DomainError("text_too_long", message, fields={name: message}, status=400)
    return words


@transaction.atomic
def carry_out(*, actor: Actor, notice: Notice) -> Work:
    """Do what a notice asks for, by its order, and return the work, which can be undone.

    Two administrators at once: one wins. Raises `DomainError`: `notice_decided`, and what the movement refuses; then
    the notice waits on.
    """
    _claim(notice, actor, NoticeState.DONE)
    work = move(actor=actor, plan=plan_of_notice(notice))
    Notice.objects.filter(pk=notice.pk).update(work=work)
    _record_done(actor, notice, sentence_of(work.outcome))
    return work


@transaction.atomic
def mark_done(*, actor: Actor, notice: Notice, answer: str = "") -> None:
    """Say that a notice was carried out another way. Raises `DomainError`: `notice_decided`, `text_too_long`."""
    words = _checked(answer, "answer")
    _claim(notice, actor, NoticeState.DONE, answer=words)
    _record_done(actor, notice, words or _("another way"))


def _record_done(actor: Actor, notice: Notice, words: str) -> None:
    details = {"number": notice.pk, "movement": words}
    order = Order(notice.order_number, notice.order_date)
    record(actor.organization, actor, [Deed(Action.NOTICE_DONE, order=order, details=details)])
    _tell_reporter(actor, notice)


@transaction.atomic
def send_back(*, actor: Actor, notice: Notice, answer: str) -> None:
    """Return a notice to whoever reported it. Raises `DomainError`: `answer_required`, `text_too_long`,
    `notice_decided`."""
    words = _checked(answer, "answer")
    if not words:
        message = _("Say what is to be mended: whoever reported it reads this.")
        raise DomainError("answer_required", message, fields={"answer": message}, status=400)
    _claim(notice, actor, NoticeState.RETURNED, answer=words)
    details = {"number": notice.pk, "reason": words}
    record(actor.organization, actor, [Deed(Action.NOTICE_RETURNED, details=details)])
    _tell_reporter(actor, notice)


@transaction.atomic
def withdraw(*, actor: Actor, notice: Notice) -> None:
    """Take a notice back that waits or was returned. Raises `DomainError("notice_decided")`."""
    _claim(notice, actor, NoticeState.WITHDRAWN, waiting=(NoticeState.SENT, NoticeState.RETURNED))
    record(actor.organization, actor, [Deed(Action.NOTICE_WITHDRAWN, details={"number": notice.pk})])


def reopen_of(work: Work) -> int:
    """A movement was undone: the notice by which it was done waits again. Returns how many."""
    done = Notice.objects.filter(work=work, state=NoticeState.DONE)
    return done.update(state=NoticeState.SENT, decided_at=None, decided_by=None, work=None, answer="")


def _claim(
    notice: Notice,
    actor: Actor,
    state: NoticeState,
    *,
    answer: str = "",
    waiting: Sequence[str] = (NoticeState.SENT,),
) -> None:
    """Decide on a notice that still waits; the condition stands in the statement, so one of two wins."""
    values: dict[str, Any] = {"state": state, "decided_by": actor.person, "decided_at": timezone.now()}
    claimed = Notice.objects.filter(pk=notice.pk, state__in=waiting).update(answer=answer, **values)
    if not claimed:
        raise _decided()
    notice.state = state


def _locked(notice: Notice) -> Notice:
    return Notice.objects.select_for_update().get(pk=notice.pk)


def _decided() -> DomainError:
    return DomainError("notice_decided", _("Somebody has decided about this notice meanwhile."))


# --- Letters ----------------------------------------------------------------------------------------------------------
def _tell_administrators(notice: Notice) -> None:
    held = RoleAssignment.objects.filter(person=OuterRef("pk"), role=Role.ADMINISTRATOR, until=None)
    people = Person.objects.filter(Exists(held), organization=notice.organization, user__isnull=False)
    others = people.exclude(pk=notice.reported_by_id or 0).select_related("user")
    _tell(notice, list(others), "notice_sent")


def _tell_reporter(actor: Actor, notice: Notice) -> None:
    people = Person.objects.filter(pk=notice.reported_by_id or 0, user__isnull=False).exclude(pk=actor.person.pk)
    _tell(notice, list(people.select_related("user")), "notice_decided")


def _tell(notice: Notice, people: list[Person], template: str) -> None:
    if people:
        key = f"{template}:{notice.pk}:{timezone.now():%Y%m%d%H%M%S%f}"
        tell(
            organization=notice.organization,
            people=people,
            template=template,
            context={"notice": notice.pk},
            key=key,
        )
