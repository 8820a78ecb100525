"""What readers type under a post."""

from django import forms
from django.utils.translation import gettext_lazy as _

from channels_app.models import MOST_COMMENT
from common.forms import Form


class CommentForm(Form):
    """A comment; sent twice it is one."""

    text = forms.CharField(
        label=_("Your comment"), max_length=MOST_COMMENT, widget=forms.Textarea(attrs={"rows": 2}), strip=False
    )
    client_key = forms.UUIDField(required=False, widget=forms.HiddenInput)
