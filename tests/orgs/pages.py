"""Looking at the organization's pages as somebody of the cast."""

from __future__ import annotations

import html
import re
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from orgs.models import Enrolment, Guardianship, Part, Person, Role, RoleAssignment
from orgs.services.people import PersonData, build_person
from orgs.services.structure import class_from_name, create_units, enrol
from tests.world import School


class Visitor:
    """A browser of one member of the cast, inside one school."""

    def __init__(self, school: School, name: str) -> None:
        self.school = school
        self.client = Client()
        self.client.force_login(school.user(name), backend="accounts.backends.AuthenticationBackend")

    def url(self, name: str, **values: Any) -> str:
        return reverse(f"orgs:{name}", kwargs={"slug": self.school.slug, **values})

    def get(self, name: str, data: dict[str, Any] | None = None, **values: Any) -> HttpResponse:
        return self.client.get(self.url(name, **values), data or {})

    def post(self, name: str, data: dict[str, Any] | None = None, **values: Any) -> HttpResponse:
        return self.client.post(self.url(name, **values), data or {})

    def post_then_look(self, name: str, data: dict[str, Any] | None = None, **values: Any) -> str:
        """Post, follow the redirect, and return what the next page says."""
        response = self.client.post(self.url(name, **values), data or {}, follow=True)
        assert response.status_code == 200, response.status_code
        return words(response)

    def see(self, name: str, data: dict[str, Any] | None = None, **values: Any) -> str:
        """What the page says, tags left out."""
        response = self.get(name, data, **values)
        assert response.status_code == 200, response.status_code
        return words(response)


def words(response: HttpResponse) -> str:
    """The text of a page as a reader sees it."""
    page = response.content.decode()
    body = page[page.find("<main") :]
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body)))


def undo_address(response_text: str) -> str:
    """The address behind the button «Отменить»."""
    found = re.search(r'action="([^"]+)" class="d-inline-block"', response_text)
    assert found, "nothing offers to undo"
    return html.unescape(found[1])


def crowd(school: School, count: int, unit: str = "5А") -> None:
    """Put `count` students with a parent each into a unit, in a handful of statements."""
    organization, now = school.organization, timezone.now()
    students = _rows(school, count, "Массов", "Иван", "Ильич")
    parents = _rows(school, count, "Массова", "Мария")
    RoleAssignment.objects.bulk_create(
        RoleAssignment(organization=organization, person=person, role=role, since=now)
        for people, role in ((students, Role.STUDENT), (parents, Role.PARENT))
        for person in people
    )
    Enrolment.objects.bulk_create(
        Enrolment(
            organization=organization, person=person, unit=school.units[unit], part=Part.STUDENT, since=now.date()
        )
        for person in students
    )
    Guardianship.objects.bulk_create(
        Guardianship(organization=organization, parent=parent, child=child, since=now)
        for parent, child in zip(parents, students, strict=True)
    )


def _rows(school: School, count: int, last_name: str, *names: str) -> list[Person]:
    data = (PersonData(f"{last_name}{number:03}", *names) for number in range(count))
    return Person.objects.bulk_create(build_person(school.organization, one) for one in data)


def many_units(school: School, count: int) -> None:
    """Make `count` more classes, each with a leader."""
    names = [class_from_name(f"Класс {number}") for number in range(count)]
    units = create_units(organization=school.organization, actor=None, units=names)
    for unit in units:
        enrol(actor=None, people=[school.people["leader"]], unit=unit, part=Part.LEADER)
