"""What the platform itself says in a chat, as a code with values; words are made in the reader's language."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Notice(models.TextChoices):
    """The sentences; names in them are values of the notice."""

    INSPECTED = "inspected", _("%(person)s is looking into this chat. Reason: %(reason)s")
    REMOVED = "removed", _("A moderator removed a message of %(person)s: %(reason)s")
    WARNED = "warned", _("A moderator warned %(person)s: %(reason)s")
    MUTED = "muted", _("%(person)s may not write here until %(until)s: %(reason)s")
    CREATED = "created", _("%(person)s created the chat")
    RENAMED = "renamed", _("%(person)s renamed the chat: «%(title)s»")
    JOINED = "joined", _("%(person)s is now in the chat")
    LEFT = "left", _("%(person)s left the chat")
    TAKEN_OUT = "taken_out", _("%(person)s is no longer in the chat")


def text_of(notice: dict[str, str]) -> str:
    """Return the sentence of `notice` (`{"code": …, names as values}`) in the reader's language."""
    code = notice.get("code", "")
    if code not in Notice.values:
        return str(code)
    try:
        return str(Notice(code).label) % notice
    except KeyError:
        return str(code)
