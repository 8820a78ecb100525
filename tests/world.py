"""Two schools with the same cast, and one parent who belongs to both: made once, every test rolls back to it."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from accounts.models import User
from orgs.actor import Actor, load_actor
from orgs.models import Organization, Part, Person, Role, Unit, UnitKind
from orgs.services.organization import OrganizationData, create_organization
from orgs.services.people import PersonData, add_person, tie_parent
from orgs.services.structure import class_from_name, create_units, enrol
from orgs.services.verification import settle

# The roles of the permission matrix, as names of the cast.
CAST = ("administrator", "head", "leader", "teacher", "student", "parent")


@dataclass
class School:
    """One school: its units by name and its people by their part in the cast."""

    organization: Organization
    units: dict[str, Unit] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)

    @property
    def slug(self) -> str:
        return self.organization.slug

    def user(self, name: str) -> User:
        user = self.people[name].user
        assert user is not None
        return user

    def actor(self, name: str) -> Actor:
        actor = load_actor(self.user(name).pk, self.slug)
        assert actor is not None
        return actor


def without_head(school: School) -> None:
    """The head of the school has no account: what is the head's to say falls to the administration."""
    Person.objects.filter(pk=school.people["head"].pk).update(user=None, joined_at=None)


@dataclass
class World:
    """School `a`, school `b`, the parent of both, and the platform's operator."""

    a: School
    b: School
    both: User
    operator: User


def make_user(phone: str, name: str = "", **fields: object) -> User:
    """A user who has confirmed the phone and accepted the rules of use."""
    confirmed = {"phone_verified_at": timezone.now(), "rules_version": settings.RULES_VERSION}
    values = {"password": make_password(None), **confirmed, **fields}
    return User.objects.create(phone=phone, display_name=name, **values)


def build_world() -> World:
    """Make the world; the caller owns the transaction."""
    both = make_user("+79003000000", "Обоева Ольга")
    operator = make_user("+79004000000", "Оператор", is_staff=True, is_superuser=True)
    return World(build_school("a", 1, both), build_school("b", 2, both), both, operator)


def build_school(slug: str, number: int, both: User | None = None) -> School:
    """Make one school with its cast; phones start with +7900<number>."""
    organization = create_organization(
        data=OrganizationData(
            kind="school", name=f"Средняя школа № {number}", short_name=f"Школа № {number}", slug=slug
        ),
        administrator=PersonData("Админова", "Анна", "Аркадьевна", phone=f"+7900{number}000001"),
    )
    administrator = Person.objects.select_related("user", "organization").get(organization=organization)
    User.objects.filter(pk=administrator.user_id).update(
        phone_verified_at=timezone.now(), rules_version=settings.RULES_VERSION
    )
    school = School(organization, people={"administrator": administrator})
    _add_units(school)
    _add_staff(school, number)
    _add_families(school, number, both)
    for name, person in school.people.items():
        school.people[name] = Person.objects.select_related("user", "organization").get(pk=person.pk)
    return school


def _add_units(school: School) -> None:
    names = [class_from_name("5А"), class_from_name("5Б")]
    created = create_units(organization=school.organization, actor=None, units=names)
    school.units = {"5А": created[0], "5Б": created[1]}
    school.units["staff"] = Unit.objects.get(organization=school.organization, kind=UnitKind.STAFF)


def _member(school: School, name: str, data: PersonData, roles: list[str], *, joined: bool = True) -> Person:
    person = add_person(organization=school.organization, actor=None, data=data, roles=roles)
    if joined:
        person.user = make_user(data.phone, person.full_name)
        person.joined_at = timezone.now()
        person.save()
        settle([person])
    school.people[name] = person
    return person


def _add_staff(school: School, n: int) -> None:
    phone = f"+7900{n}00000"
    _member(school, "head", PersonData("Главный", "Глеб", "Георгиевич", phone=f"{phone}2"), [Role.HEAD])
    leader = _member(school, "leader", PersonData("Ведущая", "Вера", "Викторовна", phone=f"{phone}3"), [Role.TEACHER])
    teacher = _member(school, "teacher", PersonData("Учёный", "Устин", "Ильич", phone=f"{phone}4"), [Role.TEACHER])
    enrol(actor=None, people=[leader], unit=school.units["5А"], part=Part.LEADER)
    enrol(actor=None, people=[teacher], unit=school.units["5Б"], part=Part.TEACHER)
    roster_only = PersonData("Ждущая", "Жанна", "Жоресовна")
    _member(school, "waiting_teacher", roster_only, [Role.TEACHER], joined=False)


def _add_families(school: School, n: int, both: User | None) -> None:
    phone = f"+7900{n}00000"
    a, b = school.units["5А"], school.units["5Б"]
    student = _member(school, "student", PersonData("Ёжиков", "Пётр", "Ильич", phone=f"{phone}5"), [])
    classmate = _member(school, "classmate", PersonData("Зайцева", "Зоя", "Захаровна"), [], joined=False)
    stranger = _member(school, "other_student", PersonData("Белкин", "Борис", "Богданович"), [], joined=False)
    enrol(actor=None, people=[student, classmate], unit=a, part=Part.STUDENT)
    enrol(actor=None, people=[stranger], unit=b, part=Part.STUDENT)
    parent = _member(school, "parent", PersonData("Ёжикова", "Роза", "Павловна", phone=f"{phone}6"), [Role.PARENT])
    tie_parent(actor=None, parent=parent, child=student)
    absent = PersonData("Зайцев", "Захар", "Львович", phone=f"{phone}7")
    waiting = _member(school, "waiting_parent", absent, [Role.PARENT], joined=False)
    tie_parent(actor=None, parent=waiting, child=classmate)
    if both is not None:
        person = add_person(
            organization=school.organization,
            actor=None,
            data=PersonData("Обоева", "Ольга", phone=str(both.phone)),
            roles=[Role.PARENT],
        )
        Person.objects.filter(pk=person.pk).update(user=both, joined_at=timezone.now())
        tie_parent(actor=None, parent=person, child=stranger)
        school.people["both"] = person
