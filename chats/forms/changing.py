"""A chat that is there: its name and rules, its owner, its link, what I want to hear of it."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from chats.forms.creating import WRITERS
from chats.models import Chat, Notify
from chats.services.chats import SLOW_CHOICES, ChatChanges
from common.forms import Form
from orgs.models import Person

LINK_DAYS = (1, 3, 7, 14, 30, 90)
KEPT_DAYS = (30, 90, 180, 365, 730, 1825)


def kept_in_words(days: int | None) -> str:
    """Return for how long messages are kept: «365 дней», «бессрочно»."""
    if days is None:
        return _t("with no end")
    return ngettext("%(count)s day", "%(count)s days", days) % {"count": days}


def slow_in_words(seconds: int) -> str:
    """Return how often one person may write: «раз в 5 минут»."""
    if not seconds:
        return _t("without a pause")
    if seconds < 60:
        return ngettext("once in %(count)s second", "once in %(count)s seconds", seconds) % {"count": seconds}
    minutes = seconds // 60
    return ngettext("once in %(count)s minute", "once in %(count)s minutes", minutes) % {"count": minutes}


def with_current(choices: list[tuple[int, str]], current: int, words: str) -> list[tuple[int, str]]:
    """Return `choices` with `current` among them: what was set by the API is not lost by saving the page."""
    if current in dict(choices):
        return choices
    return sorted([*choices, (current, words)])


class ChatForm(Form):
    """Name, purpose and rules of a chat; a chat of the structure keeps its name, the retention is for the registry."""

    title = forms.CharField(label=_("Name"), max_length=120)
    purpose = forms.CharField(
        label=_("Purpose"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    writers = forms.ChoiceField(label=_("Who may write"), choices=WRITERS, widget=forms.RadioSelect)
    slow_seconds = forms.TypedChoiceField(
        label=_("Slow mode"), coerce=int, help_text=_("How often one person may write; moderators are not held up.")
    )
    retention_days = forms.TypedChoiceField(
        label=_("Messages are kept"),
        coerce=int,
        help_text=_("What is older is removed for good every night, with its files."),
    )

    def __init__(self, *args: Any, chat: Chat, keeps_registry: bool, usual: int | None, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "title": chat.title,
            "purpose": chat.purpose,
            "writers": chat.writers,
            "slow_seconds": chat.slow_seconds,
            "retention_days": chat.retention_days or 0,
        }
        super().__init__(*args, **kwargs)
        slow = [(seconds, slow_in_words(seconds)) for seconds in SLOW_CHOICES]
        self.fields["slow_seconds"].choices = slow  # type: ignore[attr-defined]
        current = chat.retention_days or 0
        kept = [(days, kept_in_words(days)) for days in KEPT_DAYS]
        usually = _t("as in the whole organization: %(kept)s") % {"kept": kept_in_words(usual)}
        self.fields["retention_days"].choices = with_current([(0, usually), *kept], current, kept_in_words(current))  # type: ignore[attr-defined]
        if chat.is_system:
            del self.fields["title"]
        if not keeps_registry:
            del self.fields["retention_days"]

    def changes(self) -> ChatChanges:
        """Return what was chosen as the service takes it."""
        return ChatChanges(**self.cleaned_data)


class NotifyForm(Form):
    """What to be notified of in one chat."""

    notify = forms.ChoiceField(label=_("Notify me of"), choices=Notify, widget=forms.RadioSelect)


class OwnerForm(Form):
    """Who answers for the chat from now on."""

    person = forms.ModelChoiceField(label=_("Who"), queryset=Person.objects.none(), empty_label=_("— choose —"))

    def __init__(self, *args: Any, people: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people  # type: ignore[attr-defined]


class LinkForm(Form):
    """How long the link into a chat works."""

    days = forms.TypedChoiceField(label=_("The link works for"), coerce=int, initial=14)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["days"].choices = [(days, kept_in_words(days)) for days in LINK_DAYS]  # type: ignore[attr-defined]
