"""On what terms a version is published, and why a document is annulled."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from common.forms import Form
from documents.services.publishing import REASON_LENGTH, ReadingTerms
from orgs.forms.base import DateField
from orgs.services.circles import Circle
from readings.models import ParentsConfirm


class PublishForm(Form):
    """Whether people must confirm that they have read the version, and until when."""

    must_read = forms.BooleanField(label=_("People must confirm that they have read it"), required=False)
    reading_due_on = DateField(
        label=_("Until which day"), required=False, help_text=_("Who has not confirmed by then is reminded.")
    )
    reading_parents_confirm = forms.ChoiceField(label=_("If it is for parents"), widget=forms.RadioSelect)
    # How many people the page has told of: publishing asks exactly those, or the page tells anew.
    told = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = [(value, capfirst(str(label))) for value, label in ParentsConfirm.choices]
        self.fields["reading_parents_confirm"].choices = words  # type: ignore[attr-defined]

    def terms(self, circles: list[Circle]) -> ReadingTerms | None:
        """Return what was chosen as the service takes it."""
        clean = self.cleaned_data
        if not clean["must_read"]:
            return None
        return ReadingTerms(circles, clean["reading_due_on"], clean["reading_parents_confirm"])


class AnnulForm(Form):
    """Why a document is annulled."""

    reason = forms.CharField(
        label=_("Why"), max_length=REASON_LENGTH, help_text=_("For example by which order: «by the order № 17».")
    )
