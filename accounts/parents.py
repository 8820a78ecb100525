"""E-mails of parents: typed in many ways, stored in one (INV-7)."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from common.errors import DomainError
from common.text import clean

MAX_LENGTH = 254


def normalise_email(text: str) -> str:
    """Return the form of an e-mail in which it is stored and compared: without spaces, in lower case.

    Raises `DomainError("email_invalid")` with a sentence for the field `email`.
    """
    email = clean(text).lower()
    try:
        validate_email(email)
    except ValidationError:
        raise _invalid() from None
    if len(email) > MAX_LENGTH:
        raise _invalid()
    return email


def masked_email(email: str) -> str:
    """Return as much of an e-mail as lets its owner know it again: «m…@mail.ru»."""
    name, _at, domain = email.partition("@")
    return f"{name[:1]}…@{domain}" if domain else email


def _invalid() -> DomainError:
    message = _("This does not look like an e-mail. Type it like this: maria@mail.ru.")
    return DomainError("email_invalid", message, fields={"email": message}, status=400)
