"""What is written: a post with its poll, its reading and its time; a text that is proposed (CHAN-2, CHAN-3, CHAN-4)."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from channels_app.models import MOST_TITLE, Post, Proposal
from channels_app.services.posts import PostDraft, ReadingTerms, terms_of
from channels_app.services.proposals import MOST_REMARK, ProposalDraft
from common.forms import Form
from orgs.forms.base import DateField, ids_of
from orgs.services.circles import Circle
from polls.models import Poll
from polls.services import MOST_QUESTION, PollData
from readings.models import ParentsConfirm

FIRST_OPTIONS = 3
MORE_OPTIONS = 3


class MomentField(forms.SplitDateTimeField):
    """A day and a time by the organization's clock, with the device's own calendar and clock."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.SplitDateTimeWidget(
            date_attrs={"type": "date"},
            time_attrs={"type": "time"},
            date_format="%Y-%m-%d",
            time_format="%H:%M",
        )
        super().__init__(
            widget=widget,
            input_date_formats=["%Y-%m-%d", "%d.%m.%Y"],
            input_time_formats=["%H:%M", "%H:%M:%S"],
            **kwargs,
        )
        date_input, time_input = self.widget.widgets
        date_input.attrs["aria-label"], time_input.attrs["aria-label"] = _("Day"), _("Time")

    def compress(self, data_list: Any) -> Any:
        moment = super().compress(data_list)
        if moment is not None and not 1900 <= moment.year <= 2200:
            raise forms.ValidationError(_t("Check the year."))
        return moment


class Rows(forms.Field):
    """A value that is sent several times under one name: answers of a poll, files in their order."""

    widget = forms.MultipleHiddenInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)

    def clean(self, value: Any) -> list[str]:
        return [str(item) for item in value or []]


class WordsForm(Form):
    """A title, a text, files; `client_key` makes a form that is sent twice one thing."""

    title = forms.CharField(
        label=pgettext_lazy("of a post", "Title"),
        required=False,
        max_length=MOST_TITLE,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    text = forms.CharField(
        label=_("Text"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 9, "class": "post-text-field"}),
    )
    file_ids = Rows(label=_("Files"))
    client_key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    @classmethod
    def typed(cls, data: Any, **kwargs: Any) -> "WordsForm":
        """Return the form with what was sent, nothing of it judged yet: something was only asked of the page."""
        fields = {**cls.base_fields}
        values = {name: field.widget.value_from_datadict(data, {}, name) for name, field in fields.items()}
        return cls(initial=values, **kwargs)


class ProposalForm(WordsForm):
    """A text for somebody else to publish."""

    wanted_at = MomentField(
        label=_("When it should appear"), required=False, help_text=_("Empty: when the editor finds it right.")
    )

    @classmethod
    def values_of(cls, proposal: Proposal | None) -> dict[str, Any]:
        """Return what the form shows at first."""
        if proposal is None:
            return {"client_key": uuid4()}
        return {"title": proposal.title, "text": proposal.text, "wanted_at": proposal.wanted_at}

    def draft(self) -> ProposalDraft:
        """Return what was typed as the service takes it."""
        clean = self.cleaned_data
        return ProposalDraft(
            title=clean["title"],
            text=clean["text"],
            file_ids=ids_of(clean["file_ids"]),
            wanted_at=clean["wanted_at"],
            client_key=clean["client_key"],
        )


class PostForm(WordsForm):
    """A post with everything that may hang on it."""

    with_poll = forms.BooleanField(label=_("Add a poll"), required=False)
    question = forms.CharField(label=_("Question"), required=False, max_length=MOST_QUESTION)
    options = Rows(label=_("Answers"))
    is_multiple = forms.BooleanField(label=_("Several answers may be chosen"), required=False)
    is_anonymous = forms.BooleanField(
        label=_("Anonymous: nobody learns who chose what, and a vote cannot be changed"), required=False
    )
    closes_at = MomentField(label=_("Until when one votes"), required=False)
    with_reading = forms.BooleanField(label=_("Must be read: everybody confirms it"), required=False)
    reading_due_on = DateField(
        label=_("Until which day"), required=False, help_text=_("Who has not confirmed by then is reminded.")
    )
    reading_for = forms.ChoiceField(
        label=_("Who confirms"),
        choices=[("channel", _("everybody whom the channel is for")), ("circles", _("only these"))],
        widget=forms.RadioSelect,
        initial="channel",
        required=False,
    )
    reading_parents_confirm = forms.ChoiceField(
        label=pgettext_lazy("of a post", "If it is for parents"),
        widget=forms.RadioSelect,
        initial=ParentsConfirm.EACH,
        required=False,
    )
    publish_at = MomentField(label=_("When it should appear"), required=False)
    revision = forms.IntegerField(required=False, min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = [(value, capfirst(str(label))) for value, label in ParentsConfirm.choices]
        self.fields["reading_parents_confirm"].choices = words  # type: ignore[attr-defined]

    @classmethod
    def values_of(cls, post: Post | None) -> dict[str, Any]:
        """Return what the form shows at first: the post as it stands, or nothing."""
        if post is None:
            return {"client_key": uuid4()}
        terms = terms_of(post.reading)
        values = {
            "title": post.title,
            "text": post.text,
            "publish_at": post.publish_at,
            "revision": post.revision,
            **(poll_values(post.poll) if post.poll is not None else {}),
        }
        if terms is not None:
            values |= {
                "with_reading": True,
                "reading_due_on": terms.due_on,
                "reading_for": "circles",
                "reading_parents_confirm": terms.parents_confirm,
            }
        return values

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("with_poll") and not data.get("question", "").strip():
            self.add_error("question", _t("Please ask a question."))
        return data

    def answers(self) -> list[str]:
        """Return the answers as they were typed, with empty rows up to the usual number."""
        typed = [text for text in self["options"].value() or [] if text.strip()]
        return [*typed, *[""] * max(1, FIRST_OPTIONS - len(typed))]

    def poll(self) -> PollData | None:
        """Return the poll that was typed, or None."""
        clean = self.cleaned_data
        if not clean["with_poll"]:
            return None
        return PollData(
            question=clean["question"],
            options=clean["options"],
            is_multiple=clean["is_multiple"],
            is_anonymous=clean["is_anonymous"],
            closes_at=clean["closes_at"],
        )

    def terms(self, circles: list[Circle]) -> ReadingTerms | None:
        """Return by which terms the post has to be confirmed, or None; `circles` of the rows."""
        clean = self.cleaned_data
        if not clean["with_reading"]:
            return None
        chosen = circles if clean["reading_for"] == "circles" else []
        parents = clean["reading_parents_confirm"] or ParentsConfirm.EACH
        return ReadingTerms(circles=chosen, due_on=clean["reading_due_on"], parents_confirm=parents)

    def draft(self, circles: list[Circle]) -> PostDraft:
        """Return what was typed as the services take it."""
        clean = self.cleaned_data
        return PostDraft(
            title=clean["title"],
            text=clean["text"],
            file_ids=ids_of(clean["file_ids"]),
            poll=self.poll(),
            keeps_poll=False,
            reading=self.terms(circles),
            client_key=clean["client_key"],
        )


class DecisionForm(PostForm):
    """A proposed text on an editor's table: as it will be published, or a remark for its author."""

    remark = forms.CharField(
        label=_("What is to be changed"),
        required=False,
        max_length=MOST_REMARK,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The author reads it and sends the text again."),
    )


def poll_values(poll: Poll) -> Mapping[str, Any]:
    """Return a poll as the form shows it."""
    return {
        "with_poll": True,
        "question": poll.question,
        "options": [option.text for option in poll.options.order_by("position")],
        "is_multiple": poll.is_multiple,
        "is_anonymous": poll.is_anonymous,
        "closes_at": poll.closes_at,
    }


class MomentForm(Form):
    """When a post is to appear."""

    publish_at = MomentField(label=_("When it should appear"))
