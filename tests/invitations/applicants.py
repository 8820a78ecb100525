"""People who ask to be let in."""

import itertools
from typing import Any

from accounts.models import User
from invitations.models import JoinRequest
from invitations.services.applying import Application, send_request
from tests.world import School, make_user

_numbers = itertools.count(1)


def stranger(phone: str = "") -> User:
    """Somebody who has signed in and is nobody anywhere."""
    return make_user(phone or f"+7917{next(_numbers):07d}")


def ask(
    school: School, role: str, name: str = "Новичкова Нина", *, unit: str = "", user: User | None = None, **more: Any
) -> JoinRequest:
    """A request to `school` that waits."""
    last, first, patronymic = (*name.split(), "", "")[:3]
    place = school.units[unit] if unit else None
    application = Application(role, last, first, patronymic, unit=place, **more)
    return send_request(user=user or stranger(), organization=school.organization, application=application)
