"""Orders and regulations of the demonstration, some of them to be confirmed by the staff (DOC-1)."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

from django.core.files.base import ContentFile
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from common.paper import BOLD, HEIGHT, WIDTH, Box, Style, load_fonts, text
from common.text import normalise
from documents.models import Document, DocumentAudience, DocumentKind, DocumentVersion
from files.formats import PDF
from files.models import StoredFile
from files.services.keeping import put_away
from orgs.models import Audience, Kind, Person
from orgs.services.structure import sort_key_of
from readings.models import Reading, ReadingAudience
from sferum_admin.demo.channels import confirm, joined_administrator, joined_staff
from sferum_admin.demo.people import Cast

MARGIN = 25 * mm


@dataclass(frozen=True)
class Act:
    """A document: so many days ago; `due_in` days from now it must be confirmed, None: nothing to confirm."""

    kind: DocumentKind
    number: str
    ago: int
    title: str
    body: tuple[str, ...]
    due_in: int | None = None
    versions: int = 1
    audience: Audience = Audience.STAFF


ACTS = (
    Act(
        DocumentKind.ORDER,
        "112-о",
        26,
        "Об использовании информационно-коммуникационной образовательной платформы",
        (
            "1. С сегодняшнего дня использовать платформу для общения с родителями и обучающимися.",
            "2. Назначить администратора платформы и возложить на него ведение структуры и ссылок-приглашений.",
            "3. Педагогам перенести чаты своих классов и групп на платформу в течение двух недель.",
            "4. Контроль за исполнением приказа оставляю за собой.",
        ),
        due_in=-12,
    ),
    Act(
        DocumentKind.ORDER,
        "118-о",
        8,
        "О мерах безопасности в осенне-зимний период",
        (
            "1. Провести с обучающимися инструктаж о поведении на льду и на дороге.",
            "2. Ответственным за кабинеты проверить эвакуационные выходы.",
        ),
        due_in=3,
    ),
    Act(
        DocumentKind.REGULATION,
        "7",
        20,
        "Положение об использовании платформы",
        (
            "1. Общие положения. Платформа предназначена для общения участников образовательных отношений.",
            "2. Права и обязанности администратора, педагогов, родителей и обучающихся.",
            "3. Персональные данные не передаются третьим лицам.",
        ),
        versions=2,
        audience=Audience.EVERYONE,
    ),
    Act(
        DocumentKind.ORDER,
        "121-о",
        2,
        "О подготовке к новогодним праздникам",
        ("1. Утвердить план мероприятий.", "2. Назначить ответственных за оформление залов."),
    ),
)
OTHERS = ACTS[:1]


def write(cast: Cast) -> None:
    """Put the organization's documents into the register."""
    for act in ACTS if cast.organization.kind == Kind.SCHOOL else OTHERS:
        _register(cast, act)


def _register(cast: Cast, act: Act) -> None:
    author, at = joined_administrator(cast), cast.clock.at(act.ago, 10 * 60)
    document = Document.objects.create(
        organization=cast.organization,
        kind=act.kind,
        number=act.number,
        number_key=sort_key_of(act.number),
        issued_on=cast.clock.day(act.ago),
        year=cast.clock.day(act.ago).year,
        title=act.title,
        search_text=normalise(f"{act.number} {act.title}"),
        version=act.versions,
        created_by=author,
        created_at=at,
        published_at=at,
    )
    DocumentAudience.objects.create(organization=cast.organization, document=document, audience=act.audience)
    for number in range(1, act.versions + 1):
        _version(cast, document, act, number, author)


def _version(cast: Cast, document: Document, act: Act, number: int, author: Person) -> None:
    at = cast.clock.at(max(1, act.ago - 4 * (number - 1)), 11 * 60)
    stored = StoredFile(
        organization=cast.organization,
        original_name=f"{act.title[:60]}.pdf",
        uploaded_by=author,
        uploaded_at=at,
        claimed_at=at,
    )
    put_away(stored, PDF, ContentFile(_paper(cast, act, number), name="act.pdf"))
    stored.save()
    version = DocumentVersion.objects.create(
        organization=cast.organization,
        document=document,
        number=number,
        file=stored,
        note="Уточнены сроки хранения сообщений" if number > 1 else "",
        created_by=author,
        created_at=at,
        published_at=at,
    )
    if act.due_in is None:
        return
    reading = Reading.objects.create(
        organization=cast.organization,
        title=f"Приказ № {act.number} «{act.title}»",
        path=f"documents/{document.pk}/",
        version=number,
        content_hash=stored.sha256,
        due_on=cast.clock.day(-act.due_in),
        created_by=author,
        created_at=at,
        opened_at=at,
    )
    ReadingAudience.objects.create(organization=cast.organization, reading=reading, audience=act.audience)
    version.reading = reading
    version.save(update_fields=["reading"])
    confirm(cast, reading, joined_staff(cast))


def _paper(cast: Cast, act: Act, number: int) -> bytes:
    load_fonts()
    content = BytesIO()
    canvas = Canvas(content, pagesize=(WIDTH, HEIGHT), invariant=True)
    canvas.setTitle(act.title)
    width, y = WIDTH - 2 * MARGIN, HEIGHT - MARGIN
    y = text(canvas, cast.organization.name, Box(MARGIN, y, width, 3), Style(11, centred=True))
    heading = f"{'Приказ' if act.kind == DocumentKind.ORDER else 'Положение'} № {act.number}"
    y = text(canvas, heading, Box(MARGIN, y - 12 * mm, width), Style(15, BOLD, centred=True))
    day = cast.clock.day(act.ago).strftime("%d.%m.%Y")
    y = text(canvas, f"от {day}, редакция {number}", Box(MARGIN, y - 2 * mm, width), Style(11, centred=True))
    y = text(canvas, act.title, Box(MARGIN, y - 8 * mm, width, 3), Style(12, BOLD))
    for paragraph in act.body:
        y = text(canvas, paragraph, Box(MARGIN, y - 3 * mm, width, 6), Style(11))
    canvas.showPage()
    canvas.save()
    return content.getvalue()
