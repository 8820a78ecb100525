"""Moderating: a decision on a report, a mute, the reason of a look into a chat."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from chats.models import Decision
from chats.services.safety import MOST_REASON, MUTE_HOURS, Verdict
from common.forms import Form


def hours_in_words(hours: int) -> str:
    """Return a pause in words: «1 час», «3 дня»."""
    if hours < 24:
        return ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours}
    days = hours // 24
    return ngettext("%(count)s day", "%(count)s days", days) % {"count": days}


class _MuteFields(Form):
    mute_hours = forms.TypedChoiceField(label=_("For how long"), coerce=int, initial=24)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mute_hours"].choices = [(hours, hours_in_words(hours)) for hours in MUTE_HOURS]  # type: ignore[attr-defined]


class DecisionForm(_MuteFields):
    """What is done about a reported message; the explanation goes to the chat and into the journal."""

    decision = forms.ChoiceField(label=_("Decision"), widget=forms.RadioSelect)
    answer = forms.CharField(
        label=_("Explanation"),
        max_length=MOST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Which rule was broken, or why the message stays. Of a removal the chat reads it too."),
        error_messages={"required": _("Please explain the decision.")},
    )
    field_order = ("decision", "mute_hours", "answer")

    def __init__(self, *args: Any, has_author: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            (Decision.DISMISSED, _("Leave the message")),
            (Decision.REMOVED, _("Remove the message")),
            (Decision.WARNED, _("Remove it and warn the author")),
            (Decision.MUTED, _("Remove it and pause the author's messages in this chat")),
        ]
        self.fields["decision"].choices = choices if has_author else choices[:2]  # type: ignore[attr-defined]
        self.fields["mute_hours"].label = _("Pause for")
        if not has_author:
            del self.fields["mute_hours"]

    def verdict(self) -> Verdict:
        """Return what was decided as the service takes it."""
        return Verdict(**self.cleaned_data)


class MuteForm(_MuteFields):
    """Let somebody only read the chat for a while."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=MOST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The chat and the journal keep it."),
        error_messages={"required": _("Please explain the decision.")},
    )
    field_order = ("mute_hours", "reason")


class LookForm(Form):
    """Why somebody looks into a chat they are not in."""

    reason = forms.CharField(
        label=_("Documented reason"),
        max_length=MOST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For example: a parent's written appeal, its number and date."),
        error_messages={"required": _("Please give the reason: the chat will read it.")},
    )
