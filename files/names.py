"""Names of files made honest: what people see agrees with what the file is."""

import re

from common.text import clean
from files.formats import Format

MOST_LETTERS = 200
_ENDING = re.compile(r"\.([A-Za-z0-9]{1,8})$")
# An ending has a letter in it: «Приказ 2.12» ends with a number.
_LETTER = re.compile(r"[A-Za-z]")


def honest_name(name: str, found: Format) -> str:
    """Return `name` without folders and invisible characters, with an ending that is true for `found`.

    A true ending is kept, a false one is taken away: «photo.jpg» that is a PNG becomes «photo.png», «report.pdf.exe»
    that is a PDF becomes «report.pdf». At most `MOST_LETTERS` characters.
    """
    # Characters that Windows does not allow in names would make browsers save the file under a name of their own.
    stem = re.sub(r'[<>:"|?*]', "_", clean(name.replace("\\", "/").rpartition("/")[2])).strip(". ")
    ending = found.ending
    while match := _ENDING.search(stem):
        if not _LETTER.search(match[1]) and match[1].lower() not in found.endings:
            break
        stem = stem[: match.start()].rstrip(". ")
        if match[1].lower() in found.endings:
            ending = match[1]
            break
    stem = stem[: MOST_LETTERS - len(ending) - 1].rstrip(". ") or "file"
    return f"{stem}.{ending}"
