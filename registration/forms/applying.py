"""The анкета of an organization (REG-1)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.forms import PhoneField
from common.errors import DomainError
from common.forms import Form, PhoneInput
from common.inn import read_inn
from common.text import clean
from orgs.models.organization import TIME_ZONES, Kind
from registration.models import Application
from registration.regions import REGIONS
from registration.services.applying import ApplicationData

_ORDER_TYPES = ".pdf,.docx,.jpg,.jpeg,.png"


class Text(forms.CharField):
    """One line, cleaned before it is judged: invisible characters alone are as empty as nothing."""

    def to_python(self, value: Any) -> str:
        return clean(super().to_python(value) or "")


class ApplicationForm(Form):
    """The organization and its administrator; the order comes beside it."""

    kind = forms.ChoiceField(
        label=_("What organization is it?"), choices=[(value, capfirst(str(label))) for value, label in Kind.choices]
    )
    name = Text(
        label=_("Full name"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("As it is written in the charter."),
    )
    short_name = Text(label=_("Short name"), max_length=120, help_text=_("Stands on every page."))
    inn = forms.CharField(
        label=_("INN"),
        max_length=20,
        help_text=_("10 digits."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    region = forms.ChoiceField(label=_("Region"), choices=[("", "—"), *((name, name) for name in REGIONS)])
    municipality = Text(label=_("Municipality"), max_length=120, help_text=_("City, district or municipal area."))
    address = Text(label=_("Address"), max_length=300)
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=[("", _("As in the region")), *TIME_ZONES], required=False
    )
    site = forms.URLField(label=_("Site"), required=False, max_length=200, assume_scheme="https")
    diary_url = forms.URLField(
        label=_("Electronic diary"),
        required=False,
        max_length=200,
        assume_scheme="https",
        help_text=_("Parents and students see the link on their home page."),
    )
    last_name = Text(label=_("Last name"), max_length=80, widget=forms.TextInput({"autocomplete": "family-name"}))
    first_name = Text(label=_("First name"), max_length=80, widget=forms.TextInput({"autocomplete": "given-name"}))
    patronymic = Text(
        label=_("Patronymic"),
        max_length=80,
        required=False,
        widget=forms.TextInput({"autocomplete": "additional-name"}),
    )
    position = Text(label=_("Position"), max_length=150)
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        help_text=_("The answer to the application comes there."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    phone = PhoneField(
        widget=PhoneInput(), help_text=_("The administrator will sign in with this very number, by a code of an SMS.")
    )
    order = forms.FileField(
        label=_("Order that appoints the administrator"),
        required=False,
        allow_empty_file=True,  # refused by the service, in words
        widget=forms.FileInput(attrs={"accept": _ORDER_TYPES}),
        help_text=_("A scan or a photograph: PDF, DOCX, JPG or PNG, up to 10 MB."),
    )

    def clean_inn(self) -> str:
        try:
            return read_inn(self.cleaned_data["inn"])
        except DomainError as error:
            raise ValidationError(error.message, code=error.code) from error

    def application_data(self) -> ApplicationData:
        """Return what was typed as the services take it."""
        names = ApplicationData.__dataclass_fields__
        return ApplicationData(**{name: self.cleaned_data[name] for name in names})

    def need_order(self, *, is_needed: bool) -> None:
        """Say on the page whether an order has to be chosen; whether one is there, the view judges."""
        self.fields["order"].required = is_needed

    def mark(self, names: Iterable[str]) -> None:
        """Say at the fields that remarks are about that they have to be looked at."""
        for name in names:
            if name in self.fields:
                self.fields[name].help_text = _("The operator asks to correct this.")


class NewApplicationForm(ApplicationForm):
    """The first time: with the agreement, and what tells a double click and a robot."""

    agreed = forms.BooleanField(
        label=_("I agree with the rules of use and with the processing of the data of this application."),
        error_messages={"required": _("Without agreement the application cannot be taken in.")},
    )
    attempt = forms.CharField(widget=forms.HiddenInput, required=False)
    # People do not see it; robots fill in everything.
    fax = forms.CharField(required=False, max_length=100)

    def clean_attempt(self) -> UUID:
        try:
            return UUID(self.cleaned_data["attempt"])
        except ValueError:
            return uuid4()

    def clean_fax(self) -> str:
        if self.cleaned_data["fax"]:
            raise ValidationError(_("Leave this field empty."))
        return ""


def initial_of(application: Application) -> dict[str, Any]:
    """Return the fields as the application holds them."""
    return {name: getattr(application, name) for name in ApplicationData.__dataclass_fields__}
