"""Pictures are drawn anew: nothing hidden is kept, they stand upright, large ones get a small copy (CHAT-5)."""

from io import BytesIO

import pytest
from PIL import Image, PngImagePlugin

from files.models import StoredFile
from files.services import upload
from tests.files.samples import picture, upload_of
from tests.world import World

pytestmark = pytest.mark.req("CHAT-5")


def taken_in(world: World, content: bytes, name: str = "фото.jpg") -> StoredFile:
    return upload(actor=world.a.actor("student"), upload=upload_of(content, name))


def test_a_phone_s_photo_loses_its_place_and_stands_upright(world: World) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90°
    exif[0x010F] = "Telefon"
    exif.get_ifd(0x8825)[2] = (55.0, 45.0, 0.0)  # latitude
    content = picture("JPEG", (200, 100), exif=exif, comment=b"secret note")
    assert b"Telefon" in content
    stored = taken_in(world, content)
    kept = stored.content.open().read()
    with Image.open(BytesIO(kept)) as seen:
        assert (seen.format, seen.size, dict(seen.getexif())) == ("JPEG", (100, 200), {})
    assert (stored.width, stored.height, stored.original_name) == (100, 200, "фото.jpg")
    assert not any(word in kept for word in (b"Telefon", b"secret", b"Exif", b"GPS"))


def test_nothing_behind_or_beside_the_pixels_is_kept(world: World) -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", "<script>alert(1)</script>")
    stored = taken_in(world, picture(pnginfo=notes) + b"<script>alert(2)</script>PK\x03\x04")
    kept = stored.content.open().read()
    assert kept.endswith(b"IEND\xaeB`\x82")
    assert b"script" not in kept


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_large_picture_gets_a_small_copy(world: World, kind: str) -> None:
    stored = taken_in(world, picture(kind, (1600, 400)))
    assert (stored.width, stored.height) == (1600, 400)
    with Image.open(stored.content.open()) as kept, Image.open(stored.preview.open()) as preview:
        assert (kept.format, kept.size) == (kind, (1600, 400))
        assert (preview.format, preview.size) == ("WEBP", (640, 160))


def test_a_small_picture_needs_none(world: World) -> None:
    assert not taken_in(world, picture(size=(640, 640))).preview
    assert taken_in(world, picture(size=(10, 641))).preview


def test_an_animation_becomes_a_still_picture(world: World) -> None:
    frames = [Image.new("RGB", (30, 20), colour) for colour in ("red", "blue")]
    made = BytesIO()
    frames[0].save(made, "GIF", save_all=True, append_images=frames[1:])
    stored = taken_in(world, made.getvalue(), "кот.gif")
    assert (stored.content_type, stored.original_name) == ("image/png", "кот.png")
    with Image.open(stored.content.open()) as kept:
        assert getattr(kept, "n_frames", 1) == 1
        assert kept.convert("RGB").getpixel((3, 3)) == (255, 0, 0)


def test_transparency_stays(world: World) -> None:
    stored = taken_in(world, picture(mode="RGBA", colour="#ff000080"))
    with Image.open(stored.content.open()) as kept:
        assert kept.mode == "RGBA"
        assert kept.getpixel((0, 0)) == (255, 0, 0, 128)


@pytest.mark.parametrize(
    ("content", "seen"),
    [
        (picture("JPEG", mode="CMYK", colour=(0, 0, 0, 0)), (255, 255, 255)),
        (picture("PNG", mode="L", colour=100), (100, 100, 100)),
        (picture("PNG", mode="1", colour=1), (255, 255, 255)),
        (picture("PNG", mode="P", colour=0), (0, 0, 0)),
        (picture("PNG", mode="I;16", colour=25_700), (100, 100, 100)),  # what scanners make
    ],
)
def test_unusual_colours_look_as_before(world: World, content: bytes, seen: tuple[int, int, int]) -> None:
    with Image.open(taken_in(world, content).content.open()) as kept:
        assert kept.mode == "RGB"
        assert kept.getpixel((5, 5)) == seen


def test_two_pictures_in_one_file_become_the_first(world: World) -> None:
    made = BytesIO()
    frames = [Image.new("RGB", (30, 20), colour) for colour in ("white", "black")]
    frames[0].save(made, "MPO", save_all=True, append_images=frames[1:])
    stored = taken_in(world, made.getvalue())
    with Image.open(stored.content.open()) as kept:
        assert (kept.format, kept.getpixel((3, 3))) == ("JPEG", (255, 255, 255))
