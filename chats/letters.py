"""Words of notices about chats; made when they leave, so they tell what is true then."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chats.models import Chat, Message, Notify, Report
from chats.selectors.chats import find_chat
from chats.selectors.titles import title_of
from chats.shapes import snippet_of
from orgs.actor import Actor, actor_of
from orgs.models import Person
from orgs.vocabulary import vocabulary_of
from outbox.rendering import Obsolete, Rendered


def chat_message(context: dict[str, Any], secret: str) -> Rendered:
    """The push of a message. `context`: `message`, `person`.

    Raises `Obsolete` when it was read or deleted meanwhile, or the person is no longer in the chat.
    """
    with translation.override(settings.LANGUAGE_CODE):
        message = Message.objects.select_related("author").filter(pk=context["message"], deleted_at=None).first()
        actor = _actor(context["person"])
        chat = find_chat(actor, message.chat_id) if message is not None and actor is not None else None
        if message is None or actor is None or chat is None or not chat.is_member:  # type: ignore[attr-defined]
            raise Obsolete(_("The message is gone, or not for this person any more."))
        if chat.read_number >= message.number:  # type: ignore[attr-defined]
            raise Obsolete(_("The message has been read."))
        if chat.notify == Notify.NONE:  # type: ignore[attr-defined]
            raise Obsolete(_("This person wants no notifications of the chat."))
        title = title_of(chat, actor.words)
        return Rendered(title, _text(chat, message), url=_url(chat), tag=f"chat-{chat.pk}")


def _text(chat: Chat, message: Message) -> str:
    unread: int = chat.unread  # type: ignore[attr-defined]
    author = "" if chat.is_personal or message.author is None else f"{message.author.polite_name}: "
    if unread > 1 and message.number < chat.last_message_number:
        return ngettext("%(count)s new message", "%(count)s new messages", unread) % {"count": unread}
    return f"{author}{snippet_of(message)}"


def _actor(person_id: int) -> Actor | None:
    person = Person.objects.select_related("organization").filter(pk=person_id, merged_into=None).first()
    return actor_of(person) if person is not None else None


def _url(chat: Chat) -> str:
    return settings.SITE_URL.rstrip("/") + reverse("chats:chat", args=[chat.organization.slug, chat.pk])


def chat_report(context: dict[str, Any], secret: str) -> Rendered:
    """Tell a moderator that a report waits; what was reported stays on the platform. `context`: `report`.

    Raises `Obsolete` when it has been decided.
    """
    report = Report.objects.select_related("chat__unit", "chat__organization").filter(pk=context["report"]).first()
    with translation.override(settings.LANGUAGE_CODE):
        if report is None or report.decision:
            raise Obsolete(_("The report has been decided."))
        organization = report.chat.organization
        title = title_of(report.chat, vocabulary_of(organization))
        url = settings.SITE_URL.rstrip("/") + reverse("chats:reports", args=[organization.slug])
        text = _("A message was reported in the chat «%(chat)s». Please decide: %(url)s") % {"chat": title, "url": url}
        return Rendered(_("A report waits for you"), text, url=url, tag=f"chat-report-{report.pk}")
