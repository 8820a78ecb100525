"""Numbers of documents: made comparable, and the next free one of a year (DOC-1)."""

import re

from common.text import normalise
from documents.models import Document
from orgs.models import Organization

NUMBER_LENGTH = 40
KEY_LENGTH = 80
# Padded like the names of units; nobody registers ten thousand orders in a year.
_PADDED = 4
_DIGITS = re.compile(r"[0-9]+")
_SIGN = re.compile(r"^(?:№|N[o\u043e]?\.?(?=\s*[0-9])|#)\s*", re.IGNORECASE)
_LEADING = re.compile(r"([0-9]+)(.*)", re.DOTALL)


def without_sign(number: str) -> str:
    """Return the number without the sign people type before it: «№ 15» → «15»."""
    return _SIGN.sub("", number.strip())


def key_of(number: str) -> str:
    """Return the key by which № 2 stands before № 10 and case, ё/е and leading zeros do not matter."""
    return _DIGITS.sub(lambda digits: (digits[0].lstrip("0") or "0").zfill(_PADDED), normalise(number))


def next_number(organization: Organization, kind: str, year: int) -> str:
    """Return the next free number of `kind` in `year`: the highest one plus 1, with its letters («15-о» → «16-о»).

    "1" when nothing is registered yet, "" when the numbers of the year do not begin with digits. One query.
    """
    numbers = Document.objects.filter(organization=organization.pk, kind=kind, year=year).exclude(number="")
    taken = list(numbers.values_list("number", flat=True))
    found = [(int(match[1]), match[2]) for match in map(_LEADING.match, taken) if match is not None]
    if not found:
        return "" if taken else "1"
    highest, letters = max(found)
    # «15/1» was put between 15 and 16; its digits are not a habit.
    number = f"{highest + 1}{'' if _DIGITS.search(letters) else letters}"
    return number if len(number) <= NUMBER_LENGTH else ""
