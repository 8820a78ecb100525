"""What the clock does with requests for help: reminds of deadlines, closes what is settled (SUP-1)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from common.retention import limit_of
from files.models import StoredFile
from files.services import remove
from support.models import OWED, HelpEntry, HelpFile, HelpRequest, Reminded, Side, State, Step
from support.services.moving import Said, write
from support.services.telling import tell_administrators, tell_operator

REMIND_FROM_HOUR = 9
# An answer that nobody has said a word to, a question that nobody answers.
CLOSE_ANSWERED_AFTER = timedelta(days=14)
CLOSE_WAITING_AFTER = timedelta(days=30)
BATCH = 500


def remind(now: datetime | None = None) -> int:
    """Remind of answers that are due today, and once of those that are late, from nine in the morning of the
    organization's clock; return how many. May run twice, or twice at once."""
    moment = now or timezone.now()
    last = moment.date() + timedelta(days=1)
    rows = HelpRequest.objects.filter(state__in=OWED, due_on__lte=last).exclude(reminded=Reminded.AFTER)
    return sum(_remind_of(row, moment) for row in rows.select_related("organization").order_by("due_on", "id")[:BATCH])


def _remind_of(row: HelpRequest, moment: datetime) -> int:
    zone = row.organization.zone if row.organization is not None else timezone.get_default_timezone()
    local = moment.astimezone(zone)
    if local.hour < REMIND_FROM_HOUR or row.due_on is None or local.date() < row.due_on:
        return 0
    stage = Reminded.AFTER if local.date() > row.due_on else Reminded.BEFORE
    asked_today = row.created_at.astimezone(zone).date() == local.date()
    if stage == row.reminded or (stage == Reminded.BEFORE and asked_today):
        return 0
    with transaction.atomic():
        # The condition stands in the statement: a second worker finds the stage taken.
        same = HelpRequest.objects.filter(pk=row.pk, state=row.state, due_on=row.due_on, reminded=row.reminded)
        if not same.update(reminded=stage):
            return 0
        occasion = f"{stage}:{row.due_on:%Y%m%d}"
        if row.state == State.PASSED_ON:
            tell_operator(row, occasion, "help_due_operator")
        else:
            tell_administrators(row, occasion, "help_due")
    return 1


def close_settled(now: datetime | None = None) -> int:
    """Close what was answered a fortnight ago and not asked about again; return how many. May run twice."""
    moment = now or timezone.now()
    closed = 0
    for state, after in ((State.ANSWERED, CLOSE_ANSWERED_AFTER), (State.WAITING, CLOSE_WAITING_AFTER)):
        old = HelpRequest.objects.filter(state=state, changed_at__lte=moment - after).order_by("id")
        for pk in list(old.values_list("pk", flat=True)[:BATCH]):
            closed += _close(pk, state, moment - after)
    return closed


@transaction.atomic
def _close(pk: int, state: str, before: datetime) -> int:
    rows = HelpRequest.objects.select_for_update(of=("self",)).select_related("organization")
    row = rows.filter(pk=pk, state=state, changed_at__lte=before).first()
    if row is None:
        return 0
    write(row, State.CLOSED, Said(_last_side(row), Step.CLOSED))
    return 1


def _last_side(row: HelpRequest) -> str:
    last = row.entries.exclude(side=Side.ASKER).order_by("-id").first()
    return last.side if last is not None else Side.ADMINISTRATION


def forget(now: datetime | None = None) -> int:
    """Remove what was closed long ago, with its files: calls from outside sooner; return how many. May run twice."""
    moment = now or timezone.now()
    calls, old = limit_of("KEEP_HELP_CALLS_DAYS", moment), limit_of("KEEP_HELP_REQUESTS_DAYS", moment)
    rows = HelpRequest.objects.filter(Q(closed_at__lte=old) | Q(person=None, closed_at__lte=calls))
    return _forget(list(rows.order_by("id").values_list("pk", flat=True)[:BATCH]))


@transaction.atomic
def _forget(ids: list[int]) -> int:
    files = list(StoredFile.objects.filter(pk__in=HelpFile.objects.filter(entry__request__in=ids).values("file_id")))
    HelpFile.objects.filter(entry__request__in=ids).delete()
    HelpEntry.objects.filter(request__in=ids).delete()
    removed, _tables = HelpRequest.objects.filter(pk__in=ids).delete()
    remove(files=files)
    return removed
