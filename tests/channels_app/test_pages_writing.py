"""Writing and changing posts: nothing typed is lost, files stay in their order, two editors see each other."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from channels_app.models import Post, PostFile
from channels_app.services.posts import PostDraft, ReadingTerms, change
from channels_app.services.publishing import delete
from files.models import StoredFile
from polls.services import PollData
from tests.channels_app.cast import draft, general, of_unit, publish
from tests.channels_app.pages import ChannelVisitor, picture_of, typed, undo_address
from tests.files.samples import picture
from tests.world import School, World

pytestmark = pytest.mark.req("CHAN-3")
NO_ROWS = {"circle-TOTAL_FORMS": "0", "circle-INITIAL_FORMS": "0"}


@pytest.fixture
def school(world: World) -> School:
    return world.a


def form(**values: Any) -> dict[str, Any]:
    return {**NO_ROWS, "title": "Субботник", "text": "Встречаемся в 10:00", **values}


def at(days: int) -> dict[str, str]:
    day = timezone.localdate() + timedelta(days=days)
    return {"publish_at_0": day.isoformat(), "publish_at_1": "09:30"}


def test_a_post_is_published_once_however_often_it_is_sent(school: School) -> None:
    visitor = ChannelVisitor(school, "administrator")
    key = typed(visitor.get("write", channel_id=general(school).pk))["client_key"]
    page = visitor.post_then_look("write", form(do="now", client_key=key), channel_id=general(school).pk)
    assert "Запись опубликована" in page
    assert "Встречаемся в 10:00" in page
    visitor.post("write", form(do="now", client_key=key), channel_id=general(school).pk)
    assert Post.objects.count() == 1


def test_who_may_write(school: School) -> None:
    unit = of_unit(school, "5А")
    assert ChannelVisitor(school, "leader").get("write", channel_id=unit.pk).status_code == 200
    for name, status in {"head": 403, "teacher": 403, "student": 403, "parent": 403}.items():
        assert ChannelVisitor(school, name).get("write", channel_id=general(school).pk).status_code == status
    assert ChannelVisitor(school, "teacher").get("write", channel_id=unit.pk).status_code == 404


def test_drafts_and_planned_posts(school: School) -> None:
    visitor = ChannelVisitor(school, "administrator")
    channel = general(school)
    assert "Черновик сохранён" in visitor.post_then_look("write", form(do="draft"), channel_id=channel.pk)
    page = visitor.post_then_look("write", form(do="plan", title="Ёлка", **at(3)), channel_id=channel.pk)
    assert "Запись запланирована" in page
    assert "в 09:30" in page
    planned = Post.objects.get(title="Ёлка")
    assert planned.publish_at is not None
    assert timezone.localtime(planned.publish_at, school.organization.zone).strftime("%H:%M") == "09:30"
    assert "снова черновик" in visitor.post_then_look("unplan", post_id=planned.pk)
    late = visitor.post("plan", {"publish_at_0": "2020-01-01", "publish_at_1": "10:00"}, post_id=planned.pk)
    assert late.status_code == 422
    assert 'value="2020-01-01"' in late.content.decode()
    assert "Запись запланирована" in visitor.post_then_look("plan", at(1), post_id=planned.pk)
    assert "Запись опубликована" in visitor.post_then_look("publish", post_id=planned.pk)
    assert ChannelVisitor(school, "parent").get("drafts").status_code == 403


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"title": " ", "text": ""}, "Напишите"),
        ({"text": "а" * 13_000}, "Текст слишком длинный"),
        ({"title": "т" * 201}, "200"),
        ({"do": "plan"}, "Выберите день и время"),
        ({"do": "plan", "publish_at_0": "2020-01-01", "publish_at_1": "10:00"}, "Этот момент уже прошёл"),
        ({"do": "plan", "publish_at_0": "вчера", "publish_at_1": "99:99"}, "Введите"),
        ({"with_poll": "on", "question": "", "options": ["Да", "Нет"]}, "вопрос"),
        ({"with_poll": "on", "question": "Идём?", "options": ["Да", ""]}, "хотя бы два варианта"),
        ({"with_reading": "on", "reading_due_on": "2020-01-01"}, "прошёл"),
        ({"with_reading": "on", "reading_for": "circles"}, "Выберите, кто подтверждает"),
        ({"text": "Ноль \x00"}, ""),
        ({"client_key": "nonsense", "revision": "9" * 30}, ""),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_nothing_is_lost(
    school: School, wrong: dict[str, Any], told: str
) -> None:
    sent = form(**{"do": "now", **wrong})
    response = ChannelVisitor(school, "administrator").post("write", sent, channel_id=general(school).pk)
    page = response.content.decode()
    assert response.status_code == 422
    assert "error-summary" in page
    assert told in page
    assert not Post.objects.exists()
    for value in (sent["title"].strip(), sent["text"].replace("\x00", "").strip(), *sent.get("options", [])):
        assert value in page


@pytest.mark.req("CHAN-4")
def test_a_post_with_a_poll_and_required_reading(school: School) -> None:
    sent = form(
        do="now",
        with_poll="on",
        question="Придёте?",
        options=["Да", "Нет", ""],
        with_reading="on",
        reading_for="circles",
        reading_parents_confirm="family",
        reading_due_on=(timezone.localdate() + timedelta(days=5)).isoformat(),
    )
    sent |= {
        "circle-TOTAL_FORMS": "1",
        "circle-INITIAL_FORMS": "0",
        "circle-0-audience": "parents",
        "circle-0-unit": str(school.units["5А"].pk),
    }
    visitor = ChannelVisitor(school, "administrator")
    assert visitor.post("write", sent, channel_id=general(school).pk).status_code == 302
    post = Post.objects.get()
    assert post.poll is not None
    assert post.poll.options.count() == 2
    assert post.reading is not None
    assert post.reading.parents_confirm == "family"
    assert "Ознакомлен" in ChannelVisitor(school, "parent").see("post", post_id=post.pk)
    assert "Ознакомлен(а)" not in ChannelVisitor(school, "student").see("post", post_id=post.pk)
    edited = visitor.get("edit", post_id=post.pk).content.decode()
    assert 'name="with_reading"' in edited
    assert "Опрос идёт таким" in edited


def test_a_preview_is_asked_with_and_without_scripts(school: School) -> None:
    visitor = ChannelVisitor(school, "administrator")
    sent = form(do="preview", text="**Внимание** <script>", with_poll="on", question="Идём?", options=["Да"])
    address = visitor.url("write", channel_id=general(school).pk)
    part = visitor.client.post(address, sent, headers={"HX-Request": "true", "HX-Target": "preview"})
    page = part.content.decode()
    assert "<strong>Внимание</strong> &lt;script&gt;" in page
    assert "Идём?" in page
    assert "<html" not in page
    whole = visitor.post("write", sent, channel_id=general(school).pk).content.decode()
    assert "<strong>Внимание</strong>" in whole
    assert "**Внимание**" in whole
    assert "error-summary" not in whole
    assert not Post.objects.exists()


def test_files_come_with_the_form_move_and_go(school: School) -> None:
    visitor = ChannelVisitor(school, "administrator")
    channel = general(school)
    files = [SimpleUploadedFile(f"{n}.png", picture(size=(20, 20), colour=c)) for n, c in enumerate(["red", "blue"])]
    broken = SimpleUploadedFile("вирус.exe", b"MZ not a picture")
    response = visitor.post("write", form(do="now", text="", title="", uploads=[*files, broken]), channel_id=channel.pk)
    page = response.content.decode()
    assert response.status_code == 422
    assert "вирус.exe" in page
    first, second = StoredFile.objects.order_by("pk").values_list("pk", flat=True)
    moved = visitor.post("write", form(do=f"down-{first}", file_ids=[first, second]), channel_id=channel.pk)
    order = [f'name="file_ids" value="{key}"' for key in (second, first)]
    assert moved.content.decode().index(order[0]) < moved.content.decode().index(order[1])
    sent = form(do="now", file_ids=[second, first, "nonsense", 10**30])
    visitor.post("write", sent, channel_id=channel.pk)
    assert [row.file_id for row in PostFile.objects.order_by("position")] == [second, first]


def test_files_of_others_are_not_taken(world: World) -> None:
    theirs = picture_of(world.b)
    mine = picture_of(world.a, "head")
    visitor = ChannelVisitor(world.a, "administrator")
    visitor.post("write", form(do="now", file_ids=[theirs, mine]), channel_id=general(world.a).pk)
    assert not PostFile.objects.exists()


def test_an_edit_keeps_what_is_there(school: School) -> None:
    key = picture_of(school)
    poll = PollData("Куда?", ["В музей", "В театр"])
    post = draft(school, general(school), "Черновик", title="План", file_ids=[key], poll=poll, reading=ReadingTerms())
    visitor = ChannelVisitor(school, "administrator")
    response = visitor.get("edit", post_id=post.pk)
    held = typed(response)
    assert held["title"] == "План"
    assert held["text"] == "Черновик"
    assert held["file_ids"] == str(key)
    assert held["question"] == "Куда?"
    sent = form(do="draft", revision=held["revision"], file_ids=[key], with_poll="on", question="Куда едем?")
    visitor.post("edit", {**sent, "options": ["В музей", "В театр", "В парк"]}, post_id=post.pk)
    post.refresh_from_db()
    assert post.title == "Субботник"
    assert post.poll is not None
    assert post.poll.options.count() == 3
    assert post.reading is None
    assert post.files.count() == 1


def test_two_editors_see_each_other_and_nothing_is_lost(school: School) -> None:
    post = publish(school, general(school), "Было")
    visitor = ChannelVisitor(school, "administrator")
    old = typed(visitor.get("edit", post_id=post.pk))["revision"]
    change(actor=school.actor("administrator"), post=post, draft=PostDraft(text="Другой редактор"), revision=1)
    response = visitor.post("edit", form(do="save", revision=old), post_id=post.pk)
    page = response.content.decode()
    assert response.status_code == 422
    assert "Другой редактор" in page
    assert "Встречаемся в 10:00" in page
    visitor.post("edit", form(do="save", revision=typed(response)["revision"]), post_id=post.pk)
    post.refresh_from_db()
    assert post.text == "Встречаемся в 10:00"
    assert "Другой редактор" in visitor.see("history", post_id=post.pk).replace("  ", " ") or post.versions.count() == 2


def test_a_removed_post_comes_back(school: School) -> None:
    post = publish(school, general(school), "Уйдёт и вернётся")
    visitor = ChannelVisitor(school, "administrator")
    response = visitor.client.post(visitor.url("delete", post_id=post.pk), follow=True)
    page = response.content.decode()
    assert "Запись удалена" in page
    assert ChannelVisitor(school, "parent").get("post", post_id=post.pk).status_code == 404
    assert "Уйдёт и вернётся" in visitor.see("drafts")
    assert visitor.get("edit", post_id=post.pk).status_code == 302
    assert visitor.client.post(undo_address(page)).status_code == 302
    assert "Уйдёт и вернётся" in ChannelVisitor(school, "parent").see("feed")
    assert ChannelVisitor(school, "parent").post("delete", post_id=post.pk).status_code == 403


def test_pinning_is_undone(school: School) -> None:
    post = publish(school, general(school), "Важное")
    visitor = ChannelVisitor(school, "administrator")
    page = visitor.client.post(visitor.url("pin", post_id=post.pk), follow=True).content.decode()
    assert "Запись закреплена" in page
    visitor.client.post(undo_address(page))
    post.refresh_from_db()
    assert post.pinned_at is None
    delete(actor=school.actor("administrator"), post=post)
    assert "уже удал" in visitor.post_then_look("pin", post_id=post.pk) or post.pinned_at is None
