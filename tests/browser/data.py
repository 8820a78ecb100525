"""What a story finds when it begins, made by the same services as everywhere.

The functions here run in the process of `data_process.py` with the running platform's database; a test calls them as
`data("school", name="Школа № 1")`. They take and return plain values: addresses, phones, ids.
"""

import itertools
from datetime import timedelta
from typing import Any

from django.db.models import F
from django.utils import timezone

from orgs.models import Part, Person, Unit
from orgs.services.organization import OrganizationData, create_organization
from orgs.services.people import PersonData, add_person, link_account, tie_parent
from orgs.services.structure import class_from_name, create_units, enrol

_numbers = itertools.count(1)


def next_phone() -> str:
    """Return a phone nobody of this run has."""
    return f"+7900{next(_numbers):07d}"


def organization(short_name: str = "", kind: str = "school", **details: str) -> dict[str, Any]:
    """An organization of its own for one story, with an administrator who can sign in."""
    phone = next_phone()
    made = create_organization(
        data=OrganizationData(
            kind=kind,
            name=f"Муниципальное учреждение {phone[-4:]}",
            short_name=short_name or f"Школа № {int(phone[-4:])}",
            **details,
        ),
        administrator=PersonData("Орлова", "Мария", "Петровна", phone=phone, position="Секретарь"),
    )
    return {"id": made.pk, "slug": made.slug, "short_name": made.short_name, "administrator": phone}


def units(slug: str, names: list[str]) -> dict[str, int]:
    """Classes by their names → their ids."""
    school = _organization(slug)
    created = create_units(organization=school, actor=None, units=[class_from_name(name) for name in names])
    return {unit.name: unit.pk for unit in created}


def person(slug: str, name: str, roles: list[str], *, joined: bool = True, **details: str) -> dict[str, Any]:
    """A person of the roster, «Фамилия Имя Отчество»; `joined` ones have an account and can sign in."""
    from accounts.services import ensure_user

    last, first, patronymic = (*name.split(), "")[:3]
    fields = {"phone": next_phone()} | details
    made = add_person(
        organization=_organization(slug), actor=None, data=PersonData(last, first, patronymic, **fields), roles=roles
    )
    if joined:
        link_account(person=made, user_id=ensure_user(fields["phone"], display_name=made.full_name).pk)
    return {"id": made.pk, "phone": fields["phone"], "name": made.full_name}


def enrolment(unit: int, person: int, part: str = Part.STUDENT) -> None:
    """Put a person into a unit as `leader`, `teacher` or `student`."""
    enrol(actor=None, people=[Person.objects.get(pk=person)], unit=Unit.objects.get(pk=unit), part=part)


def family(parent: int, child: int) -> None:
    """Tie a parent to a child."""
    tie_parent(actor=None, parent=Person.objects.get(pk=parent), child=Person.objects.get(pk=child))


def open_link(role: str = "parent") -> str:
    """The address of a link of the demonstration data that lets in."""
    from invitations.addresses import join_url
    from invitations.models import Invitation

    links = Invitation.objects.filter(
        role=role, person=None, student=None, revoked_at=None, expires_at__gt=timezone.now(), uses__lt=F("max_uses")
    )
    link = links.order_by("organization_id", "-id")[0]
    return join_url(link)


def expire_invitation(invitation: int) -> None:
    """Let an invitation's lifetime be over, as if time had passed."""
    from invitations.models import Invitation

    past = timezone.now() - timedelta(days=1)
    Invitation.objects.filter(pk=invitation).update(expires_at=past)


def _organization(slug: str) -> Any:
    from orgs.models import Organization

    return Organization.objects.get(slug=slug)
