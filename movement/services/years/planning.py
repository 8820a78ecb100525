"""The draft of the next school year: changed bit by bit, by several people, over days."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.errors import DomainError
from common.text import clean
from movement.models import YearPlan
from movement.selectors.years.plan import Exemption, Fate
from orgs.actor import Actor
from orgs.models import Enrolment, Organization, Unit
from orgs.services.structure import MAX_UNITS_AT_ONCE

NAME_LENGTH = 100
YEAR_NAME_LENGTH = 20
ORDER_LENGTH = 40
_DAYS = ("starts_on", "ends_on", "day", "order_date")
_TEXTS = {"name": YEAR_NAME_LENGTH, "order_number": ORDER_LENGTH}


@transaction.atomic
def change_plan(*, actor: Actor, changes: Mapping[str, Any]) -> YearPlan:
    """Put `changes` into the organization's draft and return it; what is not named stays.

    `name`, `order_number`; `starts_on`, `ends_on`, `day`, `order_date` (days or None); `units` {unit id: {fate, name,
    into}}, `people` {person id: {fate, target} or None}, `new` (names of new units, all of them). Raises
    `DomainError` (400): `unknown_unit`, `unknown_person`, `unknown_fate`, `too_long`, `too_many_units`.
    """
    # The organization's row is locked: of two first changes at once neither is lost.
    organization = Organization.objects.select_for_update(no_key=True).get(pk=actor.organization.pk)
    plan, _is_new = YearPlan.objects.get_or_create(organization=organization)
    content = dict(plan.content)
    for name, most in _TEXTS.items():
        if name in changes:
            content[name] = _text(changes[name], most, name)
    for name in _DAYS:
        if name in changes:
            day: date | None = changes[name]
            content[name] = day.isoformat() if day is not None else ""
    if "units" in changes:
        content["units"] = {**content.get("units", {}), **_units(organization, changes["units"])}
    if "people" in changes:
        people = {**content.get("people", {}), **_people(organization, changes["people"])}
        content["people"] = {key: value for key, value in people.items() if value is not None}
    if "new" in changes:
        content["new"] = _new(changes["new"])
    plan.content, plan.changed_by, plan.changed_at = content, actor.person, timezone.now()
    plan.save()
    return plan


@transaction.atomic
def drop_plan(*, actor: Actor) -> None:
    """Begin the draft anew: everything chosen is forgotten. Nothing happens when there is none."""
    YearPlan.objects.filter(organization=actor.organization).delete()


def _text(value: str, most: int, field: str) -> str:
    text = clean(value)
    if len(text) > most:
        message = _("Too long: at most %(most)s characters fit.") % {"most": most}
        raise DomainError("too_long", message, fields={field: message}, status=400)
    return text


def _units(organization: Organization, wanted: Mapping[int, Mapping[str, Any]]) -> dict[str, Any]:
    named = {*wanted, *(value["into"] for value in wanted.values() if value.get("into"))}
    known = Unit.objects.filter(organization=organization, pk__in=named).active().teaching().count()
    if known != len(named):
        raise DomainError("unknown_unit", _("There is no such unit here."), status=400)
    found = {}
    for unit_id, value in wanted.items():
        if value.get("fate") not in Fate.values:
            raise DomainError("unknown_fate", _("This cannot become of a unit."), status=400)
        name = _text(value.get("name") or "", NAME_LENGTH, f"name-{unit_id}")
        found[str(unit_id)] = {"fate": str(value["fate"]), "name": name, "into": value.get("into")}
    return found


def _people(organization: Organization, wanted: Mapping[int, Mapping[str, Any] | None]) -> dict[str, Any]:
    present = Enrolment.objects.filter(organization=organization, until=None, person_id__in=wanted)
    if len(set(present.values_list("person_id", flat=True))) != len(wanted):
        raise DomainError("unknown_person", _("Somebody named here is in no unit."), status=400)
    found: dict[str, Any] = {}
    for person_id, value in wanted.items():
        if value is not None and value.get("fate") not in Exemption.values:
            raise DomainError("unknown_fate", _("This cannot become of a student."), status=400)
        found[str(person_id)] = value and {"fate": str(value["fate"]), "target": str(value.get("target") or "")}
    return found


def _new(names: list[str]) -> list[str]:
    if len(names) > MAX_UNITS_AT_ONCE:
        message = _("At most %(count)s at a time.") % {"count": MAX_UNITS_AT_ONCE}
        raise DomainError("too_many_units", message, fields={"new": message}, status=400)
    cleaned = (_text(name, NAME_LENGTH, "new") for name in names)
    return list(dict.fromkeys(name for name in cleaned if name))
