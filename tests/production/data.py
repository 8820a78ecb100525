"""What the stand's stories and its load find and leave: functions called as those of tests/browser/data.py."""

from collections import Counter
from typing import Any
from urllib.parse import urlsplit

from django.utils import timezone

from tests.browser import data
from tests.browser.data import session_of, talking_school


def __getattr__(name: str) -> Any:
    """The stories call everything of tests/browser/data.py by name."""
    return getattr(data, name)


def busy_school(newcomers: int) -> dict[str, Any]:
    """A school that talks, sessions of those who write, a link for pupils, and `newcomers` with a session each."""
    school = talking_school()
    link = data.link(school["slug"], school["units"]["5А"], "student", max_uses=1000)
    sessions = {name: session_of(school[name]) for name in ("teacher", "parent", "other_parent")}
    made = [_newcomer() for _number in range(newcomers)]
    return {
        **school,
        "sessions": sessions,
        "link": urlsplit(link["url"]).path,
        "invitation": link["id"],
        "newcomers": made,
    }


def _newcomer() -> dict[str, str]:
    """Somebody whose phone is confirmed and who belongs nowhere yet."""
    from accounts.services import ensure_user

    phone = data.next_phone()
    ensure_user(phone)
    return {"phone": phone, "session": session_of(phone)}


def what_is_there(chat: int, invitation: int) -> dict[str, Any]:
    """The messages of a chat, who joined by a link (phone → how often), and how often the link says it was used."""
    from chats.models import Message
    from invitations.models import Invitation, InvitationUse

    messages = Message.objects.filter(chat=chat).exclude(text="").order_by("number")
    uses = InvitationUse.objects.filter(invitation=invitation).values_list("person__user__phone", flat=True)
    return {
        "texts": list(messages.values_list("text", flat=True)),
        "joined": Counter(str(phone) for phone in uses),
        "uses": Invitation.objects.get(pk=invitation).uses,
    }


def waiting_in_outbox() -> int:
    """How many messages should have left by now."""
    from outbox.models import Message, Status

    return Message.objects.filter(status=Status.QUEUED, next_attempt_at__lte=timezone.now()).count()
