"""The page people live in: the list of chats and one open conversation. Scripts draw both at once from what stands in
the page, in the shapes of the API (CHAT-4)."""

from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from chats.detail import detail_shape
from chats.models import MAX_TEXT, Chat, Reason
from chats.permissions import can_create_chats, can_handle_reports, can_manage_chats
from chats.selectors.listing import Listed, list_with_last
from chats.selectors.messages import PAGE, file_in, parts_of
from chats.selectors.windows import Window, latest_window, window_around
from chats.services.messages import MOST_FILES
from chats.shapes import Shape, listed_shape, message_shapes, person_shape, votes_shape
from chats.views.page_words import page_words
from chats.views.tools import address, read_chat
from files.serving import respond
from orgs.actor import Actor
from orgs.pages import member_page

SCRIPTS = "js/chat"
# So many unread messages fit below the line on the newest page.
FITS = 40


@require_safe
@member_page
def chat_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show the actor's chats, none of them open; one statement besides those of every page (CHAT-1)."""
    return _page(request, actor, list_with_last(actor), None)


@require_safe
@member_page
def chat(request: HttpRequest, actor: Actor, chat_id: int) -> HttpResponse:
    """Show a chat with its newest messages, or those around the first unread one, beside the list (CHAT-4)."""
    mine = list_with_last(actor)
    # One of the list has everything already; else it is in the archive, or only looked into.
    found = next((chat for chat, _last in mine if chat.pk == chat_id), None) or read_chat(actor, chat_id)
    return _page(request, actor, mine, found)


@require_safe
@member_page
def file(request: HttpRequest, actor: Actor, chat_id: int, file_id: int) -> HttpResponseBase:
    """Give a file of the chat's messages to whoever reads the chat (CHAT-5); `?preview=1`, `?download=1`."""
    row = file_in(read_chat(actor, chat_id), file_id)
    if row is None:
        raise Http404
    return respond(row.file, request=request, preview="preview" in request.GET, download="download" in request.GET)


def _page(request: HttpRequest, actor: Actor, mine: Listed, found: Chat | None) -> HttpResponse:
    data = {
        **_surroundings(actor),
        "chats": [listed_shape(chat, last, actor.words) for chat, last in mine],
        "chat": detail_shape(actor, found) if found is not None else None,
        "window": _window_shape(actor, found) if found is not None else None,
    }
    context = {
        "data": data,
        "scripts": scripts(),
        "chat": found,
        "has_chats": bool(mine),
        "can_create": can_create_chats(actor),
        "can_manage": can_manage_chats(actor),
        "can_handle_reports": can_handle_reports(actor),
    }
    return render(request, "chats/conversation.html", context)


def _surroundings(actor: Actor) -> Shape:
    """What the scripts must know of everything but chats: who looks, in which clock and words, and where to ask."""
    slug = actor.organization.slug
    return {
        "slug": slug,
        "person": person_shape(actor.person),
        "language": get_language(),
        "zone": str(actor.organization.zone),
        "words": page_words(),
        "reasons": [{"value": value, "label": str(label)} for value, label in Reason.choices],
        "limits": {"text": MAX_TEXT, "files": MOST_FILES, "file_bytes": max(settings.UPLOAD_MAX_BYTES.values())},
        "addresses": {
            "list": address(actor, "list"),
            "api": reverse("api_organization", args=[slug]),
            "socket": f"/ws/o/{slug}/",
            "icons": static("icons.svg"),
        },
    }


def _window_shape(actor: Actor, chat: Chat) -> Shape:
    """The first page of messages as `GET …/messages/` gives it."""
    window = _first_window(chat)
    parts = parts_of(window.messages, person_id=actor.person.pk)
    return {
        "messages": message_shapes(window.messages, parts, actor.organization.slug),
        "votes": votes_shape(window.messages, parts),
        # Read before the messages: a change that came in between is told once more, never left out.
        "last_event": chat.last_event,
        "has_before": window.has_before,
        "has_after": window.has_after,
    }


def _first_window(chat: Any) -> Window:
    """Where one stopped reading, unless the newest page shows that place anyway, or one never began."""
    if chat.read_number and chat.unread > FITS:
        return window_around(chat, number=chat.read_number, limit=PAGE)
    return latest_window(chat, limit=PAGE)


@cache
def scripts() -> tuple[str, ...]:
    """Return the modules of the page: named in its head, they are loaded all at once instead of one after another."""
    folder = finders.find(SCRIPTS)
    assert isinstance(folder, str)  # noqa: S101 - the scripts are part of the platform
    return tuple(f"{SCRIPTS}/{path.name}" for path in sorted(Path(folder).glob("*.js")))
