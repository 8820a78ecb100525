"""Stories of movement: the head reports, the register tells; consents of a class (ORG-5, ORG-6, ORG-11)."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import chatting


@pytest.fixture
def visit(new_page: Callable[..., Page], data: Callable[..., Any], server: str) -> Callable[..., Page]:
    """`visit(phone, width=390)`: a browser in which that person is signed in."""
    return lambda phone, width=1280, **how: chatting.let_in(new_page(width, **how), data, phone, server)


@pytest.fixture
def moving(data: Callable[..., Any]) -> dict[str, Any]:
    """A school of five children."""
    return dict(data("moving_school"))


def choose(page: Page, name: str) -> None:
    """Find somebody by a part of the name and put them on the list."""
    page.get_by_role("searchbox").fill(name)
    page.locator(".movement-found a", has_text=name).first.click()
    expect(page.locator(".movement-chosen", has_text=name)).to_be_visible()


@pytest.mark.req("ORG-5", "ORG-6")
def test_the_head_reports_the_administrator_clicks_the_register_tells(
    visit: Callable[..., Page], moving: dict[str, Any], data: Callable[..., Any], axe: Callable, shoot: Callable
) -> None:
    slug = moving["slug"]
    head = visit(moving["head"], 390)
    head.goto(f"/o/{slug}/movement/")
    axe(head)
    head.get_by_role("link", name="Сообщить о движении").first.click()
    head.get_by_role("link", name="Увольняется").click()
    choose(head, "Громов")
    head.get_by_label("Номер приказа").fill("21-к")
    shoot(head, "movement-report")
    axe(head)
    head.get_by_role("button", name="Сообщить администраторам").click()
    expect(head.get_by_text("Администраторам сообщено.")).to_be_visible()
    head.goto(f"/o/{slug}/movement/notices/new/?kind=transfer")
    choose(head, "Жуков")
    head.get_by_label("Куда", exact=True).select_option("5Б")
    head.get_by_role("button", name="Сообщить администраторам").click()
    expect(head.get_by_text("Перевод: Жуков Женя Олегович в 5Б")).to_be_visible()
    # The administrator finds it at home and carries both out.
    page = visit(moving["administrator"])
    page.goto(f"/o/{slug}/")
    page.get_by_role("link", name=re.compile("Ждут 2 сообщения о движении")).click()
    axe(page)
    shoot(page, "movement-notices")
    page.get_by_role("button", name=re.compile("Провести.*Громов")).click()
    expect(page.get_by_role("button", name="Отменить")).to_be_visible()
    page.get_by_role("button", name=re.compile("Провести.*Жуков")).click()
    expect(page.get_by_role("status").first).to_contain_text("Перевод: Жуков Женя Олегович из 5А в 5Б")
    assert data("class_of", slug, "жуков") == ["5Б"]
    page.goto(f"/o/{slug}/movement/")
    line = page.locator("tr", has_text="Жуков")
    expect(line).to_contain_text("Переведён")
    shoot(page, "movement")
    axe(page)
    # One step back, from the page of people this time.
    page.goto(f"/o/{slug}/people/?role=student")
    for name in ("Зимин Захар Ильич", "Ильина Инна Юрьевна"):
        page.get_by_role("checkbox", name=name).check()
    shoot(page, "movement-people")
    page.get_by_role("button", name="Движение…").click()
    page.get_by_label("Куда", exact=True).select_option("5Б")
    page.get_by_label("Номер приказа").fill("15")
    shoot(page, "movement-move")
    axe(page)
    page.get_by_role("button", name="Дальше").click()
    expect(page.get_by_text(re.compile("Перевод: 2 человека из 5А в 5Б с .*, приказ № 15"))).to_be_visible()
    shoot(page, "movement-confirm")
    axe(page)
    page.get_by_role("button", name="Провести").click()
    assert data("class_of", slug, "зимин") == ["5Б"]
    page.get_by_role("button", name="Отменить").click()
    expect(page.get_by_text("Отменено").first).to_be_visible()
    assert data("class_of", slug, "зимин") == ["5А"]
    # The head sees what became of it, on a phone.
    head.goto(f"/o/{slug}/movement/notices/")
    expect(head.get_by_text("проведено", exact=True)).to_have_count(2)
    shoot(head, "movement-notices")
    head.goto(f"/o/{slug}/movement/?who=staff")
    expect(head.get_by_text("№ 21-к").first).to_be_visible()
    shoot(head, "movement-register")


@pytest.mark.req("ORG-11")
def test_consents_of_a_class_are_recorded_and_who_is_not_reached_is_known(
    visit: Callable[..., Page], moving: dict[str, Any], axe: Callable, shoot: Callable
) -> None:
    slug, unit = moving["slug"], moving["units"]["5А"]
    parent = visit(moving["parent"], 390)
    parent.goto(f"/o/{slug}/children/")
    parent.get_by_role("link", name="Мои согласия").click()
    parent.get_by_label("Другой канал").check()
    parent.get_by_label(re.compile("Как со мной связаться")).fill("звонить вечером")
    shoot(parent, "consents-mine")
    axe(parent)
    parent.get_by_role("button", name="Сохранить решение").click()
    expect(parent.get_by_text("Ваше решение записано.")).to_be_visible()
    leader = visit(moving["leader"])
    leader.goto(f"/o/{slug}/consents/?unit={unit}")
    shoot(leader, "consents-before")
    leader.get_by_role("link", name="Записать на всех").click()
    leader.get_by_label(re.compile("Дата подписи")).fill("2026-09-12")
    shoot(leader, "consents-record")
    axe(leader)
    leader.get_by_role("button", name="Записать", exact=True).click()
    expect(leader.get_by_text("Записано 2 решения.")).to_be_visible()
    expect(leader.get_by_text("Согласны: 2 из 3 (66 %)")).to_be_visible()
    axe(leader)
    shoot(leader, "consents")
    leader.get_by_role("link", name=re.compile("До кого не дойдёт")).click()
    row = leader.locator("tr", has_text="Жуков Женя")
    expect(row).to_contain_text("звонить вечером")
    shoot(leader, "consents-unreached")
    row.get_by_role("link", name="Жуков Женя Олегович").click()
    axe(leader)
    shoot(leader, "consent")
    phone = visit(moving["leader"], 390)
    phone.goto(f"/o/{slug}/consents/")
    axe(phone)
    shoot(phone, "consents")
