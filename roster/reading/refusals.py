"""Why a file as a whole cannot be read, in words that say what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError
from roster.reading.limits import MOST_BYTES, MOST_COLUMNS, MOST_ROWS

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise
else:
    StrOrPromise = str

# What a file is instead of a table: the advice.
WRONG_TYPES: dict[str, StrOrPromise] = {
    "old": _("This is the old format of Excel (.xls). Open the file and save it as «Excel workbook (.xlsx)»."),
    "locked": _("The file is protected with a password. Open it, take the password off and save it anew."),
    "ods": _("This is an OpenDocument spreadsheet (.ods). Save it as «Excel 2007–365 (.xlsx)» or as CSV."),
    "xlsb": _("This is a binary workbook (.xlsb). Open it and save it as «Excel workbook (.xlsx)»."),
    "html": _("This is a web page with the name of a spreadsheet. Open it in Excel and save it as .xlsx."),
    "xml": _("This is the XML format of Excel 2003. Open it in Excel and save it as «Excel workbook (.xlsx)»."),
    "other": _("This is not a spreadsheet. An XLSX or CSV file is needed."),
}


def refuse(code: str, message: StrOrPromise, *, field: str = "file", status: int = 400) -> DomainError:
    """Return the error to be raised, with its sentence at a field of the form."""
    return DomainError(code, str(message), fields={field: str(message)}, status=status)


def wrong_type(what: str) -> DomainError:
    """Return the refusal of a file that is something else (a key of `WRONG_TYPES`)."""
    return refuse("file_wrong_type", WRONG_TYPES[what])


def empty() -> DomainError:
    """Return the refusal of a file without a single filled cell."""
    return refuse("file_empty", _("There is nothing in this file."))


def broken() -> DomainError:
    """Return the refusal of a file that is damaged."""
    return refuse("file_broken", _("The file is damaged. Open it in Excel, save it anew and try once more."))


def unfolds_too_far() -> DomainError:
    """Return the refusal of an archive that would fill the memory."""
    return refuse("file_too_large", _("Unpacked, the file is far too large for a list of people."))


def too_many_bytes() -> DomainError:
    """Return the refusal of a file of more than `MOST_BYTES`."""
    megabytes = MOST_BYTES // (1024 * 1024)
    return refuse("file_too_large", str(_("The file is larger than %(most)s MB.")) % {"most": megabytes})


def too_many_rows() -> DomainError:
    """Return the refusal of a table of more than `MOST_ROWS`."""
    message = _(
        "There are more than %(most)s rows. Divide the file, for example by classes, and load the parts in turn."
    )
    return refuse("file_too_large", str(message) % {"most": f"{MOST_ROWS:,}".replace(",", "\xa0")})


def too_many_columns() -> DomainError:
    """Return the refusal of a table of more than `MOST_COLUMNS`."""
    message = _("There are more than %(most)s columns. Leave only those about people.")
    return refuse("too_many_columns", str(message) % {"most": MOST_COLUMNS})


def sheet_unknown() -> DomainError:
    """Return the refusal of a sheet that the file does not have."""
    return refuse("sheet_unknown", _("There is no such sheet in the file."), field="sheet")


def unreadable() -> DomainError:
    """Return the refusal of a text that the chosen encoding does not explain."""
    return refuse(
        "file_unreadable", _("The text cannot be read in this encoding. Choose another one."), field="encoding"
    )


def no_headings() -> DomainError:
    """Return the refusal of a table in which no row looks like headings."""
    message = _(
        "We did not find the row with the headings. There must be one above the people, at least «ФИО»; "
        "or say which row it is."
    )
    return refuse("no_headings", message, field="heading_row")
