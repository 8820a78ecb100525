"""Stories of events: two places and three takers, a broadcast, the calendar in a phone (CHAN-5, CHAN-6)."""

import itertools
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from icalendar import Calendar
from playwright.sync_api import Page, expect
from recurring_ical_events import of as expanded

from tests.browser import chatting


@pytest.fixture
def visit(new_page: Callable[..., Page], data: Callable[..., Any], server: str) -> Callable[..., Page]:
    """`visit(phone, width=390)`: a browser in which that person is signed in."""
    return lambda phone, width=1280, **how: chatting.let_in(new_page(width, **how), data, phone, server)


def plan(page: Page, slug: str, title: str, kind: str, audience: str, **more: str) -> None:
    """Fill the form of a new event for tomorrow at six and leave it open."""
    page.goto(f"/o/{slug}/events/new/")
    page.get_by_label("Вид").select_option(label=kind)
    page.get_by_label("Название").fill(title)
    page.locator("input[name=day]").fill((datetime.now() + timedelta(days=2)).strftime("%Y-%m-%d"))
    page.locator("input[name=starts]").fill("18:00")
    page.locator("input[name=ends]").fill("19:30")
    for name, value in more.items():
        page.locator(f"[name={name}]").fill(value)
    page.locator("select[name=circle-0-audience]").select_option(audience)
    page.locator("select[name=circle-0-unit]").select_option("all")


@pytest.mark.req("CHAN-5", "CHAN-6")
def test_two_places_and_three_takers(
    visit: Callable[..., Page], school: dict[str, Any], data: Callable[..., Any], axe: Callable, shoot: Callable
) -> None:
    slug = school["slug"]
    people = data("third_colleague", slug)
    head = visit(people["head"])
    plan(head, slug, "Семинар по чтению", "Семинар", "staff", place="Кабинет 12")
    head.locator("input[name=registration][value=places]").check()
    head.locator("input[name=places]").fill("2")
    axe(head)
    shoot(head, "events-new")
    head.locator("button[value=plan]").last.click()
    expect(head.get_by_role("heading", name="Семинар по чтению")).to_be_visible()
    address = urlsplit(head.url).path
    takers = [visit(school[who], 390) for who in ("teacher", "other_teacher")]
    takers.append(visit(people["colleague"], 390))
    for page in takers[:2]:
        page.goto(address)
        page.get_by_role("button", name="Приду", exact=True).click()
        expect(page.get_by_role("button", name="Не приду")).to_be_visible()
    third = takers[2]
    third.goto(address)
    third.get_by_role("button", name="Встать в лист ожидания").click()
    expect(third.get_by_text(re.compile("лист[еа]? ожидания")).first).to_be_visible()
    axe(third)
    shoot(third, "events-waiting")
    # One of the two cannot come: the place goes to who waits.
    takers[0].get_by_role("button", name="Не приду").click()
    third.reload()
    expect(third.get_by_role("button", name="Не приду")).to_be_visible()
    expect(third.get_by_text(re.compile("в листе ожидания"))).to_have_count(0)
    head.goto(f"{address}participants/")
    expect(head.get_by_text("Демидова Ирина Олеговна").first).to_be_visible()
    axe(head)
    shoot(head, "events-participants")


@pytest.mark.req("CHAN-5")
def test_a_broadcast_is_announced_run_and_counted(
    visit: Callable[..., Page], school: dict[str, Any], data: Callable[..., Any], axe: Callable, shoot: Callable
) -> None:
    slug = school["slug"]
    office, parent = visit(school["administrator"]), visit(school["parent"], 390)
    plan(office, slug, "Праздник осени", "Трансляция", "everyone", link="https://stream.example.org/osen")
    office.get_by_label("Объявить в канале").select_option(index=1)
    office.locator("button[value=plan]").last.click()
    expect(office.get_by_role("heading", name="Праздник осени")).to_be_visible()
    address = urlsplit(office.url).path
    # Announced in the channel, with the way to the event.
    parent.goto(f"/o/{slug}/channels/")
    parent.locator("article").filter(has_text="Праздник осени").first.locator('a[href*="/events/"]').click()
    expect(parent.get_by_role("heading", name="Праздник осени")).to_be_visible()
    data("begins_now", slug, "Праздник осени")
    office.reload()
    office.get_by_role("button", name="Выйти в эфир").click()
    expect(office.get_by_role("heading", name="Трансляция в эфире")).to_be_visible()
    parent.goto(address)
    parent.get_by_role("button", name="Смотреть").click()
    expect(parent.get_by_role("link", name="Открыть трансляцию")).to_have_attribute(
        "href", "https://stream.example.org/osen"
    )
    axe(parent)
    shoot(parent, "events-watch")
    office.reload()
    expect(office.get_by_text("1 человек").first).to_be_visible()
    office.get_by_role("button", name="Завершить трансляцию").click()
    expect(office.get_by_role("heading", name="Трансляция в эфире")).to_have_count(0)


@pytest.mark.req("CHAN-6")
def test_the_calendar_of_a_phone_reads_what_the_page_shows(
    visit: Callable[..., Page], new_page: Callable[..., Page], school: dict[str, Any], axe: Callable, shoot: Callable
) -> None:
    slug = school["slug"]
    office, teacher = visit(school["administrator"]), visit(school["teacher"])
    plan(office, slug, "Планёрка", "Совещание", "staff")
    office.get_by_label("Повторяется").select_option("weekly")
    office.locator("input[name=count]").fill("4")
    office.locator("button[value=plan]").last.click()
    expect(office.get_by_role("heading", name="Планёрка")).to_be_visible()
    teacher.goto(f"/o/{slug}/events/")
    axe(teacher)
    shoot(teacher, "events-month")
    teacher.get_by_role("link", name="В мой телефон").click()
    secret = teacher.locator("#calendar-address").input_value()
    axe(teacher)
    stranger = new_page()
    answer = stranger.request.get(secret)
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/calendar")
    now = datetime.now()
    found = expanded(Calendar.from_ical(answer.body())).between(now, now + timedelta(days=60))
    times = sorted(event["DTSTART"].dt for event in found)
    assert [str(event["SUMMARY"]) for event in found] == ["Планёрка"] * 4
    assert [(later - earlier).days for earlier, later in itertools.pairwise(times)] == [7, 7, 7]
    assert {moment.strftime("%H:%M") for moment in times} == {"18:00"}
    # Renewed: the old address is dead.
    teacher.get_by_role("link", name="Обновить адрес").click()
    teacher.get_by_role("button", name="Обновить адрес").click()
    assert stranger.request.get(secret).status == 404
    assert stranger.request.get(teacher.locator("#calendar-address").input_value()).status == 200
