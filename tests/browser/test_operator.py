"""The operator makes an organization; its administrator signs in by the phone that was named (REG-3, REG-4)."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

LISTS = [
    "orgs/organization",
    "orgs/unit",
    "orgs/academicyear",
    "orgs/auditevent",
    "orgs/person",
    "orgs/roleassignment",
    "orgs/enrolment",
    "orgs/guardianship",
    "orgs/handoveroffer",
    "invitations/invitation",
    "invitations/invitationuse",
    "files/storedfile",
    "accounts/user",
    "accounts/apikey",
    "outbox/message",
]
# Words that are not Russian and stand on purpose: names of icons are hidden from people by their font.
LATIN = re.compile(r"\b[A-Z][a-z]{2,}(?: [a-z]+)*\b")
MEANT = {"Europe", "Asia", "Moscow", "Kaliningrad"}


@pytest.mark.req("REG-3", "REG-4", "REG-7")
def test_an_organization_is_made_and_its_administrator_comes_in(
    new_page: Callable[..., Page], sign_in: Callable[[Page, str], None], data: Callable[..., Any], shoot: Callable
) -> None:
    page = new_page()
    sign_in(page, data("operator"))
    page.goto("/admin/orgs/organization/add/")
    page.get_by_label("Вид").select_option("kindergarten")
    page.get_by_label("Полное название").fill("Детский сад № 7 «Солнышко»")
    page.get_by_label("Краткое название").fill("Солнышко")
    page.get_by_label("Часовой пояс").select_option("Asia/Irkutsk")
    page.get_by_label("Фамилия").fill("Дашиева")
    page.get_by_label("Имя").fill("Дарима")
    page.get_by_label("Мобильный телефон").fill("8 914 345-67-89")
    shoot(page, "operator-add")
    page.get_by_role("button", name="Сохранить").click()
    expect(page).to_have_url(re.compile("/admin/orgs/organization/$"))
    page.get_by_placeholder(re.compile("Любая часть названия")).fill("СОЛНЫШКО")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Солнышко", exact=True)).to_be_visible()
    shoot(page, "operator-organizations")
    administrator = new_page(width=390)
    sign_in(administrator, "+79143456789")
    expect(administrator).to_have_url(re.compile("/o/solnyshko/"))


@pytest.mark.req("ACC-7")
def test_the_operators_pages_run_under_their_policy_and_speak_russian(
    new_page: Callable[..., Page], sign_in: Callable[[Page, str], None], data: Callable[..., Any]
) -> None:
    page = new_page()
    data("crowded_school")
    sign_in(page, data("operator"))
    page.goto("/admin/")
    for address in LISTS:
        page.goto(f"/admin/{address}/")
        _speaks_russian(page)
        first = page.locator("#result_list th a, #result_list td.field-name a").first
        if first.count():
            first.click()
            _speaks_russian(page)


def _speaks_russian(page: Page) -> None:
    labels = page.locator("th, label, h1, h2, button, .submit-row a").all_inner_texts()
    foreign = {word for text in labels for word in LATIN.findall(text)} - MEANT
    assert not foreign, (page.url, foreign)


@pytest.mark.req("INT-1", "ACC-7")
def test_the_description_of_the_api_opens_from_our_own_files(
    new_page: Callable[..., Page], sign_in: Callable[[Page, str], None], data: Callable[..., Any]
) -> None:
    page = new_page()
    sign_in(page, data("organization")["administrator"])
    page.goto("/api/v1/docs/")
    expect(page.locator(".opblock-summary-path").first).to_be_visible()
