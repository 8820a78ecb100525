"""Phones and e-mail addresses in any usual form (ORG-8)."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator

from accounts.phones import normalise_phone
from common.errors import DomainError
from roster.reading.notes import Notes
from roster.reading.texts import latin_of

_DIGITS = re.compile(r"[\s()\-–—‑.]+")
# A mobile number of Russia needs no further look: nine and nine digits more.
_MOBILE = re.compile(r"(?:\+7|8|7)?(9\d{9})")
_E164 = re.compile(r"\+[1-9]\d{6,14}")
_CANDIDATE = re.compile(r"\+?\d[\d\s()\-–—‑.]{4,}\d")
# Two numbers with nothing but a space between them.
_MOBILE_AMONG_OTHERS = re.compile(r"(?<!\d)(?:\+7|8|7)?[\s(–-]*9(?:[\s()–-]*\d){9}(?!\d)")
_FLOAT = re.compile(r"(\d{10,15})[.,]0+")
_ROUNDED = re.compile(r"\d[.,]\d+e\+?\d+", re.IGNORECASE)
_BETWEEN_PHONES = re.compile(r"[,;/|\n]+| и ")
_BETWEEN_ADDRESSES = re.compile(r"[,;/|\s]+")
_AROUND_AT = re.compile(r"\s*@\s*")
_MOST_EMAIL = 254
_USUAL = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*@(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+[a-z]{2,6}", re.IGNORECASE)
_is_email = EmailValidator()


def phones_in(text: str) -> list[str]:
    """Return the numbers that stand in a text, in E.164; whatever else it says is passed over."""
    found = []
    for piece in _BETWEEN_PHONES.split(text):
        whole = _phone(piece)
        numbers = [whole] if whole else [_phone(one) for one in _CANDIDATE.findall(piece)]
        if not any(numbers):
            numbers = [_phone(one) for one in _MOBILE_AMONG_OTHERS.findall(piece)]
        found += [number for number in numbers if number and number not in found]
    return found


def phone_of(text: str, notes: Notes, column: int, *, is_ours: bool = False) -> str:
    """Return the first phone of a cell in E.164, "" with a problem when there is none.

    One that we wrote ourselves is taken as it stands, valid or not: the roster holds it.
    """
    if is_ours and _E164.fullmatch(text):
        return text
    quick = _MOBILE.fullmatch(_DIGITS.sub("", text))
    if quick:
        return f"+7{quick[1]}"
    told = _FLOAT.sub(r"\1", text)
    if _ROUNDED.fullmatch(told.strip()):
        return _of_rounded(told, notes, column)
    found = phones_in(told)
    if not found:
        notes.problem("phone_invalid", column, text)
        return ""
    if len(found) > 1:
        notes.remark("first_phone", column, found[0])
    return found[0]


def without_phones(text: str) -> tuple[str, list[str]]:
    """Return a text without the numbers in it, and the numbers."""
    found = phones_in(text) if _CANDIDATE.search(text) else []
    return (_CANDIDATE.sub(" ", text) if found else text), found


def _of_rounded(text: str, notes: Notes, column: int) -> str:
    try:
        exact = _phone(str(int(float(text.replace(",", "."))))) if len(text) > 12 else ""
    except (ValueError, OverflowError):
        exact = ""
    if not exact:
        notes.problem("phone_rounded", column, text)
    return exact


def _phone(text: str) -> str:
    bare = _DIGITS.sub("", text)
    quick = _MOBILE.fullmatch(bare)
    if quick:
        return f"+7{quick[1]}"
    if not 7 <= len(bare) <= 16 or not bare.lstrip("+").isdigit():
        return ""
    try:
        return normalise_phone(bare)
    except DomainError:
        return ""


def email_of(text: str, notes: Notes, column: int) -> str:
    """Return the first address of a cell, "" with a problem when there is none."""
    if len(text) <= _MOST_EMAIL and (
        _USUAL.fullmatch(text) or (not _BETWEEN_ADDRESSES.search(text) and _accepted(text))
    ):
        return text
    joined = _AROUND_AT.sub("@", text)
    found = []
    for piece in _BETWEEN_ADDRESSES.split(joined):
        address = piece.strip(".,;:<>()[]\"'«»").removeprefix("mailto:")
        mended = address if _accepted(address) else latin_of(address)
        if "@" in address and _accepted(mended):
            found.append(mended)
    if not found:
        notes.problem("email_invalid", column, text)
        return ""
    if len(found) > 1:
        notes.remark("first_email", column, found[0])
    elif found[0] != text:
        notes.remark("email_mended", column, found[0])
    return found[0]


def _accepted(address: str) -> bool:
    if len(address) > _MOST_EMAIL:
        return False
    if _USUAL.fullmatch(address):
        return True
    try:
        _is_email(address)
    except ValidationError:
        return False
    return True
