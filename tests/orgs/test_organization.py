"""Organizations: created with the default structure of their kind, changed by their administrator."""

import pytest

from accounts.models import User
from common.errors import DomainError
from orgs.audit import sentence_of
from orgs.models import AcademicYear, AuditEvent, Enrolment, Kind, Organization, Person, Role, RoleAssignment, Unit
from orgs.services.organization import OrganizationData, create_organization, update_labels, update_organization
from orgs.services.people import PersonData
from orgs.vocabulary import vocabulary_of
from tests.world import World

ADMINISTRATOR = PersonData("Первая", "Полина", "Петровна", phone="+79007000001")


def create(kind: str = Kind.SCHOOL, **fields: str) -> Organization:
    data = OrganizationData(
        kind=kind, name="Школа будущего", short_name=fields.pop("short_name", "Школа № 7"), **fields
    )
    return create_organization(data=data, administrator=ADMINISTRATOR)


@pytest.mark.req("REG-4")
@pytest.mark.django_db
def test_the_administrator_has_the_rights_on_the_phone_of_the_application() -> None:
    organization = create()
    user = User.objects.get(phone="+79007000001")
    person = Person.objects.get(organization=organization, user=user)
    assert list(RoleAssignment.objects.filter(person=person).values_list("role", flat=True)) == [Role.ADMINISTRATOR]


@pytest.mark.req("REG-7", "ORG-2")
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "staff_unit", "unit", "teacher"),
    [
        (Kind.SCHOOL, "Педагоги", "класс", "учитель"),
        (Kind.KINDERGARTEN, "Сотрудники", "группа", "воспитатель"),
        (Kind.COLLEGE, "Педагоги", "группа", "преподаватель"),
        (Kind.SUPPLEMENTARY, "Педагоги", "кружок", "педагог"),
    ],
)
def test_the_kind_sets_the_words_and_the_system_unit(kind: str, staff_unit: str, unit: str, teacher: str) -> None:
    organization = create(kind)
    words = vocabulary_of(organization)
    assert Unit.objects.get(organization=organization, kind="staff").name == staff_unit
    assert (str(words["unit"]), str(words["teacher"])) == (unit, teacher)


@pytest.mark.req("ORG-2")
@pytest.mark.django_db
def test_the_administrator_stands_in_the_staff_unit_from_the_start() -> None:
    organization = create()
    assert Enrolment.objects.filter(unit__organization=organization, unit__kind="staff", until=None).count() == 1


@pytest.mark.django_db
def test_an_address_is_made_from_the_name_and_never_taken_twice() -> None:
    first = create(short_name="Детский сад «Ёлочка»")
    second = create(short_name="Детский сад «Ёлочка»")
    assert (first.slug, second.slug) == ("detskiy-sad-elochka", "detskiy-sad-elochka-2")
    with pytest.raises(DomainError) as refusal:
        create(slug=first.slug)
    assert refusal.value.code == "slug_taken"


@pytest.mark.django_db
def test_one_year_is_current() -> None:
    year = AcademicYear.objects.get(organization=create())
    assert year.is_current
    assert (year.starts_on.month, year.ends_on.month) == (9, 8)


@pytest.mark.req("REG-5", "ORG-12")
def test_details_are_changed_and_the_journal_says_which(world: World) -> None:
    actor = world.a.actor("administrator")
    update_organization(actor=actor, details={"site": "https://school.example.org", "short_name": "Школа № 7"})
    assert Organization.objects.get(slug="a").site == "https://school.example.org"
    event = AuditEvent.objects.filter(organization_id=world.a.organization.pk).latest("id")
    assert sentence_of(event, actor.words) == "изменены сведения об организации: краткое название, сайт"
    assert event.actor_name == "Админова Анна Аркадьевна"


@pytest.mark.req("REG-7")
def test_own_words_take_the_place_of_the_kinds_and_give_it_back(world: World) -> None:
    actor = world.a.actor("administrator")
    organization = update_labels(actor=actor, labels={"teacher": "наставник", "nonsense": "нет"})
    assert str(vocabulary_of(organization)["teacher"]) == "наставник"
    assert "nonsense" not in organization.labels
    organization = update_labels(actor=actor, labels={"teacher": ""})
    assert str(vocabulary_of(organization)["teacher"]) == "учитель"
