"""What the operator types with a decision (REG-2)."""

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminTextareaWidget

from registration.models import Application
from registration.services.deciding import FIELDS, TEXT_LENGTH


class ReasonForm(forms.Form):
    """Why the application is rejected."""

    text = forms.CharField(
        label=_("Reason"),
        max_length=TEXT_LENGTH,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}),
        help_text=_("The applicant reads it as it stands."),
    )


class RemarksForm(forms.Form):
    """What has to be corrected, and in which fields."""

    text = forms.CharField(
        label=_("Remarks"),
        max_length=TEXT_LENGTH,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}),
        help_text=_("The applicant reads them as they stand and corrects the same application."),
    )
    fields_to_correct = forms.MultipleChoiceField(
        label=_("Which fields they are about"), required=False, widget=UnfoldAdminCheckboxSelectMultipleWidget
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        choices = [(name, capfirst(title_of(name))) for name in FIELDS]
        self.fields["fields_to_correct"].choices = choices  # type: ignore[attr-defined]


def title_of(name: str) -> str:
    """Return what a field of the application is called."""
    return str(Application._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
