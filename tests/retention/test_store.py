"""The file store beside the rows: bytes that nobody names, rows whose bytes are gone."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.utils import timezone

from files.models import StoredFile
from files.services import store, upload
from files.tasks import check_store
from tests.files.samples import RUSSIAN, upload_of
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.req("ACC-2")]


@pytest.fixture(autouse=True)
def empty_store() -> None:
    """What other tests left in the store, which is memory here, is none of ours."""
    for name in list(store._walk(default_storage)):
        default_storage.delete(name)


def stored(world: World) -> StoredFile:
    return upload(actor=world.a.actor("leader"), upload=upload_of(RUSSIAN.encode(), "список.txt"))


def test_what_rows_name_is_no_orphan_and_a_stranger_is(world: World, settings: Any) -> None:
    own = stored(world)
    stranger = default_storage.save("2026/01/stranger.bin", ContentFile(b"x"))
    later = timezone.now() + timedelta(days=settings.KEEP_ORPHANED_FILES_DAYS, minutes=1)
    report = store.check(later)
    assert (report.files, report.orphans, report.missing) == (2, [stranger], [])
    assert store.remove_orphans([stranger, own.content.name]) == 1
    assert default_storage.exists(own.content.name)
    assert store.check(later).orphans == []


def test_what_was_just_written_is_no_orphan_yet(world: World) -> None:
    default_storage.save("2026/01/stranger.bin", ContentFile(b"x"))
    assert store.check(timezone.now()).orphans == []


def test_a_row_whose_bytes_are_gone_is_told(world: World) -> None:
    own = stored(world)
    default_storage.delete(own.content.name)
    assert store.check(timezone.now()).missing == [own.content.name]
    assert check_store() == 1


def test_the_command_tells_and_removes(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    name = default_storage.save("2026/01/stranger.bin", ContentFile(b"x"))
    later = timezone.now() + timedelta(days=30)
    monkeypatch.setattr("files.management.commands.check_files.timezone.now", lambda: later)
    out = StringIO()
    call_command("check_files", stdout=out)
    assert f"no row: {name}" in out.getvalue()
    assert default_storage.exists(name)
    call_command("check_files", "--remove", stdout=out)
    assert "1 of them removed" in out.getvalue()
    assert not default_storage.exists(name)
