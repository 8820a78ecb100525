"""Writing and changing posts: words, files, polls, history (CHAN-3)."""

from typing import Any
from uuid import uuid4

import pytest

from channels_app.models import Post, PostFile, PostVersion
from channels_app.selectors.posts import parts_of, versions_of
from channels_app.services.channels import set_editor
from channels_app.services.posts import PostDraft, ReadingTerms, change, content_hash, label_of
from common.errors import DomainError
from files.models import FileKind, StoredFile
from orgs.audit import Action
from orgs.models import Audience, AuditEvent
from polls.models import Poll
from polls.services import PollData
from readings.selectors.readings import waiting_for
from readings.services.confirming import confirm
from tests.channels_app.cast import draft, free, general, opened, publish, read, upload
from tests.world import School, World

pytestmark = pytest.mark.req("CHAN-3")

TRIP = PollData("Куда пойдём?", ["В музей", "В театр"])


@pytest.fixture
def school(world: World) -> School:
    return world.a


def edit(school: School, post: Post, text: str = "Иначе", by: str = "administrator", **more: Any) -> Post:
    revision = more.pop("revision", Post.objects.get(pk=post.pk).revision)
    words = PostDraft(title=more.pop("title", ""), text=text, **more)
    return change(actor=school.actor(by), post=post, draft=words, revision=revision)


def code_of(refused: Any) -> str:
    return refused.value.code


# --- Words ------------------------------------------------------------------------------------------------------------
def test_a_draft_is_seen_by_those_who_publish_only(school: School) -> None:
    post = draft(school, general(school))
    assert read(school, "administrator", post) is not None
    for name in ("head", "leader", "teacher", "student", "parent"):
        assert read(school, name, post) is None


def test_text_is_shown_as_markdown_and_searched_as_words(school: School) -> None:
    post = publish(school, general(school), "**Важно**: собрание\u202e <b>\x00", title=" День\u200b  знаний ")
    assert post.title == "День знаний"
    assert "<strong>Важно</strong>" in post.html
    assert "&lt;b&gt;" in post.html
    assert post.search_text == "день знаний важно: собрание <b>"
    assert label_of(post) == "День знаний"
    post.title = ""
    assert label_of(post).startswith("Важно: собрание")
    assert len(label_of(Post(text="слово " * 50, created_at=post.created_at))) == 80


@pytest.mark.parametrize(
    ("words", "code", "field"),
    [
        ({"text": ""}, "post_empty", "text"),
        ({"text": " \u200b\x00\n "}, "post_empty", "text"),
        ({"text": "я" * 12_001}, "text_too_long", "text"),
        ({"text": "", "title": "я" * 201}, "title_too_long", "title"),
        ({"text": "Да", "file_ids": list(range(1, 22))}, "files_many", "file_ids"),
        ({"text": "Да", "file_ids": [2**70]}, "file_not_yours", "file_ids"),
        ({"text": "Да", "poll": PollData("", ["1", "2"])}, "poll_question_required", "question"),
    ],
)
def test_what_cannot_be_a_post_is_refused_in_words(school: School, words: dict, code: str, field: str) -> None:
    with pytest.raises(DomainError) as refused:
        publish(school, general(school), **words)
    assert code_of(refused) == code
    assert list(refused.value.fields) == [field]
    assert not Post.objects.exists()


def test_the_longest_text_fits(school: School) -> None:
    assert len(publish(school, general(school), "я" * 12_000).text) == 12_000


def test_a_post_sent_twice_is_one(school: School) -> None:
    key, file = uuid4(), upload(school)
    first = publish(school, general(school), client_key=key, file_ids=[file.pk], poll=TRIP)
    again = publish(school, general(school), client_key=key, file_ids=[file.pk], poll=TRIP)
    assert again == first
    assert (Post.objects.count(), Poll.objects.count(), PostFile.objects.count()) == (1, 1, 1)
    kept = uuid4()
    assert draft(school, general(school), client_key=kept) == draft(school, general(school), client_key=kept)


# --- Files ------------------------------------------------------------------------------------------------------------
def test_files_keep_their_order_and_pictures_are_a_gallery(school: School) -> None:
    files = [upload(school), *(upload(school, kind=FileKind.PICTURE, name=f"{n}.jpg") for n in range(3))]
    order = [files[3].pk, files[0].pk, files[1].pk, files[2].pk]
    post = publish(school, general(school), "", file_ids=order)
    held = parts_of([post]).files[post.pk]
    assert [row.file_id for row in held] == order
    assert [row.file.kind for row in held] == ["picture", "document", "picture", "picture"]


def test_files_of_others_and_used_ones_are_refused(school: School, world: World) -> None:
    used = upload(school)
    publish(school, general(school), file_ids=[used.pk])
    for file in (used, upload(school, "teacher"), upload(world.b)):
        with pytest.raises(DomainError) as refused:
            publish(school, general(school), file_ids=[file.pk])
        assert code_of(refused) == "file_not_yours"


def test_a_file_named_twice_hangs_once(school: School) -> None:
    file = upload(school)
    post = publish(school, general(school), file_ids=[file.pk, file.pk])
    edit(school, post, file_ids=[file.pk, file.pk, file.pk])
    assert PostFile.objects.filter(post=post).count() == 1


def test_files_that_are_left_out_are_gone(school: School) -> None:
    first, second, third = (upload(school) for _ in range(3))
    post = publish(school, general(school), file_ids=[first.pk, second.pk])
    edit(school, post, file_ids=[third.pk, second.pk])
    assert [row.file_id for row in parts_of([post]).files[post.pk]] == [third.pk, second.pk]
    assert not StoredFile.objects.filter(pk=first.pk).exists()


# --- Polls ------------------------------------------------------------------------------------------------------------
def test_a_poll_can_be_asked_anew_until_the_post_is_published(school: School) -> None:
    post = draft(school, general(school), poll=TRIP)
    other = PollData("Когда?", ["Завтра", "В среду"])
    changed = edit(school, post, poll=other)
    assert changed.poll is not None
    assert changed.poll.question == "Когда?"
    assert Poll.objects.count() == 1
    assert edit(school, changed).poll == changed.poll, "not named, it stays"
    assert edit(school, changed, keeps_poll=False).poll is None
    assert not Poll.objects.exists()


def test_the_poll_of_a_published_post_stays_as_it_is_asked(school: School) -> None:
    post = publish(school, general(school), poll=TRIP)
    edit(school, post, poll=PollData("Когда?", ["Завтра", "В среду"]))
    edit(school, post, keeps_poll=False)
    kept = opened(school, "student", post).poll
    assert kept is not None
    assert kept.question == "Куда пойдём?"


def test_a_poll_alone_is_a_post(school: School) -> None:
    post = publish(school, general(school), "", poll=TRIP)
    assert edit(school, post, "").text == ""


# --- History ----------------------------------------------------------------------------------------------------------
def test_a_published_post_keeps_how_it_read_before(school: School) -> None:
    file = upload(school)
    post = publish(school, general(school), "Раз", title="Первое", file_ids=[file.pk])
    edit(school, post, "Два", title="Второе")
    edit(school, post, "Три")
    rows = list(versions_of(post))
    assert [(row.revision, row.title, row.text, row.file_names) for row in rows] == [
        (2, "Второе", "Два", []),
        (1, "Первое", "Раз", ["план.pdf"]),
    ]
    now = opened(school, "student", post)
    assert (now.text, now.revision) == ("Три", 3)
    assert now.edited_at is not None
    assert AuditEvent.objects.filter(action=Action.POST_EDITED).count() == 2


def test_saving_the_same_words_is_no_edit(school: School) -> None:
    post = publish(school, general(school), "Раз")
    edit(school, post, "Раз")
    assert not PostVersion.objects.exists()
    assert opened(school, "student", post).edited_at is None


def test_a_draft_is_simply_overwritten(school: School) -> None:
    post = draft(school, general(school), "Раз")
    assert edit(school, post, "Два").text == "Два"
    assert not PostVersion.objects.exists()
    assert not AuditEvent.objects.filter(action=Action.POST_EDITED).exists()


def test_two_editors_do_not_write_over_each_other(school: School) -> None:
    post = publish(school, general(school), "Раз")
    edit(school, post, "Два", revision=1)
    with pytest.raises(DomainError) as refused:
        edit(school, post, "Три", revision=1)
    assert code_of(refused) == "post_changed_meanwhile"
    assert opened(school, "student", post).text == "Два"


def test_the_hash_is_of_words_and_files(school: School) -> None:
    post = publish(school, general(school), "Раз")
    plain = content_hash(post)
    assert len(plain) == 64
    changed = edit(school, post, "Раз", file_ids=[upload(school).pk])
    assert content_hash(changed) != plain


# --- Who must confirm a published post --------------------------------------------------------------------------------
@pytest.mark.req("CHAN-4")
def test_other_people_can_be_asked_about_the_same_words(school: School) -> None:
    parents, staff = (Audience.PARENTS, None), (Audience.STAFF, None)
    post = publish(school, general(school), "Правила", reading=ReadingTerms([parents]))
    assert post.reading is not None
    confirm(actor=school.actor("parent"), reading=post.reading)
    edited = edit(school, post, "Правила", reading=ReadingTerms([parents, staff], parents_confirm="family"))
    reading = edited.reading
    assert reading is not None
    assert (reading.pk, reading.version) == (post.reading.pk, 1), "the words are the same: nobody confirms twice"
    reading.refresh_from_db()
    assert reading.parents_confirm == "family"
    assert set(reading.audiences.values_list("audience", "unit_id")) == {parents, staff}
    assert reading.confirmations.count() == 1
    assert waiting_for(school.actor("teacher")).filter(pk=reading.pk).exists()
    actions = AuditEvent.objects.filter(organization_id=school.organization.pk).values_list("action", flat=True)
    assert list(actions).count(Action.READING_PEOPLE_CHANGED) == 1
    edit(school, post, "Правила", reading=ReadingTerms([staff, parents], parents_confirm="family"))
    assert list(actions.all()).count(Action.READING_PEOPLE_CHANGED) == 1


@pytest.mark.req("CHAN-4")
def test_an_editor_goes_on_asking_whom_the_administrator_asked(school: School) -> None:
    unit = (Audience.PARENTS, school.units["5А"].pk)
    channel = free(school, ("staff", None))
    set_editor(actor=school.actor("administrator"), channel=channel, person=school.people["teacher"])
    post = publish(school, channel, "Памятка", reading=ReadingTerms([unit]))
    edited = edit(school, post, "Памятка, вторая редакция", by="teacher", reading=ReadingTerms([unit]))
    assert edited.reading is not None
    assert (edited.reading.version, edited.reading.is_open) == (2, True)
    other = ReadingTerms([(Audience.PARENTS, school.units["5А"].pk), (Audience.STUDENTS, None)])
    with pytest.raises(DomainError) as refused:
        edit(school, post, "Памятка, вторая редакция", by="teacher", reading=other)
    assert code_of(refused) == "circle_closed"
