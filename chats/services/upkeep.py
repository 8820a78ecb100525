"""Messages whose time is over (CHAT-9): in batches, each a transaction, safe to run twice."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from chats.models import Chat, Message, MessageFile
from chats.selectors.rules import retention_of, rules_of
from chats.services.chats import note_change
from files.models import StoredFile
from files.services import remove
from polls.models import Poll

BATCH = 1000


def remove_old_messages() -> int:
    """Remove the messages of every chat that are older than the chat keeps them; return how many.

    Files and polls go with them; `Chat.kept_after` tells open pages what to forget.
    """
    removed = 0
    for chat in _with_retention():
        while count := _remove_batch(chat):
            removed += count
    return removed


def _with_retention() -> list[Chat]:
    chats = Chat.objects.select_related("organization__chat_rules", "unit", "owner").filter(message_count__gt=0)
    return [chat for chat in chats.iterator() if retention_of(chat, rules_of(chat.organization))]


@transaction.atomic
def _remove_batch(chat: Chat) -> int:
    days = retention_of(chat, rules_of(chat.organization)) or 0
    limit = timezone.now() - timedelta(days=days)
    # The chat before its messages, as everybody who changes one does.
    Chat.objects.select_for_update().get(pk=chat.pk)
    old = Message.objects.filter(chat=chat, created_at__lt=limit).order_by("number")
    numbers = list(old.values_list("number", flat=True)[:BATCH])
    if not numbers:
        return 0
    last = numbers[-1]
    # By number, not by time: two messages of the same instant may have been numbered the other way round, and open
    # pages forget everything up to `kept_after`.
    batch = Message.objects.filter(chat=chat, number__lte=last)
    ids = list(batch.values_list("pk", flat=True))
    remove(files=list(StoredFile.objects.filter(pk__in=MessageFile.objects.filter(message__in=ids).values("file"))))
    polls = list(batch.filter(poll__isnull=False).values_list("poll_id", flat=True))
    Message.objects.filter(pk__in=ids).delete()
    Poll.objects.filter(pk__in=polls).delete()
    chat.kept_after = last
    Chat.objects.filter(pk=chat.pk).update(kept_after=last)
    note_change(chat)
    return len(ids)
