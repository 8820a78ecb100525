"""The link into a chat for the people of this organization: made, renewed, annulled, opened (INV-10)."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from chats import permissions, tokens
from chats.addresses import link_url
from chats.forms.changing import LinkForm
from chats.models import Chat, ChatLink
from chats.selectors.chats import chats_of, moderators_of
from chats.selectors.safety import link_into, link_with
from chats.selectors.titles import title_of
from chats.services.members import join_by_link, make_link, revoke_link
from chats.views.tools import known_chat, to
from common.errors import DomainError, require
from common.notices import done
from orgs.actor import Actor
from orgs.forms.base import apply_domain_error
from orgs.pages import member_page
from orgs.views.tools import invalid


@never_cache
@member_page
def link(request: HttpRequest, actor: Actor, chat_id: int) -> HttpResponse:
    """Show the chat's link with its address; POST makes one, and a new one stops the old one."""
    chat = _own_link(actor, chat_id)
    data = request.POST if request.method == "POST" else None
    form = LinkForm(data)
    now = link_into(chat)
    context = {
        "chat": chat,
        "title": title_of(chat, actor.words),
        "form": form,
        "link": now,
        "link_url": link_url(now, actor.organization.slug) if now is not None else "",
    }
    if data is None:
        return render(request, "chats/link.html", context)
    if form.is_valid():
        try:
            make_link(actor=actor, chat=chat, days=form.cleaned_data["days"])
        except DomainError as error:
            apply_domain_error(form, error)
        else:
            done(request, _("The link is ready: send it to whom you want in the chat."))
            return to(actor, "link", chat_id=chat.pk)
    return invalid(request, "chats/link.html", context)


def _own_link(actor: Actor, chat_id: int) -> Chat:
    chat = known_chat(actor, chat_id)
    require(permissions.can_make_link(actor, chat))
    return chat


@require_POST
@member_page
def revoke(request: HttpRequest, actor: Actor, chat_id: int) -> HttpResponse:
    """Annul the chat's link; who has come in by it stays."""
    chat = _own_link(actor, chat_id)
    revoke_link(actor=actor, chat=chat)
    done(request, _("The link no longer works. Who has come in by it stays."))
    return to(actor, "link", chat_id=chat.pk)


@never_cache
@member_page
def join(request: HttpRequest, actor: Actor, token: str) -> HttpResponse:
    """What the link opens: which chat, what for, who answers for it; POST comes in.

    A stranger signs in first and comes back; who is not of this organization finds nothing (404), like with a forged
    link. One that no longer works says so.
    """
    found = link_with(actor, tokens.read(token) or 0)
    if found is None:
        raise Http404
    chat = found.chat
    if chats_of(actor).filter(pk=chat.pk).exists():
        return to(actor, "chat", chat_id=chat.pk)
    if not _is_alive(found):
        return render(request, "chats/join_gone.html", {"link": found}, status=410)
    if request.method == "POST":
        return _come_in(request, actor, found)
    people = [chat.owner] if chat.owner is not None else list(moderators_of(chat)[:3])
    context: dict[str, Any] = {"chat": chat, "title": title_of(chat, actor.words), "responsible": people, "link": found}
    return render(request, "chats/join.html", context)


def _is_alive(found: ChatLink) -> bool:
    is_open = found.chat.archived_at is None and not found.chat.is_personal
    return is_open and found.revoked_at is None and found.expires_at > timezone.now()


def _come_in(request: HttpRequest, actor: Actor, found: ChatLink) -> HttpResponse:
    try:
        chat = join_by_link(actor=actor, link=found)
    except DomainError:
        return render(request, "chats/join_gone.html", {"link": found}, status=410)
    done(request, _("You are in the chat «%(title)s».") % {"title": title_of(chat, actor.words)})
    return to(actor, "chat", chat_id=chat.pk)
