"""The logo: what is taken in, what is kept, who sees it."""

import struct
import zlib
from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image, PngImagePlugin

from common.errors import DomainError
from files.images import MAX_PIXELS
from files.models import OrganizationLogo, StoredFile
from files.services import remove_logo, set_logo
from orgs.models import AuditEvent, Organization
from tests.world import School, World

pytestmark = pytest.mark.req("REG-5")


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30), colour: str = "navy", **options: object) -> bytes:
    made = BytesIO()
    Image.new("RGB", size, colour).save(made, kind, **options)
    return made.getvalue()


def upload(content: bytes, name: str = "logo.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="image/png")


def address(school: School) -> str:
    return "/o/{}/logo/{}/".format(*Organization.objects.values_list("slug", "logo_version").get(slug=school.slug))


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that promises `width` × `height` pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_pictures_become_png_of_bounded_size(world: World, kind: str) -> None:
    set_logo(actor=world.a.actor("administrator"), upload=upload(picture(kind, (1600, 400)), "герб.bin"))
    stored = OrganizationLogo.objects.get(organization__slug="a").file
    with Image.open(stored.content.open()) as kept:
        assert (kept.format, kept.size) == ("PNG", (512, 128))
    assert (stored.kind, stored.width, stored.height) == ("picture", 512, 128)
    assert stored.claimed_at is not None
    assert (stored.content_type, stored.original_name) == ("image/png", "герб.png")
    assert AuditEvent.objects.latest("id").action == "organization.logo_changed"


def test_nothing_hidden_is_kept(world: World) -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", "<script>alert(1)</script>")
    hidden = picture(pnginfo=notes) + b"<script>alert(2)</script>PK\x03\x04"
    set_logo(actor=world.a.actor("administrator"), upload=upload(hidden))
    kept = OrganizationLogo.objects.get(organization__slug="a").file.content.open().read()
    assert b"script" not in kept
    assert b"PK\x03\x04" not in kept


def test_a_phone_s_photo_is_turned_upright_and_loses_its_place(world: World) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90°
    exif[0x010E] = "55.75, 37.61"
    set_logo(actor=world.a.actor("administrator"), upload=upload(picture("JPEG", (200, 100), exif=exif)))
    with Image.open(OrganizationLogo.objects.get(organization__slug="a").file.content.open()) as kept:
        assert kept.size == (100, 200)
        assert not kept.getexif()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "logo_not_a_picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "logo_not_a_picture"),
        (b"<!doctype html><script>alert(1)</script>", "logo_not_a_picture"),
        (b"\x89PNG\r\n\x1a\n", "logo_not_a_picture"),
        (picture()[:-30], "logo_not_a_picture"),
        (picture("JPEG")[:200], "logo_not_a_picture"),
        (picture("GIF"), "logo_not_a_picture"),
        (picture("BMP"), "logo_not_a_picture"),
        (picture("ICO"), "logo_not_a_picture"),
        (b"%PDF-1.7\n", "logo_not_a_picture"),
        (bomb(30_000, 30_000), "logo_too_many_pixels"),
        (bomb(MAX_PIXELS, 2), "logo_too_many_pixels"),
        (b"x" * (2 * 1024 * 1024 + 1), "logo_too_large"),
    ],
    ids=range(13),
)
def test_everything_else_is_refused_and_leaves_nothing(world: World, content: bytes, code: str) -> None:
    before = _stored_names()
    with pytest.raises(DomainError) as refused:
        set_logo(actor=world.a.actor("administrator"), upload=upload(content))
    assert (refused.value.code, list(refused.value.fields)) == (code, ["file"])
    assert not StoredFile.objects.exists()
    assert _stored_names() == before


def _stored_names() -> set[str]:
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


def test_the_old_file_goes_after_the_commit(world: World, django_capture_on_commit_callbacks) -> None:
    actor = world.a.actor("administrator")
    set_logo(actor=actor, upload=upload(picture()))
    old = OrganizationLogo.objects.get(organization__slug="a").file.content.name
    with django_capture_on_commit_callbacks(execute=True):
        set_logo(actor=actor, upload=upload(picture(colour="red")))
        assert default_storage.exists(old)
    assert not default_storage.exists(old)
    assert StoredFile.objects.count() == 1


def test_a_write_that_fails_leaves_no_file(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    before = _stored_names()
    monkeypatch.setattr("files.services.logo.note_new_logo", lambda **_values: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        set_logo(actor=world.a.actor("administrator"), upload=upload(picture()))
    assert _stored_names() == before


def test_versions_never_come_back(world: World) -> None:
    actor = world.a.actor("administrator")
    first = set_logo(actor=actor, upload=upload(picture()))
    remove_logo(actor=actor)
    assert Organization.objects.get(slug="a").logo_version == 0
    assert set_logo(actor=actor, upload=upload(picture())) > first


# --- Pages ----------------------------------------------------------------------------------------------------------
def test_an_administrator_changes_it_on_the_page(world: World, browse) -> None:
    client: Client = browse(world.a.user("administrator"))
    page = "/o/a/settings/logo/"
    assert client.get(page).status_code == 200
    assert client.post(page, {"file": upload(picture())}).status_code == 302
    assert client.get(address(world.a)).status_code == 200
    refused = client.post(page, {"file": upload(b"<svg/>")})
    assert refused.status_code == 422
    assert refused.context["form"].errors["file"]
    assert client.post(page, {"remove": "1"}).status_code == 302
    assert client.get(address(world.a)).status_code == 404


@pytest.mark.req("ACC-4")
def test_members_see_it_and_nobody_else(world: World, browse) -> None:
    set_logo(actor=world.a.actor("administrator"), upload=upload(picture()))
    seen = browse(world.a.user("student")).get(address(world.a))
    assert seen.headers["Content-Type"] == "image/png"
    assert seen.headers["X-Content-Type-Options"] == "nosniff"
    assert seen.headers["Content-Disposition"].startswith("inline")
    assert seen.headers["Content-Security-Policy"].startswith("sandbox")
    assert "private" in seen.headers["Cache-Control"]
    assert browse(world.b.user("administrator")).get(address(world.a)).status_code == 404
    assert browse(None).get(address(world.a)).status_code == 302
    assert (
        browse(world.b.user("administrator")).get("/o/b/logo/{}/".format(address(world.a).split("/")[-2])).status_code
        == 404
    )


@pytest.mark.req("ACC-4")
@pytest.mark.parametrize("who", ["head", "leader", "student", "parent"])
def test_others_may_not_change_it(world: World, browse, who: str) -> None:
    client = browse(world.a.user(who))
    assert client.post("/o/a/settings/logo/", {"file": upload(picture())}).status_code == 403
    assert client.put("/api/v1/o/a/logo/", b"", content_type="multipart/form-data; boundary=x").status_code == 403
    assert not StoredFile.objects.exists()


@pytest.mark.req("INT-1")
def test_over_the_api(world: World) -> None:
    from rest_framework.test import APIClient

    client = APIClient()
    client.force_login(world.a.user("administrator"), backend="accounts.backends.AuthenticationBackend")
    made = client.put("/api/v1/o/a/logo/", {"file": upload(picture())}, format="multipart")
    assert made.json()["url"] == address(world.a)
    refused = client.put("/api/v1/o/a/logo/", {"file": upload(b"no")}, format="multipart")
    assert (refused.status_code, refused.json()["code"], list(refused.json()["fields"])) == (
        400,
        "logo_not_a_picture",
        ["file"],
    )
    assert client.put("/api/v1/o/a/logo/", {}, format="multipart").status_code == 400
    assert client.delete("/api/v1/o/a/logo/").status_code == 204
    assert client.get("/api/v1/o/a/").json()["logo_version"] == 0
