"""Phone numbers: typed in many ways, stored in one (E.164)."""

import phonenumbers
from django.conf import settings
from django.utils.translation import gettext as _

from common.errors import DomainError
from common.text import clean


def normalise_phone(text: str) -> str:
    """Return the E.164 form of a number typed as people type it: «8 (912) 345-67-89», «9123456789», «+7…».

    Raises `DomainError("phone_invalid")` with a sentence for the field `phone` (ACC-1).
    """
    try:
        number = phonenumbers.parse(clean(text), settings.PHONENUMBER_DEFAULT_REGION)
    except phonenumbers.NumberParseException:
        raise _invalid() from None
    if not phonenumbers.is_valid_number(number) or number.extension:
        raise _invalid()
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def spoken_phone(phone: str | None) -> str:
    """Return a stored number as people read it: «+7 912 345-67-89»; anything else comes back as it is."""
    if not phone:
        return ""
    try:
        number = phonenumbers.parse(phone)
    except phonenumbers.NumberParseException:
        return phone
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def _invalid() -> DomainError:
    message = _("This does not look like a phone number. Type it like this: +7 912 345-67-89.")
    return DomainError("phone_invalid", message, fields={"phone": message}, status=400)
