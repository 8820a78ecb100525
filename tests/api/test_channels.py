"""Channels over the API: the list, running them, posts, readers, proposed texts (CHAN-1, CHAN-2, CHAN-3)."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from channels_app.models import Channel
from tests.api.client import CheckedClient
from tests.api.conftest import Api
from tests.channels_app.cast import free, general, of_staff, of_unit, propose, publish, upload
from tests.world import School, World

HUGE = 2**63


@pytest.fixture
def school(world: World) -> School:
    return world.a


def call(client: CheckedClient, method: str, path: str, body: Any = None, expect: int | None = None) -> Any:
    """Make a request inside the organization; the answer's JSON, whose status must be `expect` (default: success)."""
    answer = getattr(client, method)(client.inside(f"channels/{path}"), body)
    wanted = {expect} if expect is not None else {200, 201, 204}
    assert answer.status_code in wanted, (answer.status_code, answer.content.decode()[:500])
    return answer.json() if answer.content else None


# --- Channels ---------------------------------------------------------------------------------------------------------
@pytest.mark.req("CHAN-1", "INT-1")
def test_my_channels_say_what_i_may_do(school: School, api: Api) -> None:
    of_unit(school)
    rows = {row["kind"]: row for row in call(api(school, "leader"), "get", "")}
    assert list(rows) == ["organization", "staff", "unit"]
    assert [(row["may_publish"], row["may_propose"]) for row in rows.values()] == [
        (False, True),
        (False, True),
        (True, False),
    ]
    assert rows["unit"]["unit"] == {"id": school.units["5А"].pk, "name": "5А"}
    assert [row["kind"] for row in call(api(school, "student"), "get", "")] == ["organization", "unit"]


@pytest.mark.req("CHAN-1", "INT-1")
def test_an_administrator_runs_the_channels(school: School, api: Api) -> None:
    client = api(school, "administrator")
    unit = school.units["5А"].pk
    body = {"title": "Родителям", "circles": [{"audience": "parents", "unit": unit}], "has_comments": True}
    made = call(client, "post", "", body)
    assert made["reader_count"] == 2
    assert made["circles"] == [{"audience": "parents", "unit": {"id": unit, "name": "5А"}}]
    one = f"{made['id']}/"
    changed = call(client, "patch", one, {"description": "О школе", "circles": [{"audience": "everyone"}]})
    assert (changed["title"], changed["description"], changed["has_comments"]) == ("Родителям", "О школе", True)
    assert call(client, "put", f"{one}public/", {"is_public": True})["is_public"]
    assert call(client, "post", f"{one}archive/")["is_archived"]
    assert call(api(school, "parent"), "get", one, expect=404)["code"] == "not_found"
    assert [row["id"] for row in call(client, "get", "?archived=true")] == [made["id"]]
    assert not call(client, "post", f"{one}restore/")["is_archived"]
    assert call(client, "put", "units/", {"wanted": True}) == {"wanted": True}
    assert Channel.objects.filter(kind="unit").count() == 2
    assert call(client, "post", "unit/", {"unit": unit})["unit"]["id"] == unit


@pytest.mark.req("CHAN-1", "INT-1")
def test_editors_over_the_api(school: School, api: Api) -> None:
    client, teacher = api(school, "administrator"), school.people["teacher"]
    one = f"{general(school).pk}/editors/"
    call(client, "put", f"{one}{teacher.pk}/")
    assert call(client, "get", one) == [{"id": teacher.pk, "name": teacher.full_name}]
    assert call(api(school, "teacher"), "get", f"{general(school).pk}/")["may_publish"]
    call(client, "delete", f"{one}{teacher.pk}/")
    assert call(client, "get", one) == []
    waiting = school.people["waiting_teacher"].pk
    assert call(client, "put", f"{one}{waiting}/", expect=409)["code"] == "right_needs_account"


@pytest.mark.req("CHAN-1", "INT-1")
def test_refusals_have_stable_codes(school: School, world: World, api: Api) -> None:
    client = api(school, "administrator")
    foreign = world.b.units["5А"].pk
    for path, method, body, status, code in [
        (f"{general(school).pk}/archive/", "post", None, 409, "channel_system"),
        (f"{of_staff(school).pk}/public/", "put", {"is_public": True}, 409, "channel_of_staff"),
        (f"{general(school).pk}/", "patch", {"circles": [{"audience": "staff"}]}, 409, "channel_circles_fixed"),
        ("", "post", {"title": "Н", "circles": []}, 400, "channel_circles_required"),
        ("", "post", {"title": "Н", "circles": [{"audience": "staff", "unit": foreign}]}, 400, "circle_unknown"),
        ("", "post", {"title": "я" * 121, "circles": [{"audience": "staff"}]}, 400, "invalid"),
        ("", "post", {"title": "\x00", "circles": [{"audience": "staff"}]}, 400, "invalid"),
        ("", "post", {"title": "Н", "circles": [{"audience": "staff", "unit": HUGE}]}, 400, "invalid"),
        ("", "post", {"title": ["Н"], "circles": "all"}, 400, "invalid"),
        ("", "post", [1, 2], 400, "invalid"),
        ("unit/", "post", {"unit": foreign}, 400, "invalid"),
        ("unit/", "post", {"unit": school.units["staff"].pk}, 400, "invalid"),
        (f"{general(school).pk}/notify/", "put", {"notify": "some"}, 400, "invalid"),
        (f"{general(world.b).pk}/", "get", None, 404, "not_found"),
    ]:
        assert call(client, method, path, body, expect=status)["code"] == code, (path, body)


# --- Posts ------------------------------------------------------------------------------------------------------------
@pytest.mark.req("CHAN-3", "CHAN-4", "INT-1")
def test_a_post_from_draft_to_reader_and_back(school: School, api: Api) -> None:
    editor, parent = api(school, "administrator"), api(school, "parent")
    due = (timezone.now().date() + timedelta(days=9)).isoformat()
    body = {
        "title": "Ярмарка",
        "text": "В **субботу**",
        "file_ids": [upload(school).pk, upload(school, kind="picture", name="а.jpg").pk],
        "poll": {"question": "Придёте?", "options": ["Да", "Нет"]},
        "reading": {"due_on": due},
        "client_key": str(uuid4()),
    }
    made = call(editor, "post", f"{general(school).pk}/posts/", body)
    assert call(editor, "post", f"{general(school).pk}/posts/", body) == made
    one = f"posts/{made['id']}/"
    assert (made["state"], made["reading"]["is_open"]) == ("draft", False)
    call(parent, "get", one, expect=404)
    assert [row["id"] for row in call(editor, "get", "posts/unpublished/")["results"]] == [made["id"]]
    at = (timezone.now() + timedelta(hours=3)).isoformat()
    assert call(editor, "post", f"{one}plan/", {"publish_at": at})["state"] == "planned"
    assert call(editor, "post", f"{one}unplan/")["state"] == "draft"
    assert call(editor, "post", f"{one}publish/")["reading"]["is_open"]
    mine = call(parent, "get", one)
    assert (mine["may_edit"], mine["reading"]["is_asked"], mine["reading"]["due_on"]) == (False, True, due)
    assert mine["files"][1]["preview_url"] == f"/o/a/channels/posts/{made['id']}/files/{body['file_ids'][1]}/?preview=1"
    option = mine["poll"]["options"][0]["id"]
    assert call(parent, "post", f"{one}vote/", {"options": [option]})["votes"] == [option]
    assert call(parent, "put", f"{one}reaction/", {"kind": "heart"})["reactions"] == {"heart": 1}
    assert call(parent, "put", f"{one}reaction/", {"kind": ""})["my_reaction"] == ""
    assert call(parent, "post", "seen/", {"posts": [made["id"]]}) == {"count": 1}
    assert call(editor, "get", f"{one}viewers/")["results"] == [
        {"id": school.people["parent"].pk, "name": school.people["parent"].full_name}
    ]
    assert call(editor, "post", f"{one}pin/")["is_pinned"]
    assert not call(editor, "post", f"{one}unpin/")["is_pinned"]
    assert call(editor, "post", f"{one}close-poll/")["poll"]["is_closed"]
    call(editor, "delete", one)
    call(parent, "get", one, expect=404)
    assert [row["state"] for row in call(editor, "get", "posts/removed/")["results"]] == ["removed"]
    assert call(editor, "post", f"{one}restore/")["state"] == "published"


@pytest.mark.req("CHAN-3", "INT-1")
def test_changing_names_the_version_that_was_seen(school: School, api: Api) -> None:
    client, file = api(school, "administrator"), upload(school)
    made = call(
        client, "post", f"{general(school).pk}/posts/", {"text": "Раз", "file_ids": [file.pk], "publish": "now"}
    )
    one = f"posts/{made['id']}/"
    changed = call(client, "patch", one, {"revision": 1, "text": "Два"})
    assert (changed["text"], changed["revision"], len(changed["files"])) == ("Два", 2, 1)
    assert call(client, "patch", one, {"revision": 1, "text": "Три"}, expect=409)["code"] == "post_changed_meanwhile"
    assert call(client, "patch", one, {"revision": 2, "text": "", "file_ids": []}, expect=400)["code"] == "post_empty"
    call(client, "patch", one, {"text": "Три"}, expect=400)
    [before] = call(client, "get", f"{one}versions/")
    assert (before["revision"], before["text"], before["files"]) == (1, "Раз", ["план.pdf"])
    asked = call(client, "patch", one, {"revision": 2, "reading": {"circles": [{"audience": "parents"}]}})
    assert asked["reading"]["is_open"]
    assert asked["text"] == "Два"
    assert not call(client, "patch", one, {"revision": 3, "reading": None})["reading"]["is_open"]


@pytest.mark.req("CHAN-3", "INT-1")
def test_bad_posts_are_refused_never_an_error(school: School, world: World, api: Api) -> None:
    client = api(school, "administrator")
    path = f"{general(school).pk}/posts/"
    past = (timezone.now() - timedelta(hours=1)).isoformat()
    theirs = [upload(world.b).pk, upload(school, "teacher").pk]
    for body, code in [
        ({}, "post_empty"),
        ({"text": "\u200b \u2800"}, "post_empty"),
        ({"text": "Да\x00"}, "invalid"),
        ({"text": "я" * 12_001}, "text_too_long"),
        ({"title": "я" * 201}, "title_too_long"),
        ({"text": "Да", "file_ids": theirs[:1]}, "file_not_yours"),
        ({"text": "Да", "file_ids": theirs[1:]}, "file_not_yours"),
        ({"text": "Да", "file_ids": list(range(1, 30))}, "files_many"),
        ({"text": "Да", "file_ids": [HUGE]}, "invalid"),
        ({"text": "Да", "file_ids": "1"}, "invalid"),
        ({"text": {"a": 1}}, "invalid"),
        ({"text": "Да", "publish": "later"}, "invalid"),
        ({"text": "Да", "publish": "plan"}, "invalid"),
        ({"text": "Да", "publish": "plan", "publish_at": past}, "publish_at_past"),
        ({"text": "Да", "publish": "plan", "publish_at": "9999-12-31T23:59:59+00:00"}, None),
        ({"text": "Да", "publish": "plan", "publish_at": "2199-12-31T23:59:59+00:00"}, "publish_at_far"),
        ({"text": "Да", "publish": "plan", "publish_at": "0001-01-01T00:00:00+14:00"}, None),
        ({"text": "Да", "client_key": "key"}, "invalid"),
        ({"text": "Да", "poll": {"question": "?", "options": ["1"]}}, "poll_options_few"),
        ({"text": "Да", "reading": {"due_on": "2020-01-01"}}, "reading_due_past"),
        ({"text": "Да", "reading": {"circles": [{"audience": "staff", "unit": HUGE - 1}]}}, "circle_unknown"),
        ({"text": "Да", "reading": {"circles": [{"audience": "all"}]}}, "invalid"),
    ]:
        answer = call(client, "post", path, body, expect=400)
        assert code is None or answer["code"] == code, body
    post = publish(school, general(school))
    for path, body in [
        (f"posts/{post.pk}/vote/", {"options": [HUGE]}),
        (f"posts/{post.pk}/plan/", {"publish_at": "soon"}),
        ("seen/", {"posts": [HUGE]}),
        ("seen/", {"posts": list(range(1, 102))}),
        ("seen/", {"posts": []}),
    ]:
        assert call(client, "post", path, body, expect=400)["code"] == "invalid", body
    assert call(client, "put", f"posts/{post.pk}/reaction/", {"kind": "angry"}, expect=400)["code"] == "invalid"
    assert call(client, "post", f"posts/{post.pk}/vote/", {"options": [1]}, expect=409)["code"] == "poll_gone"
    assert call(client, "post", f"posts/{HUGE}/publish/", expect=404)["code"] == "not_found"


@pytest.mark.req("CHAN-3", "INT-1")
def test_comments_over_the_api(school: School, api: Api) -> None:
    channel = free(school, has_comments=True)
    post = publish(school, channel)
    student, parent = api(school, "student"), api(school, "parent")
    body = {"text": "**Ура**", "client_key": str(uuid4())}
    made = call(student, "post", f"posts/{post.pk}/comments/", body)
    assert call(student, "post", f"posts/{post.pk}/comments/", body) == made
    [seen] = call(parent, "get", f"posts/{post.pk}/comments/")["results"]
    assert (seen["html"], seen["may_delete"]) == ("<strong>Ура</strong>", False)
    assert call(parent, "delete", f"comments/{seen['id']}/", expect=403)["code"] == "forbidden"
    for _time in range(2):
        call(student, "delete", f"comments/{seen['id']}/")
    [trace] = call(parent, "get", f"posts/{post.pk}/comments/")["results"]
    assert (trace["is_deleted"], trace["text"]) == (True, "")
    assert call(student, "post", f"posts/{post.pk}/comments/", {"text": ""}, expect=400)["code"] == "text_empty"
    closed = publish(school, general(school))
    assert call(student, "post", f"posts/{closed.pk}/comments/", {"text": "Да"}, expect=403)["code"] == "forbidden"


# --- The feed ---------------------------------------------------------------------------------------------------------
@pytest.mark.req("CHAN-3", "INT-1")
def test_the_feed_comes_in_pages_without_gaps(school: School, api: Api) -> None:
    channels = [general(school), of_staff(school)]
    posts = [publish(school, channels[number % 2], f"Номер {number}") for number in range(9)]
    client = api(school, "teacher")
    pages, after = [], ""
    while True:
        page = call(client, "get", f"feed/?limit=4&after={after}")
        pages.append([row["id"] for row in page["posts"]])
        after = page["next"]
        if not after:
            break
    assert [len(page) for page in pages] == [4, 4, 1]
    assert [pk for page in pages for pk in page] == [post.pk for post in reversed(posts)]
    of_one = call(client, "get", f"feed/?channel={channels[1].pk}")["posts"]
    assert {row["channel"]["id"] for row in of_one} == {channels[1].pk}
    assert len(call(api(school, "student"), "get", "feed/")["posts"]) == 5
    call(api(school, "student"), "get", f"feed/?channel={channels[1].pk}", expect=404)
    for nonsense in ("x", "20260101T000000.000000Z" + "9" * 30, "99999999T000000.0Z1", "Z"):
        assert len(call(client, "get", f"feed/?after={nonsense}")["posts"]) == 9
    for bad in ("limit=0", "limit=101", f"channel={HUGE}", "channel=x", "after=" + "x" * 61, "after=%00"):
        call(client, "get", f"feed/?{bad}", expect=400)


@pytest.mark.req("CHAN-3", "INT-1")
def test_search_finds_what_i_may_read(school: School, api: Api) -> None:
    publish(school, general(school), "Экскурсия завтра"), publish(school, of_staff(school), "Экскурсия для педагогов")
    publish(school, general(school), "Собрание")
    assert len(call(api(school, "teacher"), "get", "search/?q=экскурсия")["posts"]) == 2
    [found] = call(api(school, "student"), "get", "search/?q=ЭКСКУРСИЯ завтра")["posts"]
    assert found["text"] == "Экскурсия завтра"
    assert call(api(school, "student"), "get", "search/?q=")["posts"] == []
    assert call(api(school, "student"), "get", "search/?q=%00%25'")["posts"] == []


@pytest.mark.req("CHAN-3", "INT-1")
def test_what_is_unread_follows(school: School, api: Api) -> None:
    publish(school, general(school))
    client = api(school, "student")
    assert call(client, "get", "")[0]["unread"] == 1
    call(client, "post", f"{general(school).pk}/seen-all/")
    assert call(client, "get", "")[0]["unread"] == 0
    publish(school, general(school))
    call(client, "post", "seen-all/")
    assert call(client, "get", "")[0]["unread"] == 0
    assert call(client, "put", f"{general(school).pk}/notify/", {"notify": "none"}) == {"notify": "none"}
    assert call(client, "get", "")[0]["notify"] == "none"


# --- Proposed texts ---------------------------------------------------------------------------------------------------
@pytest.mark.req("CHAN-2", "INT-1")
def test_a_text_is_proposed_returned_and_published(school: School, api: Api) -> None:
    teacher, editor = api(school, "teacher"), api(school, "administrator")
    file = upload(school, "teacher")
    path = f"{general(school).pk}/proposals/"
    made = call(teacher, "post", path, {"title": "Ярмарка", "text": "Приходите", "file_ids": [file.pk]})
    one = f"proposals/{made['id']}/"
    assert (made["state"], made["may_change"], made["may_decide"]) == ("sent", True, False)
    [waiting] = call(editor, "get", "proposals/?scope=queue")["results"]
    assert (waiting["id"], waiting["may_decide"]) == (made["id"], True)
    returned = call(editor, "post", f"{one}return/", {"revision": 1, "remark": "Во сколько?"})
    assert (returned["state"], returned["remark"]) == ("returned", "Во сколько?")
    again = call(teacher, "patch", one, {"text": "Приходите в 15:00"})
    assert (again["state"], again["revision"], len(again["files"]), len(again["turns"])) == ("sent", 2, 1, 3)
    assert call(editor, "post", f"{one}accept/", {"revision": 1}, expect=409)["code"] == "proposal_changed"
    post = call(editor, "post", f"{one}accept/", {"revision": 2, "title": "Ярмарка!"})
    assert (post["title"], post["text"]) == ("Ярмарка!", "Приходите в 15:00")
    assert post["author"]["id"] == school.people["teacher"].pk
    assert [row["id"] for row in post["files"]] == [file.pk]
    assert call(editor, "post", f"{one}accept/", {"revision": 2}, expect=409)["code"] == "proposal_decided"
    assert call(teacher, "post", f"{one}withdraw/", expect=409)["code"] == "proposal_decided"
    assert call(teacher, "get", one)["post"] == post["id"]
    assert [row["id"] for row in call(teacher, "get", "proposals/")["results"]] == [made["id"]]
    call(teacher, "get", f"{one}files/{file.pk}/", expect=404)  # the row is there, its bytes are not


@pytest.mark.req("CHAN-2", "INT-1")
def test_bad_proposals_are_refused(school: School, api: Api) -> None:
    teacher, editor = api(school, "teacher"), api(school, "administrator")
    path = f"{general(school).pk}/proposals/"
    for body, code in [
        ({}, "post_empty"),
        ({"text": "я" * 12_001}, "text_too_long"),
        ({"text": "Да", "file_ids": [upload(school).pk]}, "file_not_yours"),
        ({"text": "Да", "wanted_at": "2020-01-01T00:00:00Z"}, "publish_at_past"),
        ({"text": 5, "file_ids": [0]}, "invalid"),
    ]:
        assert call(teacher, "post", path, body, expect=400)["code"] == code, body
    row = propose(school, general(school))
    one = f"proposals/{row.pk}/"
    for place, body in [("return/", {"revision": 1, "remark": " "}), ("accept/", {"revision": 1, "text": " "})]:
        assert call(editor, "post", one + place, body, expect=400)["code"] in ("remark_required", "post_empty")
    for body in ({}, {"revision": HUGE}, {"revision": "x"}, {"revision": 1, "publish_at": "x"}):
        assert call(editor, "post", f"{one}accept/", body, expect=400)["code"] == "invalid"
    assert call(editor, "get", "proposals/?scope=all", expect=400)["code"] == "invalid"
