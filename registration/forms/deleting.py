"""Asked twice: the name has to be typed (REG-5)."""

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import Form


class DeletionForm(Form):
    """The organization's short name, as a proof that the one who deletes it knows what."""

    short_name = forms.CharField(
        label=_("Type the short name of the organization"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
