"""The draft of the next school year as values: what becomes of units and people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from movement.models import YearPlan
from orgs.models import Organization


class Fate(models.TextChoices):
    """What becomes of a unit."""

    PROMOTE = "promote", pgettext_lazy("next year", "passes on")
    STAY = "stay", pgettext_lazy("next year", "stays as it is")
    MERGE = "merge", pgettext_lazy("next year", "joins another")
    GRADUATE = "graduate", pgettext_lazy("next year", "graduates")
    CLOSE = "close", pgettext_lazy("next year", "is closed")


# These have a unit of their own in the next year.
GOES_ON = (Fate.PROMOTE, Fate.STAY)


class Exemption(models.TextChoices):
    """What becomes of one student, where it differs from the unit."""

    REPEAT = "repeat", _("stays for a second year")
    CONDITIONAL = "conditional", _("passes on conditionally")
    MOVE = "move", _("goes to another unit")
    LEAVE = "leave", _("leaves")


WITH_TARGET = (Exemption.REPEAT, Exemption.MOVE)


@dataclass(frozen=True)
class UnitFate:
    """`name` is that of the next year; `into` is the unit of today whose continuation takes these people in."""

    fate: str
    name: str = ""
    into: int | None = None


@dataclass(frozen=True)
class PersonFate:
    """`target` is the key of a unit of the next year: «u12» continues unit 12, «n1а» is a new one."""

    fate: str
    target: str = ""


@dataclass(frozen=True)
class Plan:
    """The draft with nothing left out: units without a choice have their usual fate."""

    name: str
    starts_on: date
    ends_on: date
    day: date | None = None
    order_number: str = ""
    order_date: date | None = None
    units: Mapping[int, UnitFate] = field(default_factory=dict)
    people: Mapping[int, PersonFate] = field(default_factory=dict)
    new: tuple[str, ...] = ()


def stored_plan(organization: Organization) -> Mapping[str, Any]:
    """Return the content of the organization's draft, empty when there is none; one query."""
    row = YearPlan.objects.filter(organization=organization).first()
    return row.content if row is not None else {}


def target_of_unit(unit_id: int) -> str:
    """Return the key of the continuation of a unit."""
    return f"u{unit_id}"


def day_of(text: Any) -> date | None:
    """Return the day a draft holds, None when there is none."""
    return date.fromisoformat(text) if text else None
