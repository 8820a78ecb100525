"""The page people live in: what stands in it for the scripts, who sees it, what it asks of the database."""

import json
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from chats.models import Chat, Message, Template
from chats.services.chats import ChatData, archive_chat, create_chat, personal_chat
from chats.services.messages import delete, pin
from chats.services.reading import mark_read
from chats.services.safety import inspect
from chats.views.conversation import scripts
from chats.views.page_words import page_words
from files.services import upload
from polls.services import PollData
from tests.chats.cast import chat_of, general, say, seen
from tests.project.source import ROOT, assert_none
from tests.world import School, World

pytestmark = pytest.mark.django_db
FOLDER = ROOT / "sferum_admin" / "static" / "js" / "chat"


def address(school: School, chat: Chat | None = None) -> str:
    name, more = ("chats:chat", [chat.pk]) if chat is not None else ("chats:list", [])
    return reverse(name, args=[school.slug, *more])


def data_of(client: Client, url: str) -> dict[str, Any]:
    """What the page tells its scripts."""
    response = client.get(url)
    assert response.status_code == 200
    found = re.search(r'<script id="chat-data" type="application/json">(.*?)</script>', response.content.decode())
    assert found is not None
    return json.loads(found[1])


@pytest.fixture
def parents(school: School) -> Chat:
    return chat_of(school, Template.UNIT_PARENTS)


def with_file(school: School, name: str, chat: Chat, content: bytes = b"plan") -> tuple[Message, int]:
    stored = upload(actor=school.actor(name), upload=SimpleUploadedFile("План.txt", content, content_type="text/plain"))
    return say(school, name, chat, "", file_ids=[stored.pk]), stored.pk


# --- What stands in the page ------------------------------------------------------------------------------------------
@pytest.mark.req("CHAT-1", "CHAT-4")
def test_the_list_is_that_of_the_api(school: School, browse: Any, parents: Chat) -> None:
    say(school, "leader", parents, "Завтра собрание")
    client = browse(school.user("parent"))
    told = data_of(client, address(school))
    assert told["chat"] is None
    assert told["window"] is None
    asked = client.get(reverse("api_chats", args=[school.slug])).json()["results"]
    assert told["chats"] == asked
    assert told["chats"][0]["last_message"]["snippet"] == "Завтра собрание"


@pytest.mark.req("CHAT-4")
def test_an_open_chat_is_that_of_the_api(school: School, browse: Any, parents: Chat) -> None:
    say(school, "leader", parents, "Кто *придёт*?", poll=PollData("Когда?", ["Во вторник", "В среду"]))
    with_file(school, "leader", parents)
    client = browse(school.user("parent"))
    told = data_of(client, address(school, parents))
    assert told["chat"] == client.get(reverse("api_chat", args=[school.slug, parents.pk])).json()
    assert told["window"] == client.get(reverse("api_chat_messages", args=[school.slug, parents.pk])).json()
    assert [message["snippet"] for message in told["window"]["messages"]] == ["Кто придёт?", "Файл"]


@pytest.mark.req("CHAT-4")
def test_somebody_with_much_to_read_begins_where_they_stopped(school: School, browse: Any, parents: Chat) -> None:
    first = say(school, "leader", parents, "0")
    mark_read(actor=school.actor("parent"), chat=seen(school, "parent", parents), number=first.number)
    for number in range(1, 61):
        say(school, "leader", parents, str(number))
    window = data_of(browse(school.user("parent")), address(school, parents))["window"]
    texts = [message["text"] for message in window["messages"]]
    assert texts[:2] == ["0", "1"]
    assert window["has_after"]
    # Who never began sees the newest, as everywhere.
    window = data_of(browse(school.user("administrator")), address(school, general(school)))["window"]
    assert not window["has_after"]


def test_a_line_end_in_a_message_cannot_end_the_script(school: School, browse: Any, parents: Chat) -> None:
    say(school, "leader", parents, "</script><script>alert(1)</script>")
    page = browse(school.user("parent")).get(address(school, parents)).content.decode()
    assert "<script>alert(1)" not in page
    told = data_of(browse(school.user("parent")), address(school, parents))
    assert told["window"]["messages"][0]["text"] == "</script><script>alert(1)</script>"


@pytest.mark.req("CHAT-9")
def test_no_phone_number_stands_in_the_page(school: School, browse: Any, parents: Chat) -> None:
    say(school, "leader", parents, "Здравствуйте")
    personal = personal_chat(actor=school.actor("parent"), person=school.people["leader"])
    say(school, "leader", personal, "Здравствуйте")
    for chat in (parents, personal):
        page = browse(school.user("parent")).get(address(school, chat)).content.decode()
        assert "7900" not in page


def test_the_page_runs_scripts_of_ours_only(school: School, browse: Any, parents: Chat) -> None:
    page = browse(school.user("parent")).get(address(school, parents)).content.decode()
    tags = re.findall(r"<script\b[^>]*>", page)
    assert all('src="/static/' in tag or 'type="application/json"' in tag for tag in tags), tags
    assert not re.findall(r"<[a-z][^>]*\son[a-z]+\s*=", page)


def test_without_chats_the_page_teaches(world: World, browse: Any) -> None:
    page = browse(world.a.user("parent")).get(address(world.a)).content.decode()
    assert reverse("chats:write", args=[world.a.slug]) in page
    assert reverse("chats:rules", args=[world.a.slug]) not in page
    page = browse(world.a.user("administrator")).get(address(world.a)).content.decode()
    assert reverse("chats:rules", args=[world.a.slug]) in page


@pytest.mark.parametrize(("name", "active"), [("parent", True), ("student", True), ("head", True)])
def test_everybody_has_chats_in_the_menu(school: School, browse: Any, name: str, active: bool) -> None:
    page = browse(school.user(name)).get(address(school)).content.decode()
    assert (f'<a href="{address(school)}" aria-current="page">' in page) is active


# --- Who sees what ----------------------------------------------------------------------------------------------------
@pytest.mark.req("CHAT-8", "ACC-4")
def test_a_chat_of_others_does_not_exist(school: School, world: World, browse: Any, parents: Chat) -> None:
    for user in (school.user("teacher"), school.user("student"), school.user("administrator"), world.b.user("leader")):
        assert browse(user).get(address(school, parents)).status_code == 404


@pytest.mark.req("CHAT-9")
def test_an_archived_chat_can_be_read(school: School, browse: Any) -> None:
    actor = school.actor("leader")
    chat = create_chat(actor=actor, data=ChatData("Праздник", people=[school.people["parent"].pk]))
    archive_chat(actor=actor, chat=seen(school, "leader", chat))
    told = data_of(browse(school.user("parent")), address(school, chat))
    assert told["chats"] == [] or chat.pk not in [row["id"] for row in told["chats"]]
    assert told["chat"]["me"]["obstacle"]["code"] == "archived"


@pytest.mark.req("CHAT-9")
def test_who_looks_into_a_chat_reads_only(school: School, browse: Any, parents: Chat) -> None:
    inspect(actor=school.actor("administrator"), chat=parents, reason="Жалоба родителя")
    told = data_of(browse(school.user("administrator")), address(school, parents))
    assert told["chat"]["me"]["is_member"] is False
    assert told["chat"]["me"]["may_write"] is False


# --- Files ------------------------------------------------------------------------------------------------------------
@pytest.mark.req("CHAT-5")
def test_a_file_is_read_by_those_who_read_the_chat(school: School, browse: Any, parents: Chat) -> None:
    _message, file_id = with_file(school, "leader", parents)
    url = reverse("chats:file", args=[school.slug, parents.pk, file_id])
    response = browse(school.user("parent")).get(url)
    assert b"".join(response.streaming_content) == b"plan"  # type: ignore[attr-defined]
    assert response["Content-Disposition"].startswith("attachment")
    assert browse(school.user("teacher")).get(url).status_code == 404


@pytest.mark.req("CHAT-5")
def test_the_file_of_a_deleted_message_is_gone(school: School, browse: Any, parents: Chat) -> None:
    message, file_id = with_file(school, "leader", parents)
    delete(actor=school.actor("leader"), chat=seen(school, "leader", parents), message=message)
    url = reverse("chats:file", args=[school.slug, parents.pk, file_id])
    assert browse(school.user("parent")).get(url).status_code == 404


@pytest.mark.req("CHAT-5")
def test_a_file_has_one_address_only(school: School, browse: Any, parents: Chat) -> None:
    """A reader of another chat cannot fetch it under that chat's address."""
    _message, file_id = with_file(school, "leader", parents)
    url = reverse("chats:file", args=[school.slug, general(school).pk, file_id])
    assert browse(school.user("parent")).get(url).status_code == 404


def test_a_file_that_nobody_sent_is_nobodys(school: School, browse: Any, parents: Chat) -> None:
    stored = upload(
        actor=school.actor("leader"), upload=SimpleUploadedFile("План.txt", b"plan", content_type="text/plain")
    )
    url = reverse("chats:file", args=[school.slug, parents.pk, stored.pk])
    assert browse(school.user("leader")).get(url).status_code == 404


def test_pages_are_only_read(school: School, browse: Any, parents: Chat) -> None:
    client = browse(school.user("parent"))
    assert client.post(address(school)).status_code == 405
    assert client.post(address(school, parents)).status_code == 405


# --- What it asks of the database -------------------------------------------------------------------------------------
def _fill(school: School, chat: Chat, count: int) -> None:
    """Messages of two people, answers among them, one of them with a file and pinned."""
    first = say(school, "leader", chat, "Сообщение")
    authors = [school.people["leader"], school.people["parent"]]
    Message.objects.bulk_create(
        Message(
            organization=school.organization,
            chat=chat,
            number=first.number + step,
            event=first.number + step,
            ordinal=first.ordinal + step,
            author=authors[step % 2],
            text="Ответ",
            html="Ответ",
            reply_to=first,
        )
        for step in range(1, count)
    )
    last = first.number + count - 1
    Chat.objects.filter(pk=chat.pk).update(last_event=last, last_message_number=last, message_count=count)
    message, _file = with_file(school, "leader", chat)
    pin(actor=school.actor("leader"), chat=seen(school, "leader", chat), message=message, pinned=True)


@pytest.mark.req("CHAT-4")
@pytest.mark.parametrize("count", [3, 300])
def test_the_list_takes_six_statements(
    school: School, browse: Any, parents: Chat, django_assert_max_num_queries: Any, count: int
) -> None:
    _fill(school, parents, count)
    client = browse(school.user("parent"))
    with django_assert_max_num_queries(6):
        client.get(address(school))


@pytest.mark.req("CHAT-4")
@pytest.mark.parametrize("count", [3, 300])
@pytest.mark.parametrize("name", ["parent", "leader"])
def test_a_chat_takes_twelve_statements(
    school: School, browse: Any, parents: Chat, django_assert_max_num_queries: Any, name: str, count: int
) -> None:
    _fill(school, parents, count)
    client = browse(school.user(name))
    with django_assert_max_num_queries(12):
        client.get(address(school, parents))


@pytest.mark.parametrize("count", [1, 20])
def test_polls_take_four_more_however_many(
    school: School, browse: Any, parents: Chat, django_assert_max_num_queries: Any, count: int
) -> None:
    _fill(school, parents, 3)
    for number in range(count):
        say(school, "leader", parents, poll=PollData(f"Вопрос {number}", ["Да", "Нет"]))
    client = browse(school.user("parent"))
    with django_assert_max_num_queries(15):
        client.get(address(school, parents))


# --- The scripts ------------------------------------------------------------------------------------------------------
def _scripts() -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.js")}


def test_all_modules_are_named_in_the_head() -> None:
    assert set(scripts()) == {f"js/chat/{name}" for name in _scripts()}


def test_scripts_say_what_there_are_words_for_and_nothing_else() -> None:
    source = "\n".join(_scripts().values())
    words = page_words()
    asked = set(re.findall(r'\bsay\("(\w+)"', source))
    assert_none(sorted(asked - words.keys()))
    # Some keys come from a table or a choice: those stand in quotes all the same.
    assert_none(sorted(key for key in words if f'"{key}"' not in source))


def test_plural_words_have_a_form_for_each_way_of_counting() -> None:
    for key, forms in page_words().items():
        if not isinstance(forms, str):
            assert set(forms) == {"one", "few", "many"}, key


def test_icons_of_the_scripts_are_in_the_sprite() -> None:
    sprite = (ROOT / "sferum_admin" / "static" / "icons.svg").read_text()
    known = set(re.findall(r'<symbol id="([a-z0-9-]+)"', sprite))
    source = "\n".join(_scripts().values())
    used = set(re.findall(r'\b(?:icon|iconButton)\("([a-z0-9-]+)"', source)) | set(
        re.findall(r'icon: "([a-z0-9-]+)"', source)
    )
    assert used
    assert_none(sorted(used - known))


def test_scripts_put_no_text_into_markup() -> None:
    """Only the words of a message come as HTML, made safe by the server."""
    allowed = {"messages.js": 1, "actions.js": 1}
    found = {
        name: len(re.findall(r"\.(?:inner|outer)HTML|insertAdjacentHTML|document\.write", text))
        for name, text in _scripts().items()
    }
    assert {name: count for name, count in found.items() if count} == allowed


def test_scripts_run_on_phones_of_some_years_ago() -> None:
    """One word a browser does not know stops the whole page, not a part of it."""
    too_new = re.compile(r"\(\?<[!=]|\bObject\.groupBy\b|\.toSorted\(|\.toReversed\(|\bPromise\.withResolvers\b")
    assert_none(name for name, text in _scripts().items() if too_new.search(text))


def test_modules_do_not_import_in_circles() -> None:
    """The names under which they are packed come of what is inside, which in a circle would never end."""
    imports = {name: set(re.findall(r'from "\./([\w.]+)"', text)) for name, text in _scripts().items()}
    while imports:
        free = {name for name, wanted in imports.items() if not wanted & imports.keys()}
        assert free, f"a circle among {sorted(imports)}"
        imports = {name: wanted for name, wanted in imports.items() if name not in free}


def test_modules_are_small() -> None:
    assert_none(f"{name}: {lines}" for name, text in _scripts().items() if (lines := text.count("\n")) > 400)
