"""Sheets and strips: what is printed, on how many pages, and that the squares are right (INV-5)."""

from io import BytesIO
from typing import Any
from xml.etree import ElementTree

import pytest
from django.urls import reverse
from pypdf import PdfReader

from common.paper import BOLD, Style, fit, load_fonts
from invitations.addresses import code_of, join_url
from invitations.models import Invitation
from invitations.qr import qr_data_uri, qr_rows, qr_svg
from invitations.services import create_staff_codes, ensure_codes
from invitations.sheets import STRIPS_PER_PAGE, sheets_pdf, strips_pdf
from orgs.models import Part, Person, Role
from orgs.services.people import PersonData, add_person
from orgs.services.structure import enrol
from tests.invitations.conftest import link_of
from tests.world import School, World


def loaded(*links: Invitation) -> list[Invitation]:
    wanted = Invitation.objects.filter(pk__in=[link.pk for link in links])
    return list(wanted.select_related("unit", "organization", "person", "student").order_by("pk"))


def pages_of(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]


def fill_class(school: School, count: int) -> list[Person]:
    people = [
        add_person(
            organization=school.organization,
            actor=None,
            data=PersonData(f"Фамильянов{chr(1072 + n % 32)}{chr(1072 + n // 32)}", "Имён", "Отчествович"),
            roles=[],
        )
        for n in range(count)
    ]
    enrol(actor=None, people=people, unit=school.units["5А"], part=Part.STUDENT)
    return people


@pytest.mark.req("INV-5")
def test_a_strip_for_each_of_thirty_on_four_pages(world: World) -> None:
    people = fill_class(world.a, 28)
    links = ensure_codes(actor=world.a.actor("leader"), unit=world.a.units["5А"], role=Role.PARENT)
    pages = pages_of(strips_pdf(links))
    assert len(links) == 30
    assert len(pages) == -(-30 // STRIPS_PER_PAGE) == 4
    text = " ".join(" ".join(pages).split())
    for link in links:
        assert code_of(link) in text
    for person in people:
        assert person.full_name in text
    assert "Ёжиков Пётр Ильич" in text
    assert "Для родителей · 5А, Школа № 1" in text
    assert "включительно" in text


@pytest.mark.req("INV-5")
def test_printing_twice_gives_the_same_strips(world: World, browse: Any) -> None:
    client = browse(world.a.user("leader"))
    address = reverse("invitations:codes", args=["a", world.a.units["5А"].pk, "student"])
    first = client.post(address, {"then": "print"}, follow=True)
    second = client.post(address, {"then": "print"}, follow=True)
    assert first.headers["Content-Type"] == "application/pdf"
    assert "no-store" in first.headers["Cache-Control"]
    assert pages_of(first.content) == pages_of(second.content)
    assert "Зайцева Зоя Захаровна" in pages_of(first.content)[0]
    assert "Ёжиков" not in pages_of(first.content)[0]


def test_strips_without_codes_lead_back(world: World, browse: Any) -> None:
    address = reverse("invitations:strips", args=["a", world.a.units["5А"].pk, "parent"])
    page = browse(world.a.user("leader")).get(address, follow=True)
    assert "Печатать пока нечего" in page.content.decode()


@pytest.mark.req("INV-5")
def test_a_sheet_says_everything_a_wall_has_to_say(world: World, browse: Any, parent_link: Invitation) -> None:
    other = link_of(world.a, role=Role.STUDENT, unit="5Б")
    address = reverse("invitations:sheet", args=["a"]) + f"?link={parent_link.pk}&link={other.pk}"
    answer = browse(world.a.user("administrator")).get(address)
    assert "inline" in answer.headers["Content-Disposition"]
    pages = pages_of(answer.content)
    assert len(pages) == 2
    for words in (
        "5А",
        "Школа № 1",
        "Кого приглашаем: родители",
        code_of(parent_link),
        "Напишите своё имя и имя ребёнка",
    ):
        assert words in pages[0]
    assert "Кого приглашаем: ученики" in pages[1]
    assert f"Действует по {parent_link.expires_at.astimezone(world.a.organization.zone).day} " in pages[0]


@pytest.mark.req("INV-5")
def test_codes_of_staff_are_printed_too(world: World) -> None:
    links = create_staff_codes(
        actor=world.a.actor("administrator"), unit=world.a.units["staff"], people=[world.a.people["waiting_teacher"]]
    )
    text = pages_of(strips_pdf(loaded(*links)))[0]
    assert "Ждущая Жанна Жоресовна" in text
    assert "Учитель" in text


@pytest.mark.parametrize(
    "name",
    ["Ф" * 80, "Крестовоздвиженская-Белозерская-Троекурова " * 4, "ש", "😀" * 40, "ﷺ", "a\u0301" * 40, " "],
)
def test_no_name_is_too_long_for_a_strip(world: World, name: str) -> None:
    load_fonts()
    for lines in (1, 2):
        size, found = fit(name, 200, lines, Style(12.5, BOLD))
        assert len(found) <= lines
        assert size <= 12.5
    Person.objects.filter(pk=world.a.people["classmate"].pk).update(last_name=name[:80])
    Person.objects.filter(pk=world.a.people["student"].pk).update(first_name=name[:80], patronymic=name[:80])
    type(world.a.organization).objects.filter(slug="a").update(short_name=name[:120])
    type(world.a.units["5А"]).objects.filter(pk=world.a.units["5А"].pk).update(name=name[:100])
    links = ensure_codes(actor=world.a.actor("administrator"), unit=world.a.units["5А"], role=Role.PARENT)
    assert strips_pdf(loaded(*links)).startswith(b"%PDF")
    assert sheets_pdf(loaded(*links)).startswith(b"%PDF")


def test_the_title_and_the_language_of_the_file(world: World, parent_link: Invitation) -> None:
    reader = PdfReader(BytesIO(sheets_pdf(loaded(parent_link))))
    assert reader.metadata is not None
    assert reader.metadata.title
    assert {str(font) for page in reader.pages for font in page["/Resources"]["/Font"]}  # type: ignore[index]


@pytest.mark.req("INV-5")
def test_the_square_holds_the_address(world: World, parent_link: Invitation) -> None:
    rows = qr_rows(join_url(parent_link))
    assert len({len(row) for row in rows} | {len(rows)}) == 1
    finder = [[True] * 7, [True, *[False] * 5, True], [True, False, True, True, True, False, True]]
    assert [row[:7] for row in rows[:3]] == finder
    ElementTree.fromstring(qr_svg(join_url(parent_link)))
    assert qr_data_uri("x").startswith("data:image/svg+xml")


@pytest.mark.req("INV-5")
def test_the_picture_of_the_square(world: World, browse: Any, parent_link: Invitation) -> None:
    answer = browse(world.a.user("administrator")).get(reverse("invitations:qr", args=["a", parent_link.pk]))
    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.content == qr_svg(join_url(parent_link))
