"""The file store in an S3-compatible service: the same files, parts, previews and backups as on a disk.

moto plays the service inside this process; nothing leaves the machine.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import boto3
import environ
import pytest
from botocore.client import BaseClient
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage, storages
from django.http import Http404
from django.test import Client, RequestFactory
from django.utils import timezone
from moto import mock_aws

from files.models import StoredFile
from files.object_store import ObjectStore
from files.services import store, upload
from files.services.keeping import throw_away
from files.serving import respond
from orgs.models import Organization
from sferum_admin import settings_operation
from sferum_admin.backup import writing
from sferum_admin.backup.reading import restore_backup
from tests.files.samples import GOOD, picture, upload_of
from tests.project.test_backup import everything, flush
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.req("CHAT-5"), pytest.mark.xdist_group("object store")]
ENVIRONMENT = {
    "FILES_STORE": "s3",
    "S3_BUCKET": "school",
    "S3_ACCESS_KEY": "key",
    "S3_SECRET_KEY": "secret",
    "S3_REGION": "us-east-1",
    "S3_PREFIX": "files",
}


def configured(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]) -> dict[str, Any]:
    for name in (*ENVIRONMENT, "S3_ENDPOINT", "S3_ADDRESSING", "FILES_DIR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return settings_operation.file_store(environ.Env(), Path("/data/files"))


@pytest.fixture
def bucket(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The platform with its files in an empty bucket."""
    store = configured(monkeypatch, ENVIRONMENT)
    # The answers are made where botocore would open a connection.
    with mock_aws():
        settings.STORAGES = settings.STORAGES | {"default": store}
        keys = {"aws_access_key_id": "key", "aws_secret_access_key": "secret", "region_name": "us-east-1"}
        made = boto3.resource("s3", **keys).create_bucket(Bucket="school")
        assert isinstance(storages["default"], ObjectStore)
        yield made


def names(bucket: Any) -> set[str]:
    return {found.key for found in bucket.objects.all()}


def body(stored: StoredFile, **headers: str) -> tuple[int, bytes]:
    request = RequestFactory().get("/x", headers=headers)
    response = respond(stored, request=request)
    content = b"".join(response) if response.streaming else response.content
    response.close()
    return response.status_code, content


@pytest.mark.parametrize("sample", ["pdf", "png"])
def test_a_file_goes_into_the_bucket_and_comes_back(world: World, bucket: Any, sample: str) -> None:
    stored = upload(actor=world.a.actor("student"), upload=upload_of(GOOD[sample][0], "a"))
    assert names(bucket) == {f"files/{field.name}" for field in (stored.content, stored.preview) if field.name}
    status, content = body(stored)
    assert (status, len(content)) == (200, stored.size)
    throw_away(stored)
    assert names(bucket) == set()


def test_a_large_picture_has_its_preview(world: World, bucket: Any) -> None:
    stored = upload(actor=world.a.actor("student"), upload=upload_of(picture(size=(3000, 2000)), "a.png"))
    assert len(names(bucket)) == 2
    response = respond(stored, request=RequestFactory().get("/x"), preview=True)
    assert b"".join(response).startswith(b"RIFF")
    response.close()


@pytest.mark.parametrize("part", ["bytes=0-4", "bytes=5-9", "bytes=-7", "bytes=1000-"])
def test_a_part_is_asked_of_the_service_as_a_part(
    world: World, bucket: Any, part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = upload(actor=world.a.actor("student"), upload=upload_of(GOOD["pdf"][0] + b"x" * 5000, "a.pdf"))
    _status, whole = body(stored)
    asked: list[str] = []
    real = BaseClient._make_api_call

    def noted(client: Any, name: str, more: dict[str, Any]) -> Any:
        asked.append(more.get("Range", name))
        return real(client, name, more)

    monkeypatch.setattr(BaseClient, "_make_api_call", noted)
    status, content = body(stored, Range=part)
    first, _dash, last = part.removeprefix("bytes=").partition("-")
    wanted = whole[-int(last) :] if not first else whole[int(first) : int(last) + 1 if last else None]
    assert (status, content) == (206, wanted)
    place = len(whole) - int(last) if not first else int(first)
    assert f"bytes={place}-" in asked


def test_what_is_gone_from_the_bucket_is_not_found(world: World, bucket: Any) -> None:
    stored = upload(actor=world.a.actor("student"), upload=upload_of(GOOD["pdf"][0], "a.pdf"))
    bucket.objects.all().delete()
    with pytest.raises(Http404):
        body(stored)
    with pytest.raises(FileNotFoundError):
        default_storage.open("2026/11/nothing.pdf")
    default_storage.delete("2026/11/nothing.pdf")


def test_objects_have_no_address_of_their_own(world: World, bucket: Any) -> None:
    stored = upload(actor=world.a.actor("student"), upload=upload_of(GOOD["pdf"][0], "a.pdf"))
    assert stored.content.url == ""
    grants = bucket.Object(f"files/{stored.content.name}").Acl().grants
    assert not [grant for grant in grants if "AllUsers" in grant["Grantee"].get("URI", "")]


def test_what_can_be_read_once_only_is_saved_too(bucket: Any) -> None:
    class Once(io.RawIOBase):
        def __init__(self) -> None:
            self.left = [b"one ", b"two"]

        def readable(self) -> bool:
            return True

        def read(self, size: int = -1) -> bytes:
            return self.left.pop(0) if self.left else b""

    name = default_storage.save("a/b.bin", File(Once(), name="a/b.bin"))
    with default_storage.open(name) as file:
        assert (file.size, file.read()) == (7, b"one two")
        file.seek(4)
        assert file.read(2) == b"tw"
        file.seek(0)
        assert file.read(3) == b"one"


def test_a_name_that_is_taken_is_never_written_over(bucket: Any) -> None:
    first = default_storage.save("a/b.bin", ContentFile(b"first"))
    second = default_storage.save("a/b.bin", ContentFile(b"second"))
    assert first != second
    assert default_storage.open(first).read() == b"first"


def test_the_store_is_compared_with_the_tables(world: World, bucket: Any) -> None:
    stored = upload(actor=world.a.actor("student"), upload=upload_of(GOOD["pdf"][0], "a.pdf"))
    orphan = default_storage.save("2026/11/orphan.bin", ContentFile(b"nobody's"))
    report = store.check(timezone.now() + timedelta(days=60))
    assert (report.files, report.orphans, report.missing) == (2, [orphan], [])
    assert store.remove_orphans(report.orphans) == 1
    default_storage.delete(stored.content.name)
    assert store.check(timezone.now()).missing == [stored.content.name]


@pytest.mark.django_db(transaction=False)
def test_a_backup_takes_the_bucket_along_and_fills_it_again(world: World, bucket: Any, tmp_path: Path) -> None:
    upload(actor=world.a.actor("leader"), upload=upload_of(picture(), "Снимок.png"))
    before, objects = everything(), names(bucket)
    path = tmp_path / "copy.backup"
    written = writing.write_backup(path)
    assert (written.files, written.missing) == (len(objects), [])
    flush()
    assert names(bucket) == set()
    assert restore_backup(path).files == len(objects)
    assert names(bucket) == objects
    assert everything() == before


def test_a_members_page_shows_the_logo_from_the_bucket(world: World, bucket: Any, browse: Any) -> None:
    client: Client = browse(world.a.user("administrator"))
    address = f"/o/{world.a.slug}/settings/logo/"
    assert client.post(address, {"file": upload_of(picture(), "logo.png")}).status_code == 302
    assert len(names(bucket)) == 1
    version = Organization.objects.values_list("logo_version", flat=True).get(pk=world.a.organization.pk)
    assert client.get(f"/o/{world.a.slug}/logo/{version}/").content.startswith(b"\x89PNG")


# --- Settings ---------------------------------------------------------------------------------------------------------
def test_a_service_of_ones_own_is_reached_at_its_address(monkeypatch: pytest.MonkeyPatch) -> None:
    store = ObjectStore(**configured(monkeypatch, ENVIRONMENT | {"S3_ENDPOINT": "https://s3.example.test"})["OPTIONS"])
    client = store.connection.meta.client
    assert client.meta.endpoint_url == "https://s3.example.test"
    assert client.meta.config.s3["addressing_style"] == "path"
    assert (client.meta.config.connect_timeout, client.meta.config.read_timeout) == (5, 60)


def test_by_itself_the_store_is_a_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    found = configured(monkeypatch, {})
    assert found["BACKEND"].endswith("FileSystemStorage")
    assert found["OPTIONS"] == {"location": "/data/files"}


@pytest.mark.parametrize("missing", ["S3_BUCKET", "S3_ACCESS_KEY", "S3_SECRET_KEY"])
def test_a_bucket_without_its_keys_is_refused(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    with pytest.raises(environ.ImproperlyConfigured, match=missing):
        configured(monkeypatch, {name: value for name, value in ENVIRONMENT.items() if name != missing})


def test_an_unknown_store_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(environ.ImproperlyConfigured, match="FILES_STORE"):
        configured(monkeypatch, {"FILES_STORE": "tape"})
