"""Story: two sisters without phones share their mother's e-mail and one tablet (INV-7)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

EMAIL = "elena@example.org"


def give_email(page: Page, read_code: Callable[[str], str], email: str = EMAIL) -> None:
    """On the page that asks for the e-mail: type it, and the code of the letter."""
    page.get_by_label("Почта родителя").fill(email)
    page.get_by_role("button", name="Отправить код").click()
    field = page.get_by_label("Код из письма")
    expect(field).to_be_visible()
    field.fill(read_code(email))
    page.locator("main form:has(input[name=code]) button[type=submit]").first.click()
    expect(field).to_have_count(0)


def choose(page: Page, name: str) -> None:
    """On the page of the children: it is this one."""
    heading = page.get_by_role("heading", name="Кто входит?")
    expect(heading).to_be_visible()
    page.get_by_role("button", name=name).click()
    expect(heading).to_have_count(0)


def sign_out(page: Page) -> None:
    page.goto("/account/")
    page.get_by_role("main").get_by_role("button", name="Выйти").click()
    expect(page.get_by_role("heading", name="Войти", exact=True)).to_be_visible()


@pytest.mark.req("INV-7", "ORG-4")
@pytest.mark.parametrize("width", [390, 1280])
def test_two_sisters_share_an_e_mail_and_a_tablet(
    new_page: Callable[..., Page],
    read_code: Callable[[str], str],
    data: Callable[..., Any],
    axe: Callable,
    shoot: Callable,
    width: int,
) -> None:
    school = data("primary_school")
    email = f"{width}-{EMAIL}"
    data("set_parents_email", school["anna"]["id"], email)
    page = new_page(width)

    # Анна has the strip with her code; another e-mail than the mother's is kindly refused.
    page.goto(school["code"]["url"])
    shoot(page, f"pupils-welcome-{width}")
    axe(page)
    page.get_by_role("button", name="Нет своего телефона").click()
    page.get_by_label("Почта родителя").fill("neighbour@example.org")
    page.get_by_role("button", name="Отправить код").click()
    expect(page.get_by_role("main")).to_contain_text("У школы записана другая почта родителей")
    shoot(page, f"pupils-other-email-{width}")
    axe(page)
    give_email(page, read_code, email)
    expect(page.get_by_role("heading", level=1)).to_have_text("Вы — Рябова Анна Олеговна?")
    shoot(page, f"pupils-confirm-{width}")
    page.get_by_role("button", name="Да, это я").click()
    expect(page.get_by_role("heading", name="Добро пожаловать!")).to_be_visible()

    # Вера opens the link of her class on the same tablet.
    sign_out(page)
    page.goto(school["link"]["url"])
    page.get_by_role("button", name="Нет своего телефона").click()
    give_email(page, read_code, email)
    expect(page.get_by_role("heading", name="Кто присоединяется?")).to_be_visible()
    shoot(page, f"pupils-who-joins-{width}")
    axe(page)
    page.get_by_role("button", name="Другой ребёнок").click()
    page.get_by_label("Фамилия", exact=True).fill("Рябова")
    page.get_by_label("Имя", exact=True).fill("Вера")
    page.get_by_label("Отчество").fill("Олеговна")
    page.get_by_role("button", name="Присоединиться").click()
    expect(page.get_by_role("heading", name="Добро пожаловать!")).to_be_visible()

    # From now on: the e-mail, the code, the choice.
    sign_out(page)
    shoot(page, f"pupils-door-{width}")
    axe(page)
    page.get_by_role("link", name="Войти ребёнку по почте родителя").click()
    shoot(page, f"pupils-email-{width}")
    axe(page)
    give_email(page, read_code, email)
    expect(page.get_by_role("heading", name="Кто входит?")).to_be_visible()
    shoot(page, f"pupils-choose-{width}")
    axe(page)
    choose(page, "Рябова Вера")
    page.goto("/account/")
    expect(page.get_by_role("main")).to_contain_text("Рябова Вера")
    expect(page.get_by_role("main")).to_contain_text(f"Коды приходят на почту родителя: {email}")
    shoot(page, f"pupils-account-{width}")
    sign_out(page)
    page.goto("/signin/child/")
    give_email(page, read_code, email)
    choose(page, "Рябова Анна")
    page.goto("/account/")
    expect(page.get_by_role("main")).to_contain_text("Рябова Анна")


@pytest.mark.req("INV-7")
def test_the_administrator_gives_a_pupil_a_phone(
    new_page: Callable[..., Page],
    sign_in: Callable,
    read_code: Callable[[str], str],
    data: Callable[..., Any],
    axe: Callable,
    shoot: Callable,
) -> None:
    school = data("primary_school")
    email = f"phone-{EMAIL}"
    data("set_parents_email", school["anna"]["id"], email)
    child, administrator, phone = new_page(390), new_page(), data("next_phone")
    child.goto(school["code"]["url"])
    child.get_by_role("button", name="Нет своего телефона").click()
    give_email(child, read_code, email)
    child.get_by_role("button", name="Да, это я").click()
    expect(child.get_by_role("heading", name="Добро пожаловать!")).to_be_visible()

    sign_in(administrator, school["administrator"])
    administrator.goto(f"/o/{school['slug']}/people/{school['anna']['id']}/")
    expect(administrator.get_by_role("main")).to_contain_text(f"по почте родителя {email}")
    shoot(administrator, "pupils-person")
    administrator.get_by_role("link", name="Изменить", exact=True).last.click()
    axe(administrator)
    shoot(administrator, "pupils-sign-in-of-a-person")
    administrator.get_by_label("Свой телефон ученика").fill(phone)
    administrator.get_by_role("button", name="Перевести на свой телефон").click()
    expect(administrator.get_by_role("main")).to_contain_text("Вход теперь по своему телефону")

    child.goto("/account/")
    expect(child.get_by_role("heading", name="Войти", exact=True)).to_be_visible()
    sign_in(child, phone)
    child.goto("/account/")
    expect(child.get_by_role("main")).to_contain_text("Рябова Анна")


@pytest.mark.req("ORG-12")
def test_the_journal_is_read_and_narrowed(
    new_page: Callable[..., Page], sign_in: Callable, data: Callable[..., Any], axe: Callable, shoot: Callable
) -> None:
    school = data("primary_school")
    data("long_journal", school["slug"], 1000)
    for width in (1280, 390):
        page = new_page(width)
        sign_in(page, school["administrator"])
        page.goto(f"/o/{school['slug']}/journal/")
        expect(page.get_by_role("status").filter(has_text="записей")).to_be_visible()
        axe(page)
        shoot(page, f"journal-{width}")
        page.get_by_role("link", name="Движение", exact=True).first.click()
        page.get_by_text("Ещё фильтры").click()
        shoot(page, f"journal-filters-{width}")
        axe(page)
        page.get_by_label("Класс").select_option(label="2А")
        expect(page.locator("tbody tr").first).to_contain_text("2А")
        page.get_by_label("Номер приказа").fill("3-к")
        page.get_by_role("button", name="Показать").last.click()
        expect(page.locator("tbody")).to_contain_text("№ 3-к")
        shoot(page, f"journal-narrowed-{width}")
        with page.expect_download() as download:
            page.get_by_role("link", name="Скачать CSV").click()
        assert download.value.suggested_filename.endswith(".csv")
        page.get_by_label("Номер приказа").fill("нет")
        page.get_by_role("button", name="Показать").last.click()
        expect(page.get_by_role("heading", name="Ничего не найдено")).to_be_visible()
        axe(page)
        shoot(page, f"journal-empty-{width}")
        page.get_by_role("link", name="Снять все фильтры").last.click()
        page.get_by_role("link", name="Раньше").last.click()
        expect(page.get_by_role("link", name="К самым новым")).to_be_visible()
        shoot(page, f"journal-second-{width}")
