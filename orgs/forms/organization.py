"""Forms about the organization itself: details, words, administrators, rights."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from common.forms import Form
from orgs.audit import RIGHT_NAMES
from orgs.models import Organization, Person, Unit
from orgs.models.organization import TIME_ZONES
from orgs.services.organization import DETAILS
from orgs.vocabulary import EDITABLE, WORDS


class DetailsForm(Form):
    """The organization's details (REG-5)."""

    name = forms.CharField(label=_("Full name"), max_length=400, widget=forms.Textarea(attrs={"rows": 2}))
    short_name = forms.CharField(label=_("Short name"), max_length=120, help_text=_("Stands on every page."))
    inn = forms.CharField(
        label=_("INN"), max_length=20, required=False, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    region = forms.CharField(label=_("Region"), max_length=120, required=False)
    municipality = forms.CharField(label=_("Municipality"), max_length=120, required=False)
    address = forms.CharField(label=_("Address"), max_length=300, required=False)
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=TIME_ZONES)
    phone = forms.CharField(
        label=_("Phone"), max_length=60, required=False, widget=forms.TextInput(attrs={"type": "tel"})
    )
    email = forms.EmailField(label=_("E-mail"), required=False, max_length=254)
    site = forms.URLField(label=_("Site"), required=False, max_length=200, assume_scheme="https")
    diary_url = forms.URLField(
        label=_("Electronic diary"),
        required=False,
        max_length=200,
        assume_scheme="https",
        help_text=_("Parents and students see the link on their home page."),
    )

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        kwargs["initial"] = {name: getattr(organization, name) for name in DETAILS}
        super().__init__(*args, **kwargs)
        zone = organization.time_zone
        if zone not in dict(TIME_ZONES):
            self.fields["time_zone"].choices = [*TIME_ZONES, (zone, zone)]  # type: ignore[attr-defined]


class LabelsForm(Form):
    """The organization's own words (REG-7); an empty one means the usual word."""

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        kwargs["initial"] = organization.labels
        super().__init__(*args, **kwargs)
        for key, label in EDITABLE.items():
            usual = str(WORDS[organization.kind][key])
            widget = forms.TextInput(attrs={"placeholder": usual, "class": "form-control"})
            self.fields[key] = forms.CharField(label=label, required=False, max_length=60, widget=widget)


class PersonChoiceForm(Form):
    """One person of a short list."""

    person = forms.ModelChoiceField(label=_("Who"), queryset=Person.objects.none(), empty_label=_("— choose —"))

    def __init__(self, *args: Any, people: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people  # type: ignore[attr-defined]


class HandoverForm(PersonChoiceForm):
    """To whom the administrator's duty is offered (REG-6)."""

    stays = forms.BooleanField(label=_("I remain an additional administrator"), required=False)

    def __init__(self, *args: Any, people: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, people=people, **kwargs)
        self.fields["person"].label = _("To whom")


class RightForm(Form):
    """A right beyond the role (ACC-4); for whom is chosen beside it."""

    right = forms.ChoiceField(label=_("Right"), choices=[], widget=forms.RadioSelect)
    unit = forms.ModelChoiceField(label=_("Where"), queryset=Unit.objects.none(), required=False, empty_label="—")

    def __init__(self, *args: Any, units: QuerySet[Unit], rights: Iterable[str], **kwargs: Any) -> None:
        """`rights` are those the actor gives here."""
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        self.fields["right"].choices = [(right, RIGHT_NAMES[right]) for right in rights]  # type: ignore[attr-defined]
