"""Stories of the statistics: the head's week, a reminder, the sheet, who sees it, the curator (STAT-1 … STAT-7)."""

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.browser import chatting, stats_data


@pytest.fixture
def visit(new_page: Callable[..., Page], data: Callable[..., Any], server: str) -> Callable[..., Page]:
    """`visit(phone, width=390)`: a browser in which that person is signed in."""
    return lambda phone, width=1280, **how: chatting.let_in(new_page(width, **how), data, phone, server)


@pytest.fixture(scope="module")
def used(data: Callable[..., Any]) -> dict[str, Any]:
    """A school that has used the platform for ten weeks."""
    return dict(data("used_school"))


@pytest.mark.req("STAT-1", "STAT-5", "STAT-6")
def test_the_head_reads_the_week_reminds_and_prints(
    visit: Callable[..., Page], used: dict[str, Any], data: Callable[..., Any], axe: Callable, shoot: Callable
) -> None:
    head = visit(used["head"])
    head.goto(f"/o/{used['slug']}/")
    head.get_by_role("navigation").get_by_role("link", name="Статистика").first.click()
    expect(head.get_by_role("heading", name="Требует внимания")).to_be_visible()
    expect(head.get_by_text(re.compile(r"на \d{1,2}:\d\d")).first).to_be_visible()
    axe(head)
    shoot(head, "statistics")
    # The chart has a table with the same numbers.
    head.get_by_text("Таблицей").first.click()
    expect(head.get_by_role("columnheader", name="Неделя с")).to_be_visible()
    # From the figure to its formula and to whoever is missing in it.
    head.get_by_role("link", name=re.compile("Активные педагоги")).first.click()
    expect(head.get_by_role("heading", name="Как считается")).to_be_visible()
    axe(head)
    shoot(head, "statistics-figure")
    head.locator("#people nav a").last.click()
    expect(head.locator("#people").get_by_text(stats_data.ABSENT)).to_be_visible()
    head.get_by_role("link", name="Напомнить").first.click()
    head.locator("main form[method=post] button").first.click()
    expect(head.get_by_role("status").first).to_be_visible()
    assert data("reminders", used["slug"]) == ["elkina@example.org"]
    # Down to the class that is silent.
    head.goto(f"/o/{used['slug']}/statistics/")
    head.locator("table a", has_text="5Б").first.click()
    expect(head.get_by_role("heading", name="5Б", exact=True)).to_be_visible()
    axe(head)
    shoot(head, "statistics-unit")


@pytest.mark.req("STAT-6")
def test_the_sheet_for_the_founder_and_the_tables(visit: Callable[..., Page], used: dict[str, Any]) -> None:
    head = visit(used["head"])
    head.goto(f"/o/{used['slug']}/statistics/")
    answer = head.request.get(f"/o/{used['slug']}/statistics/founder.pdf")
    words = "".join(page.extract_text() for page in PdfReader(BytesIO(answer.body())).pages)
    assert used["name"] in words or "Муниципальное учреждение" in words
    assert "Лебедев" in words
    head.locator("summary", has_text="Скачать").click()
    with head.expect_download() as download:
        head.get_by_role("link", name=re.compile("XLSX")).first.click()
    assert Path(download.value.path()).read_bytes()[:2] == b"PK"


@pytest.mark.req("STAT-1", "STAT-5")
def test_the_right_is_granted_and_taken_back(
    visit: Callable[..., Page], used: dict[str, Any], axe: Callable, shoot: Callable
) -> None:
    head, deputy = visit(used["head"]), visit(used["deputy"], 390)
    statistics = f"/o/{used['slug']}/statistics/"
    answer = deputy.goto(statistics)
    assert answer is not None
    assert answer.status == 403
    head.goto(f"{statistics}access/")
    head.get_by_role("searchbox").fill("Павлова")
    head.get_by_role("button", name="Найти").click()
    head.get_by_label(re.compile("Павлова Полина")).check()
    head.get_by_role("button", name="Выдать").click()
    expect(head.get_by_role("link", name="Павлова Полина Петровна")).to_be_visible()
    axe(head)
    shoot(head, "statistics-access")
    deputy.goto(statistics)
    expect(deputy.get_by_role("heading", name="Все показатели")).to_be_visible()
    axe(deputy)
    shoot(deputy, "statistics-390")
    deputy.get_by_role("link", name=re.compile("Активные педагоги")).first.click()
    expect(deputy.get_by_text("Имена видит только администрация организации.")).to_be_visible()
    head.get_by_role("button", name=re.compile("Отозвать.*Павлова")).click()
    expect(head.get_by_role("button", name=re.compile("Отозвать.*Павлова"))).to_have_count(0)
    again = deputy.goto(statistics)
    assert again is not None
    assert again.status == 403


@pytest.mark.req("STAT-7")
def test_the_curator_sees_sums_and_nobody(
    visit: Callable[..., Page], used: dict[str, Any], data: Callable[..., Any], axe: Callable, shoot: Callable
) -> None:
    other = data("organization")
    curator = visit(data("curator", [used["slug"], other["slug"]]))
    curator.goto("/curator/")
    expect(curator.get_by_role("rowheader", name=used["name"])).to_be_visible()
    expect(curator.get_by_role("rowheader", name=other["short_name"])).to_be_visible()
    axe(curator)
    shoot(curator, "statistics-curator")
    curator.get_by_role("link", name=used["name"], exact=True).click()
    expect(curator.get_by_role("heading", name=used["name"], exact=True)).to_be_visible()
    expect(curator.get_by_text("Ёлкина")).to_have_count(0)
    refused = curator.goto(f"/o/{used['slug']}/")
    assert refused is not None
    assert refused.status == 404
    # The organization sees that it is seen.
    head = visit(used["head"])
    head.goto(f"/o/{used['slug']}/statistics/access/")
    expect(head.get_by_text(re.compile("Орлова Тамара Борисовна"))).to_be_visible()
