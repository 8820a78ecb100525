"""What strangers read: open channels and nothing else; the Atom feed."""

import html
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from channels_app.models import Channel, Post
from channels_app.services import channels
from channels_app.services.posts import PostDraft, change
from channels_app.services.publishing import delete, plan
from polls.services import PollData
from tests.channels_app.cast import draft, free, general, of_staff, publish
from tests.channels_app.pages import picture_of, words
from tests.world import School, World

pytestmark = pytest.mark.req("CHAN-3")
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def school(world: World) -> School:
    return world.a


@pytest.fixture
def opened(school: School) -> Channel:
    return open_it(school, general(school))


def open_it(school: School, channel: Channel) -> Channel:
    return channels.set_public(actor=school.actor("administrator"), channel=channel, is_public=True)


def look(school: School, name: str, client: Client | None = None, **values: Any) -> HttpResponse:
    headers = values.pop("headers", {})
    address = reverse(f"channels:{name}", kwargs={"slug": school.slug, **values})
    return (client or Client()).get(address, headers=headers)


def test_an_open_channel_is_read_without_signing_in(school: School, opened: Channel) -> None:
    poll = PollData("Придёте?", ["Да", "Нет"])
    post = publish(school, opened, "**Ярмарка** в субботу", title="Ярмарка", poll=poll, file_ids=[picture_of(school)])
    for name, values in {"public_list": {}, "public_channel": {"channel_id": opened.pk}}.items():
        page = words(look(school, name, **values))
        assert "Ярмарка в субботу" in page
        assert "Придёте?" in page
        assert "Админова" not in page
        assert "Проголосовать" not in page
    single = look(school, "public_post", post_id=post.pk).content.decode()
    assert 'content="index, follow"' in single
    assert "og:" not in single
    assert "<form" not in single
    assert look(school, "public_file", post_id=post.pk, file_id=post.files.get().file_id).status_code == 200


def test_everything_else_does_not_exist(school: School, opened: Channel) -> None:
    actor = school.actor("administrator")
    closed = free(school, title="Закрытый")
    hidden = publish(school, closed, "Тайна", file_ids=[picture_of(school)])
    removed = publish(school, opened, "Удалено", file_ids=[picture_of(school)])
    file_of_removed = removed.files.get().file_id
    delete(actor=actor, post=removed)
    unfinished = draft(school, opened, "Черновик", file_ids=[picture_of(school)])
    planned = draft(school, opened, "План", file_ids=[picture_of(school)])
    plan(actor=actor, post=planned, at=timezone.now() + timedelta(days=1))
    for post in (hidden, removed, unfinished, planned):
        key = post.files.get().file_id if post is not removed else file_of_removed
        assert look(school, "public_post", post_id=post.pk).status_code == 404
        assert look(school, "public_file", post_id=post.pk, file_id=key).status_code == 404
    shown = publish(school, opened, "Видно")
    assert look(school, "public_file", post_id=shown.pk, file_id=hidden.files.get().file_id).status_code == 404
    for channel in (closed, of_staff(school)):
        assert look(school, "public_channel", channel_id=channel.pk).status_code == 404
        assert look(school, "public_feed", channel_id=channel.pk).status_code == 404
    page = words(look(school, "public_list"))
    assert "Видно" in page
    for text in ("Тайна", "Удалено", "Черновик", "План", "Закрытый"):
        assert text not in page


def test_closing_takes_everything_back(school: School, opened: Channel) -> None:
    post = publish(school, opened, "Было открыто")
    channels.set_public(actor=school.actor("administrator"), channel=opened, is_public=False)
    assert look(school, "public_list").status_code == 404
    assert look(school, "public_channel", channel_id=opened.pk).status_code == 404
    assert look(school, "public_post", post_id=post.pk).status_code == 404
    assert look(school, "public_feed", channel_id=opened.pk).status_code == 404
    extra = open_it(school, free(school, title="Клуб"))
    channels.archive(actor=school.actor("administrator"), channel=extra)
    assert look(school, "public_channel", channel_id=extra.pk).status_code == 404


def test_an_address_of_one_school_does_not_open_another(world: World) -> None:
    open_it(world.a, general(world.a))
    theirs = open_it(world.b, general(world.b))
    post = publish(world.b, theirs, "Чужая новость")
    assert look(world.a, "public_channel", channel_id=theirs.pk).status_code == 404
    assert look(world.a, "public_post", post_id=post.pk).status_code == 404
    assert "Чужая новость" not in words(look(world.a, "public_list"))
    nowhere = reverse("channels:public_list", args=["nowhere"])
    assert Client().get(nowhere).status_code == 404


def test_earlier_posts_are_one_link_away(school: School, opened: Channel) -> None:
    for number in range(23):
        publish(school, opened, f"Новость {number:02}.")
    first = look(school, "public_list")
    assert "Новость 02." not in words(first)
    address = reverse("channels:public_list", args=[school.slug]) + f"?after={first.context['next']}"
    page = words(Client().get(address))
    assert "Новость 02." in page
    assert "К свежим" in page


# --- Atom -------------------------------------------------------------------------------------------------------------
def entries_of(response: HttpResponse) -> list[dict[str, str]]:
    """The entries of a feed as a reader of feeds takes them."""
    root = ElementTree.fromstring(response.content)
    assert root.tag == f"{ATOM}feed"
    names = ("id", "title", "updated", "published", "content")
    found = []
    for entry in root.findall(f"{ATOM}entry"):
        values = {name: entry.findtext(f"{ATOM}{name}", "") for name in names}
        link = entry.find(f"{ATOM}link")
        assert link is not None
        found.append({**values, "link": link.attrib["href"]})
    return found


def test_the_feed_holds_the_posts(school: School, opened: Channel) -> None:
    text = "Правило: a < b & **важно**, ]]> и «ёлочки»"
    first = publish(school, opened, text, title='Знаки < > & " в заголовке', file_ids=[picture_of(school)])
    second = publish(school, opened, "Без заголовка")
    draft(school, opened, "Черновик")
    response = look(school, "public_feed", channel_id=opened.pk)
    assert response.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    latest, older = entries_of(response)
    base = settings.SITE_URL.rstrip("/")
    assert latest["title"] == "Без заголовка"
    assert older["title"] == 'Знаки < > & " в заголовке'
    assert older["link"] == base + reverse("channels:public_post", args=[school.slug, first.pk])
    assert older["content"].startswith(first.html)
    assert f'src="{base}/c/{school.slug}/posts/{first.pk}/files/' in older["content"]
    assert html.unescape(older["content"]).count("важно") == 1
    assert {older["id"], latest["id"]} == {entry["id"] for entry in entries_of(response)}
    assert f":post-{second.pk}" in latest["id"]


def test_ids_stay_when_a_post_is_changed(school: School, opened: Channel) -> None:
    post = publish(school, opened, "Было")
    (before,) = entries_of(look(school, "public_feed", channel_id=opened.pk))
    change(actor=school.actor("administrator"), post=post, draft=PostDraft(text="Стало"), revision=1)
    (after,) = entries_of(look(school, "public_feed", channel_id=opened.pk))
    assert before["id"] == after["id"]
    assert before["published"] == after["published"]
    assert before["updated"] <= after["updated"]
    assert "Стало" in after["content"]


def test_an_unchanged_feed_is_not_sent_again(school: School, opened: Channel) -> None:
    post = publish(school, opened, "Раз")
    response = look(school, "public_feed", channel_id=opened.pk)
    asked = {"If-None-Match": response.headers["ETag"]}
    assert look(school, "public_feed", channel_id=opened.pk, headers=asked).status_code == 304
    since = {"If-Modified-Since": response.headers["Last-Modified"]}
    assert look(school, "public_feed", channel_id=opened.pk, headers=since).status_code == 304
    Post.objects.filter(pk=post.pk).update(published_at=timezone.now() - timedelta(hours=2))
    delete(actor=school.actor("administrator"), post=post)
    assert look(school, "public_feed", channel_id=opened.pk, headers=asked).status_code == 200


def test_strange_addresses_are_not_found(school: School, opened: Channel) -> None:
    for number in (0, 2**63, 10**30):
        assert look(school, "public_channel", channel_id=number).status_code == 404
        assert look(school, "public_post", post_id=number).status_code == 404
        assert look(school, "public_file", post_id=number, file_id=number).status_code == 404
        assert look(school, "public_feed", channel_id=number).status_code == 404
