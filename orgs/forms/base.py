"""What the forms of this floor share."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError
from common.forms import DateInput, Form
from orgs.audit import Order
from orgs.services.structure import Movement

LARGEST_ID = 2**63 - 1


def apply_domain_error(form: forms.Form, error: DomainError) -> None:
    """Show what a service refused: at the fields it names, else above the form; nothing typed is lost."""
    at_fields = {name: text for name, text in error.fields.items() if name in form.fields}
    for name, text in at_fields.items():
        form.add_error(name, text)
    if not at_fields:
        form.add_error(None, error.message)


def ids_of(values: Iterable[str]) -> list[int]:
    """Return the numbers among `values` that can be an id; whatever else was sent is left out."""
    numbers = [int(value) for value in values if value.isascii() and value.isdigit() and len(value) < 20]
    return [number for number in dict.fromkeys(numbers) if number <= LARGEST_ID]


class DateField(forms.DateField):
    """A day; also what people type by hand where there is no calendar: 01.09.2026."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"widget": DateInput(), "input_formats": ["%Y-%m-%d", "%d.%m.%Y"], **kwargs})

    def clean(self, value: Any) -> date | None:
        day = super().clean(value)
        if day is not None and not 1900 <= day.year <= 2200:
            raise forms.ValidationError(_("Check the year."))
        return day


class MovementForm(Form):
    """From which day and by which order (ORG-5); all of it may stay empty."""

    day = DateField(label=_("Date"), required=False, help_text=_("Empty means today."))
    order_number = forms.CharField(label=_("Number of the order"), required=False, max_length=40)
    order_date = DateField(label=_("Date of the order"), required=False)

    def movement(self) -> Movement:
        """Return what was typed as the services take it."""
        order = Order(self.cleaned_data["order_number"], self.cleaned_data["order_date"])
        return Movement(self.cleaned_data["day"], order)
