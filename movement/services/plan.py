"""What is to be done with whom: the one form in which pages, notices and the API ask for a movement (ORG-5)."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from django.db import models
from django.utils.translation import pgettext_lazy

from orgs.audit import Order
from orgs.models import Part
from orgs.services.people import PersonData


class What(models.TextChoices):
    ENROL = "enrol", pgettext_lazy("movement", "Enrol")
    TRANSFER = "transfer", pgettext_lazy("movement", "Transfer")
    LEAVE = "leave", pgettext_lazy("movement", "Leaves the organization")
    RETURN = "return", pgettext_lazy("movement", "Comes back")


@dataclass(frozen=True)
class Plan:
    """One movement of one or many.

    `unit_id`: where to. Without it staff are enrolled into the staff unit, and those who return come back where they
    were. `from_unit_id`: out of which unit they are transferred; without it, out of the only one of that kind.
    `newcomer` is enrolled along with `people`. `replaces_leader`: whoever led the unit until now leads it no longer.
    `keeps_parents`: parents of children who leave keep their children and their role.
    """

    what: str
    people: tuple[int, ...] = ()
    unit_id: int | None = None
    from_unit_id: int | None = None
    part: str = Part.STUDENT
    day: date | None = None
    order: Order = field(default_factory=Order)
    keeps_parents: bool = False
    replaces_leader: bool = False
    newcomer: PersonData | None = None

    def as_parameters(self) -> dict[str, Any]:
        """Return the plan as a work keeps it."""
        plain = {**asdict(self), "people": list(self.people), "part": str(self.part)}
        plain["day"] = _text(self.day)
        plain["order"] = [self.order.number, _text(self.order.day)]
        plain["newcomer"] = newcomer_as_json(self.newcomer) if self.newcomer is not None else None
        return plain


def plan_of(parameters: dict[str, Any]) -> Plan:
    """Return the plan that a work keeps."""
    number, order_day = parameters["order"]
    newcomer = parameters["newcomer"]
    read = {
        "people": tuple(parameters["people"]),
        "day": _day(parameters["day"]),
        "order": Order(number, _day(order_day)),
        "newcomer": newcomer_from_json(newcomer) if newcomer else None,
    }
    return Plan(**{**parameters, **read})


def newcomer_as_json(data: PersonData) -> dict[str, Any]:
    """Return a new person as a notice and a work keep one."""
    return {**asdict(data), "birth_date": _text(data.birth_date)}


def newcomer_from_json(values: dict[str, Any]) -> PersonData:
    """Return the new person that `newcomer_as_json` has written."""
    return PersonData(**{**values, "birth_date": _day(values.get("birth_date"))})


def _text(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
