"""The order: what it is, is found by content; what nobody used is tidied away (REG-1)."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import override_settings
from django.utils import timezone
from PIL import Image

from common.errors import DomainError
from registration.models import OrderFile
from registration.services.orders import discard, take_order
from registration.tasks import remove_unused_orders
from tests.files.samples import GOOD, archive, bomb, picture, promising, upload_of
from tests.registration.cast import PDF, application, order
from tests.world import World

pytestmark = [pytest.mark.req("REG-1"), pytest.mark.django_db]
OOXML = "[Content_Types].xml"


@pytest.mark.parametrize(
    ("content", "name", "kept"),
    [
        (PDF, "приказ.exe", "приказ.pdf"),
        (GOOD["docx"][0], "Приказ № 1.docx", "Приказ № 1.docx"),
        (picture("JPEG"), "scan.pdf", "scan.jpg"),
        (picture("PNG"), "../../scan.png", "scan.png"),
    ],
)
def test_four_kinds_are_taken_by_their_content(content: bytes, name: str, kept: str) -> None:
    taken = take_order(upload_of(content, name))
    assert taken.original_name == kept
    assert default_storage.exists(str(taken.content.name))
    assert taken.size == taken.content.size
    assert "приказ" not in str(taken.content.name)


def test_a_photograph_is_drawn_anew() -> None:
    exif = Image.Exif()
    exif[0x010E] = "СЕКРЕТ"
    made = BytesIO()
    Image.new("RGB", (30, 20), "white").save(made, "JPEG", exif=exif)
    taken = take_order(upload_of(made.getvalue(), "scan.jpg"))
    with taken.content.open("rb") as file:
        assert not Image.open(file).getexif()


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "приказ.pdf", "order_empty"),
        (PDF + b"0" * (10 << 20), "приказ.pdf", "order_too_large"),
        (b"MZ\x90\x00" + bytes(200), "приказ.pdf", "order_type_refused"),
        (b"<html><script>alert(1)</script></html>", "приказ.pdf", "order_type_refused"),
        (GOOD["xlsx"][0], "приказ.docx", "order_type_refused"),
        (GOOD["zip"][0], "приказ.zip", "order_type_refused"),
        (picture("GIF"), "приказ.png", "order_type_refused"),
        (bomb(60_000, 60_000), "приказ.png", "order_too_many_pixels"),
        (picture("PNG")[:60], "приказ.png", "order_damaged"),
        (archive(OOXML, "word/document.xml", "word/vbaProject.bin"), "приказ.docx", "file_with_macros"),
        (promising(archive(OOXML, "word/document.xml"), 2**31), "приказ.docx", "file_unpacks_too_large"),
    ],
)
def test_what_is_no_order_is_refused_in_words(content: bytes, name: str, code: str) -> None:
    with pytest.raises(DomainError) as refusal:
        take_order(upload_of(content, name))
    assert refusal.value.code == code
    assert list(refusal.value.fields) == ["order"]
    assert not OrderFile.objects.exists()


def test_what_nobody_sent_goes_after_a_day(world: World, django_capture_on_commit_callbacks: Any) -> None:
    used, fresh, old = application().order, order(), order()
    past = timezone.now() - timedelta(days=1, minutes=1)
    OrderFile.objects.filter(pk__in=[used.pk, old.pk]).update(uploaded_at=past)
    with django_capture_on_commit_callbacks(execute=True):
        assert remove_unused_orders() == 1
        assert remove_unused_orders() == 0
    assert set(OrderFile.objects.all()) == {used, fresh}
    assert not default_storage.exists(str(old.content.name))
    assert default_storage.exists(str(used.content.name))


def test_an_order_in_use_is_not_discarded(django_capture_on_commit_callbacks: Any) -> None:
    used, unused = application().order, order()
    with django_capture_on_commit_callbacks(execute=True):
        discard(used.pk)
        discard(unused.pk)
    assert list(OrderFile.objects.all()) == [used]


@override_settings(ORDER_MAX_BYTES=20)
def test_the_limit_is_a_setting() -> None:
    with pytest.raises(DomainError, match="order_too_large"):
        take_order(upload_of(PDF, "приказ.pdf"))
