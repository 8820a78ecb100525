"""The taxpayer's number (ИНН): its check digits tell a mistyped one."""

from django.utils.translation import gettext as _

from common.errors import DomainError

# The weights of the tax service: one check digit for an organization's ten digits, two for a person's twelve.
_TEN = (2, 4, 10, 3, 5, 9, 4, 6, 8)
_ELEVENTH = (7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
_TWELFTH = (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
_WEIGHTS = {10: (_TEN,), 12: (_ELEVENTH, _TWELFTH)}


def is_inn(text: str) -> bool:
    """Tell whether `text` is ten or twelve digits whose last ones agree with those before them (REG-1)."""
    if not (text.isascii() and text.isdigit()) or len(text) not in _WEIGHTS or not text.strip("0"):
        return False
    return all(_check(text, weights) == int(text[len(weights)]) for weights in _WEIGHTS[len(text)])


def read_inn(text: str) -> str:
    """Return the digits of a number typed with spaces or hyphens.

    Raises `DomainError("inn_invalid")` with a sentence for the field `inn`: wrong length, or a digit mistyped.
    """
    inn = "".join(char for char in text if not char.isspace() and char not in "-–")
    if is_inn(inn):
        return inn
    if inn.isascii() and inn.isdigit() and len(inn) in _WEIGHTS:
        message = _("A digit of this INN is wrong: the check digits do not agree. Please compare it with the charter.")
    else:
        message = _("An INN of an organization has 10 digits (of an entrepreneur 12).")
    raise DomainError("inn_invalid", message, fields={"inn": message}, status=400)


def _check(digits: str, weights: tuple[int, ...]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False)) % 11 % 10
