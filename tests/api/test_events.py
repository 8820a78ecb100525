"""Events over the API: lists, planning, answers, people, broadcasts, the calendar (CHAN-5, CHAN-6)."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from channels_app.models import Channel
from meetings import tokens
from meetings.ical import calendar_of
from meetings.models import Answer, CalendarAddress, Event
from meetings.selectors.events import events_visible_to
from meetings.services.answering import answer
from meetings.services.planning import Recurrence
from orgs.actor import actor_of
from orgs.models import Audience
from tests.api.conftest import Api
from tests.meetings.cast import broadcast_in, crowd, event_in, fresh, places_in, series_in, soon
from tests.world import CAST, School, World

pytestmark = pytest.mark.req("CHAN-6", "INT-1")


@pytest.fixture
def school(world: World) -> School:
    return world.a


def body_of(school: School, **more: Any) -> dict[str, Any]:
    """An event as a client sends it."""
    starts_at = soon()
    return {
        "kind": "meeting",
        "title": "Совет",
        "starts_at": starts_at.isoformat(),
        "ends_at": (starts_at + timedelta(hours=1)).isoformat(),
        "circles": [{"audience": "parents", "unit": school.units["5А"].pk}],
        **more,
    }


# --- Lists ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", CAST)
def test_everybody_lists_what_they_see(school: School, api: Api, who: str) -> None:
    event_in(school)
    event_in(school, by="head", circles=[(Audience.STAFF, None)])
    event_in(school, starts_at=soon(hours=-5))
    client = api(school, who)
    listed = client.get(client.inside("events/"), {"scope": "all"}).json()["results"]
    assert {row["id"] for row in listed} == set(events_visible_to(school.actor(who)).values_list("pk", flat=True))


def test_lists_by_time_and_by_whose(school: School, api: Api) -> None:
    past, near = event_in(school, starts_at=soon(hours=-5)), event_in(school)
    far = event_in(school, by="head", starts_at=soon(days=30))
    client = api(school, "leader")

    def ids(**query: str) -> list[int]:
        return [row["id"] for row in client.get(client.inside("events/"), query).json()["results"]]

    assert ids() == [near.pk]
    assert ids(scope="past") == [past.pk]
    assert ids(scope="mine") == [past.pk, near.pk]
    client = api(school, "parent")
    assert ids() == [near.pk, far.pk]
    assert ids(scope="all", **{"from": soon(days=20).isoformat(), "to": soon(days=40).isoformat()}) == [far.pk]
    for nonsense in ({"from": "вчера"}, {"scope": "some"}, {"to": "9999-12-31T23:59:59-12:00"}):
        assert client.get(client.inside("events/"), nonsense).status_code in (200, 400)
    page = client.get(client.inside("events/"), {"limit": 1}).json()
    assert [row["id"] for row in client.get(page["next"]).json()["results"]] == [far.pk]


# --- Planning ---------------------------------------------------------------------------------------------------------
def test_an_event_is_planned_and_read(school: School, api: Api) -> None:
    leader, parent = api(school, "leader"), api(school, "parent")
    made = leader.post(leader.inside("events/"), body_of(school, text="О **школе**", link="https://meet.example.org/1"))
    assert (made.status_code, made.json()["count"]) == (201, 1)
    pk = made.json()["events"][0]["id"]
    mine = parent.get(parent.inside(f"events/{pk}/")).json()
    assert mine["html"] == "О <strong>школе</strong>"
    assert mine["me"] == {"answer": True, "manage": False, "mark": False}
    assert (mine["is_invited"], mine["answer"], mine["link"]) == (True, "", "https://meet.example.org/1")
    assert mine["circles"] == [{"audience": "parents", "unit": {"id": school.units["5А"].pk, "name": "5А"}}]
    assert leader.get(leader.inside(f"events/{pk}/")).json()["me"] == {"answer": False, "manage": True, "mark": True}


def test_a_series_is_planned_changed_and_cancelled(school: School, api: Api) -> None:
    client = api(school, "leader")
    rule = {"freq": "weekly", "count": 4}
    made = client.post(client.inside("events/"), body_of(school, recurrence=rule)).json()
    assert made["count"] == 4
    first, second, third, _fourth = [row["id"] for row in made["events"]]
    assert client.get(client.inside(f"events/{first}/")).json()["rule"] == "FREQ=WEEKLY;COUNT=4"
    changed = client.patch(client.inside(f"events/{second}/"), {"place": "Зал", "scope": "following"}).json()
    assert [row["place"] for row in changed["events"]] == ["Зал"] * 3
    cancelled = client.post(client.inside(f"events/{third}/cancel/"), {"reason": "Лето", "scope": "following"})
    assert cancelled.json() == {"count": 2}
    anew = client.post(
        client.inside(f"events/{second}/replan/"),
        body_of(school, recurrence={**rule, "weekdays": [2], "interval": 2}, reason="Среда удобнее"),
    )
    assert (anew.status_code, anew.json()["count"]) == (201, 4)
    assert fresh(Event(pk=second)).cancel_reason == "Среда удобнее"


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"title": "\u200b"}, "title"),
        ({"kind": "party"}, "kind"),
        ({"starts_at": "позавчера"}, "starts_at"),
        ({"starts_at": "0001-01-01T00:00:00+14:00"}, "starts_at"),
        ({"ends_at": "9999-12-31T23:59:59-12:00"}, "ends_at"),
        ({"link": "http://a.ru"}, "link"),
        ({"link": "https://a.ru/\x00"}, "link"),
        ({"registration": "places", "places": 10**30}, "places"),
        ({"registration": "places", "places": -5}, "places"),
        ({"circles": []}, "circles"),
        ({"circles": [{"audience": "parents", "unit": 10**30}]}, "circles"),
        ({"circles": "all"}, "circles"),
        ({"recurrence": {"freq": "weekly", "count": 10**30}}, "recurrence"),
        ({"recurrence": {"freq": "weekly", "weekdays": [9], "count": 3}}, "weekdays"),
        ({"recurrence": {"freq": "daily"}}, "until"),
        ({"recurrence": {"freq": "daily", "until": "9999-12-31"}}, "until"),
        ({"recurrence": []}, "recurrence"),
        ({"title": "я" * 100_000}, "title"),
        ({"text": ["а"]}, "text"),
    ],
)
def test_nonsense_is_refused_at_its_field(school: School, api: Api, more: dict[str, Any], field: str) -> None:
    client = api(school, "leader")
    refused = client.post(client.inside("events/"), body_of(school, **more), format="json")
    assert refused.status_code == 400, refused.json()
    assert field in refused.json()["fields"]
    assert not Event.objects.exists()


@pytest.mark.req("ACC-4")
def test_circles_of_others_are_closed(world: World, api: Api) -> None:
    client = api(world.a, "teacher")
    closed = client.post(client.inside("events/"), body_of(world.a))
    assert (closed.status_code, closed.json()["code"]) == (403, "circle_closed")
    foreign = client.post(client.inside("events/"), body_of(world.b))
    assert (foreign.status_code, foreign.json()["code"]) == (400, "circle_unknown")


@pytest.mark.req("ACC-4")
def test_nothing_of_the_other_school_answers(world: World, api: Api) -> None:
    theirs = event_in(world.b, by="administrator", circles=[(Audience.EVERYONE, None)])
    client = api(world.a, "administrator")
    for path in ("", "participants/", "attendance/", "result/"):
        assert client.get(client.inside(f"events/{theirs.pk}/{path}")).status_code == 404
    for path in ("cancel/", "answer/", "attendance/", "air/start/", "open/", "watched/", "announce/", "replan/"):
        assert client.post(client.inside(f"events/{theirs.pk}/{path}"), {}).status_code == 404
    assert client.patch(client.inside(f"events/{theirs.pk}/"), {}).status_code == 404


# --- Answers and people -----------------------------------------------------------------------------------------------
def test_the_third_of_two_places_waits(school: School, api: Api) -> None:
    event = places_in(school, 2)
    for person in crowd(school, 2):
        answer(actor=actor_of(person), event=event, answer="yes")
    client = api(school, "parent")
    url = client.inside(f"events/{event.pk}/answer/")
    said = client.post(url, {"answer": "yes"}).json()
    assert (said["answer"], said["place_in_queue"]) == ("waiting", 1)
    assert client.post(url, {"answer": "no"}).json()["place_in_queue"] is None
    assert client.post(url, {"answer": "waiting"}).status_code == 400
    head = api(school, "head")
    assert head.post(head.inside(f"events/{event.pk}/answer/"), {"answer": "yes"}).status_code == 403
    Event.objects.filter(pk=event.pk).update(ends_at=soon(hours=-1), starts_at=soon(hours=-2))
    closed = client.post(url, {"answer": "yes"})
    assert (closed.status_code, closed.json()["code"]) == (409, "answers_closed")


def test_people_of_an_event_are_listed_page_by_page(school: School, api: Api) -> None:
    event = places_in(school, 3)
    people = crowd(school, 6)
    for person in people:
        answer(actor=actor_of(person), event=event, answer="yes")
    answer(actor=school.actor("student"), event=event, answer="no")
    client = api(school, "leader")
    url = client.inside(f"events/{event.pk}/participants/")

    def names(what: str) -> list[int]:
        found, page = [], client.get(url, {"answer": what, "limit": 2}).json()
        while True:
            found += [row["person"]["id"] for row in page["results"]]
            if page["next"] is None:
                return found
            page = client.get(page["next"]).json()

    assert names("yes") == [person.pk for person in people[:3]]
    assert names("waiting") == [person.pk for person in people[3:]]
    assert names("no") == [school.people["student"].pk]
    assert school.people["parent"].pk in names("silent")
    assert client.get(url, {"answer": "perhaps"}).status_code == 400


@pytest.mark.req("CHAN-5")
def test_attendance_and_result(school: School, api: Api) -> None:
    event = event_in(school, starts_at=soon(minutes=-30))
    client, head = api(school, "leader"), api(school, "head")
    url = client.inside(f"events/{event.pk}/attendance/")
    ids = [school.people[name].pk for name in ("parent", "classmate", "student")]
    assert client.post(url, {"present": ids[:2], "absent": ids[2:]}).json() == {"count": 3}
    rows = {row["person"]["id"]: row["attended"] for row in client.get(url).json()["people"]}
    assert [rows[pk] for pk in ids] == [True, True, False]
    for nonsense in ({"present": [2**63]}, {"present": "all"}, {"present": [school.people["head"].pk]}):
        assert client.post(url, nonsense, format="json").status_code == 400
    result = client.inside(f"events/{event.pk}/result/")
    assert client.put(result, {"result": "Решили ехать"}).json()["result"] == "Решили ехать"
    parent = api(school, "parent")
    assert parent.get(parent.inside(f"events/{event.pk}/")).json()["result"] == ""
    assert head.get(result).json()["came"] == 2
    Event.objects.filter(pk=event.pk).update(ends_at=soon(minutes=-1))
    [shown] = head.get(head.inside("events/results/")).json()["results"]
    figures = {name: shown[name] for name in ("invited", "came", "absent", "result")}
    assert figures == {"invited": 4, "came": 2, "absent": 1, "result": "Решили ехать"}


# --- Broadcasts -------------------------------------------------------------------------------------------------------
@pytest.mark.req("CHAN-5")
def test_a_broadcast_from_beginning_to_end(school: School, api: Api) -> None:
    event = broadcast_in(school)
    leader, parent = api(school, "leader"), api(school, "parent")
    inside = f"events/{event.pk}/"
    closed = parent.post(parent.inside(inside + "open/"))
    assert (closed.status_code, closed.json()["code"]) == (409, "broadcast_not_on_air")
    assert leader.post(leader.inside(inside + "air/start/")).json()["state"] == "on_air"
    assert parent.get(parent.inside(inside)).json()["link"] == "", "who opens it is counted"
    assert leader.get(leader.inside(inside)).json()["link"] == event.link
    assert parent.post(parent.inside(inside + "open/")).json() == {"link": event.link}
    assert parent.post(parent.inside(inside + "watched/")).json() == {"watched_seconds": 0}
    ended = leader.post(leader.inside(inside + "air/end/")).json()
    assert (ended["state"], ended["opened_count"]) == ("over", 1)
    assert parent.post(parent.inside(inside + "watched/")).json()["code"] == "broadcast_over"


@pytest.mark.req("CHAN-5")
def test_announcing_where_one_publishes(school: School, api: Api) -> None:
    event = event_in(school)
    admin, leader = api(school, "administrator"), api(school, "leader")
    channel = Channel.objects.filter(organization=school.organization, unit=None).order_by("id")[0]
    url = f"events/{event.pk}/announce/"
    assert leader.post(leader.inside(url), {"channel": channel.pk}).status_code == 403
    assert leader.post(leader.inside(url), {"channel": 2**62}).status_code == 400
    post = admin.post(admin.inside(url), {"channel": channel.pk}).json()["post"]
    assert admin.get(admin.inside(f"events/{event.pk}/")).json()["announcement"] == post


# --- The calendar -----------------------------------------------------------------------------------------------------
def test_the_address_of_a_calendar_is_ones_own_and_can_be_renewed(school: School, api: Api) -> None:
    client = api(school, "parent")
    url = client.inside("events/calendar/")
    first = client.get(url).json()["url"]
    assert client.get(url).json()["url"] == first
    token = tokens.make_token(CalendarAddress.objects.get())
    assert first.endswith(f"/calendar/{token}.ics")
    assert client.post(url).json()["url"] != first
    assert calendar_of(token) is None


# --- Cost -------------------------------------------------------------------------------------------------------------
def test_lists_cost_the_same_for_three_and_for_sixty(school: School, api: Api) -> None:
    client = api(school, "head")

    def cost(path: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(client.inside(path), {"limit": 200}).status_code == 200
        return len(queries)

    series_in(school, Recurrence(freq="daily", count=3))
    Event.objects.update(organizer=school.people["leader"])
    few = cost("events/")
    series_in(school, Recurrence(freq="daily", count=60))
    assert cost("events/") == few
    event_in(school, starts_at=soon(hours=-5))
    one = cost("events/results/")
    for _number in range(20):
        event_in(school, starts_at=soon(hours=-5))
    assert cost("events/results/") == one
    assert {choice for choice, _label in Answer.choices} == {"yes", "no", "waiting"}
