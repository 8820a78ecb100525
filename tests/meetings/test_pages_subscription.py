"""The calendar of a phone: a secret address that needs no sign-in, until it is renewed."""

import re

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from meetings.models import CalendarAddress
from tests.meetings.cast import event_in
from tests.meetings.pages import EventVisitor
from tests.world import School, World


def address_of(visitor: EventVisitor) -> str:
    """The path that the page shows."""
    page = visitor.get("subscribe").content.decode()
    found = re.search(r'value="https?://[^/"]+(/calendar/[^"]+\.ics)"', page)
    assert found
    assert re.search(rf'href="webcal://[^/"]+{re.escape(found[1])}"', page)
    return found[1]


@pytest.mark.req("CHAN-6")
def test_the_address_is_read_without_signing_in(school: School) -> None:
    event_in(school, title="Собрание, важное")
    answer = Client().get(address_of(EventVisitor(school, "parent")))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Cache-Control"] == "private, no-cache"
    assert "noindex" in answer["X-Robots-Tag"]
    calendar = Calendar.from_ical(answer.content)
    assert [str(entry["summary"]) for entry in calendar.walk("VEVENT")] == ["Собрание, важное"]


def test_what_has_not_changed_is_not_sent_again(school: School) -> None:
    event_in(school)
    address = address_of(EventVisitor(school, "parent"))
    first = Client().get(address)
    again = Client().get(address, HTTP_IF_NONE_MATCH=first["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    assert "private" in again["Cache-Control"]
    event_in(school, title="Ещё одно")
    assert Client().get(address, HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 200
    assert Client().head(address).status_code == 200
    assert Client().post(address).status_code == 405


@pytest.mark.req("CHAN-6")
def test_a_renewed_address_kills_the_old_one(school: School) -> None:
    parent = EventVisitor(school, "parent")
    old = address_of(parent)
    assert "Старый адрес сразу перестанет работать" in parent.see("renew")
    assert Client().get(old).status_code == 200
    assert "Адрес обновлён" in parent.post_then_look("renew", {"confirmed": "yes"})
    new = address_of(parent)
    assert new != old
    assert Client().get(old).status_code == 404
    assert Client().get(new).status_code == 200


def test_each_has_an_address_of_the_own_events(world: World, school: School) -> None:
    event_in(school, title="Для 5А")
    addresses = {name: address_of(EventVisitor(school, name)) for name in ("parent", "student", "teacher")}
    addresses["foreign"] = address_of(EventVisitor(world.b, "parent"))
    assert len(set(addresses.values())) == 4
    shown = {name: "Для 5А" in Client().get(address).content.decode() for name, address in addresses.items()}
    assert shown == {"parent": True, "student": True, "teacher": False, "foreign": False}


def test_looking_at_the_page_twice_keeps_the_address(school: School) -> None:
    parent = EventVisitor(school, "parent")
    assert address_of(parent) == address_of(parent)
    assert CalendarAddress.objects.count() == 1
    assert "no-store" in parent.get("subscribe")["Cache-Control"]


@pytest.mark.parametrize(
    "token", ["x", "1-" + "a" * 26, "0-" + "a" * 26, "9" * 40, "1-я", "1-%00", "-", "99-" + "a" * 300]
)
def test_addresses_of_nobody_are_not_found(school: School, token: str) -> None:
    address_of(EventVisitor(school, "parent"))
    assert Client().get(f"/calendar/{token}.ics").status_code == 404


@pytest.mark.req("INV-11")
def test_guessing_is_limited_and_a_genuine_address_still_opens(school: School, settings: object) -> None:
    settings.FAILED_TOKENS_PER_ADDRESS_PER_HOUR = 3  # type: ignore[attr-defined]
    address = address_of(EventVisitor(school, "parent"))
    guess = "/calendar/1-" + "a" * 26 + ".ics"
    statuses = [Client().get(guess).status_code for _try in range(5)]
    assert statuses == [404, 404, 404, 429, 429]
    assert Client().get(address).status_code == 200
    assert Client().get(guess, REMOTE_ADDR="10.0.0.7").status_code == 404
    # Of IPv6 a home's whole network is one.
    for number in range(3):
        assert Client().get(guess, REMOTE_ADDR=f"2001:db8:1:2::{number}").status_code == 404
    assert Client().get(guess, REMOTE_ADDR="2001:db8:1:2:ffff::1").status_code == 429
    cache.clear()


def test_whoever_has_left_reads_nothing(school: School) -> None:
    address = address_of(EventVisitor(school, "teacher"))
    school.people["teacher"].roles.update(until=timezone.now())
    assert Client().get(address).status_code == 404
