"""What the pages of chats share."""

from typing import Any

from django.http import Http404, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse

from chats.models import Chat
from chats.selectors.chats import find_chat
from chats.selectors.safety import find_managed
from orgs.actor import Actor


def address(actor: Actor, name: str, **values: Any) -> str:
    """Return the address of the page `chats:<name>` in the actor's organization."""
    return reverse(f"chats:{name}", kwargs={"slug": actor.organization.slug, **values})


def to(actor: Actor, name: str, **values: Any) -> HttpResponseRedirect:
    """Redirect to the page `chats:<name>` of the actor's organization."""
    return redirect(address(actor, name, **values))


def read_chat(actor: Actor, chat_id: int) -> Chat:
    """Return a chat the actor may read; 404 for any other."""
    chat = find_chat(actor, chat_id)
    if chat is None:
        raise Http404
    return chat


def known_chat(actor: Actor, chat_id: int) -> Chat:
    """Return a chat whose settings and people the actor may see (`find_managed`); 404 for any other."""
    chat = find_managed(actor, chat_id)
    if chat is None:
        raise Http404
    return chat
