"""The forms of events: planned, changed, cancelled, announced; what was typed is never lost."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from channels_app.models import Channel, ChannelKind, Post
from meetings.models import Event, EventAudience, Registration
from meetings.services.planning import Recurrence, cancel
from orgs.models import Audience, Organization
from tests.meetings.cast import event_in, fresh, series_in, soon
from tests.meetings.pages import EventVisitor, circle_fields, new_event, sent, words
from tests.world import School

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _wednesday() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def typed(school: School, **changes: Any) -> dict[str, Any]:
    return new_event(school.units["5А"], **changes)


def refused(school: School, name: str = "leader", **changes: Any) -> str:
    """What the form says to what it does not take; nothing is planned."""
    response = EventVisitor(school, name).post("new", typed(school, **changes))
    assert response.status_code == 422
    assert not Event.objects.exists()
    return response.content.decode()


@pytest.mark.req("CHAN-6")
def test_an_event_is_planned_by_the_clock_of_the_organization(school: School) -> None:
    page = EventVisitor(school, "leader").post_then_look("new", typed(school))
    assert "Событие запланировано." in page
    assert "Вторник, 1 декабря, 18:00–19:30" in page
    event = Event.objects.get()
    assert event.starts_at == datetime(2026, 12, 1, 15, 0, tzinfo=UTC)
    assert event.organizer == school.people["leader"]
    assert [(rule.audience, rule.unit) for rule in event.audiences.all()] == [(Audience.PARENTS, school.units["5А"])]


@pytest.mark.parametrize("zone", ["Europe/Kaliningrad", "Asia/Vladivostok"])
def test_other_clocks_plan_other_moments(school: School, zone: str) -> None:
    Organization.objects.filter(pk=school.organization.pk).update(time_zone=zone)
    leader = EventVisitor(school, "leader")
    assert "18:00–19:30" in leader.post_then_look("new", typed(school))
    event = Event.objects.get()
    hours = {"Europe/Kaliningrad": 16, "Asia/Vladivostok": 8}[zone]
    assert event.starts_at == datetime(2026, 12, 1, hours, 0, tzinfo=UTC)
    form = sent(leader.get("edit", event_id=event.pk).content.decode())
    assert (form["day"], form["starts"], form["ends"]) == ("2026-12-01", "18:00", "19:30")


@pytest.mark.req("CHAN-6")
def test_places_answers_until_and_several_days(school: School) -> None:
    changes = {"registration": "places", "places": "20", "last_day": "2026-12-03", "answers_day": "2026-11-30"}
    assert EventVisitor(school, "leader").post("new", typed(school, **changes)).status_code == 302
    event = Event.objects.get()
    assert (event.registration, event.places) == (Registration.PLACES, 20)
    assert event.ends_at == datetime(2026, 12, 3, 16, 30, tzinfo=UTC)
    assert event.registration_until == datetime(2026, 11, 30, 20, 59, tzinfo=UTC)


def test_answers_on_the_day_itself_are_taken_until_the_end(school: School) -> None:
    EventVisitor(school, "leader").post("new", typed(school, answers_day="2026-12-01"))
    event = Event.objects.get()
    assert event.registration_until == event.ends_at


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"title": ""}, "Обязательное поле"),
        ({"title": "\x00\u200b"}, ""),
        ({"title": "я" * 201}, "Название"),
        ({"day": ""}, "Обязательное поле"),
        ({"day": "9999-99-99"}, "дату"),
        ({"day": "9999-12-31"}, "год"),
        ({"day": "2026-11-01"}, "уже прошло"),
        ({"day": "2029-01-01"}, "два года"),
        ({"starts": "25:00"}, "время"),
        ({"ends": "17:00"}, "позже начала"),
        ({"last_day": "2026-12-31"}, "двух недель"),
        ({"kind": "party"}, "party"),
        ({"kind": "broadcast"}, "Адрес"),
        ({"link": "http://video.example.org/"}, "https://"),
        ({"link": "javascript:alert(1)"}, "https://"),
        ({"registration": "places"}, "сколько мест"),
        ({"registration": "places", "places": "0"}, "1"),
        ({"registration": "places", "places": str(10**30)}, "10000"),
        ({"answers_day": "2026-12-20"}, "до конца"),
        ({"answers_time": "10:00"}, "Выберите и день"),
        ({"text": "я" * 8001}, "8000"),
        ({"circle-0-audience": "", "circle-0-unit": ""}, "кто приглашён"),
        ({"circle-0-unit": ""}, "Проверьте, кто приглашён"),
        ({"circle-0-unit": str(10**30)}, "Проверьте, кто приглашён"),
        ({"circle-TOTAL_FORMS": "x"}, "Проверьте, кто приглашён"),
        ({"freq": "weekly"}, "последний день"),
        ({"freq": "weekly", "count": "1"}, "2"),
        ({"freq": "weekly", "count": "3", "until": "2026-12-31"}, "либо"),
        ({"freq": "weekly", "until": "2028-11-30"}, "год"),
        ({"freq": "daily", "count": "3", "last_day": "2026-12-03"}, "предыдущее"),
        ({"freq": "yearly", "count": "3"}, "yearly"),
        ({"freq": "weekly", "count": "3", "weekdays": ["9"]}, "9"),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(
    school: School, changes: dict[str, Any], said: str
) -> None:
    page = refused(school, **changes)
    assert 'class="error-summary"' in page
    assert said in page
    form = sent(page)
    kept = {**typed(school), **changes}
    for name in ("text", "place", "starts", "day"):
        if name in kept and name not in changes:
            assert form[name] == kept[name], name
    if "circle-0-unit" not in changes and "circle-TOTAL_FORMS" not in changes and "circle-0-audience" not in changes:
        assert form["circle-0-unit"] == str(school.units["5А"].pk)


def test_who_may_be_invited_is_checked(school: School) -> None:
    page = refused(school, "teacher")
    assert "Собирать можно тех, с кем вы работаете" in page or "Проверьте, кто приглашён" in page


@pytest.mark.req("CHAN-6")
def test_the_dates_of_a_series_are_shown_before_it_is_planned(school: School) -> None:
    changes = {"do": "dates", "freq": "weekly", "weekdays": ["1", "3"], "count": "4", "interval": "1"}
    response = EventVisitor(school, "leader").post("new", typed(school, **changes))
    assert response.status_code == 200
    page = words(response)
    assert "Каждый вторник и каждый четверг, 4 раза" in page
    for day in ("1 декабря, вторник", "3 декабря, четверг", "8 декабря, вторник", "10 декабря, четверг"):
        assert day in page
    assert not Event.objects.exists()
    form = sent(response.content.decode())
    assert form["title"] == "Собрание 5А"
    assert form["circle-0-unit"] == str(school.units["5А"].pk)


def test_of_a_long_series_the_first_and_the_last_dates_are_shown(school: School) -> None:
    changes = {"do": "dates", "freq": "weekly", "count": "30"}
    page = words(EventVisitor(school, "leader").post("new", typed(school, **changes)))
    assert "30 раз" in page
    assert "…и ещё 18…" in page
    assert "22 июня 2027, вторник" in page


def test_the_preview_alone_is_given_to_the_script(school: School) -> None:
    leader = EventVisitor(school, "leader")
    ask = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "dates"}
    form = typed(school, do="dates", freq="daily", count="2")
    page = leader.client.post(leader.url("new"), form, **ask).content.decode()  # type: ignore[arg-type]
    assert page.strip().startswith('<div id="dates"')
    assert "2 декабря, среда" in page
    for changes in ({"freq": ""}, {"freq": "weekly", "count": "x"}, {"day": "", "freq": "daily", "count": "2"}):
        broken = {**form, **changes}
        answer = leader.client.post(leader.url("new"), broken, **ask)  # type: ignore[arg-type]
        assert answer.status_code == 200, changes


def test_a_series_is_planned(school: School) -> None:
    page = EventVisitor(school, "leader").post_then_look(
        "new", typed(school, freq="weekly", until="2026-12-29", weekdays=["1"], interval="2")
    )
    assert "Запланировано 3 события." in page
    assert "Раз в 2 недели: вторник до 29 декабря" in page


def test_more_rows_keep_what_was_typed(school: School) -> None:
    page = EventVisitor(school, "leader").post(
        "new", typed(school, do="more", starts="", freq="weekly", weekdays=["2"])
    )
    assert page.status_code == 200
    form = sent(page.content.decode())
    assert form["title"] == "Собрание 5А"
    assert form["circle-TOTAL_FORMS"] == "3"
    assert form["weekdays"] == "2"


def test_the_form_begins_with_the_day_and_the_class_that_were_looked_at(school: School) -> None:
    leader = EventVisitor(school, "leader")
    unit = school.units["5А"].pk
    form = sent(leader.get("new", {"date": "2026-12-24", "unit": str(unit), "audience": "parents"}).content.decode())
    assert (form["day"], form["circle-0-audience"], form["circle-0-unit"]) == ("2026-12-24", "parents", str(unit))
    assert sent(leader.get("new", {"date": "2020-01-01"}).content.decode())["day"] == "2026-11-25"
    for nonsense in ({"date": "9999-99-99"}, {"unit": "x", "audience": "x"}, {"from": "999999999999999999999"}):
        assert leader.get("new", nonsense).status_code == 200


def test_one_like_it_is_planned_a_week_later(school: School) -> None:
    event = event_in(school, starts_at=datetime(2026, 11, 26, 15, 0, tzinfo=UTC))
    form = sent(EventVisitor(school, "leader").get("new", {"from": str(event.pk)}).content.decode())
    assert (form["title"], form["day"], form["starts"], form["circle-1-audience"]) == (
        "Собрание", "2026-12-03", "18:00", "students",
    )  # fmt: skip
    other = sent(EventVisitor(school, "teacher").get("new", {"from": str(event.pk)}).content.decode())
    assert other["title"] == ""


def test_planning_announces_where_one_publishes(school: School) -> None:
    channel = Channel.objects.get(organization=school.organization, kind=ChannelKind.ORGANIZATION)
    head = EventVisitor(school, "administrator")
    page = head.post_then_look("new", typed(school, channel=str(channel.pk)))
    assert "Объявление вышло в канале" in page
    post = Post.objects.get(channel=channel)
    assert post.title == "Собрание 5А"
    assert Event.objects.get().announcement == post
    assert head.post("new", typed(school, channel="999999")).status_code == 422
    # A teacher publishes there not; the field is not even offered.
    teacher = EventVisitor(school, "teacher")
    assert 'name="channel"' not in teacher.get("new").content.decode()
    circles = circle_fields((Audience.PARENTS, school.units["5Б"]))
    assert teacher.post("new", typed(school, channel=str(channel.pk), **circles)).status_code == 302
    assert Post.objects.count() == 1


def test_an_event_is_announced_later_and_once(school: School) -> None:
    event = event_in(school, by="administrator")
    channel = Channel.objects.get(organization=school.organization, kind=ChannelKind.ORGANIZATION)
    administrator = EventVisitor(school, "administrator")
    for _again in range(2):
        assert "Объявление вышло" in administrator.post_then_look(
            "announce", {"channel": channel.pk}, event_id=event.pk
        )
    assert Post.objects.filter(channel=channel).count() == 1
    assert "Событие уже объявлено" in administrator.see("announce", event_id=event.pk)
    assert administrator.post("announce", {"channel": "x"}, event_id=event.pk).status_code == 422


def change(school: School, event: Event, name: str = "leader", **changes: Any) -> Any:
    """Send the form of the event as it is, but for `changes`."""
    visitor = EventVisitor(school, name)
    page = visitor.get("edit", event_id=event.pk)
    assert page.status_code == 200
    form = {**sent(page.content.decode()), **changes}
    return visitor.post("edit", form, event_id=event.pk)


@pytest.mark.req("CHAN-6")
def test_an_event_is_changed_and_what_was_not_touched_stays(school: School) -> None:
    event = event_in(school, registration_until=soon(days=1), starts_at=soon(days=3, minutes=0))
    before = fresh(event)
    assert change(school, event, title="Собрание 5А и 5Б").status_code == 302
    after = fresh(event)
    assert after.title == "Собрание 5А и 5Б"
    for name in ("starts_at", "ends_at", "place", "text", "kind", "registration", "registration_until"):
        assert getattr(after, name) == getattr(before, name), name
    assert set(after.audiences.values_list("audience", "unit")) == {
        ("parents", school.units["5А"].pk), ("students", school.units["5А"].pk),
    }  # fmt: skip


def test_whoever_changes_it_those_invited_stay(school: School) -> None:
    event = event_in(school, by="leader")
    EventAudience.objects.create(
        organization=school.organization, event=event, audience=Audience.PARENTS, unit=school.units["5Б"]
    )
    assert change(school, event, place="Актовый зал").status_code == 302
    assert fresh(event).audiences.count() == 3


def test_a_refused_change_keeps_what_was_typed(school: School) -> None:
    event = event_in(school)
    response = change(school, event, title="Новое имя", ends="00:01", place="Двор")
    assert response.status_code == 422
    form = sent(response.content.decode())
    assert (form["title"], form["place"]) == ("Новое имя", "Двор")
    assert fresh(event).title == "Собрание"
    more = change(school, event, do="more", title="Новое имя")
    assert more.status_code == 200
    assert sent(more.content.decode())["title"] == "Новое имя"


@pytest.mark.req("CHAN-6")
@pytest.mark.parametrize(("scope", "changed"), [("this", 1), ("following", 2), ("all", 3)])
def test_of_a_series_as_many_are_changed_as_chosen(school: School, scope: str, changed: int) -> None:
    events = series_in(school, Recurrence(freq="daily", count=3))
    assert change(school, events[1], scope=scope, place="Спортзал").status_code == 302
    assert Event.objects.filter(place="Спортзал").count() == changed


def test_several_of_a_series_keep_their_days(school: School) -> None:
    events = series_in(school, Recurrence(freq="weekly", count=3))
    day = (events[0].starts_at + timedelta(days=1)).date().isoformat()
    response = change(school, events[0], scope="all", day=day)
    assert response.status_code == 422
    assert 'id="id_day_error"' in response.content.decode()
    assert change(school, events[0], scope="this", day=day).status_code == 302
    assert change(school, events[1], scope="some").status_code == 422


@pytest.mark.req("CHAN-6")
def test_cancelling_asks_for_the_reason_and_says_who_learns_of_it(school: School) -> None:
    event = event_in(school)
    leader = EventVisitor(school, "leader")
    assert "Приглашённые узнают" in leader.see("cancel", event_id=event.pk)
    for reason in ("", "  ", "я" * 301, "\u200b"):
        assert leader.post("cancel", {"reason": reason}, event_id=event.pk).status_code == 422, reason
    assert fresh(event).cancelled_at is None
    page = leader.post_then_look("cancel", {"reason": "Карантин"}, event_id=event.pk)
    assert "Событие отменено." in page
    assert "Причина: Карантин" in page


def test_the_rest_of_a_series_is_cancelled(school: School) -> None:
    events = series_in(school, Recurrence(freq="daily", count=5))
    page = EventVisitor(school, "leader").post_then_look(
        "cancel", {"reason": "Каникулы", "scope": "following"}, event_id=events[2].pk
    )
    assert "Отменено 3 события." in page
    assert Event.objects.filter(cancelled_at=None).count() == 2


def test_what_is_over_is_not_cancelled(school: School) -> None:
    event = event_in(school)
    Event.objects.filter(pk=event.pk).update(starts_at=NOW - timedelta(days=2), ends_at=NOW - timedelta(days=1))
    response = EventVisitor(school, "leader").post("cancel", {"reason": "Карантин"}, event_id=event.pk)
    assert response.status_code == 422


@pytest.mark.parametrize("page", ["edit", "cancel", "announce", "result"])
def test_only_who_manages_an_event_comes_to_its_forms(school: School, page: str) -> None:
    event = event_in(school, circles=[(Audience.EVERYONE, None)], by="head")
    for name, status in {"head": 200, "administrator": 200, "leader": 403, "parent": 403, "student": 403}.items():
        assert EventVisitor(school, name).get(page, event_id=event.pk).status_code == status, name
        if status == 403:
            assert EventVisitor(school, name).post(page, event_id=event.pk).status_code == 403, name
    assert Client().get(EventVisitor(school, "head").url(page, event_id=event.pk)).status_code == 302


@pytest.mark.parametrize("name", ["parent", "student"])
def test_parents_and_students_plan_nothing(school: School, name: str) -> None:
    assert EventVisitor(school, name).get("new").status_code == 403
    assert EventVisitor(school, name).post("new", typed(school)).status_code == 403
    assert not Event.objects.exists()


def test_a_cancelled_event_is_not_changed_by_an_old_page(school: School) -> None:
    event = event_in(school)
    leader = EventVisitor(school, "leader")
    form = sent(leader.get("edit", event_id=event.pk).content.decode())
    cancel(actor=school.actor("leader"), event=event, reason="Карантин")
    page = leader.post_then_look("edit", {**form, "title": "Другое"}, event_id=event.pk)
    assert "отменено" in page
    assert fresh(event).title == "Собрание"
