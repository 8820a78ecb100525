"""Story: an organization applies, corrects what the operator asks for, is approved, and its administrator comes in."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

ORDER = {
    "name": "Приказ № 12-к.pdf",
    "mimeType": "application/pdf",
    "buffer": b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n",
}


def fill_in(page: Page, facts: dict[str, str]) -> None:
    page.get_by_label("Вид организации").select_option("kindergarten")
    page.get_by_label("Полное название").fill(f"Муниципальный детский сад {facts['name']}")
    page.get_by_label("Краткое название").fill(facts["name"])
    page.get_by_label("ИНН").fill(facts["wrong_inn"])
    page.get_by_label("Регион", exact=True).select_option("Иркутская область")
    page.get_by_label("Муниципалитет").fill("Ангарск")
    page.get_by_label("Адрес", exact=True).fill("ул. Садовая, д. 3")
    page.get_by_label("Фамилия").fill("Дашиева")
    page.get_by_label("Имя", exact=True).fill("Дарима")
    page.get_by_label("Отчество").fill("Доржиевна")
    page.get_by_label("Должность").fill("Старший воспитатель")
    page.get_by_label("Мобильный телефон").fill(facts["phone"])
    page.get_by_label("Эл. почта").fill(facts["email"])
    page.get_by_label("Приказ о назначении администратора").set_input_files(ORDER)
    page.get_by_label("Соглашаюсь с правилами").check()


@pytest.mark.req("REG-1", "REG-2", "REG-3", "REG-4")
@pytest.mark.parametrize("width", [1280, 390])
def test_from_the_application_to_the_first_sign_in(
    new_page: Callable[..., Page],
    sign_in: Callable[[Page, str], None],
    enter: Callable[[Page, str], None],
    data: Callable[..., Any],
    axe: Callable,
    shoot: Callable,
    width: int,
) -> None:
    inn, phone = data("next_inn"), data("next_phone")
    wrong = inn[:-1] + str((int(inn[-1]) + 1) % 10)
    facts = {
        "name": f"Сад «Родничок-{phone[-4:]}»",
        "wrong_inn": wrong,
        "phone": phone,
        "email": f"sad{phone[-4:]}@example.org",
    }
    page = new_page(width)
    page.goto("/")
    page.get_by_role("link", name="Зарегистрировать организацию").click()
    axe(page)
    shoot(page, "registration-form")
    fill_in(page, facts)
    page.get_by_role("button", name="Отправить заявку").click()
    expect(page.get_by_role("alert")).to_contain_text("не сходятся контрольные числа")
    expect(page.get_by_text(ORDER["name"])).to_be_visible()  # type: ignore[arg-type]
    axe(page)
    shoot(page, "registration-wrong")
    page.get_by_label("ИНН").fill(inn)
    page.get_by_role("button", name="Отправить заявку").click()
    expect(page.get_by_text("Заявка ждёт оператора платформы.")).to_be_visible()
    axe(page)
    shoot(page, "registration-sent")

    operator = new_page(width)
    sign_in(operator, data("operator"))
    operator.goto("/admin/registration/application/")
    shoot(operator, "registration-queue")
    operator.get_by_role("link", name=facts["name"]).click()
    operator.get_by_role("button", name="Взять на рассмотрение").click()
    expect(operator.get_by_text("Заявитель видит")).to_be_visible()
    shoot(operator, "registration-application")
    operator.get_by_role("link", name="Вернуть с замечаниями").click()
    operator.get_by_label("Замечания").fill("Укажите адрес с индексом.")
    operator.get_by_label("Адрес", exact=True).check()
    shoot(operator, "registration-return")
    operator.get_by_role("button", name="Вернуть с замечаниями").click()
    expect(operator.get_by_text("Заявка возвращена")).to_be_visible()

    page.reload()
    expect(page.get_by_role("status").filter(has_text="Исправьте заявку")).to_contain_text("Укажите адрес с индексом.")
    axe(page)
    shoot(page, "registration-returned")
    page.get_by_label("Адрес", exact=True).fill("665800, ул. Садовая, д. 3")
    page.get_by_role("button", name="Отправить").click()
    expect(page.get_by_text("Заявка отправлена снова.")).to_be_visible()

    operator.reload()
    operator.get_by_role("link", name="Одобрить").click()
    operator.get_by_role("button", name="Одобрить").click()
    expect(operator.get_by_text("Организация создана")).to_be_visible()
    shoot(operator, "registration-approved")

    page.reload()
    expect(page.get_by_text("Пространство организации открыто")).to_be_visible()
    axe(page)
    shoot(page, "registration-open")
    letters = ["application_received", "application_returned", "application_approved"]
    assert data("letters_to", facts["email"]) == letters
    page.get_by_role("link", name="Войти").click()
    enter(page, phone)
    expect(page.get_by_role("heading", name="Здравствуйте, Дарима Доржиевна!")).to_be_visible()
    axe(page)
    shoot(page, "registration-home")


@pytest.mark.req("REG-5")
def test_deleting_is_asked_twice_and_cancelled_in_one_step(
    new_page: Callable[..., Page], sign_in: Callable[[Page, str], None], data: Callable[..., Any], axe: Any, shoot: Any
) -> None:
    school = data("organization")
    page = new_page(390)
    sign_in(page, school["administrator"])
    page.goto(f"/o/{school['slug']}/settings/")
    page.get_by_role("link", name="Удалить организацию").click()
    axe(page)
    shoot(page, "deletion-asked")
    page.get_by_label("Введите краткое название").fill(school["short_name"])
    page.get_by_role("button", name="Удалить организацию").click()
    expect(page.get_by_role("main")).to_contain_text("Организация будет удалена")
    axe(page)
    shoot(page, "deletion-pending")
    page.goto(f"/o/{school['slug']}/")
    shoot(page, "deletion-home")
    page.get_by_role("link", name="Организация будет удалена").click()
    page.get_by_role("button", name="Отменить удаление").click()
    expect(page.get_by_role("main")).to_contain_text("организация остаётся")
