"""Bringing the roster in and taking it away, on PostgreSQL: `python -m benchmarks.roster [rows …]`.

Every size runs in a process of its own, in an organization of its own: rows a second, SQL statements, peak memory. The
floors beside it are measured in the same run: reading the XLSX alone, and one multi-row INSERT for each of the four
tables with the same people.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from benchmarks import harness

SIZES = (1_000, 5_000, 20_000)
CLASSES = 40
# One child in five has a brother or a sister in the file: they share their parents.
SIBLINGS = 5
KINDS = {"parents": "two parents each", "alone": "nobody else"}
SYLLABLES = ("ва", "ле", "ми", "но", "ру", "са", "ти", "ко", "де", "ло")


def main() -> None:
    """Prepare the database, measure each size, print the table."""
    for name, deed in (("--measure", measure), ("--file", write_file)):
        if name in sys.argv:
            deed(int(sys.argv[2]), sys.argv[3])
            return
    harness.prepare_environment()
    for size in [int(word) for word in sys.argv[1:]] or SIZES:
        for kind in KINDS:
            in_process("--measure", size, kind)
    harness.remove_database()


def in_process(deed: str, size: int, kind: str, **how: Any) -> subprocess.CompletedProcess[bytes]:
    """Do a part in a process of its own, so that its memory is its own."""
    return subprocess.run([sys.executable, "-m", "benchmarks.roster", deed, str(size), kind], check=True, **how)


def measure(size: int, kind: str) -> None:
    """Measure one size in this process."""
    import django

    django.setup()
    actor = make_school(size, kind)
    content = in_process("--file", size, kind, stdout=subprocess.PIPE).stdout
    floor_read = seconds_of(lambda: read(content))
    floor_write = seconds_of(lambda: insert_alone(actor.organization.pk, size))
    print(f"\n{size} students, {KINDS[kind]}, {len(content) // 1024} kB; memory before: {megabytes()} MB")
    print(f"{'floor: reading the XLSX':36} {floor_read:7.2f} s")
    print(f"{'floor: four multi-row INSERTs':36} {floor_write:7.2f} s")
    load = stage("upload, columns guessed", size, lambda: upload(actor, content))
    stage("check (reading, comparing, rows)", size, lambda: work(actor, load, "check"))
    stage("bringing in (reading, writing)", size, lambda: work(actor, load, "bring_in"), floor_read + floor_write)
    again = upload(actor, content)
    stage("check of the same file once more", size, lambda: work(actor, again, "check"))
    for form in ("xlsx", "csv"):
        stage(f"export of students, {form}", size, lambda form=form: exported(actor, form))  # type: ignore[misc]
    stage("undoing", size, lambda: undo(actor, load))


def stage(name: str, size: int, deed: Callable[[], Any], floor: float | None = None) -> Any:
    """Time one deed, count its statements, print a line; return what it gave back."""
    with counted() as statements:
        start, busy = time.perf_counter(), time.process_time()
        result = deed()
        seconds, busy = time.perf_counter() - start, time.process_time() - busy
    ratio = f"  {seconds / floor:4.1f} × the floors" if floor else ""
    speed = f"{size / seconds:9,.0f} rows/s"
    own = f"{busy:6.2f} s of Python"
    print(f"{name:36} {seconds:7.2f} s {speed} {own} {len(statements):3} statements  peak {megabytes():4} MB{ratio}")
    return result


@contextmanager
def counted() -> Iterator[list[str]]:
    """Remember the statements of the block."""
    from django.db import connection

    found: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        found.append(sql[:60])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield found


def seconds_of(deed: Callable[[], Any]) -> float:
    start = time.perf_counter()
    deed()
    return time.perf_counter() - start


def megabytes() -> int:
    """The peak of the resident memory so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def word(number: int) -> str:
    """A name of its own for each number."""
    return "".join(SYLLABLES[int(digit)] for digit in str(number)).capitalize()


def make_school(size: int, kind: str) -> Any:
    """An organization of its own for each size, with its administrator as the actor."""
    from accounts.models import User
    from orgs.actor import load_actor
    from orgs.services.organization import OrganizationData, create_organization
    from orgs.services.people import PersonData

    phone, slug = f"+799{list(KINDS).index(kind)}{size:07d}", f"bench-{size}-{kind}"
    data = OrganizationData(kind="school", name="Школа", short_name="Школа", slug=slug)
    create_organization(data=data, administrator=PersonData("А", "А", phone=phone))
    return load_actor(User.objects.get(phone=phone).pk, slug)


def write_file(size: int, kind: str) -> None:
    """Students in 40 classes, as journals write them, to the standard output."""
    import django

    django.setup()
    from roster.export.files import xlsx_of

    headings = ["№ личного дела", "Фамилия", "Имя", "Отчество", "Дата рождения", "Класс"]
    parents = ["Родитель 1", "Телефон родителя 1", "Родитель 2", "Телефон родителя 2"] if kind == "parents" else []
    rows = [row_of(number)[: len(headings) + len(parents)] for number in range(size)]
    sys.stdout.buffer.write(xlsx_of("Ученики", headings + parents, rows))


def row_of(number: int) -> list[Any]:
    family = number - 1 if number % SIBLINGS == 1 else number
    last, group = f"Б{word(family).lower()}", number % CLASSES
    mother, father = f"{last}а Анна Ильинична", f"{last} Олег Петрович"
    phones = [f"+7910{family:07d}", f"+7911{family:07d}"]
    born = f"{1 + number % 28:02}.{1 + number % 12:02}.{2009 + group // 4}"
    unit = f"{1 + group // 4}{'АБВГ'[group % 4]}"
    return [
        f"Л-{number}",
        last,
        f"И{word(number).lower()}",
        "Олегович",
        born,
        unit,
        mother,
        phones[0],
        father,
        phones[1],
    ]


def read(content: bytes) -> Any:
    from roster.reading.tables import read_table

    return read_table(content, file_name="Ученики.xlsx")


def insert_alone(organization_id: int, size: int) -> None:
    """What the database does alone for as many people: rolled back."""
    from django.db import connection, transaction

    people = size + 2 * (size - size // SIBLINGS)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(INSERT_PEOPLE, [organization_id, people])
        cursor.execute(INSERT_ROLES, [organization_id])
        cursor.execute(INSERT_PARTS, [organization_id, size])
        cursor.execute(INSERT_TIES, [organization_id, 2 * size])
        transaction.set_rollback(True)


INSERT_PEOPLE = """
INSERT INTO orgs_person (organization_id, last_name, first_name, patronymic, search_name, phone, email, position,
  record_number, verification, verification_reason, created_at)
SELECT %s, 'Белова' || n, 'Анна', 'Ильинична', 'белова' || n || ' анна ильинична', '+7910' || lpad(n::text, 7, '0'),
  '', '', '', 'not_confirmed', '', now() FROM generate_series(1, %s) n
"""
INSERT_ROLES = """
INSERT INTO orgs_roleassignment (organization_id, person_id, role, since)
SELECT organization_id, id, 'student', now() FROM orgs_person WHERE organization_id = %s AND user_id IS NULL
"""
INSERT_PARTS = """
INSERT INTO orgs_enrolment (organization_id, person_id, unit_id, part, since, order_number, is_conditional)
SELECT p.organization_id, p.id, u.id, 'student', now(), '', false FROM orgs_person p
JOIN orgs_unit u ON u.organization_id = p.organization_id AND u.kind = 'staff' WHERE p.organization_id = %s LIMIT %s
"""
INSERT_TIES = """
INSERT INTO orgs_guardianship (organization_id, parent_id, child_id, since)
SELECT organization_id, id, id - 1, now() FROM (SELECT *, row_number() OVER (ORDER BY id) n FROM orgs_person
WHERE organization_id = %s AND user_id IS NULL) p WHERE n > 1 LIMIT %s
"""


def upload(actor: Any, content: bytes) -> Any:
    from roster.services import loads

    return loads.upload(actor=actor, file_name="Ученики.xlsx", content=content)


def work(actor: Any, load: Any, deed: str) -> None:
    """Check or bring in, as the worker does it."""
    from roster.services import loads
    from works.models import Work
    from works.services import running

    # The broker is no part of it.
    running.enqueue = lambda *_arguments, **_more: None
    started = getattr(loads, deed)(actor=actor, load=load)
    running.run(started.pk)
    done = Work.objects.get(pk=started.pk)
    assert done.state == "done", (done.error_code, done.error_message)
    load.refresh_from_db(fields=["import_work"])


def exported(actor: Any, form: str) -> int:
    from roster.services.exporting import export

    return len(export(actor=actor, table="students", form=form).content)


def undo(actor: Any, load: Any) -> None:
    from works.services import undoing

    # The broker is no part of it: the click and the job, one after the other.
    undoing.enqueue = lambda *_arguments, **_more: None
    undoing.undo(actor=actor, work=load.import_work)
    undoing.run(load.import_work.pk)
    load.import_work.refresh_from_db(fields=["state"])
    assert load.import_work.state == "undone", load.import_work.state


if __name__ == "__main__":
    main()
