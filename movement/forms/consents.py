"""What is typed about a consent (ORG-11)."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from common.forms import Form
from movement.models import Decision
from movement.services.consents import CHANNEL_LENGTH, NUMBER_LENGTH, ConsentData
from orgs.forms.base import DateField


def decision_choices() -> list[tuple[str, str]]:
    """Return the decisions as choices."""
    return [(value, capfirst(str(label))) for value, label in Decision.choices]


class ConsentForm(Form):
    """A decision on paper."""

    parent = forms.ChoiceField(label=_("Who has decided"), required=False)
    decision = forms.ChoiceField(label=_("Decision"), choices=decision_choices, widget=forms.RadioSelect)
    channel = forms.CharField(
        label=_("How to reach them"),
        required=False,
        max_length=CHANNEL_LENGTH,
        help_text=_("For a refusal and another channel: «by phone», «through the leader of the class»."),
    )
    signed_on = DateField(label=_("Signed on"), required=False, help_text=_("Empty means today."))
    document_number = forms.CharField(label=_("Number of the document"), required=False, max_length=NUMBER_LENGTH)
    remark = forms.CharField(label=_("Remark"), required=False, max_length=CHANNEL_LENGTH)

    def __init__(self, *args: Any, parents: list[tuple[str, str]] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if parents is None:
            del self.fields["parent"]
        else:
            self.fields["parent"].choices = parents  # type: ignore[attr-defined]

    def data_of_consent(self) -> ConsentData:
        """Return what was typed as the services take it."""
        data = self.cleaned_data
        names = ("decision", "channel", "signed_on", "document_number", "remark")
        return ConsentData(**{name: data[name] for name in names if name in data})


class OwnConsentForm(Form):
    """A parent's own decision."""

    decision = forms.ChoiceField(label=_("Decision"), choices=decision_choices, widget=forms.RadioSelect)
    channel = forms.CharField(
        label=_("How to reach me"),
        required=False,
        max_length=CHANNEL_LENGTH,
        help_text=_("Needed for another channel: «by phone», «through the leader of the class»."),
    )

    def data_of_consent(self) -> ConsentData:
        """Return what was typed as the services take it."""
        return ConsentData(decision=self.cleaned_data["decision"], channel=self.cleaned_data["channel"])
