"""What is taken in and under which name; what is refused, and that nothing of it stays (CHAT-5)."""

import random
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import pytest
from django.core.files.storage import InMemoryStorage, default_storage
from django.core.files.uploadedfile import TemporaryUploadedFile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common.errors import DomainError
from files import formats
from files.formats import Format
from files.models import FileKind, StoredFile
from files.names import honest_name
from files.services import claim, upload
from tests.files.samples import BAD, GOOD, RUSSIAN, archive, mp3, picture, upload_of
from tests.world import World

pytestmark = pytest.mark.req("CHAT-5")


def stored_names() -> set[str]:
    names, folders = set(), [""]
    while folders:
        folder = folders.pop()
        try:
            inner, files = default_storage.listdir(folder)
        except FileNotFoundError:
            continue
        names |= {f"{folder}/{name}" for name in files}
        folders += [f"{folder}/{name}".strip("/") for name in inner]
    return names


@pytest.mark.parametrize("sample", GOOD)
def test_each_kind_is_known_by_its_content_whatever_its_name(world: World, sample: str) -> None:
    content, found = GOOD[sample]
    stored = upload(actor=world.a.actor("student"), upload=upload_of(content, "Отчёт.exe"))
    stored.refresh_from_db()
    assert (stored.kind, stored.content_type) == (found.kind, found.content_type)
    assert stored.original_name == f"Отчёт.{found.ending}"
    assert (stored.claimed_at, stored.uploaded_by) == (None, world.a.people["student"])
    kept = stored.content.open().read()
    assert (stored.size, stored.sha256) == (len(kept), sha256(kept).hexdigest())
    assert stored.content.name.endswith(f".{found.ending}")
    assert "Отчёт" not in stored.content.name
    if found.kind == FileKind.PICTURE:
        assert (stored.width, stored.height) == (40, 30)
    else:
        assert kept == content
        assert (stored.width, stored.preview.name) == (None, "")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "windows-1251"])
@pytest.mark.parametrize(("name", "found"), [("a.txt", formats.TXT), ("a.CSV", formats.CSV), ("a", formats.TXT)])
def test_plain_texts_must_be_called_texts(world: World, encoding: str, name: str, found: Format) -> None:
    # Larger than one portion, so that a letter of two bytes lies on the border.
    content = ("я" + RUSSIAN * 2000).encode(encoding)
    stored = upload(actor=world.a.actor("parent"), upload=upload_of(content, name))
    assert stored.content_type == found.content_type
    for lie in ("a.js", "a.html", "a.png", "a.py", "a.txt.exe"):
        with pytest.raises(DomainError, match="file_type_refused"):
            upload(actor=world.a.actor("parent"), upload=upload_of(content, lie))


def test_a_text_that_begins_like_sound_is_a_text(world: World) -> None:
    content = "явка обязательна\n".encode("windows-1251")
    assert upload(actor=world.a.actor("parent"), upload=upload_of(content, "a.txt")).content_type == "text/plain"
    assert content[:2] == mp3()[:1] + b"\xe2"


@pytest.mark.parametrize("sample", BAD)
def test_everything_else_is_refused_and_leaves_nothing(world: World, sample: str) -> None:
    content, name, code = BAD[sample]
    before = stored_names()
    with pytest.raises(DomainError) as refused:
        upload(actor=world.a.actor("teacher"), upload=upload_of(content, name))
    assert (refused.value.code, refused.value.status, list(refused.value.fields)) == (code, 400, ["file"])
    assert not StoredFile.objects.exists()
    assert stored_names() == before


def test_noise_is_refused(world: World) -> None:
    noise = random.Random(5).randbytes(100)
    for name in ("a.txt", "a.csv", "a.jpg", "a.docx", ""):
        with pytest.raises(DomainError, match="file_type_refused"):
            upload(actor=world.a.actor("teacher"), upload=upload_of(noise, name or "x"))


BEGINNINGS = [content for content, _found in GOOD.values()]


@settings(
    max_examples=300, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_no_bytes_break_us(world: World, data: st.DataObject) -> None:
    """Noise, and good files with noise in the middle or cut: taken in or refused, never an accident."""
    content = data.draw(st.sampled_from([b"", *BEGINNINGS]))
    place = data.draw(st.integers(0, len(content)))
    length = data.draw(st.integers(0, 40))
    content = content[:place] + data.draw(st.binary(max_size=40)) + content[place + length :]
    name = data.draw(st.sampled_from(["a.txt", "a.csv", "a", "a.docx", "a.png"]))
    with suppress(DomainError):
        stored = upload(actor=world.a.actor("student"), upload=upload_of(content, name))
        assert stored.content_type in formats.CONTENT_TYPES
        stored.delete()


# --- Names ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "found", "honest"),
    [
        ("Отчёт.pdf", formats.PDF, "Отчёт.pdf"),
        ("Отчёт.PDF", formats.PDF, "Отчёт.PDF"),
        ("отчёт.pdf.exe", formats.PDF, "отчёт.pdf"),
        ("отчёт.exe.pdf", formats.PDF, "отчёт.exe.pdf"),
        ("фото.jpeg", formats.JPEG, "фото.jpeg"),
        ("фото.jpg", formats.PNG, "фото.png"),
        ("Приказ 2.12", formats.DOCX, "Приказ 2.12.docx"),
        ("Приказ от 2.12.2026", formats.PDF, "Приказ от 2.12.2026.pdf"),
        ("клип.mp4", formats.MP4, "клип.mp4"),
        ("../../etc/passwd", formats.TXT, "passwd.txt"),
        ("C:\\Users\\Анна\\план.docx", formats.DOCX, "план.docx"),
        ("..", formats.TXT, "file.txt"),
        ("", formats.PDF, "file.pdf"),
        (".htaccess", formats.TXT, "htaccess.txt"),
        ("a\0b\r\nc.pdf", formats.PDF, "ab c.pdf"),
        ("счёт\u202efdp.exe", formats.PDF, "счётfdp.pdf"),
        ("\u200b\u200f.pdf", formats.PDF, "pdf.pdf"),
        ('a<b>:"|?*.pdf', formats.PDF, "a_b______.pdf"),
        ("a.pdf. . ", formats.PDF, "a.pdf"),
        ("а" * 300 + ".pdf", formats.PDF, "а" * 196 + ".pdf"),
        ("a" + ".exe" * 200, formats.PDF, "a.pdf"),
    ],
)
def test_names_become_honest(name: str, found: Format, honest: str) -> None:
    assert honest_name(name, found) == honest
    assert len(honest) <= 200


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=300), st.sampled_from(formats.ALL))
def test_every_name_becomes_honest(name: str, found: Format) -> None:
    honest = honest_name(name, found)
    assert honest.rpartition(".")[2].lower() in found.endings
    assert 3 < len(honest) <= 200
    assert not set(honest) & set('/\\\0\r\n"<>')
    assert honest == honest_name(honest, found)


# --- How large, how many ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("sample", ["pdf", "png", "mp4", "mp3"])
def test_each_kind_has_its_limit(world: World, settings, sample: str) -> None:
    content, found = GOOD[sample]
    settings.UPLOAD_MAX_BYTES = dict.fromkeys(FileKind, 1 << 20) | {found.kind: len(content)}
    upload(actor=world.a.actor("leader"), upload=upload_of(content))
    settings.UPLOAD_MAX_BYTES[found.kind] -= 1
    with pytest.raises(DomainError, match="file_too_large"):
        upload(actor=world.a.actor("leader"), upload=upload_of(content))


@pytest.mark.parametrize("limit", [{"UPLOAD_MOST_UNCLAIMED_FILES": 2}, {"UPLOAD_MOST_UNCLAIMED_BYTES": 25}])
def test_nobody_fills_the_disk_with_what_is_not_used(world: World, settings, limit: dict[str, int]) -> None:
    for name, most in limit.items():
        setattr(settings, name, most)
    student, content = world.a.actor("student"), upload_of
    first, _second = (upload(actor=student, upload=content(b"ten bytes.", "a.txt")) for _number in range(2))
    with pytest.raises(DomainError) as refused:
        upload(actor=student, upload=content(b"ten bytes.", "a.txt"))
    assert (refused.value.code, refused.value.status) == ("uploads_too_many", 429)
    upload(actor=world.a.actor("parent"), upload=content(b"ten bytes.", "a.txt"))
    claim(actor=student, ids=[first.pk])
    upload(actor=student, upload=content(b"ten bytes.", "a.txt"))


def test_a_large_file_is_moved_and_never_held_in_memory(world: World, on_disk: Path, settings, monkeypatch) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = str(on_disk)
    content = archive("a.bin", content=random.Random(1).randbytes(3_000_000))
    sent = TemporaryUploadedFile("видео.zip", "application/zip", len(content), None)
    sent.write(content)
    temporary = Path(sent.temporary_file_path())
    portions: list[int] = []
    read = sent.file.read
    monkeypatch.setattr(sent.file, "read", lambda size=-1: portions.append(size) or read(size))
    stored = upload(actor=world.a.actor("teacher"), upload=sent)
    assert (on_disk / stored.content.name).read_bytes() == content
    assert stored.sha256 == sha256(content).hexdigest()
    assert not temporary.exists()
    # The longest is the tail of the archive, where its table of contents lies.
    assert portions
    assert max(portions) <= 65_557


def test_a_write_that_fails_leaves_no_bytes(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    before = stored_names()
    monkeypatch.setattr(StoredFile, "save", lambda *_args, **_kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        upload(actor=world.a.actor("teacher"), upload=upload_of(picture(size=(800, 600))))
    assert stored_names() == before
    monkeypatch.undo()
    saved: list[str] = []
    keep = InMemoryStorage.save

    def fails_at_the_preview(self: object, name: str, *args: object, **kwargs: object) -> str:
        saved.append(name)
        return keep(self, name, *args, **kwargs) if len(saved) < 2 else str(1 / 0)

    monkeypatch.setattr(InMemoryStorage, "save", fails_at_the_preview)
    with pytest.raises(ZeroDivisionError):
        upload(actor=world.a.actor("teacher"), upload=upload_of(picture(size=(800, 600))))
    assert len(saved) == 2
    assert stored_names() == before
