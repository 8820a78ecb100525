"""OneRoster 1.2 CSV: the roster of an organization as a ZIP for other systems (INT-3)."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Iterator, Mapping
from io import BytesIO, StringIO

from orgs.models import Enrolment, Organization, Part, Person, Unit, UnitKind
from roster.oneroster.format import ABSENT, COLUMNS, MANIFEST, PERSON, ROLES_WRITTEN, UNIT
from roster.oneroster.people import Roster, roster_of

Values = Mapping[str, str]
_SYSTEM = "sferum-admin"
# A spreadsheet would take these for a formula; phones are only numbers to it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def oneroster_of(organization: Organization) -> bytes:
    """Return the ZIP: orgs, academicSessions, courses, classes, users, roles, enrollments.

    Takes six queries whatever the rows. A person is «person-<id>», so that an import knows the person again; dates of
    birth are left out with the demographics. Nobody's archive of the past: only today's roles and parts.
    """
    roster = roster_of(organization)
    school = f"org-{organization.pk}"
    term = f"year-{roster.year.pk}"
    files: dict[str, list[Values]] = {
        "orgs": [{"sourcedId": school, "name": _text(organization.name), "type": "school"}],
        "academicSessions": [_session(roster, term)],
        "courses": list(_courses(roster, school, term)),
        "classes": [_class(unit, school, term) for unit in roster.units],
        "users": [_user(person, roster, school) for person in roster.people],
        "roles": list(_roles(roster, school)),
        "enrollments": [_enrolment(row, school) for row in roster.enrolments],
    }
    return _zip(files)


def _session(roster: Roster, term: str) -> Values:
    year = roster.year
    return {
        "sourcedId": term,
        "title": _text(year.name),
        "type": "schoolYear",
        "startDate": year.starts_on.isoformat(),
        "endDate": year.ends_on.isoformat(),
        # The standard names a school year by its end.
        "schoolYear": str(year.ends_on.year),
    }


def _courses(roster: Roster, school: str, term: str) -> Iterator[Values]:
    """A class must belong to a course: one for each kind of unit."""
    for kind in sorted({unit.kind for unit in roster.units}):
        yield {"sourcedId": f"course-{kind}", "schoolYearSourcedId": term, "title": kind, "orgSourcedId": school}


def _class(unit: Unit, school: str, term: str) -> Values:
    return {
        "sourcedId": f"{UNIT}{unit.pk}",
        "title": _text(unit.name),
        "grades": str(unit.parallel or ""),
        "courseSourcedId": f"course-{unit.kind}",
        "classType": "scheduled" if unit.kind == UnitKind.CIRCLE else "homeroom",
        "schoolSourcedId": school,
        "termSourcedIds": term,
    }


def _user(person: Person, roster: Roster, school: str) -> Values:
    key = f"{PERSON}{person.pk}"
    return {
        "sourcedId": key,
        "enabledUser": "true",
        "username": key,
        "givenName": _text(person.first_name),
        "familyName": _text(person.last_name),
        "middleName": _text(person.patronymic),
        "identifier": _text(person.record_number),
        "email": _text(person.email),
        "phone": person.phone,
        "agentSourcedIds": ",".join(f"{PERSON}{parent}" for parent in roster.parents.get(person.pk, [])),
        "primaryOrgSourcedId": school,
        "metadata.position": _text(person.position),
    }


def _roles(roster: Roster, school: str) -> Iterator[Values]:
    for person in roster.people:
        for place, role in enumerate(roster.roles[person.pk]):
            yield {
                "sourcedId": f"role-{person.pk}-{role}",
                "userSourcedId": f"{PERSON}{person.pk}",
                "roleType": "secondary" if place else "primary",
                "role": ROLES_WRITTEN[role],
                "orgSourcedId": school,
            }


def _enrolment(row: Enrolment, school: str) -> Values:
    is_student = row.part == Part.STUDENT
    return {
        "sourcedId": f"enrolment-{row.pk}",
        "classSourcedId": f"{UNIT}{row.unit_id}",
        "schoolSourcedId": school,
        "userSourcedId": f"{PERSON}{row.person_id}",
        "role": "student" if is_student else "teacher",
        "primary": "true" if row.part == Part.LEADER else "false",
        "beginDate": row.since.isoformat(),
    }


def _text(text: str) -> str:
    return f"'{text}" if text.startswith((*_FORMULA, "'")) else text


def _zip(files: Mapping[str, list[Values]]) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        # The standard forbids files without rows: they are absent.
        archive.writestr(MANIFEST, _csv(("propertyName", "value"), _manifest({name for name in files if files[name]})))
        for name, rows in files.items():
            if rows:
                archive.writestr(f"{name}.csv", _csv(COLUMNS[name], rows))
    return made.getvalue()


def _manifest(present: set[str]) -> list[Values]:
    states = {name: "bulk" if name in present else "absent" for name in (*COLUMNS, *ABSENT)}
    properties = {"manifest.version": "1.0", "oneroster.version": "1.2"}
    properties |= {f"file.{name}": states[name] for name in sorted(states)}
    properties |= {"source.systemName": _SYSTEM, "source.systemCode": _SYSTEM}
    return [{"propertyName": name, "value": value} for name, value in properties.items()]


def _csv(columns: tuple[str, ...], rows: list[Values]) -> str:
    made = StringIO(newline="")
    writer = csv.DictWriter(made, columns, restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return made.getvalue()
