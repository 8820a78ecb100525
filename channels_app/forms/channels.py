"""What a channel is: its name, what it is about, whether its posts are commented."""

from django import forms
from django.utils.translation import gettext_lazy as _

from channels_app.models import Channel, ChannelKind
from channels_app.services.channels import MOST_DESCRIPTION, MOST_TITLE
from common.forms import Form


class ChannelForm(Form):
    """A channel's own words; whom it is for is chosen in rows beside it."""

    title = forms.CharField(
        label=_("Name"), max_length=MOST_TITLE, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    description = forms.CharField(
        label=_("What it is about"),
        max_length=MOST_DESCRIPTION,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Readers see it under the name."),
    )
    has_comments = forms.BooleanField(label=_("Readers may comment posts"), required=False)

    @classmethod
    def values_of(cls, channel: Channel) -> dict[str, object]:
        """Return what the form shows at first."""
        return {
            "title": channel.title,
            "description": channel.description,
            "has_comments": channel.has_comments,
        }

    def let_name_be_empty(self, channel: Channel, usual: str) -> None:
        """A channel that is called by what it is may go without a name of its own."""
        if channel.kind != ChannelKind.FREE:
            field = self.fields["title"]
            field.required = False
            field.help_text = _("Empty: «%(usual)s».") % {"usual": usual}
