"""Telling those who have not confirmed yet."""

from datetime import datetime

from orgs.telling import tell
from readings.models import Reading
from readings.selectors.progress import people_waiting


def tell_asked(reading_id: int) -> int:
    """Tell everybody asked that there is something to read, and return how many; whoever gave it out knows.

    Safe to run twice; what is no longer open tells nobody.
    """
    open_ones = Reading.objects.filter(pk=reading_id, opened_at__isnull=False, closed_at=None)
    reading = open_ones.select_related("organization").first()
    return 0 if reading is None else tell_waiting(reading, "reading_asked", occasion="asked", but=reading.created_by_id)


def tell_waiting(
    reading: Reading, template: str, *, occasion: str, but: int | None = None, now: datetime | None = None
) -> int:
    """Queue `template` for everybody who has to confirm `reading` still, and return how many have an account.

    Told again on the same `occasion`, it arrives once. A constant number of statements for each 500 people.
    """
    people = list(people_waiting(reading).filter(user__isnull=False).exclude(pk=but or 0).select_related("user"))
    tell(
        organization=reading.organization,
        people=people,
        template=template,
        context={"reading": reading.pk},
        key=f"reading:{reading.pk}:{occasion}",
        now=now,
    )
    return len(people)
