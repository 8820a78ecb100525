"""What came of an event."""

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import Form
from meetings.services.attending import MOST_RESULT


class ResultForm(Form):
    """The organizer's words for the head."""

    result = forms.CharField(
        label=_("What came of it"),
        required=False,
        max_length=MOST_RESULT,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Decisions, who answers for them, by when. The organizer and the administration read it."),
    )
