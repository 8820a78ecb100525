"""Reminding by the clock: before the deadline, on its day, and after it (CHAN-4)."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from readings.models import Reading, Reminder, Stage
from readings.services.telling import tell_waiting

REMIND_FROM_HOUR = 9
# How many days after the deadline a stage comes.
STAGE_DAYS = {Stage.BEFORE: -2, Stage.ON_DAY: 0, Stage.AFTER: 1, Stage.LATE: 5}


def remind(now: datetime | None = None) -> int:
    """Remind of what is due in every organization where it is nine in the morning or later; return how many stages.

    A stage of a reading happens once, also with two workers at once; missed for a whole day, it is left out. On the day
    it was given out nobody is reminded: people have just been told. A constant number of statements for each reading.
    """
    moment = now or timezone.now()
    return sum(_remind_of(reading, stage, moment) for reading, stage in _due(moment))


def _due(moment: datetime) -> list[tuple[Reading, Stage]]:
    # The days of all time zones there are: the organization's own day is asked below.
    first = moment.date() - timedelta(days=max(STAGE_DAYS.values()) + 1)
    last = moment.date() - timedelta(days=min(STAGE_DAYS.values()) - 1)
    readings = Reading.objects.filter(opened_at__isnull=False, closed_at=None, due_on__range=(first, last))
    found = ((reading, _stage_of(reading, moment)) for reading in readings.select_related("organization"))
    due = [(reading, stage) for reading, stage in found if stage is not None]
    done = set(Reminder.objects.filter(reading__in=[row.pk for row, _stage in due]).values_list("reading_id", "stage"))
    return [(reading, stage) for reading, stage in due if (reading.pk, stage) not in done]


def _stage_of(reading: Reading, moment: datetime) -> Stage | None:
    local = moment.astimezone(reading.organization.zone)
    if reading.due_on is None or reading.opened_at is None or local.hour < REMIND_FROM_HOUR:
        return None
    if reading.opened_at.astimezone(reading.organization.zone).date() >= local.date():
        return None
    days = (local.date() - reading.due_on).days
    return next((stage for stage, after in STAGE_DAYS.items() if after == days), None)


@transaction.atomic
def _remind_of(reading: Reading, stage: Stage, moment: datetime) -> int:
    """The row comes first: a second worker waits for it and finds it there; a failure takes it away again."""
    row = Reminder(organization_id=reading.organization_id, reading=reading, stage=stage, sent_at=moment)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return 0
    # The day stands in the occasion: a deadline that was moved is reminded of anew.
    occasion = f"{stage}:{reading.due_on:%Y%m%d}"
    row.people = tell_waiting(reading, "reading_reminder", occasion=occasion, now=moment)
    row.save(update_fields=["people"])
    return 1
