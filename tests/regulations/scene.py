"""Where a walk through a regulation takes place: the organization, its people and their browsers."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from orgs.models import Organization, Person, Unit, UnitKind
from tests.regulations.places import Human, Place
from tests.regulations.walker import Page, Walker


@dataclass
class Scene:
    """An organization under way; what people do happens by pages, the tables are only looked at."""

    place: Place
    organization: Organization
    administrator: Human
    admin: Walker
    humans: dict[str, Human] = field(default_factory=dict)
    walkers: dict[str, Walker] = field(default_factory=dict)
    # Addresses of links by what they are for, as they were read on the administrator's page.
    links: dict[str, str] = field(default_factory=dict)

    @property
    def slug(self) -> str:
        return self.organization.slug

    def visit(self, name: str, *args: object, **query: str) -> Page:
        """Open a page of the organization as the administrator."""
        return self.admin.visit(name, self.slug, *args, **query)

    def unit(self, name: str) -> Unit:
        return Unit.objects.get(organization=self.organization, name=name)

    @property
    def staff_unit(self) -> Unit:
        return Unit.objects.get(organization=self.organization, kind=UnitKind.STAFF)

    @property
    def first_unit(self) -> Unit:
        return self.unit(next(iter(self.place.units)))

    @property
    def second_unit(self) -> Unit:
        return self.unit(list(self.place.units)[1])

    def person(self, human: Human) -> Person:
        """Return the one row of the roster that is this human."""
        return Person.objects.get(
            organization=self.organization, last_name=human.last, first_name=human.first, merged_into=None
        )

    def roles_of(self, human: Human) -> set[str]:
        return set(self.person(human).roles.filter(until=None).values_list("role", flat=True))

    def join(self, purpose: str, human: Human, **answers: str) -> Page:
        """Let `human` join by the link `purpose` on a device of their own and return the last page."""
        walker = self.walkers.setdefault(human.phone, Walker(f"10.2.0.{len(self.walkers) + 1}"))
        welcome = walker.open(path_of(self.links[purpose]))
        assert welcome.says(self.organization.short_name), "the link says where one joins before anything is asked"
        page = walker.sign_in(human.phone, welcome.send(welcome.main_form))
        form = page.main_form
        names = {"last_name": human.last, "first_name": human.first, "patronymic": human.patronymic}
        values = {name: value for name, value in {**names, **answers}.items() if name in form.fields}
        return page.send(form, values)


def path_of(address: str) -> str:
    """Return the part of a full address that the test's browser opens."""
    return urlsplit(address).path


def join_address(page: Page) -> str:
    """Return the address of the only invite link that the page shows."""
    assert len(page.invite_addresses) == 1, page.text[:400]
    return page.invite_addresses[0]
