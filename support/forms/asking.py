"""What people write: a request, a message, a note, a call of somebody who cannot get in (SUP-1)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import PhoneField
from common.forms import Form, PhoneInput
from support.models import Topic
from support.services.asking import Stranger
from support.services.moving import MOST_FILES, TEXT_LENGTH
from support.topics import OUTSIDE

_ACCEPT = ".pdf,.doc,.docx,.xls,.xlsx,.odt,.ods,.txt,.csv,image/*"


class ManyFilesInput(forms.ClearableFileInput):
    """Chooses several files; what they are, the service of files finds out."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class ManyFilesField(forms.FileField):
    """Says nothing about the files: `support.views.tools.take_files` takes them."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        return data


class Attempt(forms.CharField):
    """What tells a double click; nonsense counts as none."""

    def __init__(self) -> None:
        super().__init__(widget=forms.HiddenInput, required=False)

    def clean(self, value: Any) -> UUID:
        try:
            return UUID(str(value))
        except ValueError:
            return uuid4()


def _text(label: Any, help_text: Any = "", *, rows: int = 5) -> forms.CharField:
    """The length is the service's to refuse: a field would cut or count before the text is cleaned."""
    return forms.CharField(label=label, help_text=help_text, widget=forms.Textarea({"rows": rows}), required=True)


def _files() -> ManyFilesField:
    return ManyFilesField(
        label=_("Files"),
        required=False,
        help_text=_("A picture of the screen helps most. At most %(count)s files.") % {"count": MOST_FILES},
        widget=ManyFilesInput({"accept": _ACCEPT, "multiple": True}),
    )


class RequestForm(Form):
    """A new request of a member."""

    to = forms.ChoiceField(
        label=_("Whom to"),
        choices=[("administrators", _("The administrators")), ("operator", _("The platform’s support"))],
        widget=forms.RadioSelect,
    )
    topic = forms.ChoiceField(label=_("What is it about?"))
    text = _text(_("What happens"), _("What did you do, what did you see, on which page or device?"))
    files = _files()  # type: ignore[assignment]
    attempt = Attempt()

    def __init__(
        self, *args: Any, topics: Iterable[Topic], may_choose: bool, is_operators: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["topic"].choices = [("", _("Choose a topic")), *((one.value, one.label) for one in topics)]  # type: ignore[attr-defined]
        self.is_operators = is_operators
        if not may_choose:
            del self.fields["to"]

    @property
    def to_operator(self) -> bool:
        """Whether it goes to the platform's support at once."""
        return self.cleaned_data.get("to") == "operator" if "to" in self.fields else self.is_operators


class MessageForm(Form):
    """One more message of the asker, or the answer."""

    text = _text(_("Message"), rows=4)
    files = _files()  # type: ignore[assignment]


class AnswerForm(MessageForm):
    """The answer: about the request as it was shown."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=10**9)


class NoteForm(Form):
    """With what the request is passed on."""

    note = forms.CharField(
        label=_("Note for the platform’s support"),
        help_text=_("What you have tried already. The asker does not see it."),
        required=False,
        max_length=TEXT_LENGTH,
        widget=forms.Textarea({"rows": 3}),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=10**9)


class RulesForm(Form):
    """How soon the organization answers."""

    answer_days = forms.IntegerField(
        label=_("Answer within, working days"),
        min_value=1,
        max_value=10,
        help_text=_("The day of the request does not count. Requests that wait already keep their day."),
    )
    works_on_saturday = forms.BooleanField(label=_("Saturday is a working day"), required=False)


class CallForm(Form):
    """«I cannot sign in»."""

    name = forms.CharField(label=_("Your name"), max_length=150, widget=forms.TextInput({"autocomplete": "name"}))
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        max_length=254,
        help_text=_("The answer comes there."),
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    phone = PhoneField(
        label=_("Phone with which you sign in"),
        required=False,
        widget=PhoneInput(),
        help_text=_("Whoever answers sees it. Without an e-mail you can only be called."),
    )
    school = forms.CharField(
        label=_("School, kindergarten or centre"),
        max_length=200,
        required=False,
        help_text=_("As it is called, and the town; the class or the group, if you know."),
    )
    topic = forms.ChoiceField(label=_("What is it about?"), choices=[(one.value, one.label) for one in OUTSIDE])
    text = _text(_("What happens"), _("What do you do, and what does the page say? Never write codes of SMS."))
    attempt = Attempt()

    def stranger(self) -> Stranger:
        """Return what was typed as the service takes it."""
        names = ("name", "school", "topic", "text", "attempt")
        values = {name: self.cleaned_data[name] for name in names}
        return Stranger(email=self.cleaned_data["email"] or "", phone=str(self.cleaned_data["phone"] or ""), **values)
