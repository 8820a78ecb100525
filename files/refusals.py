"""Why a file is not taken in: stable codes, sentences for people."""

from django.utils.translation import gettext as _

from common.errors import DomainError

_MEGABYTE = 1024 * 1024


def refused(code: str, message: str, *, status: int = 400) -> DomainError:
    """Return a refusal that a form shows at its field `file`."""
    return DomainError(code, message, fields={"file": message}, status=status)


def wrong_type() -> DomainError:
    """Return `file_type_refused`: nothing we know, or something that could run."""
    return refused(
        "file_type_refused",
        _(
            "Files of this kind are not accepted. Documents, tables, presentations, pictures, video, sound, "
            "plain texts and ZIP archives will do."
        ),
    )


def damaged() -> DomainError:
    """Return `file_damaged`: it begins as a kind we take, but its inside does not hold together."""
    return refused("file_damaged", _("The file is damaged or incomplete."))


def has_macros() -> DomainError:
    """Return `file_with_macros`: a document that brings a program."""
    return refused(
        "file_with_macros", _("The document contains macros. Save it without them, for example as .docx or .xlsx.")
    )


def unpacks_too_large() -> DomainError:
    """Return `file_unpacks_too_large`: an archive made to fill a disk."""
    return refused("file_unpacks_too_large", _("Unpacked, this archive would be enormous, so it is not accepted."))


def too_large(most: int, *, status: int = 400) -> DomainError:
    """Return `file_too_large` that names the limit of `most` bytes."""
    return refused(
        "file_too_large", _("The file is larger than %(most)s MB.") % {"most": most // _MEGABYTE}, status=status
    )
