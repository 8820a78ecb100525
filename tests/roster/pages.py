"""Looking at the pages of the roster as somebody of the cast; files that were checked, without the work of checking."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from roster.models import Load, LoadRow, Outcome
from roster.services import loads
from tests.files.samples import upload_of
from tests.orgs.pages import Visitor
from tests.world import School
from works.models import State, Work

CSV = "ФИО;Класс;Дата рождения;Телефон\nИванов Иван Иванович;5А;01.02.2015;\nПетрова Анна Ильинична;5В;;\n"


class RosterVisitor(Visitor):
    """A browser of one member of the cast, on the pages of the roster."""

    def url(self, name: str, **values: Any) -> str:
        return reverse(f"roster:{name}", kwargs={"slug": self.school.slug, **values})

    def upload(self, content: bytes | str, name: str = "ученики.csv", page: str = "upload", **values: Any) -> Any:
        """Send a file from a page."""
        sent = content.encode() if isinstance(content, str) else content
        return self.client.post(self.url(page, **values), {"file": upload_of(sent, name)})

    def queries_of(self, name: str, data: dict[str, Any] | None = None, **values: Any) -> int:
        """How many statements a page takes once it was seen."""
        self.get(name, data, **values)
        with CaptureQueriesContext(connection) as queries:
            assert self.get(name, data, **values).status_code == 200
        return len(queries)


def load_of(school: School, content: str | bytes = CSV, name: str = "ученики.csv") -> Load:
    """A file that was uploaded, not checked yet."""
    sent = content.encode() if isinstance(content, str) else content
    return loads.upload(actor=school.actor("administrator"), file_name=name, content=sent)


def row(number: int, outcome: str, name: str = "", **more: Any) -> dict[str, Any]:
    """One row of a check."""
    return {"number": number, "outcome": outcome, "name": name, "unit_name": "5А", **more}


def error(cell: str = "C3", message: str = "Это не дата: 32.13.2015", code: str = "date_unknown") -> dict[str, Any]:
    return {"code": code, "column": 2, "cell": cell, "message": message}


def checked(school: School, rows: Iterable[dict[str, Any]], *, content: str = CSV, **summary: Any) -> Load:
    """A file whose check said `rows`."""
    load = load_of(school, content)
    made = [LoadRow(organization=school.organization, load=load, **one) for one in rows]
    LoadRow.objects.bulk_create(made)
    counts = {outcome: sum(one.outcome == outcome for one in made) for outcome in Outcome.values}
    remarks = sum(bool(one.remarks) for one in made)
    load.summary = {"rows": len(made), **counts, "remarks": remarks, "units": [], "leaving": 0, **summary}
    load.checked_at = timezone.now()
    load.save()
    return load


def work_of(school: School, load: Load, kind: str = "roster_import", state: str = State.DONE, **more: Any) -> Work:
    """A work about a file."""
    work = Work.objects.create(
        organization=school.organization, kind=kind, state=state, parameters={"load": load.pk},
        started_by=school.people["administrator"], **more,
    )  # fmt: skip
    Load.objects.filter(pk=load.pk).update(**{"import_work" if kind == "roster_import" else "check_work": work})
    return work


def error_text(response: HttpResponse) -> str:
    """What the summary of errors says."""
    page = response.content.decode()
    return page[page.find('class="error-summary"') :][:600]
