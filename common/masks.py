"""What must not stand in a log or in a report of a failure: phones, e-mails, codes, tokens, passwords (ACC-7)."""

import re

_MASKS = [
    # redis://:password@host, smtp+tls://user:password@host
    (re.compile(r"(?<=://)[^\s/@]+@"), "…@"),
    (re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+"), "…@…"),
    (
        re.compile(
            r"(?i)((?:secret|token|password|passphrase|api[_-]?key|authorization|cookie|sessionid|csrftoken)"
            r"[\"']?\s*[:=]\s*[\"']?(?:bearer\s+)?)[^\s\"',;&]+"
        ),
        r"\1…",
    ),
    # Personal codes of invitations: three or four groups of four.
    (re.compile(r"(?<![\w-])[0-9A-Z]{4}(?:-[0-9A-Z]{4}){2,4}(?![\w-])"), "…"),
    # «code: 123456», «код 123 456»; numbers of rows are left alone.
    (re.compile(r"(?i)(\b(?:code|otp|pin|код)\b\D{0,4})\d{3}[ -]?\d{1,5}\b"), r"\1…"),
    (re.compile(r"(?<![\w.])(?:\+\d|\b[78])(?:[ ()-]{0,2}\d){9,13}(?!\w)"), "+…"),
    (re.compile(r"(?<![\w.+])\+\d{7,15}(?!\d)"), "+…"),
    # Tokens of invitations (invitations/tokens.py): a number, a hyphen, 26 letters and digits.
    (re.compile(r"(?<![\w-])[0-9a-z]{1,12}-[0-9a-z]{26}(?![\w-])", re.IGNORECASE), "…"),
    # Any other thing that only a machine could have made up; ids of jobs and requests (UUIDs) are not secret.
    (
        re.compile(
            r"(?<![\w-])(?![0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b)"
            r"(?=[\w-]*\d)(?=[\w-]*[a-zA-Z])(?![\w-]*[a-z]{12})[A-Za-z0-9_-]{20,}(?![\w-])"
        ),
        "…",
    ),
]


def masked(text: str) -> str:
    """Return `text` without phones, e-mails, one-time codes, tokens and passwords (PLAT-4)."""
    for pattern, instead in _MASKS:
        text = pattern.sub(instead, text)
    return text
