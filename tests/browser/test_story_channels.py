"""Stories of channels: proposed, planned, published, confirmed on a phone, printed (CHAN-1 to CHAN-4, DOC-1)."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.browser import chatting
from tests.browser.chatting import PNG

Come = Callable[..., Page]
TITLE, TEXT = "Правила поведения на льду", "Просим прочитать **всю** памятку."


@pytest.fixture
def visit(new_page: Callable[..., Page], data: Callable[..., Any], server: str) -> Callable[..., Page]:
    """`visit(phone, width=390)`: a browser in which that person is signed in."""
    return lambda phone, width=1280, **how: chatting.let_in(new_page(width, **how), data, phone, server)


@pytest.mark.req("CHAN-1", "CHAN-2", "CHAN-3", "CHAN-4", "DOC-1")
def test_a_proposed_text_is_planned_confirmed_on_a_phone_and_printed(
    visit: Callable[..., Page], school: dict[str, Any], data: Callable[..., Any], axe: Callable, shoot: Callable
) -> None:
    slug, channel = school["slug"], data("schools_channel", school["slug"])
    people = data("third_colleague", slug)
    # The teacher proposes.
    teacher = visit(school["teacher"])
    teacher.goto(f"/o/{slug}/channels/{channel}/")
    teacher.get_by_role("link", name="Предложить запись").first.click()
    teacher.get_by_label("Заголовок").fill(TITLE)
    teacher.get_by_role("textbox", name="Текст").fill(TEXT)
    axe(teacher)
    teacher.get_by_role("button", name="Отправить редакторам").click()
    expect(teacher.get_by_text(TITLE).first).to_be_visible()
    # The administrator finds it on the home page, corrects it, asks the parents and sets the hour.
    office = visit(school["administrator"])
    office.goto(f"/o/{slug}/")
    office.get_by_role("link", name=re.compile("1 предложенн")).click()
    expect(office.get_by_role("heading", name=TITLE, level=1)).to_be_visible()
    office.get_by_role("textbox", name="Текст").fill(TEXT + " До пятницы.")
    office.get_by_label("Нужно ознакомиться").check()
    office.get_by_label("До какого дня").fill((datetime.now() + timedelta(days=3)).strftime("%Y-%m-%d"))
    office.get_by_label("только эти").check()
    office.locator("select[name=circle-0-audience]").select_option("parents")
    office.locator("select[name=circle-0-unit]").select_option("all")
    office.get_by_text("Опубликовать позже, в назначенное время").click()
    tomorrow = datetime.now() + timedelta(days=1)
    office.locator("input[name=publish_at_0]").fill(tomorrow.strftime("%Y-%m-%d"))
    office.locator("input[name=publish_at_1]").fill("09:00")
    axe(office)
    shoot(office, "channels-decide")
    office.get_by_role("button", name="Запланировать").click()
    expect(office.get_by_text(re.compile("завтра в 9:00|завтра в 09:00")).first).to_be_visible()
    # Until then nobody reads it.
    parent = visit(school["parent"], 390)
    parent.goto(f"/o/{slug}/channels/")
    expect(parent.get_by_text(TITLE)).to_have_count(0)
    assert data("the_hour_comes", slug) == 1
    assert data("the_hour_comes", slug) == 0
    # The parent learns of it on the home page, reads, confirms.
    parent.goto(f"/o/{slug}/")
    parent.get_by_role("link", name=re.compile("ознакомиться", re.IGNORECASE)).first.click()
    post = parent.locator("article").filter(has_text=TITLE).first
    expect(post.get_by_text("До пятницы.")).to_be_visible()
    expect(post.get_by_text("Белова Анна Сергеевна").first).to_be_visible()
    axe(parent)
    shoot(parent, "channels-confirm")
    parent.get_by_role("button", name="Ознакомлен(а)").click()
    expect(parent.get_by_text(re.compile("Вы ознакомились|Вы подтвердили|ознакомление:"))).to_be_visible()
    # The head sees who has not, reminds, prints.
    head = visit(people["head"])
    head.goto(f"/o/{slug}/readings/given/")
    head.get_by_role("link", name=re.compile(TITLE)).first.click()
    expect(head.get_by_text("Ким Роман Андреевич").first).to_be_visible()
    head.get_by_role("button", name="Напомнить").click()
    axe(head)
    shoot(head, "readings-detail")
    # The browser shows the sheet by itself; what is printed is read from the address.
    sheet = head.get_by_role("link", name="Лист ознакомления", exact=True).get_attribute("href")
    text = _words_of(head.request.get(str(sheet)).body())
    for line in ("Зайцева Ольга Викторовна", "Ким Роман Андреевич", TITLE):
        assert line in text


def _words_of(content: bytes) -> str:
    pages = PdfReader(BytesIO(content)).pages
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pages))


@pytest.mark.req("CHAN-1", "CHAN-3")
def test_a_leader_publishes_in_the_class_and_parents_react(
    visit: Callable[..., Page], school: dict[str, Any], axe: Callable, shoot: Callable
) -> None:
    slug, unit = school["slug"], school["units"]["5А"]
    leader, parent = visit(school["teacher"]), visit(school["parent"], 390)
    leader.goto(f"/o/{slug}/units/{unit}/")
    leader.get_by_role("button", name="Открыть канал").click()
    leader.get_by_role("link", name="Написать").first.click()
    leader.get_by_label("Заголовок").fill("Экскурсия")
    leader.get_by_role("textbox", name="Текст").fill("Едем в музей.\n- сбор в 9:00\n- сменная обувь")
    leader.locator("input[type=file][name=uploads]").set_input_files(
        [
            {"name": "Музей.png", "mimeType": "image/png", "buffer": PNG},
            {"name": "Согласие.txt", "mimeType": "text/plain", "buffer": "Разрешаю".encode()},
        ]
    )
    expect(leader.get_by_text("Согласие.txt").first).to_be_visible()
    leader.get_by_label("Добавить опрос").check()
    leader.get_by_label("Вопрос").fill("Кто едет?")
    leader.get_by_label("Ответ 1").fill("Едем")
    leader.get_by_label("Ответ 2").fill("Не едем")
    leader.get_by_role("button", name="Как это увидят").last.click()
    expect(leader.get_by_role("heading", name="Экскурсия").first).to_be_visible()
    axe(leader)
    shoot(leader, "channels-write")
    leader.get_by_role("button", name="Опубликовать сейчас").click()
    expect(leader.get_by_role("heading", name="Экскурсия").first).to_be_visible()
    # The parent on a phone: the picture, the answer, the reaction.
    parent.goto(f"/o/{slug}/channels/")
    post = parent.locator("article").filter(has_text="Экскурсия").first
    expect(post.locator("li", has_text="сменная обувь")).to_be_visible()
    picture = post.locator("img").first
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    post.get_by_text("Не едем").click()
    post.get_by_role("button", name="Проголосовать").click()
    expect(parent.get_by_text("ваш ответ").first).to_be_attached()
    like = (
        parent.locator("article").filter(has_text="Экскурсия").first.get_by_role("button", name=re.compile("Нравится"))
    )
    like.click()
    expect(
        parent.locator("article").filter(has_text="Экскурсия").first.get_by_role("button", name=re.compile("Нравится"))
    ).to_have_attribute("aria-pressed", "true")
    axe(parent)
    shoot(parent, "channels-feed")


@pytest.mark.req("CHAN-3")
def test_a_public_channel_is_read_by_strangers_and_nothing_else(
    visit: Callable[..., Page],
    new_page: Callable[..., Page],
    school: dict[str, Any],
    data: Callable[..., Any],
    axe: Callable,
    shoot: Callable,
) -> None:
    slug, channel = school["slug"], data("schools_channel", school["slug"])
    data("many_posts", slug, 25)
    stranger = new_page(390)
    answer = stranger.goto(f"/c/{slug}/{channel}/")
    assert answer is not None
    assert answer.status == 404
    office = visit(school["administrator"])
    office.goto(f"/o/{slug}/channels/{channel}/about/")
    office.get_by_role("link", name="Открыть всем").click()
    axe(office)
    office.get_by_role("button", name="Открыть всем").click()
    answer = stranger.goto(f"/c/{slug}/{channel}/")
    assert answer is not None
    assert answer.status == 200
    expect(stranger.get_by_role("link", name="Новость 24")).to_be_visible()
    axe(stranger)
    shoot(stranger, "channels-public")
    stranger.get_by_role("link", name="Более ранние записи").click()
    expect(stranger.get_by_role("link", name="Новость 0", exact=True)).to_be_visible()
    feed = stranger.request.get(f"/c/{slug}/{channel}/feed.atom")
    assert feed.status == 200
    assert "Новость 24" in feed.text()
    assert "application/atom+xml" in feed.headers["content-type"]
