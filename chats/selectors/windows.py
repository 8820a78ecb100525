"""A page of messages and whether there are more: one statement each, by number, as quick at the beginning of a million
messages as at their end."""

from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import BigIntegerField, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from chats.models import Chat, Message
from chats.selectors.messages import following, latest, messages_of, whole

_BEYOND = 2**63 - 1


@dataclass(frozen=True)
class Window:
    """Messages in their order, and whether there may be earlier and later ones."""

    messages: list[Message]
    has_before: bool
    has_after: bool


def latest_window(chat: Chat, *, limit: int, before: int | None = None) -> Window:
    """Return up to `limit` messages before the number `before`; the latest ones when None."""
    rows = latest(chat, before=before, limit=limit + 1)
    has_after = before is not None and before <= chat.last_message_number
    return Window(rows[-limit:], len(rows) > limit, has_after)


def following_window(chat: Chat, *, after: int, limit: int) -> Window:
    """Return up to `limit` messages after the number `after`."""
    rows = following(chat, after=after, limit=limit + 1)
    return Window(rows[:limit], after > chat.kept_after, len(rows) > limit)


def window_around(chat: Chat, *, number: int, limit: int) -> Window:
    """Return the message `number` with its surroundings, at most `limit`; the nearest ones when it is gone."""
    before, after = limit // 2, limit - limit // 2
    messages = messages_of(chat)
    # One more on each side tells whether there are more.
    first = _number_at(messages.filter(number__lt=number).order_by("-number"), before, otherwise=0)
    last = _number_at(messages.filter(number__gte=number).order_by("number"), after, otherwise=_BEYOND)
    rows = list(whole(messages).filter(number__gte=first, number__lte=last).order_by("number"))
    earlier = [message for message in rows if message.number < number]
    later = rows[len(earlier) :]
    kept = [*earlier[len(earlier) - min(before, len(earlier)) :], *later[:after]]
    return Window(kept, len(earlier) > before, len(later) > after)


def _number_at(messages: QuerySet[Message], place: int, *, otherwise: int) -> Coalesce:
    return Coalesce(
        Subquery(messages.values("number")[place : place + 1]), Value(otherwise), output_field=BigIntegerField()
    )


def window_on(chat: Chat, day: date, *, limit: int) -> Window:
    """Return the messages from the first one of `day` (in the organization's clock) on; the latest when none came."""
    start = datetime.combine(day, time(), tzinfo=chat.organization.zone)
    since = messages_of(chat).filter(created_at__gte=start).order_by("created_at", "number").values("number")[:1]
    rows = list(whole(messages_of(chat)).filter(number__gte=Subquery(since)).order_by("number")[: limit + 1])
    if not rows:
        return latest_window(chat, limit=limit)
    return Window(rows[:limit], rows[0].number > chat.kept_after + 1, len(rows) > limit)
