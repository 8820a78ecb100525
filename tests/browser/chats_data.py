"""What stories of chats find: a school whose chats are switched on, and people signed in without asking for codes."""

from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

ON = ["general", "unit_students", "unit_parents"]


def session_of(phone: str) -> str:
    """The key of a session of its own in which this person is signed in; the sign-in has stories of its own."""
    from accounts.models import User
    from accounts.services import confirm_phone

    user = User.objects.get(phone=phone)
    # As the first sign-in does, and with it the rules of use are accepted.
    confirm_phone(user)
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "accounts.backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def talking_school() -> dict[str, Any]:
    """Two classes with their leaders; in 5А two pupils, each with a parent. `chats`: «5А students» → its id."""
    from chats.models import Chat
    from chats.services.system import change_rules
    from orgs.models import Part
    from tests.browser import data

    made = data.organization()
    slug = made["slug"]
    units = data.units(slug, ["5А", "5Б"])
    people = {
        "teacher": data.person(slug, "Белова Анна Сергеевна", ["teacher"], position="Учитель математики"),
        "other_teacher": data.person(slug, "Громов Пётр Ильич", ["teacher"]),
        "student": data.person(slug, "Зайцев Илья Олегович", ["student"]),
        "classmate": data.person(slug, "Ким Алина Романовна", ["student"]),
        "parent": data.person(slug, "Зайцева Ольга Викторовна", ["parent"]),
        "other_parent": data.person(slug, "Ким Роман Андреевич", ["parent"]),
    }
    for name, unit, part in (
        ("teacher", "5А", Part.LEADER),
        ("other_teacher", "5Б", Part.LEADER),
        ("student", "5А", Part.STUDENT),
        ("classmate", "5А", Part.STUDENT),
    ):
        data.enrolment(units[unit], people[name]["id"], part)
    data.family(people["parent"]["id"], people["student"]["id"])
    data.family(people["other_parent"]["id"], people["classmate"]["id"])
    change_rules(actor=data._administrator(slug), rules={"switched_on": ON})
    chats = {
        f"{chat.unit.name} {chat.template.removeprefix('unit_')}" if chat.unit else chat.template: chat.pk
        for chat in Chat.objects.filter(organization__slug=slug).select_related("unit")
    }
    phones = {name: person["phone"] for name, person in people.items()}
    return {**made, **phones, "units": units, "people": people, "chats": chats}


def enrolment_of(person: int) -> int:
    """The id of the place that a person has in a class now."""
    from orgs.models import Enrolment

    return Enrolment.objects.get(person=person, until=None).pk
