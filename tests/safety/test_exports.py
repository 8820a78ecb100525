"""Names that a spreadsheet would run, a letter would obey, a calendar would split: they stay names (ORG-9, CHAT-4).

About 60 files: a quarter of a minute on one processor.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator

import openpyxl
import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.matrix_things import Things
from tests.safety.hostile import poison
from tests.test_permission_matrix import ROWS
from tests.world import World

pytestmark = [pytest.mark.req("ORG-9", "CHAT-4"), pytest.mark.timeout(600)]
Browse = Callable[[User | None], Client]
# Each begins like a formula, breaks a line, and ends a header, a field of a calendar and a file's name.
FORMULAS = {
    "equals": "=evil()|'\";,\\",
    "plus": "+evil()|'\";,\\",
    "minus": "-evil()|'\";,\\",
    "at": "@evil()|'\";,\\",
    "tab": "\t=evil()",
    "return": "\r=evil()",
    "line": "x\r\nBcc: evil@example.org\r\nBEGIN:VEVENT\r\n=evil()",
    "shift": "\ufeff=evil()",
}
RUNS = ("=", "+", "-", "@", "\t", "\r")
NUMBER = re.compile(r"^[+-]?[\d\u00a0 .,:%]*$")


def files_of(world: World) -> Iterator[str]:
    """Addresses of everything the administrator may read; what is no file is passed over by its content."""
    things = Things(world)
    for row in ROWS:
        address = reverse(row.route, kwargs=things.fill(row.route))
        if row.method == "GET" and row.expected()["administrator"] == 200 and _may_be_a_file(row.route):
            yield address


def _may_be_a_file(route: str) -> bool:
    words = ("csv", "xlsx", "sheet", "workbook", "export", "journal", "feed", "paper", "pdf", "template", "print")
    return any(word in route for word in (*words, "report", "codes", "calendar", "register", "download", "qr"))


def content_of(client: Client, address: str) -> HttpResponse | None:
    with transaction.atomic():
        response = client.get(address)
        transaction.set_rollback(True)
    return None if getattr(response, "streaming", False) else response


def cells_that_run(response: HttpResponse) -> list[str]:
    """What a program for tables would take for a formula in this file."""
    kind = response.headers["Content-Type"]
    if "spreadsheetml" in kind:
        book = openpyxl.load_workbook(io.BytesIO(response.content))
        cells = (cell for sheet in book for row in sheet.iter_rows() for cell in row)
        return [str(cell.value) for cell in cells if cell.data_type == "f"]
    if kind.startswith("text/csv"):
        text = response.content.decode("utf-8-sig")
        delimiter = ";" if text.partition("\n")[0].count(";") else ","
        cells = (cell for row in csv.reader(io.StringIO(text), delimiter=delimiter) for cell in row)
        return [cell for cell in cells if cell.startswith(RUNS) and not NUMBER.match(cell)]
    return []


@pytest.mark.parametrize("kind", FORMULAS)
def test_no_file_holds_a_formula(world: World, browse: Browse, kind: str) -> None:
    addresses = list(files_of(world))
    poison((FORMULAS[kind],))
    client, wrong, kinds = browse(world.a.user("administrator")), [], set()
    for address in addresses:
        # Papers are slow to draw, and one kind of name is enough for them.
        if kind not in ("equals", "line") and address.endswith(("pdf", "/print/")):
            continue
        response = content_of(client, address)
        if response is None:
            continue
        assert response.status_code < 500, address
        disposition = response.headers.get("Content-Disposition", "")
        assert "\n" not in disposition
        assert disposition.count("filename") <= 1, (address, disposition)
        kinds.add(response.headers["Content-Type"].partition(";")[0])
        if found := cells_that_run(response):
            wrong.append((address, found[:3]))
        if response.headers["Content-Type"].startswith("text/calendar"):
            assert not re.search(rb"^Bcc|^=evil", response.content.replace(b"\r\n ", b""), re.M), address
    assert wrong == []
    assert {"text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"} <= kinds
