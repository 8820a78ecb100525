"""Shape of an upload."""

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import Form


class LogoForm(Form):
    """The organization's logo; what the file really is, the service finds out."""

    file = forms.FileField(
        label=_("Picture"),
        help_text=_("PNG, JPEG or WebP, up to 2 MB; a square one looks best."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )
