"""A kind of work for tests: it puts people into a class, renames one, and can be told to fail."""

from typing import Any

from common.errors import DomainError
from orgs.models import Enrolment, Part, Person, Role, RoleAssignment, Unit
from orgs.permissions import can_manage_people
from orgs.selectors.organizations import today_in
from orgs.services.people import PersonData, build_person
from works.kinds import Line, WorkKind
from works.models import Work
from works.services.ledger import Ledger
from works.services.progress import Progress


def prepare(work: Work, progress: Progress) -> list[str]:
    """The names that were asked for."""
    names = work.parameters.get("names", [])
    progress.step("reading", len(names))
    for _name in names:
        progress.advance()
    if work.parameters.get("breaks") == "rule":
        raise DomainError("no_luck", "No luck today.")
    return list(names)


def write(work: Work, names: list[str], progress: Progress, ledger: Ledger) -> dict[str, Any]:
    """Put the people on the roster and into the class."""
    organization = work.organization
    people = ledger.create([build_person(organization, PersonData(*name.split())) for name in names])
    ledger.create([RoleAssignment(organization=organization, person=person, role=Role.STUDENT) for person in people])
    unit = Unit.objects.get(pk=work.parameters["unit"])
    since = today_in(organization)
    enrolments = [
        Enrolment(organization=organization, person=person, unit=unit, part=Part.STUDENT, since=since)
        for person in people
    ]
    ledger.create(enrolments)
    renamed = Person.objects.filter(pk__in=work.parameters.get("rename", []))
    ledger.update(renamed, position="переименован")
    ledger.change(list(renamed), {person.pk: {"last_name": "Другой", "birth_date": since} for person in renamed})
    if work.parameters.get("breaks") == "code":
        raise ZeroDivisionError
    return {"people": len(people)}


TRIAL = WorkKind(
    title="A trial",
    prepare=prepare,
    write=write,
    lines=lambda work: [Line("People", work.outcome.get("people", 0))],
    page=lambda work: f"/o/{work.organization.slug}/people/",
    can_start=can_manage_people,
    steps={"reading": "Reading", "writing": "Writing"},
    undo_days=30,
)
