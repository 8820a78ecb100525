"""Story: somebody without a link asks to be let in, and a teacher by a link for everybody is confirmed first."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

Enter = Callable[[Page, str], None]


@pytest.fixture
def school(data: Callable[..., Any]) -> dict[str, Any]:
    return data("waiting_school")


def ask_as_a_parent(page: Page, school: dict[str, Any], enter: Enter, phone: str, look: Callable[[str], None]) -> None:
    page.goto(f"/o/{school['slug']}/apply/")
    expect(page.get_by_role("heading", level=1)).to_have_text(school["short_name"])
    expect(page.get_by_role("main")).not_to_contain_text("5А")
    look("requests-welcome")
    page.get_by_role("button", name="Продолжить").click()
    enter(page, phone)
    page.get_by_role("radio", name="Родитель").check()
    page.get_by_label("Фамилия", exact=True).fill("Абрамова")
    page.get_by_label("Имя", exact=True).fill("Ирина")
    page.get_by_label("Фамилия и имя ребёнка").fill("Абрамова Дарья")
    page.get_by_label("Класс").select_option(label="5А")
    look("requests-form")
    page.get_by_role("button", name="Отправить заявку").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ваша заявка")
    expect(page.get_by_role("main")).to_contain_text("ждёт ответа")
    look("requests-status")


@pytest.mark.req("INV-6", "ACC-1", "ACC-4")
@pytest.mark.parametrize("width", [1280, 390])
def test_from_the_open_page_into_the_school(
    new_page: Callable[..., Page],
    sign_in: Callable,
    enter: Enter,
    data: Callable[..., Any],
    school: dict[str, Any],
    axe: Callable,
    shoot: Callable,
    width: int,
) -> None:
    guest = new_page(width)

    def look(page: Page, name: str) -> None:
        axe(page)
        shoot(page, f"{name}-{width}")

    ask_as_a_parent(guest, school, enter, data("next_phone"), lambda name: look(guest, name))
    answer = guest.goto(f"/o/{school['slug']}/")
    assert answer
    assert answer.status == 404

    page = new_page(width)
    sign_in(page, school["administrator"])
    look(page, "requests-home")
    page.goto(f"/o/{school['slug']}/requests/")
    look(page, "requests-queue")
    card = page.get_by_role("article").filter(has_text="Абрамова Ирина")
    expect(card).to_contain_text("Абрамова Дарья Сергеевна")
    card.get_by_role("button", name="Принять как нового человека").click()
    expect(page.get_by_text("Принято: Абрамова Ирина.")).to_be_visible()

    page.get_by_role("article").filter(has_text="Крылов Олег").get_by_role("link", name="Выбрать ребёнка").click()
    look(page, "requests-card")
    page.get_by_role("link", name="Отклонить…").click()
    page.get_by_role("radio", name="Мы не нашли ребёнка").check()
    look(page, "requests-reject")
    page.get_by_role("button", name="Отклонить").click()
    expect(page.get_by_text("Заявка отклонена: Крылов Олег Петрович.")).to_be_visible()

    guest.goto(f"/o/{school['slug']}/")
    expect(guest.get_by_role("link", name="Абрамова Дарья Сергеевна", exact=True)).to_be_visible()


@pytest.mark.req("INV-9", "INV-3")
@pytest.mark.parametrize("width", [1280, 390])
def test_a_teacher_by_a_link_for_everybody_is_confirmed_first(
    new_page: Callable[..., Page],
    sign_in: Callable,
    enter: Enter,
    data: Callable[..., Any],
    school: dict[str, Any],
    axe: Callable,
    shoot: Callable,
    width: int,
) -> None:
    teacher = new_page(width)
    teacher.goto(school["staff_link"])
    teacher.get_by_role("button", name="Продолжить").click()
    enter(teacher, data("next_phone"))
    teacher.get_by_label("Фамилия", exact=True).fill("Новиков")
    teacher.get_by_label("Имя", exact=True).fill("Нил")
    teacher.get_by_role("button", name="Присоединиться").click()
    expect(teacher.get_by_role("heading", level=1)).to_have_text("Ваша заявка")

    page = new_page(width)
    sign_in(page, school["administrator"])
    page.goto(f"/o/{school['slug']}/requests/staff/")
    axe(page)
    shoot(page, f"requests-staff-{width}")
    page.get_by_role("main").get_by_role("link", name="ждут ответа").click()
    card = page.get_by_role("article").filter(has_text="Новиков Нил")
    expect(card).to_contain_text("по ссылке №")
    card.get_by_role("button", name="Принять как нового человека").click()

    teacher.goto(f"/o/{school['slug']}/")
    expect(teacher.get_by_role("heading", level=1)).to_contain_text("Нил")
    page.goto(f"/o/{school['slug']}/requests/staff/?q=новиков")
    page.get_by_role("link", name="Отозвать подтверждение: Новиков Нил").click()
    page.get_by_label("Причина").fill("Принят по ошибке")
    axe(page)
    shoot(page, f"requests-withdraw-{width}")
    page.get_by_role("button", name="Отозвать").click()
    expect(page.get_by_text("Подтверждение отозвано: Новиков Нил.")).to_be_visible()
    answer = teacher.goto(f"/o/{school['slug']}/")
    assert answer
    assert answer.status == 404
    page.goto(f"/o/{school['slug']}/requests/rules/")
    axe(page)
    shoot(page, f"requests-rules-{width}")
