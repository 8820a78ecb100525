"""What people say about a file of the roster: the file, how it is read, what is to be done with it (ORG-8)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from common.forms import Form
from orgs.forms.base import DateField
from roster.models import Load
from roster.reading.tables import DELIMITERS, ENCODINGS, Table


class UploadForm(Form):
    """One file."""

    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,  # the service says what is wrong with an empty one
        error_messages={"required": _("Choose a file first."), "invalid": _("Choose a file first.")},
    )


@dataclass(frozen=True)
class Reading:
    """How a table is to be read; what is empty (or 0) is found out."""

    sheet: str = ""
    encoding: str = ""
    delimiter: str = ""
    heading_row: int = 0

    @classmethod
    def of(cls, read: Load | Table) -> Reading:
        """How a file is read, or a table was."""
        return cls(read.sheet, read.encoding, read.delimiter, read.heading_row)

    @classmethod
    def sent(cls, sent: QueryDict) -> Reading:
        """What a form says. Where the headings are is found anew for another sheet or another encoding."""
        row = sent.get("heading_row", "")
        encoding, delimiter = sent.get("encoding", ""), sent.get("delimiter", "")
        said = cls(
            sent.get("sheet", "")[:100],
            encoding if encoding in ENCODINGS else "",
            delimiter if delimiter in DELIMITERS else "",
            int(row) if row.isascii() and row.isdigit() and len(row) < 6 else 0,
        )
        is_another = sent.get("shown", said.place) != said.place
        return cls(said.sheet, said.encoding, said.delimiter) if is_another else said

    @property
    def place(self) -> str:
        """Where the table is, but for its headings."""
        return "|".join((self.sheet, self.encoding, self.delimiter))

    def values(self) -> dict[str, Any]:
        """Return it as the services take it."""
        return {
            "sheet": self.sheet,
            "encoding": self.encoding,
            "delimiter": self.delimiter,
            "heading_row": self.heading_row,
        }


class BringInForm(Form):
    """How a checked file is brought in; what need not be said about this one is not asked."""

    skip_errors = forms.BooleanField(label="", required=False)
    removal_confirmed = forms.BooleanField(label="", required=False)
    order_number = forms.CharField(label=_("Number of the order"), required=False, max_length=40)
    order_date = DateField(label=_("Date of the order"), required=False)

    def __init__(self, *args: Any, load: Load, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        errors, leaving = load.summary.get("error", 0), load.summary.get("leaving", 0)
        words = ngettext(
            "Load without the %(count)s row with errors", "Load without the %(count)s rows with errors", errors
        )
        self.fields["skip_errors"].label = words % {"count": errors}
        words = ngettext("Yes, %(count)s person is to leave", "Yes, %(count)s people are to leave", leaving)
        self.fields["removal_confirmed"].label = words % {"count": leaving}
        if not errors:
            del self.fields["skip_errors"]
        if not load.summary.get("removal_over_threshold"):
            del self.fields["removal_confirmed"]

    def options(self) -> dict[str, Any]:
        """Return what `services.loads.set_options` takes."""
        return dict(self.cleaned_data)
