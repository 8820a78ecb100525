"""Story: a parent asks with a picture, the administrator answers and passes on, the operator answers, all read it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

SignIn = Callable[[Page, str], None]
PICTURE = Path(__file__).parents[2] / "docs" / "images" / "join-390.png"


@pytest.fixture
def family(data: Callable[..., Any]) -> dict[str, Any]:
    """A school with a parent."""
    school = data("organization")
    parent = data("person", school["slug"], "Абрамова Ирина Олеговна", ["parent"])
    return {**school, "parent": parent["phone"]}


@pytest.mark.req("SUP-1")
def test_from_the_question_to_the_operators_answer(
    new_page: Callable[..., Page],
    sign_in: SignIn,
    data: Callable[..., Any],
    family: dict[str, Any],
    axe: Callable,
    shoot: Callable,
) -> None:
    parent, administrator, operator = new_page(390), new_page(), new_page()
    requests = f"/o/{family['slug']}/help/requests/"

    def look(page: Page, name: str) -> None:
        axe(page)
        shoot(page, name)

    sign_in(parent, family["parent"])
    parent.goto(f"/o/{family['slug']}/help/")
    look(parent, "help-390")
    parent.get_by_role("link", name="Написать администраторам").click()
    parent.get_by_label("О чём речь?").select_option(label="Чаты и сообщения")
    parent.get_by_label("Что происходит").fill("Не вижу чата класса")
    parent.get_by_label("Файлы").set_input_files(PICTURE)
    look(parent, "help-new-390")
    parent.get_by_role("button", name="Отправить").click()
    expect(parent.get_by_role("link", name=PICTURE.name)).to_be_visible()
    expect(parent.get_by_role("main")).to_contain_text("ответить до")
    look(parent, "help-request-390")
    address = parent.url

    sign_in(administrator, family["administrator"])
    expect(administrator.get_by_role("main")).to_contain_text("Обращения: 1")
    administrator.goto(requests)
    look(administrator, "help-requests-1280")
    administrator.get_by_role("link", name="Чаты и сообщения").click()
    administrator.get_by_role("button", name="Взять в работу").click()
    administrator.get_by_label("Сообщение").fill("Чат включили, проверьте")
    administrator.get_by_role("button", name="Отправить ответ").click()
    expect(administrator.get_by_role("main")).to_contain_text("ответ дан")
    look(administrator, "help-answered-1280")

    parent.goto(f"/o/{family['slug']}/")
    parent.get_by_role("link", name="Вам ответили").click()
    expect(parent.get_by_role("main")).to_contain_text("Чат включили, проверьте")
    parent.get_by_label("Сообщение").fill("Всё равно пусто")
    parent.get_by_role("button", name="Отправить").click()

    administrator.goto(address)
    administrator.get_by_text("Передать в поддержку платформы").click()
    administrator.get_by_label("Пометка для поддержки платформы").fill("Чат включён, родитель связан с ребёнком")
    administrator.get_by_role("button", name="Передать", exact=True).click()
    expect(administrator.get_by_role("main")).to_contain_text("у поддержки платформы")

    sign_in(operator, data("operator"))
    operator.goto("/admin/support/helprequest/")
    operator.goto(f"/admin/support/helprequest/{address.rstrip('/').rpartition('/')[2]}/change/")
    expect(operator.get_by_text("родитель связан с ребёнком")).to_be_visible()
    operator.locator("textarea[name=text]").fill("Исправили ошибку, обновите страницу")
    operator.get_by_role("button", name="Отправить ответ").click()
    shoot(operator, "help-operator")

    parent.goto(address)
    expect(parent.get_by_role("main")).to_contain_text("Исправили ошибку")
    expect(parent.get_by_role("main")).not_to_contain_text("связан с ребёнком")
    parent.get_by_role("button", name="Вопрос решён").click()
    expect(parent.get_by_role("main")).to_contain_text("закрыто")


@pytest.mark.req("SUP-1", "SUP-2")
@pytest.mark.parametrize("width", [1280, 390])
def test_a_guest_finds_help(new_page: Callable[..., Page], axe: Callable, shoot: Callable, width: int) -> None:
    page = new_page(width)
    page.goto("/help/")
    page.get_by_role("searchbox").fill("не приходит код")
    expect(page.get_by_text("Код из SMS не приходит. Что делать?")).to_be_visible()
    expect(page.get_by_role("heading", name="В инструкциях")).to_be_visible()
    axe(page)
    page.goto("/help/guides/guide-parent/")
    page.get_by_role("link", name="Второй родитель").click()
    expect(page.get_by_role("heading", name="Второй родитель")).to_be_in_viewport()
    axe(page)
    page.goto("/signin/")
    page.get_by_role("link", name="Не могу войти").click()
    axe(page)
    page.get_by_label("Ваше имя").fill("Роза")
    page.get_by_label("Эл. почта").fill(f"roza{width}@example.org")
    page.get_by_label("Что происходит").fill("Сменила номер")
    page.get_by_role("button", name="Отправить").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Письмо отправлено")
    shoot(page, f"help-sent-{width}")
    axe(page)
