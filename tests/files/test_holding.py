"""Who may hang an upload on something, once; and what happens to uploads that were not used (CHAT-5)."""

import os
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from common.errors import DomainError
from files import services, tasks
from files.models import StoredFile
from files.services import claim, discard, remove, upload
from orgs.actor import Actor
from tests.files.samples import picture, upload_of
from tests.threads import at_once
from tests.world import World, build_school

pytestmark = pytest.mark.req("CHAT-5")


def text(actor: Actor, name: str = "a.txt") -> StoredFile:
    return upload(actor=actor, upload=upload_of(b"hello", name))


@pytest.mark.parametrize("count", [1, 3, 10])
def test_own_uploads_are_claimed_in_the_given_order_by_two_statements(world: World, count: int) -> None:
    student = world.a.actor("student")
    ids = [text(student).pk for _number in range(count)][::-1]
    with CaptureQueriesContext(connection) as queries:
        files = claim(actor=student, ids=ids)
    assert len(queries) == 2
    assert [file.pk for file in files] == ids
    assert all(file.claimed_at for file in files)
    assert not StoredFile.objects.filter(claimed_at=None).exists()


def test_no_files_cost_nothing(world: World, django_assert_num_queries: Callable) -> None:
    student = world.a.actor("student")
    with django_assert_num_queries(0):
        assert claim(actor=student, ids=[]) == []


def _of_the_parent(world: World) -> list[int]:
    return [text(world.a.actor("parent")).pk]


def _of_the_other_school(world: World) -> list[int]:
    return [text(world.b.actor("student")).pk]


def _used_before(world: World) -> list[int]:
    student = world.a.actor("student")
    used = text(student)
    claim(actor=student, ids=[used.pk])
    return [used.pk]


def _twice(world: World) -> list[int]:
    return [text(world.a.actor("student")).pk] * 2


@pytest.mark.req("ACC-4")
@pytest.mark.parametrize(
    "foreign",
    [
        _of_the_parent,
        _of_the_other_school,
        _used_before,
        _twice,
        lambda _world: [999_999],
        lambda _world: [0, -1, 2**63, 10**30],
    ],
)
def test_everything_else_is_refused_and_claims_nothing(world: World, foreign: Callable[[World], list[int]]) -> None:
    student = world.a.actor("student")
    own, others = text(student), foreign(world)
    before = list(StoredFile.objects.order_by("pk").values("pk", "claimed_at"))
    for ids in ([own.pk, *others], [*others, own.pk], others):
        with pytest.raises(DomainError) as refused:
            claim(actor=student, ids=ids)
        assert (refused.value.code, refused.value.status) == ("file_not_yours", 400)
    assert list(StoredFile.objects.order_by("pk").values("pk", "claimed_at")) == before


@pytest.mark.req("ACC-4")
def test_a_person_of_two_schools_keeps_them_apart(world: World) -> None:
    """The same user, one person here and one there."""
    stored = text(world.a.actor("both"))
    with pytest.raises(DomainError, match="file_not_yours"):
        claim(actor=world.b.actor("both"), ids=[stored.pk])


def test_removing_takes_rows_at_once_and_bytes_after_the_commit(
    world: World, django_capture_on_commit_callbacks: Callable
) -> None:
    stored = upload(actor=world.a.actor("student"), upload=upload_of(picture(size=(900, 900))))
    names = [stored.content.name, stored.preview.name]
    with django_capture_on_commit_callbacks(execute=True):
        remove(files=[stored])
        assert not StoredFile.objects.exists()
        assert all(default_storage.exists(name) for name in names)
    assert not any(default_storage.exists(name) for name in names)


def test_a_rolled_back_removal_keeps_the_bytes(world: World, django_capture_on_commit_callbacks: Callable) -> None:
    stored = text(world.a.actor("student"))
    with django_capture_on_commit_callbacks(execute=True):
        try:
            with transaction.atomic():
                remove(files=[stored])
                raise ZeroDivisionError
        except ZeroDivisionError:
            pass
    assert StoredFile.objects.get().content.open().read() == b"hello"


def test_what_is_in_use_is_not_discarded(world: World) -> None:
    student = world.a.actor("student")
    seen = text(student)
    claim(actor=student, ids=[seen.pk])
    discard(actor=student, stored=seen)
    assert StoredFile.objects.filter(pk=seen.pk).exists()


# --- What was not used ------------------------------------------------------------------------------------------------
def grown_old(*files: StoredFile) -> None:
    StoredFile.objects.filter(pk__in=[file.pk for file in files]).update(
        uploaded_at=timezone.now() - timedelta(hours=24, seconds=1)
    )


def test_uploads_not_used_within_a_day_are_removed(
    world: World, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Callable
) -> None:
    monkeypatch.setattr(services.holding, "BATCH", 2)
    student = world.a.actor("student")
    old, used, fresh = [text(student) for _number in range(5)], text(student), text(student)
    claim(actor=student, ids=[used.pk])
    grown_old(*old, used)
    with django_capture_on_commit_callbacks(execute=True):
        assert tasks.remove_unclaimed() == 5
    assert set(StoredFile.objects.values_list("pk", flat=True)) == {used.pk, fresh.pk}
    assert [default_storage.exists(file.content.name) for file in (*old, used, fresh)] == [False] * 5 + [True] * 2
    assert tasks.remove_unclaimed() == 0
    claim(actor=student, ids=[fresh.pk])


def test_what_a_killed_process_left_is_removed(on_disk: Path, settings: Any) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = on_disk
    left, coming, other = (on_disk / name for name in ("tmp1.upload.mp4", "tmp2.upload.mp4", "notes.txt"))
    for path in (left, coming, other):
        path.write_bytes(b"half")
    yesterday = (timezone.now() - timedelta(hours=25)).timestamp()
    for path in (left, other):
        os.utime(path, (yesterday, yesterday))
    assert [services.remove_interrupted(timezone.now()) for _run in range(2)] == [1, 0]
    assert [path.exists() for path in (left, coming, other)] == [False, True, True]


# --- At the same moment -----------------------------------------------------------------------------------------------
def _in_transaction(deed: Callable[[], object]) -> Callable[[], object]:
    def run() -> object:
        with transaction.atomic():
            return deed()

    return run


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_of_two_messages_with_one_file_one_gets_it() -> None:
    school = build_school("r", 7)
    student = school.actor("student")
    for _round in range(5):
        ids = [text(student).pk for _number in range(4)]
        orders: Sequence[list[int]] = (ids, ids[::-1], ids[1:3])
        outcomes = at_once([_in_transaction(lambda order=order: claim(actor=student, ids=order)) for order in orders])
        refused = [found for found in outcomes if isinstance(found, DomainError)]
        assert [found.code for found in refused] == ["file_not_yours"] * 2
        assert sum(isinstance(found, list) for found in outcomes) == 1


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_file_being_used_is_neither_tidied_away_nor_discarded() -> None:
    school = build_school("r", 7)
    student = school.actor("student")
    for _round in range(5):
        stored = text(student)
        grown_old(stored)
        claimed, *_others = at_once(
            [
                _in_transaction(lambda key=stored.pk: claim(actor=student, ids=[key])),
                tasks.remove_unclaimed,
                lambda file=stored: discard(actor=student, stored=file),
            ]
        )
        exists = StoredFile.objects.filter(pk=stored.pk).exists()
        assert exists == isinstance(claimed, list)
        assert default_storage.exists(stored.content.name) == exists
