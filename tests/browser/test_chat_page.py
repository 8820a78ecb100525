"""The chat page by itself: by keyboard, on a phone, with a long past, with a bad network, with nothing in it."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, WebSocketRoute, expect

from tests.browser.chatting import box, message, open_chat, write

Come = Callable[..., Page]
LOOKS = [(1280, False), (1280, True), (390, False), (390, True)]
FEED = "document.querySelector('.chat-feed')"
FIRST_IN_VIEW = """() => {
  const { top } = document.querySelector(".chat-feed").getBoundingClientRect();
  const shown = [...document.querySelectorAll("article")].find((one) => one.getBoundingClientRect().top > top + 40);
  return shown.querySelector(".chat-words").innerText.split("\\n")[0];
}"""


def top_of(page: Page, text: str) -> float:
    where = message(page, text).first.bounding_box()
    assert where is not None
    return where["y"]


def overflow(page: Page) -> int:
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


# --- Everybody can use it ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("width", "dark"), LOOKS)
def test_everything_a_message_can_hold_is_accessible(
    come: Come, school: dict[str, Any], data: Callable, axe: Callable, shoot: Callable, width: int, dark: bool
) -> None:
    data("everything_said", school["teacher"], school["chats"]["5А parents"])
    page = come("parent", "5А parents", width, dark=dark)
    expect(page.locator(".chat-pinned")).to_be_visible()
    axe(page)
    assert overflow(page) <= 0
    shoot(page, f"chat-everything{'-dark' if dark else ''}")
    page.get_by_role("button", name="Материалы").click()
    expect(page.locator(".chat-panel").get_by_text("План.txt")).to_be_visible()
    axe(page)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Прикрепить").click()
    page.get_by_role("menuitem", name="Опрос").click()
    expect(page.get_by_label("Вопрос")).to_be_focused()
    axe(page)
    page.keyboard.press("Escape")
    box(page).press_sequentially("@б")
    expect(page.get_by_role("option", name=re.compile("Белова"))).to_be_visible()
    axe(page)


@pytest.mark.parametrize(("width", "dark"), LOOKS)
def test_the_list_and_the_empty_pages_are_accessible(
    come: Come, school: dict[str, Any], axe: Callable, shoot: Callable, width: int, dark: bool
) -> None:
    page = come("other_parent", "5А parents", width, dark=dark)
    expect(page.get_by_text("Здесь пока нет сообщений").last).to_be_visible()
    axe(page)
    shoot(page, f"chat-empty{'-dark' if dark else ''}")
    page.goto(f"/o/{school['slug']}/chats/")
    expect(page.locator(".chat-item")).not_to_have_count(0)
    axe(page)
    assert overflow(page) <= 0


@pytest.mark.req("CHAT-4")
def test_one_writes_answers_and_corrects_by_keyboard_alone(come: Come, school: dict[str, Any]) -> None:
    page = come("student")
    page.goto(f"/o/{school['slug']}/chats/")
    expect(page.locator(".chat-item")).not_to_have_count(0)
    page.keyboard.press("/")
    expect(page.locator("#chat-search")).to_be_focused()
    page.keyboard.type("5А")
    page.keyboard.press("Enter")
    expect(box(page)).to_be_focused()
    page.keyboard.type("Первая строка")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("вторая")
    page.keyboard.press("Enter")
    expect(message(page, "Первая строка")).to_be_visible()
    expect(box(page)).to_have_value("")
    # The last own message comes back by an arrow, Escape leaves it as it was.
    page.keyboard.press("ArrowUp")
    expect(box(page)).to_have_value("Первая строка\nвторая")
    page.keyboard.press("Escape")
    expect(box(page)).to_have_value("")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("End")
    page.keyboard.type(", исправленная")
    page.keyboard.press("Enter")
    expect(message(page, "вторая, исправленная")).to_contain_text("изменено")
    # Into the messages and back, a menu, an answer.
    expect(box(page)).to_be_focused()
    page.locator("article[tabindex='0']").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name="Ответить")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("article:focus")).to_have_count(1)
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(box(page)).to_be_focused()
    expect(page.locator(".chat-context").first).to_contain_text("Ответ: Зайцев Илья Олегович")
    page.keyboard.press("Escape")
    expect(page.locator(".chat-context").first).to_be_hidden()


def test_arrows_go_through_the_messages(come: Come, school: dict[str, Any]) -> None:
    page = come("student", "5А students")
    for text in ("раз", "два", "три"):
        write(page, text)
        expect(message(page, text)).to_be_visible()
    page.locator("article[tabindex='0']").focus()
    page.keyboard.press("End")
    expect(page.locator("article:focus")).to_contain_text("три")
    page.keyboard.press("ArrowUp")
    expect(page.locator("article:focus")).to_contain_text("два")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(box(page)).to_be_focused()


# --- What is typed ----------------------------------------------------------------------------------------------------
@pytest.mark.req("CHAT-4")
def test_a_draft_waits_on_the_device(come: Come, school: dict[str, Any]) -> None:
    page = come("teacher", "5А students")
    box(page).fill("Начатое и не оконченное")
    page.locator("#chat-list").get_by_role("link", name=re.compile("5А · родители")).click()
    expect(page.get_by_role("heading", name="5А · родители", level=2)).to_be_visible()
    expect(box(page)).to_have_value("")
    listed = page.locator("#chat-list").get_by_role("link", name=re.compile("5А · ученики"))
    expect(listed).to_contain_text("Черновик: Начатое и не оконченное")
    open_chat(page, school["slug"], school["chats"]["5А students"])
    expect(box(page)).to_have_value("Начатое и не оконченное")
    page.keyboard.press("Enter")
    expect(message(page, "Начатое и не оконченное").locator(".chat-tick")).to_be_attached()
    page.reload()
    expect(message(page, "Начатое и не оконченное")).to_be_visible()
    expect(box(page)).to_have_value("")


@pytest.mark.req("CHAT-4")
def test_what_was_not_sent_survives_a_reload_and_arrives_once(come: Come, school: dict[str, Any]) -> None:
    page = come("teacher", loses_network=True)
    page.route_web_socket(re.compile("/ws/"), lambda socket: socket.close(code=3001))
    open_chat(page, school["slug"], school["chats"]["5А students"])

    def lose_the_answer(route: Route) -> None:
        route.fetch()
        route.abort()

    # The message is there, and nobody here knows.
    page.route("**/messages/", lose_the_answer)
    write(page, "Дошло или нет?")
    expect(page.get_by_text("Ждёт связи")).to_be_visible()
    page.unroute("**/messages/")
    page.reload()
    expect(message(page, "Дошло или нет?")).to_have_count(1)
    expect(page.locator(".is-pending")).to_have_count(0)
    # A refusal keeps the words, too.
    page.route(
        "**/messages/",
        lambda route: route.fulfill(status=400, json={"code": "x", "message": "Так нельзя.", "fields": {}}),
    )
    write(page, "Отказано")
    failed = page.locator(".is-pending.is-failed")
    expect(failed).to_contain_text("Не отправлено: Так нельзя.")
    page.unroute("**/messages/")
    failed.get_by_role("button", name="Изменить").click()
    expect(box(page)).to_have_value("Отказано")
    expect(page.locator(".is-pending")).to_have_count(0)


def test_too_long_a_text_stays_in_the_box(come: Come) -> None:
    page = come("teacher", "5А students")
    box(page).fill("я" * 4001)
    expect(page.locator(".chat-counter")).to_have_text("-1")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Сообщение длиннее 4000 знаков")).to_be_visible()
    expect(box(page)).to_have_value("я" * 4001)


# --- A long past ------------------------------------------------------------------------------------------------------
@pytest.mark.req("CHAT-4")
def test_a_thousand_messages_scroll_without_a_jump(come: Come, school: dict[str, Any], data: Callable) -> None:
    chat = school["chats"]["5А students"]
    data("long_past", chat, 1000, [school["people"]["teacher"]["id"], school["people"]["classmate"]["id"]])
    page = come("student", "5А students", 390)
    expect(message(page, "Сообщение 1000")).to_be_in_viewport()
    for _round in range(4):
        # From where nothing is loaded yet to where it is: what one reads moves by just as much.
        page.evaluate(f"{FEED}.scrollTop = 900")
        shown = page.evaluate(f"({FIRST_IN_VIEW})()")
        count, before = page.locator("article").count(), top_of(page, shown)
        page.evaluate(f"{FEED}.scrollTop = 600")
        expect(page.locator("article")).not_to_have_count(count)
        assert abs(top_of(page, shown) - before - 300) < 2
    # A link to the very first message, and back to the end.
    page.goto(f"/o/{school['slug']}/chats/{chat}/#m1")
    page.reload()
    expect(message(page, "Сообщение 1").first).to_be_in_viewport()
    expect(page.get_by_text("Здесь начинается чат")).to_be_attached()
    page.get_by_role("button", name=re.compile("К последним сообщениям")).click()
    expect(message(page, "Сообщение 1000")).to_be_in_viewport()


@pytest.mark.req("CHAT-4")
def test_only_what_was_seen_is_read(come: Come, school: dict[str, Any], data: Callable) -> None:
    chat = school["chats"]["5А students"]
    data("long_past", chat, 60, [school["people"]["teacher"]["id"]])
    page = come("student", "5А students")
    expect(message(page, "Сообщение 60")).to_be_in_viewport()
    expect(page).not_to_have_title(re.compile(r"^\("))
    # New ones come while one reads further up: they wait, and a button tells how many.
    page.evaluate(f"{FEED}.scrollTop = 0")
    teacher = come("teacher", "5А students")
    for text in ("новое раз", "новое два"):
        write(teacher, text)
        expect(message(teacher, text).locator(".chat-tick")).to_be_attached()
    expect(page.get_by_role("button", name="К последним сообщениям: 2 новых")).to_be_visible()
    expect(page).to_have_title(re.compile(r"^\(2\) "))
    expect(message(teacher, "новое два").get_by_text("Отправлено и прочитано")).to_have_count(0)
    page.get_by_role("button", name="К последним сообщениям: 2 новых").click()
    expect(message(teacher, "новое два").get_by_text("Отправлено и прочитано")).to_be_attached()
    expect(page).not_to_have_title(re.compile(r"^\("))


# --- A bad network ----------------------------------------------------------------------------------------------------
class LossyLine:
    """A socket of the page on which chosen frames of the server are lost, doubled or late."""

    def __init__(self) -> None:
        self.sockets: list[WebSocketRoute] = []
        self.change: Callable[[dict[str, Any]], list[dict[str, Any]]] = lambda frame: [frame]

    def answer(self, socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        self.sockets.append(socket)
        server.on_message(lambda text: [socket.send(json.dumps(frame)) for frame in self.change(json.loads(text))])


@pytest.mark.req("CHAT-4")
def test_lost_and_doubled_events_are_healed(come: Come, school: dict[str, Any]) -> None:
    line, lost = LossyLine(), []

    def lose_every_second(frame: dict[str, Any]) -> list[dict[str, Any]]:
        if frame["type"] != "message":
            return [frame]
        lost.append(frame["event"])
        return [] if len(lost) % 2 else [frame, frame]

    student, teacher = come("student"), come("teacher", "5А students")
    student.route_web_socket(re.compile("/ws/"), line.answer)
    open_chat(student, school["slug"], school["chats"]["5А students"])
    write(teacher, "начало")
    expect(message(student, "начало")).to_be_visible()
    line.change = lose_every_second
    texts = [f"слово {number}" for number in range(1, 7)]
    for text in texts:
        write(teacher, text)
        expect(message(teacher, text).locator(".chat-tick")).to_be_attached()
    expect(message(student, texts[-1])).to_be_visible()
    said = student.locator("article[data-id] .chat-words").all_inner_texts()
    assert [text for text in said if text.startswith("слово")] == texts
    assert len(lost) >= 3
