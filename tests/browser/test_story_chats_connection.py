"""Stories of a bad network: what was written meanwhile arrives once and in order, nothing is lost (CHAT-4)."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from tests.browser.chatting import expect_in_order, expect_stayed, message, write

Come = Callable[..., Page]


class Line:
    """The sockets of a page: may be cut, blocked and let through again."""

    def __init__(self) -> None:
        self.is_blocked = False
        self.sockets: list[WebSocketRoute] = []

    def answer(self, socket: WebSocketRoute) -> None:
        """Let a socket of the page through, or not."""
        if self.is_blocked:
            socket.close(code=3001)
        else:
            socket.connect_to_server()
            self.sockets.append(socket)

    def cut(self) -> None:
        """End what is open, as a restart of the server would."""
        for socket in self.sockets:
            socket.close(code=3001)
        self.sockets.clear()


@pytest.mark.req("CHAT-4")
def test_a_phone_without_network_gets_everything_afterwards(come: Come, axe: Callable, shoot: Callable) -> None:
    teacher, student = come("teacher", "5А students"), come("student", "5А students", 390, loses_network=True)
    write(teacher, "раз")
    expect(message(student, "раз")).to_be_visible()
    student.context.set_offline(True)
    expect(student.get_by_text(re.compile("Устройство не в сети"))).to_be_visible()
    for text in ("два", "три", "четыре"):
        write(teacher, text)
        expect(message(teacher, text)).to_be_visible()
    write(student, "пять")
    expect(student.get_by_text("Ждёт связи")).to_be_visible()
    axe(student)
    shoot(student, "chats-offline")
    student.context.set_offline(False)
    expect(message(teacher, "пять")).to_be_visible()
    for page in (teacher, student):
        expect_in_order(page, ["раз", "два", "три", "четыре", "пять"])
        expect_stayed(page)
    expect(student.get_by_text(re.compile("Устройство не в сети"))).to_be_hidden()


@pytest.mark.req("CHAT-4")
def test_where_sockets_are_cut_and_blocked_chats_go_on(
    come: Come, new_page: Callable[..., Page], shoot: Callable
) -> None:
    teacher, student, line = come("teacher", "5А students"), come("student", loses_network=True), Line()
    student.route_web_socket(re.compile("/ws/"), line.answer)
    address = teacher.url
    student.goto(address)
    write(teacher, "раз")
    expect(message(student, "раз")).to_be_visible()
    assert line.sockets
    # Cut once: the next socket opens within a second or two and heals what was missed.
    line.cut()
    write(teacher, "два")
    expect(message(student, "два")).to_be_visible()
    # Blocked: written by plain POST, read by asking.
    line.is_blocked = True
    line.cut()
    write(student, "три")
    expect(message(teacher, "три")).to_be_visible()
    write(teacher, "четыре")
    expect(message(student, "четыре")).to_be_visible(timeout=15_000)
    expect(student.get_by_text(re.compile("Сеть не пропускает мгновенные обновления"))).to_be_visible()
    shoot(student, "chats-polling")
    # Let through again.
    line.is_blocked = False
    student.evaluate("window.dispatchEvent(new Event('online'))")
    expect(student.locator("#chat-status")).to_be_hidden()
    write(teacher, "пять")
    expect(message(student, "пять")).to_be_visible()
    for page in (teacher, student):
        expect_in_order(page, ["раз", "два", "три", "четыре", "пять"])
