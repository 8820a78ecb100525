"""That a person opened the platform on a day: one row, whatever the number of devices and requests (STAT-4)."""

from datetime import date

from orgs.models import Person
from stats.models import Presence


def note_presence(*, person: Person, day: date) -> None:
    """Write down that `person` came on `day` of the organization's calendar; one statement, twice is once.

    `Presence.at` is the moment of the first request.
    """
    row = Presence(organization_id=person.organization_id, person=person, day=day)
    Presence.objects.bulk_create([row], ignore_conflicts=True)
