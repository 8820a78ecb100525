"""Story (b): a teacher invites into the own class, and cannot into another."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect


@pytest.fixture
def school(data: Callable[..., Any]) -> dict[str, Any]:
    made = data("organization")
    slug = made["slug"]
    units = data("units", slug, ["5А", "5Б"])
    teacher = data("person", slug, "Котова Нина Львовна", ["teacher"])
    data("enrolment", units["5А"], teacher["id"], "leader")
    others = data("link", slug, units["5Б"])
    return {**made, "units": units, "teacher": teacher["phone"], "others": others}


@pytest.mark.req("INV-1", "INV-2", "ACC-4")
@pytest.mark.parametrize("width", [390, 1280])
def test_a_teacher_invites_parents_into_the_own_class(
    new_page: Callable[..., Page], sign_in: Callable, school: dict[str, Any], axe: Callable, shoot: Callable, width: int
) -> None:
    page = new_page(width)
    sign_in(page, school["teacher"])
    shoot(page, "b-home")
    page.get_by_role("main").get_by_role("link", name="Пригласить").click()
    form = page.get_by_role("main")
    expect(form.get_by_role("checkbox", name="5А")).to_be_checked()
    expect(form.get_by_text("5Б")).to_have_count(0)
    expect(form.get_by_role("radio", name="Учителя")).to_have_count(0)
    form.get_by_role("radio", name="Родители").check()
    axe(page)
    shoot(page, "b-new")
    form.get_by_role("button", name="Создать ссылки").click()
    expect(page.get_by_role("heading", name="Ссылка готова")).to_be_visible()
    expect(page.get_by_role("textbox", name="Адрес")).to_have_value(
        re.compile(r"^https?://[^/]+/join/[0-9a-z]+-[a-z2-7]{26}/$")
    )
    axe(page)
    shoot(page, "b-created")


@pytest.mark.req("INV-2", "ACC-4")
def test_another_class_is_neither_offered_nor_opened_by_its_address(
    new_page: Callable[..., Page], sign_in: Callable, school: dict[str, Any], axe: Callable, shoot: Callable
) -> None:
    page, inside = new_page(390), f"/o/{school['slug']}"
    sign_in(page, school["teacher"])
    page.goto(f"{inside}/invitations/")
    expect(page.get_by_text("5Б")).to_have_count(0)
    page.goto(f"{inside}/units/")
    expect(page.get_by_role("checkbox", name="5Б")).to_have_count(0)
    page.goto(f"{inside}/units/{school['units']['5Б']}/")
    expect(page.get_by_role("main").get_by_role("link", name="Пригласить")).to_have_count(0)

    answer = page.goto(f"{inside}/invitations/{school['others']['id']}/")
    assert answer
    assert answer.status == 404
    expect(page.get_by_role("heading", name="Такой страницы нет")).to_be_visible()
    answer = page.goto(f"{inside}/invitations/units/{school['units']['5Б']}/codes/parent/")
    assert answer
    assert answer.status == 403
    expect(page.get_by_role("heading", name="На это нужно другое право")).to_be_visible()
    axe(page)
    shoot(page, "b-forbidden")
    # The class named in the address of the form is left out, not chosen behind the teacher's back.
    page.goto(f"{inside}/invitations/new/?unit={school['units']['5Б']}")
    expect(page.get_by_role("main").get_by_text("5Б")).to_have_count(0)
