"""Workbooks for the tests of reading: ordinary ones by openpyxl, extraordinary ones by their markup."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from typing import Any

from openpyxl import Workbook

SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def book_of(*rows: Iterable[Any], title: str = "Лист1") -> Workbook:
    """A workbook with one sheet of `rows`."""
    book = Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(list(row))
    return book


def saved(book: Workbook) -> bytes:
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def xlsx(*rows: Iterable[Any]) -> bytes:
    return saved(book_of(*rows))


def packed(files: dict[str, bytes | str]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


ONE_SHEET = (
    f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
    '<sheet name="Один" sheetId="1" r:id="r1"/></sheets></workbook>'
)


def hand_made(
    rows: str, *, strings: str = "", workbook: str = ONE_SHEET, book: str = "xl/workbook.xml", head: str = ""
) -> bytes:
    """A workbook whose only sheet holds `rows` as markup; `head` stands before the sheet's root."""
    folder = book.rpartition("/")[0]
    files: dict[str, bytes | str] = {
        "_rels/.rels": f'<Relationships xmlns="{RELATIONS}"><Relationship Id="r1" '
        f'Type="{OFFICE}/officeDocument" Target="{book}"/></Relationships>',
        book: workbook,
        f"{folder}/_rels/{book.rpartition('/')[2]}.rels": f'<Relationships xmlns="{RELATIONS}"><Relationship Id="r1" '
        f'Type="{OFFICE}/worksheet" Target="/{folder}/worksheets/sheet1.xml"/><Relationship Id="r2" '
        f'Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="r3" Type="{OFFICE}/externalLink" '
        'Target="file:///etc/passwd" TargetMode="External"/></Relationships>',
        f"{folder}/worksheets/sheet1.xml": f'{head}<worksheet xmlns="{MAIN}">{rows}</worksheet>',
    }
    if strings:
        files[f"{folder}/sharedStrings.xml"] = f'<sst xmlns="{MAIN}">{strings}</sst>'
    return packed(files)


def text(reference: str, words: str) -> str:
    """A cell with its text inside."""
    return f'<c r="{reference}" t="inlineStr"><is><t>{words}</t></is></c>'


HEADINGS = f'<row r="1">{text("A1", "ФИО")}{text("B1", "Класс")}</row>'
