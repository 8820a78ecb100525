"""A backup restored into an empty installation is the same installation."""

from __future__ import annotations

from io import StringIO
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, models, transaction

from chats.models import Template
from files.models import StoredFile
from files.services import upload
from orgs.models import AuditEvent, Person
from sferum_admin.backup import reading, sealed, tables, writing
from stats.services.rollup import roll_up
from tests.chats.cast import chat_of, say, switch_on
from tests.files.samples import picture, upload_of
from tests.world import World

pytestmark = pytest.mark.django_db
PASSPHRASE = "четыре слова на бумаге"


def flush() -> None:
    """An empty installation: nothing in the database, nothing in the store. The test's transaction brings it back."""
    names = [model._meta.db_table for model in tables.all_models()]
    for model in tables.all_models():
        for column in tables.file_fields(model):
            for name in model._base_manager.exclude(**{column.attname: ""}).values_list(column.attname, flat=True):
                column.storage.delete(name)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"TRUNCATE {', '.join(names)} CASCADE")
            return
        cursor.execute("PRAGMA defer_foreign_keys = ON")
        cursor.execute("DROP TRIGGER IF EXISTS orgs_auditevent_no_delete")
        for name in names:
            cursor.execute(f"DELETE FROM {name}")


@pytest.fixture
def lived_in(world: World) -> World:
    """The two schools with a message, a file and counted days."""
    switch_on(world.a)
    say(world.a, "parent", chat_of(world.a, Template.UNIT_PARENTS), "Спасибо! Ёлка, «кавычки», 'апостроф' и \\ черта")
    upload(actor=world.a.actor("leader"), upload=upload_of(picture(), "Снимок.png"))
    roll_up()
    return world


def everything() -> dict[str, Any]:
    """Every row of every table and every file of the store."""
    rows = {}
    for model in tables.all_models():
        names = [field.attname for field in model._meta.concrete_fields]
        found = [[_plain(value) for value in row] for row in model._base_manager.order_by("pk").values_list(*names)]
        rows[model._meta.label_lower] = found
    files = {}
    for stored in StoredFile.objects.order_by("pk"):
        with stored.content.open() as content:
            files[stored.content.name] = content.read()
    return {"rows": rows, "files": files}


def differences(before: dict[str, Any], after: dict[str, Any]) -> list[Any]:
    """The first row of each table that is not the same, and the files when they are not."""
    found: list[Any] = [] if before["files"] == after["files"] else ["files"]
    for label, rows in before["rows"].items():
        pairs = zip_longest(rows, after["rows"][label])
        found += [(label, *pair) for pair in pairs if pair[0] != pair[1]][:1]
    return found


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


@pytest.mark.parametrize("passphrase", ["", PASSPHRASE], ids=["open", "sealed"])
def test_everything_comes_back(lived_in: World, tmp_path: Path, passphrase: str) -> None:
    before = everything()
    path = tmp_path / "one.backup"
    made = writing.write_backup(path, passphrase)
    assert made.total_rows == sum(map(len, before["rows"].values()))
    assert (made.files, made.missing) == (1, [])
    assert reading.is_sealed(path) is bool(passphrase)
    assert path.stat().st_mode & 0o077 == 0
    flush()
    assert not Person.objects.exists()
    came = reading.restore_backup(path, passphrase)
    assert (came.total_rows, came.files) == (made.total_rows, 1)
    assert differences(before, everything()) == []


def test_life_goes_on_after_it(lived_in: World, tmp_path: Path) -> None:
    writing.write_backup(tmp_path / "one.backup")
    flush()
    reading.restore_backup(tmp_path / "one.backup")
    # Numbers go on where they were, the journal still cannot be changed, what happens is still noted.
    newest = AuditEvent.objects.order_by("-pk").first()
    assert newest is not None
    message = say(lived_in.a, "parent", chat_of(lived_in.a, Template.UNIT_PARENTS), "И снова здравствуйте")
    assert message.pk
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        AuditEvent.objects.filter(pk=newest.pk).update(actor_name="Никто")
    assert roll_up().days


def test_a_full_installation_is_left_alone(lived_in: World, tmp_path: Path) -> None:
    writing.write_backup(tmp_path / "one.backup")
    before = everything()
    with pytest.raises(reading.CannotRestore):
        reading.restore_backup(tmp_path / "one.backup")
    assert everything() == before


def test_a_wrong_passphrase_and_damage_change_nothing(lived_in: World, tmp_path: Path) -> None:
    path = tmp_path / "one.backup"
    writing.write_backup(path, PASSPHRASE)
    whole = path.read_bytes()
    flush()
    empty = everything()
    damaged = {
        "flipped": whole[:5000] + bytes([whole[5000] ^ 1]) + whole[5001:],
        "cut off": whole[: len(whole) // 2],
        "end cut off": whole[:-40],
    }
    with pytest.raises(reading.CannotRestore):
        reading.restore_backup(path, "другие слова")
    for content in damaged.values():
        path.write_bytes(content)
        with pytest.raises(reading.CannotRestore):
            reading.restore_backup(path, PASSPHRASE)
    assert everything() == empty


def test_damage_of_an_open_backup_is_noticed(lived_in: World, tmp_path: Path) -> None:
    path = tmp_path / "one.backup"
    writing.write_backup(path)
    whole = path.read_bytes()
    flush()
    place = len(whole) // 3
    flipped = whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]
    for content in (whole[: len(whole) // 2], whole[:-2000], flipped, b"not a backup at all"):
        path.write_bytes(content)
        with pytest.raises(reading.CannotRestore):
            reading.restore_backup(path)
    assert not Person.objects.exists()
    assert not StoredFile.objects.exists()


def test_another_version_is_refused(lived_in: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "one.backup"
    monkeypatch.setattr(tables, "migrations", lambda: ["orgs.0001_initial_tables"])
    writing.write_backup(path)
    monkeypatch.undo()
    flush()
    with pytest.raises(reading.CannotRestore, match=r"account\.0001"):
        reading.restore_backup(path)


def test_a_file_that_is_gone_is_told(lived_in: World, tmp_path: Path) -> None:
    stored = StoredFile.objects.get()
    stored.content.storage.delete(stored.content.name)
    summary = writing.write_backup(tmp_path / "one.backup")
    assert summary.missing == [stored.content.name]


def test_a_foreign_file_in_the_store_is_not_overwritten(lived_in: World, tmp_path: Path) -> None:
    writing.write_backup(tmp_path / "one.backup")
    stored = StoredFile.objects.get()
    storage, name = stored.content.storage, stored.content.name
    flush()
    storage.save(name, ContentFile(b"somebody else's"))
    with pytest.raises(reading.CannotRestore):
        reading.restore_backup(tmp_path / "one.backup")
    with storage.open(name) as kept:
        assert kept.read() == b"somebody else's"
    storage.delete(name)
    assert not Person.objects.exists()


def test_the_commands_speak(lived_in: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out, warnings = StringIO(), StringIO()
    call_command("backup", str(tmp_path), stdout=out, stderr=warnings)
    [path] = tmp_path.iterdir()
    assert path.name in out.getvalue()
    assert "BACKUP_PASSPHRASE" in warnings.getvalue()
    with pytest.raises(CommandError, match=path.name):
        call_command("backup", str(path), stdout=out, stderr=warnings)
    monkeypatch.setenv("BACKUP_PASSPHRASE", PASSPHRASE)
    call_command("backup", str(tmp_path / "sealed"), stdout=out, stderr=StringIO())
    monkeypatch.delenv("BACKUP_PASSPHRASE")
    with pytest.raises(CommandError, match="BACKUP_PASSPHRASE"):
        call_command("restore", str(tmp_path / "sealed"))
    flush()
    call_command("restore", str(path), stdout=out)
    assert Person.objects.exists()
    with pytest.raises(CommandError):
        call_command("restore", str(tmp_path / "nothing"))


@pytest.mark.parametrize("size", [0, 1, sealed.PIECE - 1, sealed.PIECE, sealed.PIECE + 1, 3 * sealed.PIECE])
def test_sealed_bytes_come_back(tmp_path: Path, size: int) -> None:
    plain = bytes(range(256)) * (size // 256 + 1)
    path = tmp_path / "sealed"
    with path.open("wb") as target:
        writer = sealed.SealedWriter(target, "a b c")
        for start in range(0, size, 100_001):
            writer.write(plain[:size][start : start + 100_001])
        writer.close()
    with path.open("rb") as source:
        assert source.read(len(sealed.MARK)) == sealed.MARK
        assert sealed.SealedReader(source, "a b c").read() == plain[:size]


def test_pieces_cannot_be_left_out(tmp_path: Path) -> None:
    path = tmp_path / "sealed"
    with path.open("wb") as target:
        writer = sealed.SealedWriter(target, "a b c")
        writer.write(b"x" * (3 * sealed.PIECE))
        writer.close()
    whole, start = path.read_bytes(), len(sealed.MARK) + 16
    size = 4 + sealed.PIECE + 16
    for cut in (whole[: start + size], whole[:start] + whole[start + size :], whole[:start]):
        path.write_bytes(cut)
        with path.open("rb") as source:
            source.read(len(sealed.MARK))
            reader = sealed.SealedReader(source, "a b c")
            with pytest.raises(sealed.WrongPassphrase):
                reader.read()


def test_every_table_is_in_it(db: None) -> None:
    """No table of ours hides from the models: what the database has and the backup has not, is known by name."""
    names = {model._meta.db_table for model in tables.all_models()}
    assert set(connection.introspection.table_names()) - names <= {"django_migrations", "cache_table"}
    assert all(isinstance(model._meta.pk, models.Field) for model in apps.get_models())
