"""A new chat: what it is called, what for, who writes."""

from django import forms
from django.utils.translation import gettext_lazy as _

from chats.models import Writers
from common.forms import Form

WRITERS = [
    (Writers.EVERYONE, _("everyone in the chat")),
    (Writers.STAFF, _("staff only; the others read")),
    (Writers.MODERATORS, _("moderators only; the others read")),
]


class NewChatForm(Form):
    """What the chat itself is; for whom is chosen beside it."""

    title = forms.CharField(label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    purpose = forms.CharField(
        label=_("Purpose"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("What the chat is for: members read it before they write."),
    )
    writers = forms.ChoiceField(
        label=_("Who may write"), choices=WRITERS, widget=forms.RadioSelect, initial=Writers.EVERYONE
    )
