"""The menu of a page, by role: at most seven entries, the rest under «Ещё»."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from orgs import permissions
from orgs.actor import Actor
from orgs.models import Role

MOST_ENTRIES = 7


@dataclass(frozen=True)
class Entry:
    """One entry; `icon` is a name of the sprite."""

    title: str
    url: str
    icon: str
    is_active: bool


def page_menu(request: HttpRequest) -> dict[str, Any]:
    """A context processor: `menu_main`, `menu_more`, and `role_labels` of the actor whose page this is."""
    actor: Actor | None = getattr(request, "actor", None)
    entries = _entries(actor, request.path) if actor is not None else []
    roles = [actor.words.role(role) for role in Role if role in actor.roles] if actor is not None else []
    return {"menu_main": entries[:MOST_ENTRIES], "menu_more": entries[MOST_ENTRIES:], "role_labels": roles}


def _entries(actor: Actor, path: str) -> list[Entry]:
    units = _("Structure") if actor.is_staff else str(actor.words["units"]).capitalize()
    wanted = [
        (_("Home"), "orgs:home", "home", True),
        (_("People"), "orgs:people", "users", permissions.can_see_people(actor)),
        (units, "orgs:units", "sitemap", True),
        (_("Invitations"), "invitations:list", "link", permissions.can_invite_somebody(actor)),
        (_("Chats"), "chats:list", "messages", True),
        (_("Journal"), "orgs:journal", "history", permissions.can_see_journal(actor)),
        (_("Rights"), "orgs:rights", "key", permissions.can_manage_rights(actor)),
        (_("Organization"), "orgs:settings", "building-community", permissions.can_manage_organization(actor)),
    ]
    home = reverse("orgs:home", args=[actor.organization.slug])
    entries = []
    for title, name, icon, allowed in wanted:
        if allowed:
            url = reverse(name, args=[actor.organization.slug])
            is_active = path == url if url == home else path.startswith(url)
            entries.append(Entry(title, url, icon, is_active))
    return entries
