"""What the tests of the chat page find: a chat with a long past, one with everything a message can hold."""

from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

LONG_WORD = "Длинношеее" * 30


def long_past(chat: int, count: int, authors: list[int]) -> None:
    """`count` messages of `authors` in turn, «Сообщение 1» to the last, over the past weeks; the newest of today."""
    from chats.models import Chat, Message

    row = Chat.objects.get(pk=chat)
    now = timezone.now()
    Message.objects.bulk_create(
        Message(
            organization_id=row.organization_id,
            chat=row,
            number=number,
            event=number,
            ordinal=number,
            author_id=authors[number % len(authors)],
            text=f"Сообщение {number}",
            html=f"Сообщение {number}" + "<br>и ещё строка" * (number % 4),
            search_text=f"сообщение {number}",
            created_at=now - timedelta(minutes=40 * (count - number)),
        )
        for number in range(1, count + 1)
    )
    row.last_event = row.last_message_number = row.message_count = count
    row.last_message_at = now
    row.save()


def everything_said(phone: str, chat: int) -> dict[str, Any]:
    """One message of each kind by the person with `phone`; returns what each is recognised by."""
    from accounts.models import User
    from chats.selectors.chats import find_chat
    from chats.services.messages import Draft, edit, pin, send
    from files.services import upload
    from orgs.actor import load_actor
    from orgs.models import Organization
    from polls.services import PollData

    slug = Organization.objects.get(chats=chat).slug
    actor = load_actor(User.objects.get(phone=phone).pk, slug)
    assert actor is not None

    def say(text: str, **more: Any) -> Any:
        found = find_chat(actor, chat)
        assert found is not None
        return send(actor=actor, chat=found, draft=Draft(text=text, **more))

    paper = upload(actor=actor, upload=SimpleUploadedFile("План.txt", b"plan", content_type="text/plain"))
    first = say("**Важно**: завтра *сбор*\n\n- паспорт\n- вода\n\n> что с собой?\n\nhttps://школа.рф", is_urgent=True)
    say(f"{LONG_WORD} https://example.ru/{'path/' * 80}")
    say("", file_ids=[paper.pk])
    say("@all отметьтесь", reply_to=first.pk)
    say("", poll=PollData("Когда собрание?", ["Во вторник", "В среду", LONG_WORD[:100]]))
    changed = say("Собрание в 18:00")
    found = find_chat(actor, chat)
    assert found is not None
    edit(actor=actor, chat=found, message=changed, text="Собрание в 18:30")
    pin(actor=actor, chat=found, message=changed, pinned=True)
    return {"first": first.number, "last": changed.number}
