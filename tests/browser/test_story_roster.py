"""The story of a list of people: brought in, mended, checked, loaded, undone (ORG-8)."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import chatting

pytestmark = pytest.mark.req("ORG-8")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def school(data: Callable[..., Any]) -> dict[str, Any]:
    made = dict(data("organization"))
    data("units", made["slug"], ["5А", "5Б"])
    return made


@pytest.fixture
def visit(new_page: Callable[..., Page], data: Callable[..., Any], server: str) -> Callable[..., Page]:
    """`visit(phone, width=390)`: a browser in which that person is signed in."""
    return lambda phone, width=1280, **how: chatting.let_in(new_page(width, **how), data, phone, server)


def file_of(data: Callable[..., Any], name: str = "Список 5-х классов.xlsx", **how: Any) -> Any:
    return {"name": name, "mimeType": XLSX, "buffer": b64decode(data("messy_file", **how))}


def choose(page: Page, file: Any) -> None:
    page.locator("input[type=file]").set_input_files(file)


def test_a_list_is_loaded_and_undone(
    school: dict[str, Any], visit: Callable[..., Page], data: Callable[..., Any], axe: Callable, shoot: Callable
) -> None:
    page = visit(school["administrator"])
    before = data("people_of", school["slug"])
    page.goto(f"/o/{school['slug']}/")
    page.get_by_role("navigation", name="Главное меню").get_by_text("Ещё").first.click()
    page.get_by_role("link", name="Импорт и экспорт").first.click()
    expect(page.get_by_role("heading", name="Файлов ещё не было")).to_be_visible()
    axe(page)
    shoot(page, "roster-empty")
    # The file is read; one column is said by hand.
    choose(page, file_of(data))
    expect(page.get_by_role("heading", name="Что значат столбцы")).to_be_visible()
    axe(page)
    shoot(page, "roster-columns")
    page.get_by_label(re.compile("Прим")).select_option("")
    page.get_by_role("button", name="Проверить").click()
    # The dry run: one row cannot be taken.
    expect(page.get_by_role("heading", name="Строка за строкой")).to_be_visible()
    expect(page.get_by_text("1 строка с ошибками не загрузится")).to_be_visible()
    axe(page)
    shoot(page, "roster-check")
    page.get_by_role("link", name="Показать их").click()
    expect(page.locator(".roster-rows tbody tr")).to_have_count(1)
    shoot(page, "roster-check-errors")
    with page.expect_download() as download:
        page.get_by_role("link", name="Скачать ошибки таблицей").click()
    assert Path(download.value.path()).read_bytes()[:2] == b"PK"
    assert data("people_of", school["slug"]) == before
    # The corrected file is checked at once and loaded.
    choose(page, file_of(data, mended=True))
    expect(page.get_by_role("button", name="Загрузить 7 строк")).to_be_visible()
    shoot(page, "roster-check-mended")
    page.get_by_role("button", name="Загрузить 7 строк").click()
    expect(page).to_have_url(re.compile("/works/"))
    page.reload()
    expect(page.get_by_role("heading", name="Готово")).to_be_visible()
    axe(page)
    shoot(page, "roster-done")
    people = data("people_of", school["slug"])
    assert "Васильева Вера Ивановна" in people
    assert "Гордеева Анна Петровна" in people
    assert people.count("Гордеева Анна Петровна") == 1
    # Undone in one step.
    page.goto(f"/o/{school['slug']}/roster/")
    shoot(page, "roster-home")
    page.get_by_role("link", name="Отменить всё").click()
    page.get_by_role("button", name="Отменить всё").click()
    expect(page.get_by_role("heading", name="Отменено")).to_be_visible()
    assert data("people_of", school["slug"]) == before


def test_a_thousand_rows_on_a_phone_by_keyboard(
    school: dict[str, Any], visit: Callable[..., Page], data: Callable[..., Any], axe: Callable, shoot: Callable
) -> None:
    page = visit(school["administrator"], 390)
    page.goto(f"/o/{school['slug']}/roster/")
    axe(page)
    shoot(page, "roster-empty")
    choose(page, file_of(data, mended=True, rows=993))
    expect(page.get_by_role("heading", name="Что значат столбцы")).to_be_visible()
    axe(page)
    shoot(page, "roster-columns")
    page.get_by_role("button", name="Проверить").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Строка за строкой")).to_be_visible(timeout=30_000)
    axe(page)
    shoot(page, "roster-check")
    # Any part of the name finds, while one types.
    page.get_by_role("searchbox").fill("гордеев глеб")
    expect(page.locator(".roster-rows tbody tr")).to_have_count(1)
    page.get_by_role("button", name="Загрузить 1000 строк").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/works/"))
    for _time in range(2):
        page.reload()
    expect(page.get_by_role("heading", name="Готово")).to_be_visible(timeout=60_000)
    axe(page)
    shoot(page, "roster-done")
    assert len(data("people_of", school["slug"])) > 1000
    page.goto(f"/o/{school['slug']}/roster/")
    axe(page)
    shoot(page, "roster-home")
    # So many are put back by a job: the page says how far it is, also when it is loaded anew.
    page.get_by_role("link", name="Отменить всё").click()
    page.get_by_role("button", name="Отменить всё").click()
    expect(page).to_have_url(re.compile("/works/\\d+/$"))
    page.reload()
    expect(page.get_by_role("heading", name="Отменено")).to_be_visible(timeout=60_000)
    axe(page)
    shoot(page, "roster-undone")
    assert len(data("people_of", school["slug"])) < 10
