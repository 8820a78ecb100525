"""Each kind of event: whoever lived through it sees what whoever reads everything afresh sees (CHAT-4)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from chats import consumers
from chats.models import Chat, Message, Notify, Report, Template, Writers
from chats.services import chats, members, messages, reading, safety, upkeep
from files.services import upload
from polls.models import PollOption
from polls.services import PollData
from tests.chats.cast import chat_of, say, seen
from tests.chats.client import Get, NotThere, Reader
from tests.chats.hall import Page, do
from tests.files.samples import picture, upload_of
from tests.sockets import run
from tests.world import School

Browse = Callable[[User | None], Client]
pytestmark = [pytest.mark.usefixtures("live"), pytest.mark.req("CHAT-4")]


def api_of(browser: Client, school: School) -> Get:
    """The API as the page's own script asks it."""

    def get(path: str, **parameters: Any) -> Any:
        answer = browser.get(f"/api/v1/o/{school.slug}/{path}", parameters)
        if answer.status_code == 404:
            raise NotThere
        assert answer.status_code == 200, answer.content
        return answer.json()

    return get


class Scene:
    """A free chat of the leader (its owner), the parent and the student with a little past; the parent looks at it."""

    def __init__(self, school: School, browse: Browse) -> None:
        self.school = school
        ids = [school.people[name].pk for name in ("parent", "student")]
        self.chat = chats.create_chat(
            actor=school.actor("administrator"), data=chats.ChatData(title="Поход", people=ids)
        )
        members.add_members(actor=school.actor("administrator"), chat=self.chat, people=[school.people["leader"]])
        members.set_owner(actor=school.actor("administrator"), chat=self.chat, person=school.people["leader"])
        self.first = say(school, "leader", self.chat, "Собираемся в девять")
        self.answer = say(school, "parent", self.chat, "Хорошо", reply_to=self.first.pk)
        self.asked = with_poll(self)
        vote(self, self.asked, "parent", 1)
        self.late = say(school, "student", self.chat, "А если дождь?")
        messages.pin(actor=self.who("leader"), chat=self.see("leader"), message=self.answer, pinned=True)
        self.browsers = {"parent": browse(school.user("parent"))}

    def see(self, name: str) -> Chat:
        return seen(self.school, name, self.chat)

    def who(self, name: str) -> Any:
        return self.school.actor(name)

    def message(self, message: Message) -> Message:
        return Message.objects.select_related("author", "poll").get(pk=message.pk)

    def fresh(self, name: str) -> Reader:
        get = api_of(self.browsers[name], self.school)
        return Reader(get).start(self.school.people[name].pk, [self.chat.pk])


@pytest.fixture
def scene(school: School, browse: Browse) -> Scene:
    return Scene(school, browse)


# --- Deeds ------------------------------------------------------------------------------------------------------------
def new(scene: Scene) -> None:
    say(scene.school, "leader", scene.chat, "Берём **плащи**\nи сапоги")


def urgent(scene: Scene) -> None:
    say(scene.school, "leader", scene.chat, "Автобус уже здесь", is_urgent=True)


def mention(scene: Scene) -> None:
    say(scene.school, "leader", scene.chat, f"@[{scene.school.people['parent'].pk}], вы с нами? @all")


def reply(scene: Scene) -> None:
    say(scene.school, "leader", scene.chat, "Возьмём плащи", reply_to=scene.late.pk)


def with_files(scene: Scene) -> None:
    files = [upload(actor=scene.who("leader"), upload=upload_of(picture(), "карта.png")) for _time in range(2)]
    say(scene.school, "leader", scene.chat, "", file_ids=[file.pk for file in files])


def with_poll(scene: Scene, *, is_anonymous: bool = False, is_multiple: bool = False) -> Message:
    poll = PollData("Куда идём?", ["Лес", "Река"], is_anonymous=is_anonymous, is_multiple=is_multiple)
    return say(scene.school, "leader", scene.chat, "", poll=poll)


def with_anonymous_poll(scene: Scene) -> None:
    with_poll(scene, is_anonymous=True)


def vote(scene: Scene, message: Message, name: str, *places: int) -> None:
    options = list(PollOption.objects.filter(poll=message.poll_id or 0).order_by("position"))
    reading.vote(
        actor=scene.who(name),
        chat=scene.see(name),
        message=scene.message(message),
        option_ids=[options[place].pk for place in places],
    )


def vote_openly(scene: Scene) -> None:
    message = with_poll(scene, is_multiple=True)
    vote(scene, message, "parent", 1, 0)
    vote(scene, message, "student", 1)


def change_vote(scene: Scene) -> None:
    vote(scene, scene.asked, "parent", 0)


def take_vote_back(scene: Scene) -> None:
    vote(scene, scene.asked, "parent")


def vote_secretly(scene: Scene) -> None:
    vote(scene, with_poll(scene, is_anonymous=True), "parent", 1)


def close_poll(scene: Scene) -> None:
    reading.close_poll(actor=scene.who("leader"), chat=scene.see("leader"), message=scene.message(scene.asked))


def edit(scene: Scene) -> None:
    messages.edit(actor=scene.who("student"), chat=scene.see("student"), message=scene.late, text="А если *снег*?")


def edit_the_answered(scene: Scene) -> None:
    messages.edit(actor=scene.who("leader"), chat=scene.see("leader"), message=scene.first, text="Собираемся в десять")


def edit_in_a_mention(scene: Scene) -> None:
    text = f"@[{scene.school.people['parent'].pk}], а если дождь?"
    messages.edit(actor=scene.who("student"), chat=scene.see("student"), message=scene.late, text=text)


def delete(scene: Scene) -> None:
    messages.delete(actor=scene.who("parent"), chat=scene.see("parent"), message=scene.message(scene.answer))


def delete_the_answered(scene: Scene) -> None:
    messages.delete(actor=scene.who("leader"), chat=scene.see("leader"), message=scene.message(scene.first))


def delete_the_last(scene: Scene) -> None:
    messages.delete(actor=scene.who("student"), chat=scene.see("student"), message=scene.message(scene.late))


def delete_twice(scene: Scene) -> None:
    message = scene.message(scene.late)
    for _time in range(2):
        messages.delete(actor=scene.who("student"), chat=scene.see("student"), message=message)


def delete_what_was_voted_on(scene: Scene) -> None:
    messages.delete(actor=scene.who("leader"), chat=scene.see("leader"), message=scene.message(scene.asked))


def delete_files(scene: Scene) -> None:
    with_files(scene)
    last = Message.objects.filter(chat=scene.chat).latest("number")
    messages.delete(actor=scene.who("leader"), chat=scene.see("leader"), message=last)


def pin(scene: Scene) -> None:
    messages.pin(actor=scene.who("leader"), chat=scene.see("leader"), message=scene.first, pinned=True)


def unpin(scene: Scene) -> None:
    messages.pin(actor=scene.who("leader"), chat=scene.see("leader"), message=scene.answer, pinned=False)


def pin_twice(scene: Scene) -> None:
    pin(scene)
    pin(scene)


def delete_the_pinned(scene: Scene) -> None:
    pin(scene)
    delete_the_answered(scene)


def change(scene: Scene, **changes: Any) -> None:
    chats.change_chat(actor=scene.who("leader"), chat=scene.see("leader"), changes=chats.ChatChanges(**changes))


def rename(scene: Scene) -> None:
    change(scene, title="Поход в лес", purpose="Что взять с собой")


def rules(scene: Scene) -> None:
    change(scene, writers=Writers.STAFF, slow_seconds=30)


def owner(scene: Scene) -> None:
    members.set_owner(actor=scene.who("leader"), chat=scene.see("leader"), person=scene.school.people["teacher"])


def archive(scene: Scene) -> None:
    chats.archive_chat(actor=scene.who("leader"), chat=scene.see("leader"))


def restore(scene: Scene) -> None:
    archive(scene)
    chats.restore_chat(actor=scene.who("leader"), chat=scene.see("leader"))


def age(scene: Scene, *old: Message) -> None:
    Chat.objects.filter(pk=scene.chat.pk).update(retention_days=30)
    Message.objects.filter(chat=scene.chat, number__lte=max(message.number for message in old)).update(
        created_at=timezone.now() - timedelta(days=31)
    )
    assert upkeep.remove_old_messages() >= len(old)


def retention(scene: Scene) -> None:
    pin(scene)
    age(scene, scene.first)


def retention_of_everything(scene: Scene) -> None:
    age(scene, scene.first, scene.answer, scene.asked, scene.late)


def notice_of_a_pause(scene: Scene) -> None:
    person = scene.school.people["student"]
    safety.mute(actor=scene.who("leader"), chat=scene.see("leader"), person=person, hours=1, reason="Шум")


def notice_of_a_look(scene: Scene) -> None:
    safety.inspect(actor=scene.who("head"), chat=scene.chat, reason="Жалоба родителей")


def removal(scene: Scene) -> None:
    safety.report(actor=scene.who("parent"), chat=scene.see("parent"), message=scene.late, reason="insult")
    report = Report.objects.select_related("chat", "message").get()
    safety.decide(actor=scene.who("leader"), report=report, verdict=safety.Verdict("warned", "Так нельзя"))


def read_by_another(scene: Scene) -> None:
    new(scene)
    chat = scene.see("student")
    reading.mark_read(actor=scene.who("student"), chat=chat, number=chat.last_event)


def read_on_another_page(scene: Scene) -> None:
    reading.mark_read(actor=scene.who("parent"), chat=scene.see("parent"), number=scene.late.number)


def read_partly(scene: Scene) -> None:
    new(scene)
    new(scene)
    reading.mark_read(actor=scene.who("parent"), chat=scene.see("parent"), number=scene.late.number)


def notify(scene: Scene) -> None:
    reading.set_notify(actor=scene.who("parent"), chat=scene.see("parent"), notify=Notify.MENTIONS)


def write_on_another_page(scene: Scene) -> None:
    say(scene.school, "parent", scene.chat, "С другой страницы")


def in_another_chat(scene: Scene) -> None:
    say(scene.school, "leader", chat_of(scene.school, Template.UNIT_PARENTS), "Собрание в пятницу")


DEEDS = [
    new, urgent, mention, reply, with_files, with_poll, with_anonymous_poll,
    vote_openly, change_vote, take_vote_back, vote_secretly, close_poll,
    edit, edit_the_answered, edit_in_a_mention,
    delete, delete_the_answered, delete_the_last, delete_twice, delete_what_was_voted_on, delete_files,
    pin, unpin, pin_twice, delete_the_pinned,
    rename, rules, owner, archive, restore, retention, retention_of_everything,
    notice_of_a_pause, notice_of_a_look, removal,
    read_by_another, read_on_another_page, read_partly, notify, write_on_another_page, in_another_chat,
]  # fmt: skip
# What the server counts, or what has to be looked at again, is read again: the protocol says so.
LIST_IS_READ_AGAIN = {
    vote_openly, change_vote, take_vote_back, vote_secretly, close_poll, edit, edit_the_answered, edit_in_a_mention,
    delete, delete_the_answered, delete_the_last, delete_twice, delete_what_was_voted_on, delete_files,
    pin, unpin, pin_twice, delete_the_pinned, owner, archive, restore, retention, retention_of_everything,
    notice_of_a_pause, removal,
}  # fmt: skip


SEEN_BY_THE_AUTHOR_TOO = {new, with_poll, vote_openly, edit, delete_the_answered, pin, read_by_another, removal}


@pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: deed.__name__)
def test_events_and_reading_afresh_give_the_same(
    scene: Scene, deed: Callable[[Scene], Any], browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consumers, "GATHER_SECONDS", 0)
    if deed in SEEN_BY_THE_AUTHOR_TOO:
        scene.browsers["leader"] = browse(scene.school.user("leader"))
    readers = {name: scene.fresh(name) for name in scene.browsers}
    frames: dict[str, list[Any]] = {}

    async def story() -> None:
        pages = {name: await Page(scene.school, browser).come() for name, browser in scene.browsers.items()}
        await do(deed, scene)
        for name, page in pages.items():
            frames[name] = await page.heard()

    run(story)
    for name, reader in readers.items():
        asked: list[str] = []
        ask = reader.get
        reader.get = lambda path, ask=ask, asked=asked, **more: asked.append(path) or ask(path, **more)
        assert frames[name], "nothing happened"
        for frame in frames[name]:
            reader.receive(frame)
        reader.settle()
        assert set(asked) <= ({"chats/"} if deed in LIST_IS_READ_AGAIN else set()), name
        assert reader.view() == scene.fresh(name).view(), name
