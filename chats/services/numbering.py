"""Numbers of events: given under the lock of the chat's row, so committed in their order and without a gap."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from chats.models import Chat

_CHAT = f'"{Chat._meta.db_table}"'
# Django has no UPDATE … RETURNING; both databases do, and a second statement would hold the lock longer.
_NEW_MESSAGE = f"""
    UPDATE {_CHAT} SET last_event = last_event + 1, message_count = message_count + 1,
        last_message_number = last_event + 1, last_message_at = %s
    WHERE id = %s RETURNING last_event, message_count
"""  # noqa: S608 - the table's name is ours
_CHANGE = f"UPDATE {_CHAT} SET last_event = last_event + 1 WHERE id = %s RETURNING last_event"  # noqa: S608


@dataclass(frozen=True)
class Place:
    """Where a new message stands: its number (also its first event) and how many messages there are with it."""

    number: int
    ordinal: int


def take_place(chat_id: int, at: datetime) -> Place:
    """Lock the chat until the end of the transaction and return the next message's place in it."""
    with connection.cursor() as cursor:
        stamp = connection.ops.adapt_datetimefield_value(at)
        cursor.execute(_NEW_MESSAGE, [stamp, chat_id])
        number, ordinal = cursor.fetchone()
    return Place(number, ordinal)


def next_event(chat_id: int) -> int:
    """Lock the chat until the end of the transaction and return the number of the next change."""
    with connection.cursor() as cursor:
        cursor.execute(_CHANGE, [chat_id])
        return cursor.fetchone()[0]
