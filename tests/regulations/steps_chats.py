"""Duties that chats fulfil: who opens which, who finds them in the own list, what is said there.

Pages are walked without JavaScript; what the script of the conversation does stands here as its requests.
"""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.regulations.scene import Scene
from tests.regulations.walker import Walker


def general_chat_is_created(scene: Scene) -> None:
    """The administrator switches the general chat on; whoever has joined is in it and reads the others (CHAT-1)."""
    teacher, mother = _walker(scene, "teacher"), _walker(scene, "mother")
    assert _chats(scene, teacher) == {}
    _switch_on(scene, "general")
    chat = _chats(scene, teacher)["general"]
    assert teacher.look(_page(scene, chat)).status == 200
    _write(scene, scene.admin, chat, "Сад начинает работу на платформе")
    assert _words(scene, mother, chat) == ["Сад начинает работу на платформе"]


def unit_chats_exist(scene: Scene) -> None:
    """The chats of each group or circle, with the people who are in it today and nobody else (CHAT-1, CHAT-8)."""
    _switch_on(scene, "unit_parents")
    leader, mother = _walker(scene, "teacher"), _walker(scene, "mother")
    chat = _chats(scene, leader)["unit_parents"]
    _write(scene, leader, chat, "Занятие переносится на среду")
    assert _words(scene, mother, chat) == ["Занятие переносится на среду"]
    assert "unit_parents" not in _chats(scene, _walker(scene, "head")), "who is not in the unit is not in its chat"


def chat_of_the_administration_is_opened(scene: Scene) -> None:
    """The head's chat with the deputies, by the template: the chosen ones come in (CHAT-2)."""
    chat = _open_chat(scene, "deputies", "head")
    assert chat == _chats(scene, _walker(scene, "head"))["deputies"]
    assert "deputies" not in _chats(scene, _walker(scene, "teacher"))


def chat_with_the_staff_is_opened(scene: Scene) -> None:
    """The head's chat with all staff, by the template: everybody of them, newcomers too (CHAT-2)."""
    chat = _open_chat(scene, "staff")
    _write(scene, _walker(scene, "teacher"), chat, "Педсовет в четверг")
    assert _words(scene, _walker(scene, "head"), chat) == ["Педсовет в четверг"]
    assert "all_staff" not in _chats(scene, _walker(scene, "mother"))


def free_chat_is_opened(scene: Scene) -> None:
    """A chat for any purpose with people of one's choice (CHAT-2)."""
    chat = _open_chat(scene, "free", "teacher", title="Утренник")
    assert _chats(scene, _walker(scene, "teacher"))["free"] == chat
    assert "free" not in _chats(scene, _walker(scene, "head"))
    assert scene.visit("chats:registry").says("Утренник", scene.administrator.last)


def parent_writes_to_the_teacher(scene: Scene) -> None:
    """A parent finds the child's teacher among those who may be written to, and no other family (CHAT-3)."""
    mother, teacher = _walker(scene, "mother"), scene.humans["teacher"]
    page = mother.visit("chats:write", scene.slug)
    assert page.says(teacher.last)
    assert not page.says(scene.humans["child"].full_name)
    page.send(page.main_form, button=teacher.last)
    chat = _chats(scene, mother)["personal"]
    _write(scene, mother, chat, "Алёна сегодня не придёт")
    assert _words(scene, _walker(scene, "teacher"), chat) == ["Алёна сегодня не придёт"]
    assert scene.admin.look(_page(scene, chat)).status == 404, "nobody else reads it"


def materials_are_shared(scene: Scene) -> None:
    """The leader sends a file to the parents; it stands among the chat's materials, for its members (CHAT-5)."""
    leader, mother = _walker(scene, "teacher"), _walker(scene, "mother")
    chat = _chats(scene, leader)["unit_parents"]
    sent = SimpleUploadedFile("Режим дня.txt", "8:00 зарядка".encode(), content_type="text/plain")
    stored = _post(scene, leader, "files/", {"file": sent}, as_json=False)
    _write(scene, leader, chat, "Режим дня", file_ids=[stored["id"]])
    found = _get(scene, mother, f"chats/{chat}/files/")["results"]
    address = found[0]["url"]
    assert b"".join(mother.client.get(address).streaming_content).decode() == "8:00 зарядка"  # type: ignore[attr-defined]
    assert scene.admin.look(address).status == 404


# --- What the script of the page does -------------------------------------------------------------------------------
def _walker(scene: Scene, who: str) -> Walker:
    return scene.walkers[scene.humans[who].phone]


def _page(scene: Scene, chat: int) -> str:
    return f"/o/{scene.slug}/chats/{chat}/"


def _get(scene: Scene, walker: Walker, path: str) -> Any:
    answer = walker.client.get(f"/api/v1/o/{scene.slug}/{path}")
    assert answer.status_code == 200, answer.content
    return answer.json()


def _post(scene: Scene, walker: Walker, path: str, data: dict[str, Any], *, as_json: bool = True) -> Any:
    kind = {"content_type": "application/json"} if as_json else {}
    token = walker.client.cookies["csrftoken"].value
    answer = walker.client.post(f"/api/v1/o/{scene.slug}/{path}", data, headers={"X-CSRFToken": token}, **kind)
    assert answer.status_code in {200, 201}, answer.content
    return answer.json()


def _chats(scene: Scene, walker: Walker) -> dict[str, int]:
    """The chats of somebody's list by their kind."""
    return {chat["template"]: chat["id"] for chat in _get(scene, walker, "chats/")["results"]}


def _write(scene: Scene, walker: Walker, chat: int, text: str, **more: Any) -> None:
    walker.open(_page(scene, chat))
    _post(scene, walker, f"chats/{chat}/messages/", {"text": text, **more})


def _words(scene: Scene, walker: Walker, chat: int) -> list[str]:
    walker.open(_page(scene, chat))
    messages = _get(scene, walker, f"chats/{chat}/messages/")["messages"]
    return [message["text"] for message in messages if message["kind"] == "text"]


# --- The administrator's pages --------------------------------------------------------------------------------------
def _switch_on(scene: Scene, template: str) -> None:
    page = scene.visit("chats:rules")
    form = page.form("switched_on")
    page = page.send(form, {"switched_on": [*form.fields["switched_on"].values, template]})
    assert template in page.form("switched_on").fields["switched_on"].values


def _open_chat(scene: Scene, kind: str, *people: str, title: str = "") -> int:
    """Open a chat by its page; `people` are found by their names and ticked."""
    page = scene.visit("chats:new_of", kind)
    for who in people:
        human = scene.humans[who]
        page = page.send(page.form("title", "q"), {"q": human.last, "role": ""}, button="Найти")
        assert page.says(human.full_name)
        chosen = {"people": scene.person(human).pk} | ({"title": title} if title else {})
        page = page.send(page.form("title", "people"), chosen, button="Открыть чат")
    if not people:
        page = page.send(page.form("title"), button="Открыть чат")
    assert page.status == 200, page.text[:400]
    return int(page.url.split("/chats/")[1].split("/")[0])
