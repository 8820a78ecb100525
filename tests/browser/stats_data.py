"""What stories of the statistics find: a school that has used the platform for ten weeks."""

from datetime import datetime, time, timedelta
from random import Random
from typing import Any

from django.utils import timezone

WEEKS = 10
TEACHERS = ("Арбузов Артём", "Белова Бэла", "Волков Влас", "Громова Галина", "Дёмин Денис", "Егорова Ева")
# Has an account and does not come: somebody to remind.
ABSENT = "Ёлкина Евгения Егоровна"
CHILDREN = ("Жуков Женя", "Зимин Захар", "Ильина Инна", "Котов Ким", "Лисова Лада", "Мухин Марк", "Носова Нина")


def used_school() -> dict[str, Any]:
    """A school with a head, seven teachers, two classes with their families, of which 5Б is silent."""
    from tests.browser import data

    school = data.organization()
    slug = school["slug"]
    units = data.units(slug, ["5А", "5Б"])
    people = {
        "head": data.person(slug, "Лебедев Сергей Павлович", ["head"], position="Директор"),
        "deputy": data.person(slug, "Павлова Полина Петровна", ["teacher"], position="Социальный педагог"),
        "absent": data.person(slug, ABSENT, ["teacher"], email="elkina@example.org"),
    }
    teachers = [data.person(slug, f"{name} Олегович", ["teacher"]) for name in TEACHERS]
    data.enrolment(units["5А"], teachers[0]["id"], "leader")
    parents = [person for unit in units.values() for person in _families(slug, unit)]
    _came(slug, [people["head"]["id"], people["deputy"]["id"], *(one["id"] for one in [*teachers, *parents])])
    _talked(slug, units["5А"], [one["id"] for one in parents[:4]])
    _count()
    return {
        "slug": slug,
        "name": school["short_name"],
        "administrator": school["administrator"],
        "units": units,
        **{who: person["phone"] for who, person in people.items()},
    }


def curator(slugs: list[str]) -> str:
    """The phone of a curator over these organizations."""
    from accounts.services import ensure_user
    from orgs.models import Organization
    from stats.models import Curatorship
    from tests.browser import data

    phone = data.next_phone()
    user = ensure_user(phone, display_name="Орлова Тамара Борисовна")
    for organization in Organization.objects.filter(slug__in=slugs):
        Curatorship.objects.create(organization=organization, user=user, authority="Управление образования")
    return phone


def reminders(slug: str) -> list[str]:
    """To whom reminders of the statistics of this school are on their way."""
    from orgs.models import Organization
    from outbox.models import Message

    organization = Organization.objects.get(slug=slug)
    found = Message.objects.filter(organization_id=organization.pk, template__startswith="stats")
    return sorted(found.values_list("recipient", flat=True))


def _families(slug: str, unit: int) -> list[dict[str, Any]]:
    from tests.browser import data

    parents = []
    for name in CHILDREN:
        child = data.person(slug, f"{name} Иванович", ["student"], joined=False)
        data.enrolment(unit, child["id"])
        last = name.split()[0]
        parent = data.person(slug, f"{last} Родион Ильич", ["parent"], joined=name != CHILDREN[0])
        data.family(parent["id"], child["id"])
        if name != CHILDREN[0]:
            parents.append(parent)
    return parents


def _came(slug: str, people: list[int]) -> None:
    """Each of `people` on most days of the past weeks, this morning too."""
    from orgs.models import Organization
    from stats.models import Presence

    organization, draw = Organization.objects.get(slug=slug), Random(slug)
    today = timezone.now().astimezone(organization.zone).date()
    days = [today - timedelta(days=ago) for ago in range(7 * WEEKS)]
    Presence.objects.bulk_create(
        Presence(
            organization=organization,
            person_id=person,
            day=day,
            at=datetime.combine(day, time(0, 1), tzinfo=organization.zone),
        )
        for person in people
        for day in days
        if draw.random() < 0.7
    )


def _talked(slug: str, unit: int, people: list[int]) -> None:
    from chats.models import Chat, Message, Template
    from chats.services.system import switch_on
    from orgs.models import Organization

    organization = Organization.objects.get(slug=slug)
    switch_on(organization=organization, templates=[Template.UNIT_PARENTS])
    chat = Chat.objects.get(unit=unit, template=Template.UNIT_PARENTS)
    now = timezone.now()
    Message.objects.bulk_create(
        Message(
            organization=organization,
            chat=chat,
            number=number,
            event=number,
            ordinal=number,
            author_id=people[number % len(people)],
            text="Добрый день!",
            html="<p>Добрый день!</p>",
            created_at=now - timedelta(days=number, minutes=5),
        )
        for number in range(1, 60)
    )
    Chat.objects.filter(pk=chat.pk).update(
        last_event=60, message_count=59, last_message_number=59, last_message_at=now - timedelta(days=1)
    )


def _count() -> None:
    from stats.services.rollup import roll_up

    roll_up()
