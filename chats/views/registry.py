"""The registry of chats, and the door into one for a documented reason (CHAT-9)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from chats import permissions
from chats.forms.safety import LookForm
from chats.models import Chat, Template
from chats.selectors.chats import find_chat
from chats.selectors.overview import RegistryFilter, filter_registry, with_registry_columns
from chats.selectors.safety import registry_of
from chats.selectors.titles import title_of
from chats.services.safety import LOOK_MINUTES, inspect
from chats.views.tools import known_chat, to
from common.errors import DomainError, require
from common.notices import done
from orgs.actor import Actor
from orgs.forms.base import apply_domain_error
from orgs.pages import member_page
from orgs.selectors.circles import circles_in_words
from orgs.views.tools import invalid, page_of, render_results


@member_page
def registry(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show every chat but the personal ones: what it is, who answers for it, when it was last used; never its words."""
    require(permissions.can_manage_chats(actor))
    wanted = RegistryFilter(request.GET.get("q", ""), request.GET.get("kind", ""), request.GET.get("state", ""))
    found = filter_registry(registry_of(actor), wanted, actor.words)
    page = page_of(request, with_registry_columns(found))
    context = {
        "page_obj": page,
        "rows": [_row(actor, chat) for chat in page.object_list],
        "q": wanted.text,
        "kinds": _chips(_kinds(actor), wanted.kind),
        "states": _chips(_states(), wanted.state),
        "is_filtered": wanted != RegistryFilter(),
    }
    return render_results(request, "chats/registry.html", "chats/_registry.html", context)


def _row(actor: Actor, chat: Chat) -> dict[str, Any]:
    return {
        "chat": chat,
        "title": title_of(chat, actor.words),
        "kind": capfirst(str(Template(chat.template).label)),
        "moderators": _moderators(chat),
        "circles": circles_in_words(chat.circles, actor.words),  # type: ignore[attr-defined]
        "is_unowned": chat.owner is None and chat.has_member_list,
    }


def _moderators(chat: Chat) -> list[str]:
    if chat.template == Template.GENERAL:
        return [_("the administration")]
    leaders = chat.unit.leaders if chat.unit is not None else []  # type: ignore[attr-defined]
    people = [*(member.person for member in chat.named), *(row.person for row in leaders)]  # type: ignore[attr-defined]
    return list(dict.fromkeys(person.full_name for person in people if person.pk != chat.owner_id))


def _kinds(actor: Actor) -> list[tuple[str, str]]:
    return [
        ("", _("All")),
        ("general", _("General chat")),
        ("unit", capfirst(str(actor.words["units"]))),
        ("head", _("Of the administration")),
        ("free", _("Free chats")),
    ]


def _states() -> list[tuple[str, str]]:
    return [
        ("", _("In use")),
        ("reported", _("With reports")),
        ("unowned", _("Without an owner")),
        ("silent", _("Silent for 30 days")),
        ("archived", _("In the archive")),
    ]


def _chips(options: list[tuple[str, str]], chosen: str) -> list[dict[str, Any]]:
    return [{"value": value, "title": title, "is_active": value == chosen} for value, title in options]


@member_page
def look(request: HttpRequest, actor: Actor, chat_id: int) -> HttpResponse:
    """«Заглянуть в чат»: asks for the reason and says who will read it; then the chat is open for an hour."""
    chat = known_chat(actor, chat_id)
    require(permissions.can_inspect(actor))
    mine = find_chat(actor, chat_id)
    if mine is not None and mine.is_member:  # type: ignore[attr-defined]
        return to(actor, "chat", chat_id=chat.pk)
    data = request.POST if request.method == "POST" else None
    form = LookForm(data)
    context = {"chat": chat, "title": title_of(chat, actor.words), "form": form, "minutes": LOOK_MINUTES}
    if data is None:
        return render(request, "chats/look.html", context)
    if form.is_valid():
        try:
            inspect(actor=actor, chat=chat, reason=form.cleaned_data["reason"])
        except DomainError as error:
            apply_domain_error(form, error)
        else:
            done(request, _("The chat is open to you for an hour. Its members see that you are looking and why."))
            return to(actor, "chat", chat_id=chat.pk)
    return invalid(request, "chats/look.html", context)
