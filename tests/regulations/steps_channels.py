"""Duties that channels, events and documents fulfil, done by their pages."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from channels_app.models import Channel, ChannelKind, Proposal
from documents.models import Document
from meetings.models import Event
from orgs.models import Audience
from readings.models import Reading
from tests.documents.cast import PDF
from tests.regulations.scene import Scene
from tests.regulations.walker import Page, Walker


def system_channels_are_run(scene: Scene) -> None:
    """Both channels stand there from the start; what the administrator publishes is read by those they are for."""
    general, staff = (_channel(scene, kind) for kind in (ChannelKind.ORGANIZATION, ChannelKind.STAFF))
    teacher = _walker(scene, "teacher")
    _publish(scene, general, "Добро пожаловать", "Новости теперь здесь")
    _publish(scene, staff, "Педсовет", "В четверг в 14:00")
    assert teacher.visit("channels:feed", scene.slug).says("Добро пожаловать", "Педсовет")
    mother = _walker(scene, "mother")
    page = mother.visit("channels:feed", scene.slug)
    assert page.says("Добро пожаловать")
    assert not page.says("Педсовет")
    assert mother.look(reverse("channels:channel", args=[scene.slug, staff.pk])).status == 404
    refused = scene.admin.force(reverse("channels:archive", args=[scene.slug, general.pk]))
    assert refused.status in {200, 403, 409}
    assert Channel.objects.filter(pk=general.pk, archived_at=None).exists()


def proposed_text_is_published(scene: Scene) -> None:
    """A teacher proposes a text; the administrator publishes it in the teacher's name (CHAN-2)."""
    general, teacher = _channel(scene, ChannelKind.ORGANIZATION), _walker(scene, "teacher")
    page = teacher.visit("channels:propose", scene.slug, general.pk)
    form = page.form("title", "text")
    page.send(form, {"title": "Осенняя ярмарка", "text": "Приглашаем в субботу"}, button="Отправить")
    assert not scene.visit("channels:feed").says("Осенняя ярмарка")
    proposal = Proposal.objects.get(organization=scene.organization)
    page = scene.visit("channels:proposal", proposal.pk)
    page.send(page.form("title", "text", "revision"), button="Опубликовать от имени")
    mother = _walker(scene, "mother")
    assert mother.visit("channels:feed", scene.slug).says("Осенняя ярмарка", scene.humans["teacher"].last)


def broadcast_is_run(scene: Scene) -> None:
    """A broadcast is planned for everybody, announced, run, and counts who opened it (CHAN-5)."""
    with timezone.override(scene.organization.zone):
        begin = timezone.localtime() + timedelta(hours=2)
    page = scene.visit("events:new")
    form = page.form("title", "starts")
    # A broadcast that would end after midnight is begun a little earlier.
    begin = begin if begin.hour < 22 else begin.replace(hour=22, minute=0)
    values = {
        "kind": "broadcast",
        "title": "Праздничный концерт",
        "link": "https://stream.example.org/1",
        "day": begin.date(),
        "starts": f"{begin:%H:%M}",
        "ends": f"{begin + timedelta(minutes=50):%H:%M}",
        "circle-0-audience": Audience.EVERYONE,
        "circle-0-unit": "all",
    }
    page = page.send(form, values, button="Запланировать событие")
    event = Event.objects.get(organization=scene.organization)
    mother = _walker(scene, "mother")
    assert mother.visit("events:event", scene.slug, event.pk).says("Праздничный концерт", "трансляция")
    page = scene.visit("events:event", event.pk)
    scene.admin.send(page.url, {}, "get")
    page.send(page.form(action="air/start/"))
    page = mother.visit("events:event", scene.slug, event.pk)
    page = page.send(page.form(action="watch/"))
    assert any(address == event.link for _words, address in page.links)
    page = scene.visit("events:event", event.pk)
    page.send(page.form(action="air/end/"))
    assert scene.visit("events:event", event.pk).says("Открыли трансляцию", "1 человек")


def act_is_published(scene: Scene) -> None:
    """A local act is registered with its number and date and can be read by those it is for (DOC-1)."""
    _register(scene, "order", "17-о", "Об использовании платформы")
    document = Document.objects.get(organization=scene.organization)
    page = scene.visit("documents:publish", document.pk)
    form = page.form("must_read")
    values = {"must_read": "on", "circle-0-audience": Audience.STAFF, "circle-0-unit": "all"}
    page = page.send(form, values, button="Опубликовать")
    if not Reading.objects.filter(organization=scene.organization).exists():
        page.send(page.form("must_read"), button="Опубликовать")
    teacher = _walker(scene, "teacher")
    assert teacher.visit("documents:detail", scene.slug, document.pk).says("17-о", "Об использовании платформы")
    assert _walker(scene, "mother").look(reverse("documents:detail", args=[scene.slug, document.pk])).status == 404


def order_is_acknowledged(scene: Scene) -> None:
    """«Под роспись»: the staff confirm, the sheet tells who has and who has not (CHAN-4)."""
    reading = Reading.objects.get(organization=scene.organization)
    teacher = _walker(scene, "teacher")
    page = teacher.visit("readings:mine", scene.slug)
    page.send(page.form(action=f"readings/{reading.pk}/confirm/"))
    assert scene.visit("readings:detail", reading.pk).says(scene.humans["teacher"].last, "ознакомлен")
    answer = scene.admin.client.get(reverse("readings:sheet_pdf", args=[scene.slug, reading.pk]))
    content = b"".join(answer) if answer.streaming else answer.content
    words = " ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
    for name in (scene.humans["teacher"].last, scene.administrator.last, "17-о"):
        assert name in words


# --- The pages ------------------------------------------------------------------------------------------------------
def _walker(scene: Scene, who: str) -> Walker:
    return scene.walkers[scene.humans[who].phone]


def _channel(scene: Scene, kind: ChannelKind) -> Channel:
    return Channel.objects.get(organization=scene.organization, kind=kind)


def _publish(scene: Scene, channel: Channel, title: str, text: str) -> Page:
    page = scene.visit("channels:write", channel.pk)
    return page.send(page.form("title", "text"), {"title": title, "text": text}, button="Опубликовать сейчас")


def _register(scene: Scene, kind: str, number: str, title: str) -> None:
    """Fill in the form of a new document, with its file, and keep it as a draft."""
    page = scene.visit("documents:new")
    data: dict[str, Any] = page.form("number", "title").data()
    file = SimpleUploadedFile("Приказ.pdf", PDF, content_type="application/pdf")
    values = {"kind": kind, "number": number, "title": title, "issued_on": timezone.localdate().isoformat()}
    circles = {"circle-0-audience": Audience.STAFF, "circle-0-unit": "all"}
    data |= {**values, **circles, "file": file, "do": "draft"}
    answer = scene.admin.client.post(page.url, data, follow=True)
    assert answer.status_code == 200
    assert Document.objects.filter(organization=scene.organization, number=number).exists(), answer.content[:600]
