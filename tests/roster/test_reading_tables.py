"""Files become tables: what a spreadsheet shows, and a clear answer to everything else (ORG-8)."""

from __future__ import annotations

import io
import random
import zipfile
from datetime import date, datetime, timedelta
from typing import Any

import openpyxl
import pytest
from django.utils import translation
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from common.errors import DomainError
from roster.reading import archives, tables
from roster.reading.tables import Table, format_of, read_table
from roster.reading.xlsx import UNCOMPUTED, letters_of
from tests.roster.books import HEADINGS, MAIN, OFFICE, book_of, hand_made, packed, saved, text, xlsx

pytestmark = pytest.mark.req("ORG-8")

PEOPLE = [("ФИО", "Класс"), ("Иванов Иван", "5А")]


def read(content: bytes, name: str = "список.xlsx", **how: Any) -> Table:
    return read_table(content, file_name=name, **how)


def refusal_of(content: bytes, name: str = "список.xlsx", **how: Any) -> DomainError:
    with pytest.raises(DomainError) as refused:
        read(content, name, **how)
    assert refused.value.status == 400
    assert refused.value.message in refused.value.fields.values()
    return refused.value


# --- XLSX -------------------------------------------------------------------------------------------------------------
def test_a_plain_workbook() -> None:
    table = read(xlsx(*PEOPLE))
    assert table == Table("xlsx", ("Лист1",), "Лист1", "", "", 1, ("ФИО", "Класс"), ((2, ("Иванов Иван", "5А")),), ())


def test_values_are_what_a_spreadsheet_shows() -> None:
    row = ["Иванов", 89001234567, 89001234567.0, 5, 5.5, date(2014, 9, 1), datetime(2014, 9, 1, 12, 30), True, "#N/A"]
    table = read(xlsx(("ФИО", *"bcdefghi"), row))
    assert table.rows[0][1] == (
        *("Иванов", "89001234567", "89001234567", "5", "5.5", "2014-09-01", "2014-09-01", "ИСТИНА", "#N/A"),
    )


def test_formulas_are_never_computed() -> None:
    book = book_of(("ФИО", "Класс"), ("Иванов Иван", "=1+1"))
    table = read(saved(book))
    assert table.rows[0][1] == ("Иванов Иван", f"{UNCOMPUTED}1+1")
    cached = hand_made(f'{HEADINGS}<row r="2">{text("A2", "Иванов")}<c r="B2" t="str"><f>A1</f><v>5А</v></c></row>')
    assert read(cached).rows[0][1] == ("Иванов", "5А")
    empty = hand_made(f'{HEADINGS}<row r="2">{text("A2", "Иванов")}<c r="B2" t="str"><f>""</f><v></v></c></row>')
    assert read(empty).rows[0][1] == ("Иванов", "")


def test_merged_cells_are_repeated() -> None:
    book = book_of(("ФИО", "Класс"), ("Иванов Иван", "5А"), ("Петров Пётр", None), ("Совин Олег", None))
    book.active.merge_cells("B2:B3")
    assert [row for _number, row in read(saved(book)).rows] == [
        ("Иванов Иван", "5А"),
        ("Петров Пётр", "5А"),
        ("Совин Олег", ""),
    ]


def test_headings_in_two_rows_are_joined() -> None:
    book = book_of(
        ("Список 5А класса",),
        ("ФИО", "Родитель 1", None, "Родитель 2", None),
        (None, "ФИО", "Телефон", "ФИО", "Телефон"),
        ("Иванов Иван", "Иванова Анна", "89001234567", None, None),
    )
    for cells in ("A1:E1", "A2:A3", "B2:C2", "D2:E2"):
        book.active.merge_cells(cells)
    table = read(saved(book))
    assert table.headings == (*("ФИО", "Родитель 1 ФИО", "Родитель 1 Телефон", "Родитель 2 ФИО", "Родитель 2 Телефон"),)
    assert (table.heading_row, table.titles) == (3, ("Список 5А класса", "ФИО", "Родитель 1", "Родитель 2"))


def test_titles_above_are_passed_over() -> None:
    table = read(xlsx(("МБОУ «Школа № 1»",), (), ("Список обучающихся", "на 1 сентября"), *PEOPLE))
    assert (table.heading_row, table.rows[0][0]) == (4, 5)
    assert table.titles == ("МБОУ «Школа № 1»", "Список обучающихся", "на 1 сентября")


def test_the_row_of_the_headings_can_be_said() -> None:
    content = xlsx(("Кто", "Где"), ("ФИО", "Класс"), ("Иванов", "5А"))
    assert read(content).heading_row == 2
    assert read(content, heading_row=1).headings == ("Кто", "Где")
    assert refusal_of(content, heading_row=9).code == "no_headings"


def test_unknown_headings_are_shown_for_mending() -> None:
    assert read(xlsx(("Кто", "Где"), ("Иванов", "5А"))).headings == ("Кто", "Где")
    assert refusal_of(xlsx(("Иванов Иван 5А",), ("Петров 5Б",))).code == "no_headings"


def test_sheets_can_be_chosen_and_hidden_ones_are_not_shown() -> None:
    book = book_of(title="Пустой")
    for name in ("Заметки", "Список", "Ещё"):
        sheet = book.create_sheet(name)
        for row in [("Привет", "мир")] if name == "Заметки" else PEOPLE:
            sheet.append(row)
    book["Ещё"].append(("Петров", "5Б"))
    hidden = book.create_sheet("Тайный")
    hidden.append(("ФИО", "Класс"))
    hidden.sheet_state = "hidden"
    content = saved(book)
    table = read(content)
    assert (table.sheet, table.sheets) == ("Список", ("Пустой", "Заметки", "Список", "Ещё"))
    assert len(read(content, sheet="Ещё").rows) == 2
    assert refusal_of(content, sheet="Нет").code == "sheet_unknown"


def test_empty_rows_and_columns_at_the_end_are_dropped() -> None:
    table = read(xlsx(("ФИО", None, "Класс", None), (), ("Иванов", None, "5А", "  "), (None, ""), ()))
    assert (table.headings[:3], table.rows[0][0]) == (("ФИО", "", "Класс"), 3)
    assert len(table.rows) in (1, 2)


def test_days_of_a_workbook_from_a_mac() -> None:
    book = book_of(("ФИО", "Дата рождения"), ("Иванов", date(2014, 9, 1)))
    book.epoch = CALENDAR_MAC_1904
    assert read(saved(book)).rows[0][1][1] == "2014-09-01"


@pytest.mark.parametrize("code", ["DD.MM.YYYY", '[$-419]d mmmm yyyy" г.";@', "yyyy\\-mm\\-dd", "mm-dd-yy"])
def test_days_by_their_format(code: str) -> None:
    book = book_of(("ФИО", "Дата рождения"), ("Иванов", 41883))
    book.active["B2"].number_format = code
    assert read(saved(book)).rows[0][1][1] == "2014-09-01"


@pytest.mark.parametrize("code", ["0", '0" дней"', "#,##0.00", "[Red]0", "hh:mm", "General", "@"])
def test_numbers_by_their_format(code: str) -> None:
    book = book_of(("ФИО", "Дата рождения"), ("Иванов", 41883))
    book.active["B2"].number_format = code
    assert read(saved(book)).rows[0][1][1] == "41883"


def test_markup_of_other_programs() -> None:
    """Prefixes, rich texts, readings of words, no references, a workbook elsewhere."""
    strings = "<x:si><x:r><x:t>Ива</x:t></x:r><x:r><x:t>нов</x:t></x:r><x:rPh><x:t>ignored</x:t></x:rPh></x:si>"
    rows = (
        "<x:sheetData><x:row><x:c t='inlineStr'><x:is><x:t>ФИО</x:t></x:is></x:c></x:row>"
        "<x:row><x:c t='s'><x:v>0</x:v></x:c><x:c t='b'><x:v>0</x:v></x:c>"
        "<x:c t='d'><x:v>2014-09-01T00:00:00</x:v></x:c>"
        "<x:c t='s'><x:v>7</x:v></x:c><x:c><x:v>8.9001234567E10</x:v></x:c><x:c t='e'><x:v>#REF!</x:v></x:c>"
        "<x:c t='inlineStr'><x:is><x:t>a_x000D_b</x:t></x:is></x:c></x:row></x:sheetData>"
    )
    content = hand_made(rows, strings=strings, book="xl/workbook2.xml")
    table = read(_prefixed(content))
    assert table.rows[0] == (2, ("Иванов", "ЛОЖЬ", "2014-09-01", "", "89001234567", "#REF!", "a\rb"))


def _prefixed(content: bytes) -> bytes:
    """Declare the prefix «x» where the markup uses it."""
    archive = zipfile.ZipFile(io.BytesIO(content))
    files = {name: archive.read(name).decode() for name in archive.namelist()}
    for name in files:
        files[name] = files[name].replace(f'xmlns="{MAIN}"', f'xmlns="{MAIN}" xmlns:x="{MAIN}"')
    return packed(dict(files))


def test_it_reads_what_openpyxl_reads() -> None:
    rng = random.Random(4)
    values: list[Any] = ["Иванов", "", None, 5, 5.25, 1e10, -3, "две\nстроки", " край ", date(2020, 2, 29), "=", "'"]
    values += [True, datetime(2021, 3, 4, 5, 6), 0, "№ 5 «А»", "<b>&amp;"]
    rows = [[rng.choice(values) for _column in range(8)] for _row in range(200)]
    content = xlsx(["ФИО", *"abcdefg"], *rows)
    ours = dict(read(content).rows)
    sheet = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True).active
    for number, row in enumerate(sheet.iter_rows(min_row=2, values_only=True), 2):
        shown = tuple(_shown(value) for value in row)
        mine = ours.get(number, ())
        assert mine + ("",) * (8 - len(mine)) == shown + ("",) * (8 - len(shown)), number


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ИСТИНА" if value else "ЛОЖЬ"
    if isinstance(value, date):
        return value.strftime("%Y-%m-%d")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


# --- Clear answers ----------------------------------------------------------------------------------------------------
ODS = {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": ""}
EXCEL_2003 = b"<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'/>"
BAD_MERGE = f'<sheetData>{HEADINGS}</sheetData><mergeCells><mergeCell ref="?"/></mergeCells>'
UNRELATED = f'<workbook xmlns="{MAIN}"><sheets><sheet name="a"/></sheets></workbook>'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600
BROKEN = xlsx(*PEOPLE)
WRONG = {
    "nothing": (b"", "file_empty"),
    "blank": (b"\xef\xbb\xbf \r\n\t", "file_empty"),
    "no cells": (xlsx(), "file_empty"),
    "old": (OLE, "file_wrong_type"),
    "password": (OLE + "EncryptedPackage".encode("utf-16-le"), "file_wrong_type"),
    "ods": (packed(ODS), "file_wrong_type"),
    "docx": (packed({"word/document.xml": "<w/>"}), "file_wrong_type"),
    "xlsb": (packed({"xl/workbook.bin": "x"}), "file_wrong_type"),
    "html": ("<html><body><table>ФИО</table></body></html>".encode(), "file_wrong_type"),
    "table": ("\n <TABLE><tr><td>ФИО".encode("cp1251"), "file_wrong_type"),
    "xml": (EXCEL_2003, "file_wrong_type"),
    "pdf": (b"%PDF-1.7\n...", "file_wrong_type"),
    "png": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "file_wrong_type"),
    "binary": (bytes(range(1, 256)) * 9, "file_wrong_type"),
    "half": (BROKEN[: len(BROKEN) // 2], "file_broken"),
    "no zip": (b"PK\x03\x04" + b"x" * 100, "file_broken"),
    "bad markup": (hand_made("<sheetData><row>"), "file_broken"),
    "bad number": (hand_made('<sheetData><row r="x"></row></sheetData>'), "file_broken"),
    "far row": (hand_made(f'<sheetData><row r="99999999">{text("A1", "x")}</row></sheetData>'), "file_broken"),
    "bad reference": (hand_made(f'<sheetData><row r="1">{text("ABCD1", "x")}</row></sheetData>'), "file_broken"),
    "bad merge": (hand_made(BAD_MERGE), "file_broken"),
    "no sheets": (hand_made("", workbook=f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"/>'), "file_empty"),
    "no sheet": (packed({"xl/workbook.xml": UNRELATED}), "file_empty"),
    "document type": (hand_made("<sheetData/>", head='<!DOCTYPE x [<!ENTITY a "aaaa">]>'), "file_broken"),
    "many columns": (xlsx(["ФИО"] + ["x"] * 150), "too_many_columns"),
    "far column": (hand_made(f'<sheetData><row r="1">{text("XFD1", "x")}</row></sheetData>'), "too_many_columns"),
    "csv of many columns": (";".join(["ФИО"] * 150).encode(), "too_many_columns"),
    "open quote": (('ФИО;Класс\nИванов;"' + "x" * 150_000).encode(), "file_broken"),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_what_cannot_be_read_is_told(what: str) -> None:
    content, code = WRONG[what]
    with translation.override("ru"):
        refused = refusal_of(content)
    assert refused.code == code
    assert any("а" <= letter <= "я" for letter in refused.message)


def test_the_advice_fits_the_type() -> None:
    with translation.override("ru"):
        assert ".xls)" in refusal_of(OLE).message
        assert "паролем" in refusal_of(WRONG["password"][0]).message
        assert "OpenDocument" in refusal_of(WRONG["ods"][0]).message
        assert "веб-страница" in refusal_of(WRONG["html"][0]).message


def test_too_many_rows_and_bytes_are_told() -> None:
    lines = "ФИО;Класс\n" + "Иванов Иван;5А\n" * 50_000
    refused = refusal_of(lines.encode())
    assert (refused.code, "20\xa0000" in refused.message) == ("file_too_large", True)
    assert len(read(("ФИО\n" + "Иванов\n" * tables.MOST_ROWS).encode()).rows) == tables.MOST_ROWS
    assert refusal_of(("ФИО\n" + "Иванов\n" * (tables.MOST_ROWS + 1)).encode()).code == "file_too_large"
    assert refusal_of(b"x" * (tables.MOST_BYTES + 1)).code == "file_too_large"


def test_a_workbook_of_many_rows_is_refused_while_it_is_read() -> None:
    row = '<row><c t="inlineStr"><is><t>Иванов</t></is></c></row>'
    content = hand_made(f"<sheetData>{HEADINGS}{row * 50_000}</sheetData>")
    assert refusal_of(content).code == "file_too_large"


def test_an_archive_that_unfolds_too_far_is_not_unfolded(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = hand_made("<sheetData>" + " " * 5_000_000 + "</sheetData>")
    assert len(bomb) < 20_000
    assert refusal_of(bomb).code == "file_too_large"
    monkeypatch.setattr(archives, "MOST_UNPACKED", 100)
    assert refusal_of(BROKEN).code == "file_too_large"
    many = packed({f"xl/{number}.xml": "" for number in range(archives.MOST_ENTRIES + 1)})
    assert refusal_of(many).code == "file_too_large"


def test_merges_over_everything_cost_nothing() -> None:
    merges = "".join('<mergeCell ref="A1:XFD1048576"/>' for _number in range(2_000))
    rows = "".join(f'<row r="{number}">{text(f"A{number}", "x")}</row>' for number in range(2, 200))
    table = read(hand_made(f"<sheetData>{HEADINGS}{rows}</sheetData><mergeCells>{merges}</mergeCells>"))
    assert len(table.rows) == 197


# --- CSV --------------------------------------------------------------------------------------------------------------
CSV = 'ФИО;Класс;Примечание\r\nИванов Иван;5А;"две\r\nстроки; и «точка с запятой»"\r\n\r\nПетрова Анна;5Б;\r\n'


@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("cp1251", "windows-1251"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16"),
        ("cp866", "cp866"),
    ],
)
def test_encodings_are_found_out(encoding: str, found: str) -> None:
    words = CSV if encoding != "cp866" else CSV.replace("«", "").replace("»", "")
    table = read(words.encode(encoding), "a.csv")
    assert (table.encoding, table.delimiter, table.headings[0]) == (found, ";", "ФИО")
    assert [number for number, _row in table.rows] == [2, 4]
    assert "\n" in table.rows[0][1][2]


def test_the_encoding_can_be_said() -> None:
    content = CSV.encode("cp1251")
    assert read(content, encoding="windows-1251").headings[0] == "ФИО"
    assert refusal_of(content, encoding="utf-8").code == "file_unreadable"
    assert refusal_of("ФИО;a".encode(), encoding="utf-16").code in ("file_unreadable", "no_headings")


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_the_sign_between_cells_is_found_out(sign: str) -> None:
    rows = ["Список, составлен; сегодня", f"Фамилия, имя{sign}Класс", f'"Иванов, Иван; младший"{sign}5А']
    rows[1] = f'"Фамилия, имя, отчество"{sign}Класс'
    table = read("\n".join(rows).encode())
    assert (table.delimiter, table.headings) == (sign, ("Фамилия, имя, отчество", "Класс"))


def test_the_sign_can_be_said() -> None:
    assert read("ФИО,Класс;Литера".encode(), delimiter=";").headings == ("ФИО,Класс", "Литера")


def test_tricks_of_programs_that_write_csv() -> None:
    table = read('ФИО;Телефон\nИванов;"=""89001234567"""\nПетров;=1+1\n'.encode())
    assert [row[1] for _number, row in table.rows] == ["89001234567", f"{UNCOMPUTED}1+1"]


def test_the_format_is_told_by_the_content() -> None:
    assert format_of(xlsx(*PEOPLE), "список.csv") == "xlsx"
    assert format_of(CSV.encode(), "список.xlsx") == "csv"
    assert format_of(packed({"Папка/manifest.csv": "", "Папка/users.csv": ""}), "a.zip") == "oneroster"


def test_columns_have_names() -> None:
    assert [letters_of(column) for column in (0, 25, 26, 51, 52, 701, 702)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]
    assert timedelta(days=41883) + date(1899, 12, 30) == date(2014, 9, 1)
