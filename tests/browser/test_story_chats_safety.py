"""Stories of safety in chats: a report and its decision, a look by the administrator, a link into a chat (CHAT-9)."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chatting import box, do, expect_gone, expect_stayed, message, write

Come = Callable[..., Page]


@pytest.mark.req("CHAT-9")
def test_a_reported_message_is_removed_and_its_author_paused(
    come: Come, school: dict[str, Any], axe: Callable, shoot: Callable
) -> None:
    author, parent = come("other_parent", "5А parents", 390), come("parent", "5А parents", 390)
    teacher = come("teacher")
    write(author, "Ваш Илья — бестолочь")
    expect(message(parent, "бестолочь")).to_be_visible()
    do(parent, "бестолочь", "Пожаловаться")
    dialog = parent.get_by_role("dialog", name="Жалоба на сообщение")
    dialog.get_by_label("Оскорбление или травля").check()
    dialog.get_by_label("Комментарий (необязательно)").fill("Просим вмешаться")
    axe(parent)
    dialog.get_by_role("button", name="Отправить жалобу").click()
    expect(parent.get_by_text("Спасибо. Модераторы посмотрят сообщение.")).to_be_visible()
    # The leader of the class finds it on the home page.
    teacher.goto(f"/o/{school['slug']}/")
    teacher.get_by_role("link", name=re.compile("жалоба")).first.click()
    teacher.get_by_role("link", name=re.compile("бестолочь")).click()
    expect(teacher.get_by_text("Просим вмешаться")).to_be_visible()
    axe(teacher)
    shoot(teacher, "chats-report")
    teacher.get_by_label("Удалить и на время запретить автору писать в этом чате").check()
    teacher.get_by_label("Пояснение").fill("В чате не оскорбляют детей")
    teacher.get_by_role("button", name="Решить и перейти к следующей").click()
    # The author learns of it on the open page, and the others too.
    expect(author.get_by_text(re.compile("Модератор временно запретил вам писать"))).to_be_visible()
    expect(box(author)).to_be_hidden()
    for page in (author, parent):
        expect(page.get_by_text("Сообщение удалил модератор")).to_be_visible()
        expect_gone(page, "бестолочь")
        expect(page.locator(".chat-notice").get_by_text("Ким Роман Андреевич не может писать")).to_be_visible()
        expect_stayed(page)
    shoot(author, "chats-paused")


@pytest.mark.req("CHAT-9")
def test_an_administrator_looks_into_a_chat_and_the_chat_knows(
    come: Come, school: dict[str, Any], axe: Callable, shoot: Callable
) -> None:
    teacher, student = come("teacher", "5А students"), come("student", "5А students", 390)
    office, chat = come("administrator"), school["chats"]["5А students"]
    write(teacher, "Контрольная в среду")
    expect(message(student, "Контрольная")).to_be_visible()
    refused = office.goto(f"/o/{school['slug']}/chats/{chat}/")
    assert refused is not None
    assert refused.status == 404
    office.goto(f"/o/{school['slug']}/chats/registry/")
    axe(office)
    shoot(office, "chats-registry")
    office.get_by_role("link", name="5А · ученики").click()
    office.get_by_label("Ещё", exact=True).click()
    office.get_by_role("link", name="Заглянуть в чат").click()
    office.get_by_label("Документальное основание").fill("Обращение родителей № 7 от 20 ноября")
    office.get_by_role("button", name="Открыть на час").click()
    expect(message(office, "Контрольная в среду")).to_be_visible()
    expect(box(office)).to_be_hidden()
    for page in (teacher, student):
        notice = "Этот чат просматривает Орлова Мария Петровна. Причина: Обращение родителей № 7"
        expect(page.locator(".chat-notice").get_by_text(notice)).to_be_visible()
        expect_stayed(page)


@pytest.mark.req("INV-10", "CHAT-2")
def test_a_link_lets_in_the_people_of_this_school_only(
    come: Come, new_page: Callable[..., Page], school: dict[str, Any], data: Callable[..., Any], sign_in: Callable
) -> None:
    teacher, colleague = come("teacher"), come("other_teacher", width=390)
    teacher.goto(f"/o/{school['slug']}/chats/new/free/")
    teacher.get_by_label("Название").fill("Поход в сентябре")
    teacher.get_by_label("Найти по имени").fill("Зайцева")
    teacher.get_by_label(re.compile("Зайцева Ольга")).check()
    teacher.get_by_role("button", name="Открыть чат").click()
    expect(teacher.get_by_role("heading", name="Поход в сентябре").first).to_be_visible()
    chat = re.search(r"/chats/(\d+)/", teacher.url)
    assert chat is not None
    teacher.goto(f"/o/{school['slug']}/chats/{chat[1]}/info/link/")
    teacher.get_by_role("button", name="Создать ссылку").click()
    link = teacher.get_by_label("Адрес").input_value()
    # Somebody of another school, signed in: as if there were nothing.
    stranger = new_page()
    sign_in(stranger, data("organization")["administrator"])
    refused = stranger.goto(link)
    assert refused is not None
    assert refused.status == 404
    colleague.goto(link)
    colleague.get_by_role("button", name="Войти в чат").click()
    expect(colleague.locator(".chat-open").get_by_role("heading", name="Поход в сентябре")).to_be_visible()
    write(colleague, "Я с вами")
    teacher.goto(f"/o/{school['slug']}/chats/{chat[1]}/")
    expect(message(teacher, "Я с вами")).to_be_visible()
