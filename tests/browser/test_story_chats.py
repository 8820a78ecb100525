"""Stories of chats: a teacher, a parent and a student at once; no page is ever loaded anew (CHAT-1, CHAT-4 to 8)."""

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chatting import PNG, box, do, expect_gone, expect_stayed, message, write

Come = Callable[..., Page]


def switch_to(page: Page, title: str) -> None:
    """Open another chat from the list."""
    page.locator("#chat-list").get_by_role("link", name=re.compile(re.escape(title))).click()
    expect(page.get_by_role("heading", name=title, level=2, exact=True)).to_be_visible()


@pytest.mark.req("CHAT-1", "CHAT-4")
def test_a_class_talks_in_three_browsers_at_once(come: Come, axe: Callable, shoot: Callable) -> None:
    teacher, parent = come("teacher", "5А parents"), come("parent", "5А parents", 390)
    student = come("student", "5А students", 390)
    write(teacher, "Завтра **собрание** в 18:00")
    began = time.monotonic()
    expect(message(parent, "Завтра собрание в 18:00")).to_be_visible()
    print(f"\nfrom one browser to the other: {(time.monotonic() - began) * 1000:.0f} ms")  # noqa: T201 - a measure, not a limit
    # It was read: two ticks.
    expect(message(teacher, "собрание").get_by_text("Отправлено и прочитано")).to_be_attached()
    # Somebody is typing; an answer.
    box(parent).press_sequentially("Пр")
    expect(teacher.locator(".chat-top").get_by_text(re.compile("Ольга .+ печатает…"))).to_be_visible()
    do(parent, "собрание", "Ответить")
    write(parent, "Приду обязательно")
    answer = message(teacher, "Приду обязательно")
    expect(answer.get_by_role("button", name=re.compile("Белова Анна Сергеевна.*Завтра собрание"))).to_be_visible()
    axe(parent)
    shoot(parent, "chats-answer")
    # The other chat of the class: what is deleted disappears from the page of the other one.
    switch_to(teacher, "5А · ученики")
    write(teacher, "Домашнее задание: № 12")
    expect(message(student, "№ 12")).to_be_visible()
    write(student, "Ой, не туда")
    expect(message(teacher, "Ой, не туда")).to_be_visible()
    do(student, "Ой, не туда", "Удалить")
    student.get_by_role("dialog").get_by_role("button", name="Удалить").click()
    expect(message(teacher, "Сообщение удалено")).to_be_visible()
    expect_gone(teacher, "Ой, не туда")
    for page in (teacher, parent, student):
        expect_stayed(page)


@pytest.mark.req("CHAT-5")
def test_files_arrive_with_their_pictures_and_stand_among_the_materials(
    come: Come, axe: Callable, shoot: Callable
) -> None:
    teacher, student = come("teacher", "5А students"), come("student", "5А students", 390)
    with teacher.expect_file_chooser() as chooser:
        teacher.get_by_role("button", name="Прикрепить").click()
        teacher.get_by_role("menuitem", name="Файлы и фотографии").click()
    chooser.value.set_files(
        [
            {"name": "Доска.png", "mimeType": "image/png", "buffer": PNG},
            {"name": "Расписание.txt", "mimeType": "text/plain", "buffer": "Понедельник: математика".encode()},
        ]
    )
    expect(teacher.get_by_role("list", name="Прикреплённые файлы").get_by_role("listitem")).to_have_count(2)
    write(teacher, "Что было на доске")
    arrived = message(student, "Что было на доске")
    picture = arrived.locator("img")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    with student.expect_download() as download:
        arrived.get_by_role("link", name=re.compile(r"Расписание\.txt")).first.click()
    assert download.value.suggested_filename == "Расписание.txt"
    student.get_by_role("button", name="Материалы").click()
    expect(student.get_by_role("link", name=re.compile(r"Расписание\.txt")).last).to_be_visible()
    axe(student)
    shoot(student, "chats-materials")


@pytest.mark.req("CHAT-6")
def test_votes_are_seen_while_they_are_given(come: Come, axe: Callable, shoot: Callable) -> None:
    teacher, parent = come("teacher", "5А parents"), come("parent", "5А parents", 390)
    teacher.get_by_role("button", name="Прикрепить").click()
    teacher.get_by_role("menuitem", name="Опрос").click()
    dialog = teacher.get_by_role("dialog", name="Новый опрос")
    dialog.get_by_label("Вопрос").fill("Когда едем в музей?")
    dialog.get_by_label("Ответ 1").fill("В пятницу")
    dialog.get_by_label("Ответ 2").fill("В субботу")
    axe(teacher)
    dialog.get_by_role("button", name="Отправить опрос").click()
    poll = message(parent, "Когда едем в музей?")
    poll.get_by_text("В субботу").click()
    poll.get_by_role("button", name="Проголосовать").click()
    expect(poll.get_by_text("Ваш выбор:")).to_be_attached()
    asked = message(teacher, "Когда едем в музей?")
    expect(asked.get_by_text(re.compile("Проголосовал 1 из 3"))).to_be_visible()
    asked.get_by_role("button", name="Результаты").click()
    asked.get_by_role("button", name="1 голос").click()
    expect(teacher.get_by_role("dialog", name="В субботу").get_by_text("Зайцева Ольга Викторовна")).to_be_visible()
    shoot(teacher, "chats-poll")
    teacher.keyboard.press("Escape")
    asked.get_by_role("button", name="Завершить опрос").click()
    expect(poll.get_by_text(re.compile("завершён"))).to_be_visible()
    expect_stayed(parent)


@pytest.mark.req("CHAT-8", "CHAT-1")
def test_a_transferred_pupil_loses_the_old_chat_at_once(
    come: Come, school: dict[str, Any], data: Callable[..., Any], shoot: Callable
) -> None:
    teacher, student = come("teacher", "5А students"), come("student", "5А students", 390)
    parent, office = come("parent", "5А parents"), come("administrator")
    write(teacher, "Илья, удачи в новом классе!")
    expect(message(student, "удачи")).to_be_visible()
    place, slug = data("enrolment_of", school["people"]["student"]["id"]), school["slug"]
    office.goto(f"/o/{slug}/enrolments/{place}/end/")
    office.get_by_role("button", name="Записать выбытие").click()
    for page in (student, parent):
        expect(page.get_by_role("heading", name="Этот чат вам больше не доступен")).to_be_visible()
    expect_gone(student, "удачи")
    shoot(student, "chats-gone")
    office.goto(f"/o/{slug}/units/{school['units']['5Б']}/enrol/?q=Зайцев+Илья")
    office.get_by_label(re.compile("Зайцев Илья")).check()
    office.get_by_role("button", name="Добавить выбранных").click()
    student.get_by_role("link", name="К списку чатов").click()
    expect(student.locator("#chat-list").get_by_text("5А · ученики")).to_have_count(0)
    student.locator("#chat-list").get_by_role("link", name=re.compile("5Б · ученики")).click()
    other = come("other_teacher", "5Б students")
    write(other, "Здравствуй, Илья!")
    expect(message(student, "Здравствуй, Илья!")).to_be_visible()
    for page in (student, parent):
        expect_stayed(page)
    refused = student.goto(f"/o/{slug}/chats/{school['chats']['5А students']}/")
    assert refused is not None
    assert refused.status == 404
