"""What the operator types (SUP-1)."""

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextareaWidget

from support.services.moving import TEXT_LENGTH


class OperatorAnswerForm(forms.Form):
    """The answer, the question, or why it goes back."""

    text = forms.CharField(
        label=_("Text"),
        max_length=TEXT_LENGTH,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 5}),
        help_text=_("The asker reads it as it stands; a word of giving back is read by the administrators only."),
    )
