"""Forms of the passing to the next school year (ORG-9)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import Form
from movement.selectors.years.plan import Exemption, Fate
from movement.services.years.planning import ORDER_LENGTH, YEAR_NAME_LENGTH
from orgs.forms.base import DateField, ids_of


class YearForm(Form):
    """What the next year is called and by which order everybody passes on."""

    name = forms.CharField(label=_("School year"), max_length=YEAR_NAME_LENGTH)
    starts_on = DateField(label=_("Begins on"))
    ends_on = DateField(label=_("Ends on"))
    day = DateField(
        label=_("Passing on from"), required=False, help_text=_("The day of the order; empty means the day you do it.")
    )
    order_number = forms.CharField(label=_("Number of the order"), required=False, max_length=ORDER_LENGTH)
    order_date = DateField(label=_("Date of the order"), required=False)


def units_from(data: Mapping[str, str], unit_ids: list[int]) -> dict[int, dict[str, Any]]:
    """Return what was chosen for units: `fate-12`, `name-12`, `into-12`; those not sent are left out."""
    found = {}
    for unit_id in unit_ids:
        fate = data.get(f"fate-{unit_id}", "")
        if fate in Fate.values:
            into = ids_of([data.get(f"into-{unit_id}", "")]) if fate == Fate.MERGE else []
            name = data.get(f"name-{unit_id}", "")
            found[unit_id] = {"fate": fate, "name": name, "into": into[0] if into else None}
    return found


def people_from(data: Mapping[str, str], person_ids: list[int]) -> dict[int, dict[str, str] | None]:
    """Return what was chosen for students: `person-7` is empty, `leave`, `conditional`, `repeat:u12` or `move:n1а`."""
    found: dict[int, dict[str, str] | None] = {}
    for person_id in person_ids:
        value = data.get(f"person-{person_id}")
        if value is None:
            continue
        fate, _colon, target = value.partition(":")
        found[person_id] = {"fate": fate, "target": target} if fate in Exemption.values else None
    return found
