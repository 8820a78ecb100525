"""What stories of requests to join find: a school with a class, and who waits there."""

from typing import Any

from django.conf import settings


def waiting_school() -> dict[str, Any]:
    """A school with a class of two, a teacher on the roster who has not joined, and a queue of five."""
    from tests.browser import data

    school = data.organization()
    slug = school["slug"]
    units = data.units(slug, ["5А", "5Б"])
    for name in ("Абрамова Дарья Сергеевна", "Белов Степан Ильич"):
        pupil = data.person(slug, name, [], joined=False)
        data.enrolment(units["5А"], pupil["id"])
    data.person(slug, "Котова Нина Львовна", ["teacher"], position="Учитель музыки")
    known = data.person(slug, "Соколова Анна Ивановна", ["teacher"], joined=False)
    _ask(slug, "Соколова Анна Ивановна", "teacher", phone=known["phone"])
    _ask(
        slug,
        "Белова Ирина",
        "parent",
        units["5А"],
        child_name="Белов Степан",
        message="Мама Стёпы, переехали",
    )
    _ask(slug, "Крылов Олег Петрович", "parent", units["5А"], child_name="Крылова Таисия")
    _ask(slug, "Котова Нина Львовна", "teacher")
    _ask(slug, "Гусев Павел", "student", units["5Б"])
    return {**school, "units": units, "staff_link": _staff_link(slug)}


def _ask(slug: str, name: str, role: str, unit: int | None = None, *, phone: str = "", **more: str) -> None:
    from accounts.models import User
    from accounts.services import ensure_user
    from invitations.services.applying import Application, send_request
    from orgs.models import Organization, Unit
    from tests.browser import data

    user = ensure_user(phone or data.next_phone(), display_name=name)
    User.objects.filter(pk=user.pk, phone_verified_at=None).update(
        phone_verified_at=user.date_joined, rules_version=settings.RULES_VERSION
    )
    user.refresh_from_db()
    last, first, patronymic = (*name.split(), "")[:3]
    place = Unit.objects.get(pk=unit) if unit else None
    send_request(
        user=user,
        organization=Organization.objects.get(slug=slug),
        application=Application(role, last, first, patronymic, unit=place, **more),
    )


def _staff_link(slug: str) -> str:
    from orgs.models import Unit
    from tests.browser import data

    staff = Unit.objects.get(organization__slug=slug, kind="staff")
    return str(data.link(slug, staff.pk, "teacher")["url"])
