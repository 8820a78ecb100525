"""What stories of the youngest pupils and of the journal find."""

from typing import Any


def primary_school() -> dict[str, Any]:
    """A school with 2А and 4Б; Анна of 2А has a personal code, Вера joins by the link of her class."""
    from invitations.models import Invitation
    from invitations.services import ensure_codes
    from orgs.actor import load_actor
    from orgs.models import Person, Unit
    from tests.browser import data

    school = data.organization()
    slug = school["slug"]
    units = data.units(slug, ["2А", "4Б"])
    anna = data.person(slug, "Рябова Анна Олеговна", ["student"], joined=False, phone="")
    vera = data.person(slug, "Рябова Вера Олеговна", ["student"], joined=False, phone="")
    mother = data.person(slug, "Рябова Елена Викторовна", ["parent"], joined=False, email="elena@example.org")
    data.enrolment(units["2А"], anna["id"])
    data.enrolment(units["4Б"], vera["id"])
    data.family(mother["id"], anna["id"])
    administrator = Person.objects.get(organization__slug=slug, user__phone=school["administrator"])
    actor = load_actor(administrator.user_id or 0, slug)
    assert actor is not None
    unit = Unit.objects.select_related("organization").get(pk=units["2А"])
    ensure_codes(actor=actor, unit=unit, role="student")
    code = Invitation.objects.get(person_id=anna["id"])
    return {**school, "anna": anna, "code": data._described(code), "link": data.link(slug, units["4Б"], "student")}


def set_parents_email(child: int, email: str) -> None:
    """The roster knows this e-mail of the child's mother; the code goes to that one only."""
    from orgs.models import Person

    Person.objects.filter(child_links__child=child).update(email=email)


def long_journal(slug: str, count: int) -> None:
    """`count` lines of the journal of many kinds over two months."""
    from datetime import date, timedelta

    from django.utils import timezone

    from orgs.audit import Action, Deed, Order, event_of
    from orgs.models import AuditEvent, Organization, Person, Unit

    school = Organization.objects.get(slug=slug)
    people = list(Person.objects.filter(organization=school).order_by("pk"))
    units = list(Unit.objects.filter(organization=school, kind="class"))
    kinds: list[tuple[Action, dict[str, Any]]] = [
        (Action.ENROLLED, {"part": "student"}),
        (Action.ROLE_GRANTED, {"role": "student"}),
        (Action.CHAT_CREATED, {"chat": "Родители"}),
        (Action.PERSON_CHANGED, {"fields": ["phone", "email"]}),
        (Action.INVITATION_REVOKED, {"number": 12}),
    ]
    now, rows = timezone.now(), []
    for number in range(count):
        action, details = kinds[number % len(kinds)]
        order = Order(f"{number // 40 + 1}-к", date(2026, 9, 1)) if action == Action.ENROLLED else Order()
        deed = Deed(action, people[number % len(people)], units[number % len(units)], order, details)
        event = event_of(school, people[0] if number % 4 else None, deed)
        event.at = now - timedelta(minutes=90 * (count - number))
        rows.append(event)
    AuditEvent.objects.bulk_create(rows)
