"""Choosing circles of people: rows of «whom» and «where», with empty ones to fill."""

from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.text import capfirst
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from common.forms import Form
from orgs.actor import Actor
from orgs.models import Audience, Unit
from orgs.permissions import can_gather
from orgs.selectors.circles import audience_name
from orgs.services.circles import Circle, Rule

WHOLE = "all"
ROWS = 2
MOST_ROWS = 50


class CircleForm(Form):
    """A circle of people: whom, and of which unit; an empty row is left out."""

    audience = forms.ChoiceField(label=_("Whom"), required=False)
    unit = forms.ChoiceField(label=_("Where"), required=False)

    def __init__(self, *args: Any, actor: Actor, units: list[Unit], allowed: Rule, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor, self.allowed = actor, allowed
        names = [(audience, capfirst(audience_name(audience, actor.words))) for audience in audiences_for(actor)]
        self.fields["audience"].choices = [("", "—"), *names]  # type: ignore[attr-defined]
        places = [(WHOLE, _t("The whole organization")), *((str(unit.pk), unit.name) for unit in units)]
        self.fields["unit"].choices = [("", "—"), *places]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        audience, unit = data.get("audience"), data.get("unit")
        if self.errors:
            return data
        if bool(audience) != bool(unit):
            self.add_error("unit" if audience else "audience", _t("Choose both: whom and where."))
        elif audience == Audience.ADMINISTRATION and unit != WHOLE:
            self.add_error("unit", _t("The administration is of the whole organization."))
        elif audience and not self.allowed(self.actor, audience, None if unit == WHOLE else int(str(unit))):
            self.add_error("unit", _t("You may gather them where you work yourself."))
        return data


def audiences_for(actor: Actor) -> list[str]:
    """Return the circles that make sense in the actor's organization."""
    return [value for value in Audience.values if value != Audience.STUDENTS or actor.words.students_join]


class Circles(BaseFormSet):
    """The rows of circles."""

    def circles(self) -> list[Circle]:
        """Return what was chosen as the services take it."""
        rows = [form.cleaned_data for form in self.forms if form.cleaned_data.get("audience")]
        return [(row["audience"], None if row["unit"] == WHOLE else int(row["unit"])) for row in rows]


def circle_rows(
    actor: Actor, units: list[Unit], data: Any = None, initial: Any = None, *, allowed: Rule = can_gather
) -> Circles:
    """Return the rows as they were sent, or filled with `initial` and some empty ones."""
    made = formset_factory(CircleForm, formset=Circles, extra=ROWS, max_num=MOST_ROWS, absolute_max=MOST_ROWS + 10)
    return made(
        data, initial=initial, prefix="circle", form_kwargs={"actor": actor, "units": units, "allowed": allowed}
    )  # type: ignore[return-value]


def rows_sent(data: Any) -> list[dict[str, str]]:
    """Return the rows that hold something, for showing them again with more empty ones."""
    total = data.get("circle-TOTAL_FORMS", "")
    count = min(int(total), MOST_ROWS) if total.isascii() and total.isdigit() and len(total) < 4 else 0
    rows = [{name: data.get(f"circle-{n}-{name}", "") for name in ("audience", "unit")} for n in range(count)]
    return [row for row in rows if any(row.values())]


def rows_of(circles: list[Circle]) -> list[dict[str, str]]:
    """Return `circles` as the rows' `initial`."""
    return [{"audience": audience, "unit": WHOLE if unit is None else str(unit)} for audience, unit in circles]
