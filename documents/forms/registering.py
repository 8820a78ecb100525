"""What is typed about a document: its details, its file, whom it is for."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from common.forms import Form
from documents.models import Document, DocumentKind
from documents.selectors.numbers import NUMBER_LENGTH
from documents.services.checks import NOTE_LENGTH, TITLE_LENGTH, DocumentData
from files.formats import CONTENT_TYPES
from orgs.forms.base import LARGEST_ID, DateField
from orgs.services.circles import Circle

# What the device offers to choose; what the file really is, the service finds out.
_ACCEPTED = ",".join(sorted(kind for kind in CONTENT_TYPES if not kind.startswith(("video/", "audio/"))))


class FileFields(Form):
    """A file that is chosen now, or was brought by the attempt before (`file_id`): nobody has to look for it again."""

    file = forms.FileField(
        label=_("File"),
        required=False,
        allow_empty_file=True,  # refused by the service, in words
        widget=forms.FileInput(attrs={"accept": _ACCEPTED}),
        help_text=_("Best of all a PDF or a scan of the signed paper; up to 50 MB."),
    )
    file_id = forms.IntegerField(required=False, min_value=1, max_value=LARGEST_ID, widget=forms.HiddenInput)

    def need_file(self, *, is_needed: bool) -> None:
        """Say on the page whether a file has to be chosen; whether one is there, the view judges."""
        self.fields["file"].required = is_needed


class DetailsForm(Form):
    """Kind, number, date and title; a published document keeps its kind."""

    kind = forms.ChoiceField(label=_("Kind"))
    number = forms.CharField(
        label=_("Number"), required=False, max_length=NUMBER_LENGTH + 3, help_text=_("An order needs one.")
    )
    issued_on = DateField(label=_("Date"))
    title = forms.CharField(
        label=_("Title"),
        max_length=TITLE_LENGTH,
        help_text=_("As it is written in the document: «On the working hours of the school»."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, document: Document | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.document = document
        self.fields["kind"].choices = [(value, capfirst(str(label))) for value, label in DocumentKind.choices]  # type: ignore[attr-defined]
        if document is not None and document.version:
            del self.fields["kind"]

    def data_of_document(self, circles: list[Circle]) -> DocumentData:
        """Return what was typed as the services take it."""
        clean = self.cleaned_data
        kind = clean["kind"] if "kind" in clean or self.document is None else self.document.kind
        return DocumentData(kind, clean["number"], clean["issued_on"], clean["title"], circles)


class NewDocumentForm(FileFields, DetailsForm):
    """A new document with its first version."""

    field_order = ("kind", "number", "issued_on", "title", "file", "file_id")


class VersionForm(FileFields):
    """The next version: its file and what has changed."""

    note = forms.CharField(
        label=_("What has changed"),
        max_length=NOTE_LENGTH,
        required=False,
        help_text=_("For those who have read the version before: «the timetable of bells in item 3»."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    field_order = ("file", "file_id", "note")
