"""Story (a): a new school, a class, strips on paper, a parent inside, and the list that shows it."""

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect
from pypdf import PdfReader

PUPILS = ["Абрамова Дарья Сергеевна", "Белов Степан Ильич", "Щукина Ева Юрьевна"]
CODE = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b")
CYRILLIC_KEYBOARD = str.maketrans("ABCEHKMPTXY", "авсенкмртху")


def create_class(page: Page) -> None:
    page.get_by_role("link", name="Новый класс").first.click()
    page.get_by_label("Названия").fill("5А")
    page.get_by_role("button", name="Создать").click()
    expect(page.get_by_role("heading", name="5А", level=1)).to_be_visible()


def add_pupils(page: Page) -> None:
    page.get_by_role("link", name="Добавить в класс").click()
    page.get_by_label("Имена — по одному в строке").fill("\n".join(PUPILS))
    page.get_by_role("button", name="Добавить новых").click()
    for name in PUPILS:
        expect(page.get_by_role("link", name=name, exact=True)).to_be_visible()


def print_strips(page: Page) -> str:
    """Press the button and read what the browser's own viewer would have shown."""
    papers: list[bytes] = []

    def keep(route: Route) -> None:
        if route.request.method != "POST":
            route.continue_()
            return
        answer = route.fetch()
        assert answer.headers["content-type"] == "application/pdf"
        papers.append(answer.body())
        route.fulfill(status=204)

    page.get_by_role("link", name="Личные коды").click()
    page.route("**/codes/parent/", keep)
    with page.expect_response("**/codes/parent/"):
        page.get_by_role("button", name="Напечатать полоски").click()
    page.unroute("**/codes/parent/")
    return "\n".join(sheet.extract_text() for sheet in PdfReader(BytesIO(papers[0])).pages)


def code_of(page: Page, pupil: str) -> str:
    page.reload()
    code = CODE.search(page.get_by_role("row", name=pupil).inner_text())
    assert code
    return code[0]


def join_by_code(page: Page, code: str, enter: Callable[[], None]) -> None:
    page.get_by_label("Код с полоски").fill(code.replace("-", "").translate(CYRILLIC_KEYBOARD).lower())
    page.get_by_role("button", name="Открыть по коду").click()
    expect(page.get_by_role("main")).to_contain_text("родитель")
    expect(page.get_by_role("main")).to_contain_text("5А")
    page.get_by_role("button", name="Продолжить").click()
    enter()
    page.get_by_label("Фамилия").fill("Абрамова")
    page.get_by_label("Имя").fill("Ирина")
    page.get_by_label("Отчество").fill("Олеговна")
    page.get_by_role("button", name="Присоединиться").click()
    expect(page.get_by_role("heading", name="Добро пожаловать!")).to_be_visible()


@pytest.mark.req("REG-4", "ORG-1", "ORG-10", "INV-1", "INV-3", "INV-5", "ACC-1")
def test_from_an_empty_school_to_a_parent_inside(
    new_page: Callable[..., Page],
    sign_in: Callable,
    enter: Callable,
    data: Callable[..., Any],
    axe: Callable,
    shoot: Callable,
) -> None:
    school = data("organization")
    page = new_page()
    sign_in(page, school["administrator"])
    shoot(page, "a-empty-home")
    create_class(page)
    add_pupils(page)
    axe(page)
    shoot(page, "a-unit")
    paper = print_strips(page)
    assert len(CODE.findall(paper)) == len(PUPILS)
    assert [name for name in PUPILS if name not in paper] == []
    code = code_of(page, PUPILS[0])
    assert code in paper
    shoot(page, "a-codes")

    phone = new_page(390)
    phone.goto("/join/")
    axe(phone)
    shoot(phone, "a-join-code")
    parent = data("next_phone")
    join_by_code(phone, code, lambda: enter(phone, parent))
    axe(phone)
    shoot(phone, "a-joined")
    expect(phone.get_by_role("main")).to_contain_text(PUPILS[0])
    phone.get_by_role("link", name="Открыть").click()
    expect(phone.get_by_role("heading", name="Здравствуйте, Ирина Олеговна!")).to_be_visible()
    expect(phone.get_by_role("link", name=PUPILS[0], exact=True)).to_be_visible()
    expect(phone.get_by_text(PUPILS[1])).to_have_count(0)
    axe(phone)
    shoot(phone, "a-parent-home")

    page.get_by_role("link", name="Приглашения").first.click()
    row = page.get_by_role("row").filter(has_text=PUPILS[0])
    row.get_by_text("Кто", exact=True).click()
    expect(row.get_by_text("Абрамова Ирина Олеговна")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text=PUPILS[1])).not_to_contain_text("Абрамова Ирина")
    axe(page)
    shoot(page, "a-list")
