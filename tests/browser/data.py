"""What a story finds when it begins, made by the same services as everywhere.

The functions here run in the process of `data_process.py` with the running platform's database; a test calls them as
`data("school", name="Школа № 1")`. They take and return plain values: addresses, phones, ids.
"""

import itertools
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from orgs.models import Part, Person, Unit
from orgs.services.organization import OrganizationData, create_organization, update_organization
from orgs.services.people import PersonData, add_person, link_account, tie_parent
from orgs.services.structure import class_from_name, create_units, enrol
from tests.browser.chat_page_data import everything_said, long_past
from tests.browser.chats_data import enrolment_of, session_of, talking_school
from tests.browser.crowd import crowded_school as _crowded_school
from tests.browser.events_data import begins_now, many_posts, schools_channel, the_hour_comes, third_colleague
from tests.browser.movement_data import class_of, moving_school
from tests.browser.pupils_data import long_journal, primary_school, set_parents_email
from tests.browser.registration_data import letters_to, next_inn
from tests.browser.requests_data import waiting_school
from tests.browser.roster_data import messy_file, people_of
from tests.browser.stats_data import curator, reminders, used_school
from tests.browser.year_data import classes_of, school_before_summer

__all__ = [
    "begins_now",
    "class_of",
    "classes_of",
    "curator",
    "enrolment_of",
    "everything_said",
    "letters_to",
    "long_journal",
    "long_past",
    "many_posts",
    "messy_file",
    "moving_school",
    "next_inn",
    "people_of",
    "primary_school",
    "reminders",
    "school_before_summer",
    "schools_channel",
    "session_of",
    "set_parents_email",
    "talking_school",
    "the_hour_comes",
    "third_colleague",
    "used_school",
    "waiting_school",
]

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
            short_name=short_name or f"Школа № {int(phone[-4:])}",
            **{"name": f"Муниципальное учреждение {phone[-4:]}", **details},
        ),
        administrator=PersonData("Орлова", "Мария", "Петровна", phone=phone, position="Секретарь"),
    )
    return {"id": made.pk, "slug": made.slug, "short_name": made.short_name, "administrator": phone}


def operator() -> str:
    """The phone of an operator of the platform."""
    from accounts.models import User

    phone = next_phone()
    User.objects.create_superuser(phone, phone_verified_at=timezone.now(), rules_version=settings.RULES_VERSION)
    return phone


def details(slug: str, **values: str) -> None:
    """Change the organization's details: phone, e-mail, the diary's address."""
    update_organization(actor=_administrator(slug), details=values)


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


def crowded_school() -> dict[str, Any]:
    """A school as it is in November, and a person of each role who can sign in (tests/browser/crowd.py)."""
    return _crowded_school()


def open_link(role: str = "parent") -> str:
    """The address of a link of the demonstration data that lets in."""
    from invitations.addresses import join_url
    from invitations.models import Invitation

    links = Invitation.objects.filter(
        role=role, person=None, student=None, revoked_at=None, expires_at__gt=timezone.now(), uses__lt=F("max_uses")
    )
    link = links.order_by("organization_id", "-id")[0]
    return join_url(link)


def link(slug: str, unit: int, role: str = "parent", *, max_uses: int = 40) -> dict[str, Any]:
    """A link of the administrator into a unit, with its address and its code."""
    from invitations.services import LinkTerms, create_links

    actor = _administrator(slug)
    made = create_links(
        actor=actor, units=[Unit.objects.get(pk=unit)], role=role, terms=LinkTerms(days=14, max_uses=max_uses)
    )
    return _described(made[0])


def revoke_link(slug: str, invitation: int) -> None:
    """Annul a link."""
    from invitations.models import Invitation
    from invitations.services import revoke

    revoke(actor=_administrator(slug), invitation=Invitation.objects.get(pk=invitation))


def renew_link(slug: str, invitation: int) -> dict[str, Any]:
    """Renew a link; the old address dies, the new one is given back."""
    from invitations.models import Invitation
    from invitations.services import LinkTerms, renew

    old = Invitation.objects.get(pk=invitation)
    return _described(renew(actor=_administrator(slug), invitation=old, terms=LinkTerms()))


def join(invitation: int, name: str, child: str = "") -> dict[str, Any]:
    """Somebody new joins by a link: an account, a person, the counter, as redeeming makes them."""
    from accounts.services import confirm_phone, ensure_user
    from invitations.models import Invitation
    from invitations.services import JoinAnswers, redeem

    phone = next_phone()
    used = Invitation.objects.select_related("organization", "unit").get(pk=invitation)
    last, first, patronymic = name.split()
    answers = JoinAnswers(last, first, patronymic, child_name=child, child_unknown_is_fine=True)
    user = ensure_user(phone, display_name=name)
    confirm_phone(user)
    joined = redeem(user=user, invitation=used, generation=used.generation, answers=answers)
    return {"id": joined.person.pk, "phone": phone}


def expire_invitation(invitation: int) -> None:
    """Let an invitation's lifetime be over, as if time had passed."""
    from invitations.models import Invitation

    now = timezone.now()
    Invitation.objects.filter(pk=invitation).update(
        created_at=now - timedelta(days=15), expires_at=now - timedelta(days=1)
    )


def _described(invitation: Any) -> dict[str, Any]:
    from invitations.addresses import join_url
    from invitations.tokens import make_code

    return {
        "id": invitation.pk,
        "url": join_url(invitation),
        "code": make_code(invitation.pk, invitation.generation),
    }


def _administrator(slug: str) -> Any:
    from orgs.actor import load_actor
    from orgs.models import Role, RoleAssignment

    held = RoleAssignment.objects.select_related("person").filter(
        organization__slug=slug, role=Role.ADMINISTRATOR, until=None, person__user__isnull=False
    )
    return load_actor(held[0].person.user_id, slug)


def _organization(slug: str) -> Any:
    from orgs.models import Organization

    return Organization.objects.get(slug=slug)
