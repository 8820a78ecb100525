"""What a reader sees: the feed, a channel, a post; what one does there."""

from typing import Any

import pytest

from channels_app.models import Comment, Notify, Post, PostView, ReaderState
from channels_app.services import channels, reading
from channels_app.services.posts import PostDraft, ReadingTerms, change
from channels_app.services.publishing import delete, pin
from polls.services import PollData
from tests.channels_app.cast import draft, free, general, of_staff, of_unit, opened, publish, seen
from tests.channels_app.pages import ChannelVisitor, picture_of, queries_of
from tests.world import School, World

pytestmark = pytest.mark.req("CHAN-3")
TRIP = PollData("Куда пойдём?", ["В музей", "В театр"])


@pytest.fixture
def school(world: World) -> School:
    return world.a


# --- The feed ---------------------------------------------------------------------------------------------------------
@pytest.mark.req("CHAN-1")
def test_each_sees_the_posts_of_the_own_channels(school: School) -> None:
    publish(school, general(school), "Для всех")
    publish(school, of_staff(school), "Для сотрудников")
    publish(school, of_unit(school, "5А"), "Для пятого А")
    publish(school, of_unit(school, "5Б"), "Для пятого Б")
    expected = {
        "administrator": {"Для всех", "Для сотрудников"},
        "head": {"Для всех", "Для сотрудников"},
        "leader": {"Для всех", "Для сотрудников", "Для пятого А"},
        "teacher": {"Для всех", "Для сотрудников", "Для пятого Б"},
        "student": {"Для всех", "Для пятого А"},
        "parent": {"Для всех", "Для пятого А"},
    }
    texts = {"Для всех", "Для сотрудников", "Для пятого А", "Для пятого Б"}
    for name, wanted in expected.items():
        page = ChannelVisitor(school, name).see("feed")
        assert {text for text in texts if text in page} == wanted, name


def test_the_buttons_follow_what_one_may(school: School) -> None:
    of_unit(school, "5А")
    pages = {name: ChannelVisitor(school, name).see("feed") for name in ("administrator", "leader", "head", "parent")}
    assert "Написать" in pages["administrator"]
    assert "Все каналы" in pages["administrator"]
    assert "Написать" in pages["leader"]
    assert "Предложить запись" in pages["leader"]
    assert "Написать" not in pages["head"]
    assert "Предложить запись" in pages["head"]
    assert "Написать" not in pages["parent"]
    assert "Предложить" not in pages["parent"]


def test_the_feed_goes_on_with_and_without_scripts(school: School) -> None:
    for number in range(23):
        publish(school, general(school), f"Новость {number:02}.")
    visitor = ChannelVisitor(school, "parent")
    response = visitor.get("feed")
    page = response.content.decode()
    assert "Новость 22." in page
    assert "Новость 02." not in page
    after = response.context["next"]
    rest = visitor.see("feed", {"after": after})
    assert "Новость 02." in rest
    assert "Новость 03." not in rest
    assert "Это все записи" in rest
    part = visitor.client.get(
        visitor.url("feed"), {"after": after}, headers={"HX-Request": "true", "HX-Target": "more"}
    )
    assert "Новость 02." in part.content.decode()
    assert "<html" not in part.content.decode()
    assert "HX-Target" in part.headers["Vary"]
    assert visitor.get("feed", {"after": "nonsense"}).status_code == 200


def test_posts_are_searched(school: School) -> None:
    publish(school, general(school), "Собираем макулатуру", title="Экология")
    publish(school, general(school), "Каникулы")
    visitor = ChannelVisitor(school, "student")
    page = visitor.see("feed", {"q": "МАКУЛАТУРУ"})
    assert "Экология" in page
    assert "Каникулы" not in page
    assert "Показать все записи" in visitor.see("feed", {"q": "слон"})
    assert "Каникулы" in visitor.see("channel", {"q": "каникулы"}, channel_id=general(school).pk)


# Session, user, actor (2), channels, posts, files, polls; the menu asks for a parent's granted rights.
@pytest.mark.parametrize(("name", "most"), [("administrator", 8), ("parent", 9)])
def test_the_feed_costs_the_same_for_any_number_of_posts(school: School, name: str, most: int) -> None:
    visitor = ChannelVisitor(school, name)
    for number in range(3):
        publish(school, general(school), f"Новость {number}", poll=TRIP, reading=ReadingTerms())
    few = queries_of(visitor, "feed")
    first = Post.objects.first()
    assert first is not None
    Post.objects.bulk_create(
        Post(
            organization=school.organization,
            channel=general(school),
            text=f"Ещё {number}",
            html=f"Ещё {number}",
            published_at=first.published_at,
        )
        for number in range(300)
    )
    for number in range(12):
        free(school, title=f"Канал {number}")
    assert queries_of(visitor, "feed") == few <= most


def test_an_empty_feed_teaches(school: School) -> None:
    assert "Записей пока нет" in ChannelVisitor(school, "student").see("feed")
    visitor = ChannelVisitor(school, "administrator")
    assert "Написать первую запись" in visitor.see("channel", channel_id=general(school).pk)


def test_new_posts_are_marked_until_they_were_seen(school: School) -> None:
    post = publish(school, general(school), "Свежее")
    visitor = ChannelVisitor(school, "parent")
    page = visitor.get("feed").content.decode()
    assert f'data-post="{post.pk}"' in page
    assert "is-new" in page
    assert "1 новая запись" in page
    reading.mark_seen(actor=school.actor("parent"), post_ids=[post.pk])
    page = visitor.get("feed").content.decode()
    assert "is-new" not in page
    assert "data-post=" not in page
    assert "is-new" not in ChannelVisitor(school, "administrator").get("feed").content.decode()


def test_everything_is_marked_as_read(school: School) -> None:
    first, other = general(school), of_unit(school, "5А")
    publish(school, first, "Раз")
    publish(school, other, "Два")
    visitor = ChannelVisitor(school, "parent")
    page = visitor.post_then_look("channel_seen_all", channel_id=first.pk)
    assert "Всё отмечено прочитанным" in page
    assert seen(school, "parent", first).unread == 0  # type: ignore[attr-defined]
    assert seen(school, "parent", other).unread == 1  # type: ignore[attr-defined]
    visitor.post("seen_all")
    assert seen(school, "parent", other).unread == 0  # type: ignore[attr-defined]
    assert "is-new" not in visitor.get("feed").content.decode()


# --- A channel --------------------------------------------------------------------------------------------------------
def test_the_pinned_post_stands_first_and_once(school: School) -> None:
    channel = general(school)
    old = publish(school, channel, "Закреплённое объявление")
    publish(school, channel, "Свежая новость")
    pin(actor=school.actor("administrator"), post=old, pinned=True)
    page = ChannelVisitor(school, "parent").see("channel", channel_id=channel.pk)
    assert page.index("Закреплённое") < page.index("Свежая")
    assert page.count("Закреплённое объявление") == 1


def test_the_bell(school: School) -> None:
    channel = general(school)
    visitor = ChannelVisitor(school, "parent")
    assert "Уведомлений о новых записях канала не будет" in visitor.post_then_look(
        "notify", {"notify": "none"}, channel_id=channel.pk
    )
    assert ReaderState.objects.get(person=school.people["parent"]).notify == Notify.NONE
    visitor.post("notify", {"notify": "nonsense"}, channel_id=channel.pk)
    assert ReaderState.objects.get(person=school.people["parent"]).notify == Notify.ALL


def test_a_foreign_channel_does_not_exist(world: World) -> None:
    visitor = ChannelVisitor(world.a, "administrator")
    theirs = general(world.b)
    post = publish(world.b, theirs, "Чужое")
    for name, values in {
        "channel": {"channel_id": theirs.pk},
        "write": {"channel_id": theirs.pk},
        "about": {"channel_id": theirs.pk},
        "post": {"post_id": post.pk},
        "edit": {"post_id": post.pk},
        "viewers": {"post_id": post.pk},
    }.items():
        assert visitor.get(name, **values).status_code == 404, name
    assert ChannelVisitor(world.a, "student").get("channel", channel_id=of_staff(world.a).pk).status_code == 404


# --- A post -----------------------------------------------------------------------------------------------------------
def test_a_post_shows_what_it_holds(school: School) -> None:
    ids = [picture_of(school, name=f"фото {number}.png") for number in range(6)]
    post = publish(school, general(school), "**Важно**", title="Кросс", file_ids=ids, poll=TRIP, reading=ReadingTerms())
    response = ChannelVisitor(school, "parent").get("post", post_id=post.pk)
    page = response.content.decode()
    assert "<strong>Важно</strong>" in page
    assert "Админова Анна Аркадьевна" in page
    assert page.count("data-picture") == 6
    assert page.count("?preview=1") == 4
    assert "+2" in page
    assert "Куда пойдём?" in page
    assert "Ознакомлен" in page


def test_files_are_for_readers_of_the_post(school: School) -> None:
    post = publish(school, of_unit(school, "5А"), "Фото", file_ids=[picture_of(school)])
    values: dict[str, Any] = {"post_id": post.pk, "file_id": post.files.get().file_id}
    assert ChannelVisitor(school, "parent").get("file", **values).status_code == 200
    assert ChannelVisitor(school, "parent").get("file", {"preview": "1"}, **values).status_code == 200
    assert ChannelVisitor(school, "teacher").get("file", **values).status_code == 404
    other = publish(school, general(school), "Без файлов")
    assert ChannelVisitor(school, "parent").get("file", post_id=other.pk, file_id=values["file_id"]).status_code == 404
    delete(actor=school.actor("administrator"), post=post)
    assert ChannelVisitor(school, "parent").get("file", **values).status_code == 404


def test_reactions_are_given_and_taken_back(school: School) -> None:
    post = publish(school, general(school))
    visitor = ChannelVisitor(school, "parent")
    htmx = {"HX-Request": "true", "HX-Target": f"reactions-{post.pk}"}
    answer = visitor.client.post(visitor.url("react", post_id=post.pk), {"kind": "heart"}, headers=htmx)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "<html" not in page
    assert 'name="kind" value="" aria-pressed="true"' in page
    assert visitor.post("react", {"kind": ""}, post_id=post.pk).headers["Location"].endswith(f"#reactions-{post.pk}")
    assert opened(school, "parent", post).reactions == {}
    assert "Такой" in visitor.post_then_look("react", {"kind": "nonsense"}, post_id=post.pk)


def test_one_votes_and_changes_ones_mind(school: School) -> None:
    post = publish(school, general(school), poll=TRIP)
    assert post.poll is not None
    first, second = post.poll.options.order_by("position")
    visitor = ChannelVisitor(school, "parent")
    assert "Проголосовать" in visitor.see("post", post_id=post.pk)
    htmx = {"HX-Request": "true", "HX-Target": f"poll-{post.pk}"}
    answer = visitor.client.post(visitor.url("vote", post_id=post.pk), {"options": [first.pk]}, headers=htmx)
    assert "100 %" in answer.content.decode()
    assert "Изменить мой ответ" in answer.content.decode()
    visitor.post("vote", {"options": [second.pk]}, post_id=post.pk)
    assert "Проголосовал 1 человек" in visitor.see("post", post_id=post.pk)
    answer = visitor.client.post(visitor.url("vote", post_id=post.pk), {"options": ["99", 10**30]}, headers=htmx)
    assert answer.status_code == 200
    assert "field-error" in answer.content.decode()
    assert visitor.post("close_poll", post_id=post.pk).status_code == 403
    ChannelVisitor(school, "administrator").post("close_poll", post_id=post.pk)
    page = visitor.see("post", post_id=post.pk)
    assert "завершён" in page
    assert "Изменить мой ответ" not in page


def test_comments(school: School) -> None:
    channel = general(school)
    post = publish(school, channel)
    parent, student = ChannelVisitor(school, "parent"), ChannelVisitor(school, "student")
    assert parent.post("comment", {"text": "Спасибо"}, post_id=post.pk).status_code == 403
    channels.change_channel(actor=school.actor("administrator"), channel=channel, changes={"has_comments": True})
    page = parent.post_then_look("comment", {"text": "Спасибо, придём!"}, post_id=post.pk)
    assert "Спасибо, придём!" in page
    assert "Ёжикова Роза Павловна" in page
    too_long = parent.post("comment", {"text": "а" * 3000}, post_id=post.pk)
    assert too_long.status_code == 422
    assert "а" * 3000 in too_long.content.decode()
    assert parent.post("comment", {"text": " \n "}, post_id=post.pk).status_code == 422
    made = Comment.objects.get()
    assert student.post("comment_delete", comment_id=made.pk).status_code == 403
    assert "Комментарий удалён" in parent.post_then_look("comment_delete", comment_id=made.pk)
    assert "Спасибо, придём!" not in student.see("post", post_id=post.pk)
    assert parent.post("comment_delete", comment_id=made.pk).status_code == 302


def test_drafts_are_not_for_readers(school: School) -> None:
    post = draft(school, general(school), "Секрет")
    for name in ("head", "teacher", "student", "parent"):
        visitor = ChannelVisitor(school, name)
        assert visitor.get("post", post_id=post.pk).status_code == 404
        for action in ("react", "vote", "comment"):
            assert visitor.post(action, post_id=post.pk).status_code == 404
    assert "Черновик" in ChannelVisitor(school, "administrator").see("post", post_id=post.pk)


def test_history_shows_what_was_changed(school: School) -> None:
    post = publish(school, general(school), "Собрание в среду <b>")
    actor = school.actor("administrator")
    change(actor=actor, post=post, draft=PostDraft(text="Собрание в четверг <b>"), revision=1)
    assert "изменено" in ChannelVisitor(school, "parent").see("feed")
    assert ChannelVisitor(school, "parent").get("history", post_id=post.pk).status_code == 403
    page = ChannelVisitor(school, "administrator").get("history", post_id=post.pk).content.decode()
    assert "<del>среду </del><ins>четверг </ins>" in page
    assert "&lt;b&gt;" in page
    assert "<b>" not in page.split("<main")[1]


def test_viewers_are_named_to_those_who_publish(school: School) -> None:
    post = publish(school, general(school))
    assert "Запись пока никто не видел" in ChannelVisitor(school, "administrator").see("viewers", post_id=post.pk)
    PostView.objects.create(organization=school.organization, post=post, person=school.people["parent"])
    assert "Ёжикова" in ChannelVisitor(school, "administrator").see("viewers", post_id=post.pk)
    assert ChannelVisitor(school, "parent").get("viewers", post_id=post.pk).status_code == 403
