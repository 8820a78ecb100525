"""The menu of a page, by role: at most seven entries, the rest under «Ещё».

Several roles see the sum of what each sees; the first of them in `MAIN` decides what stands in the menu itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from orgs import permissions
from orgs.actor import Actor
from orgs.models import Role

# What stands in the menu itself, in this order; the strongest role first.
MAIN: Mapping[str, tuple[str, ...]] = {
    Role.ADMINISTRATOR: ("home", "people", "units", "invitations", "chats", "channels", "statistics"),
    Role.HEAD: ("home", "statistics", "channels", "chats", "events", "documents"),
    Role.TEACHER: ("home", "units", "chats", "channels", "events"),
    Role.PARENT: ("home", "children", "chats", "channels", "events"),
    Role.STUDENT: ("home", "units", "chats", "channels", "events"),
}


@dataclass(frozen=True)
class Entry:
    """One entry; `icon` is a name of the sprite."""

    title: str
    url: str
    icon: str
    is_active: bool


@dataclass(frozen=True)
class _Page:
    """A page that can stand in the menu: `route` is asked only when the entry is shown."""

    name: str
    title: str
    route: str
    icon: str
    is_allowed: bool = True
    arguments: tuple[int, ...] = ()
    query: str = ""


def page_menu(request: HttpRequest) -> dict[str, Any]:
    """A context processor: `menu_main`, `menu_more`, and `role_labels` of the actor whose page this is."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        return {"menu_main": [], "menu_more": [], "role_labels": []}
    pages = {page.name: page for page in _pages(actor) if page.is_allowed}
    first = next((main for role, main in MAIN.items() if role in actor.roles), ("home",))
    main = [pages.pop(name) for name in first if name in pages]
    return {
        "menu_main": [_entry(actor, page, request.path) for page in main],
        "menu_more": [_entry(actor, page, request.path) for page in pages.values()],
        "role_labels": [actor.words.role(role) for role in Role if role in actor.roles],
    }


def _pages(actor: Actor) -> list[_Page]:
    """All pages of the menu, in the order in which they stand under «Ещё»."""
    return [
        _Page("home", _("Home"), "orgs:home", "home"),
        _Page("children", _("Children"), "orgs:children", "users-group", actor.is_parent),
        _units(actor),
        _Page("people", _("People"), "orgs:people", "users", permissions.can_see_people(actor)),
        _Page("invitations", _("Invitations"), "invitations:list", "link", permissions.can_invite_somebody(actor)),
        _Page("chats", _("Chats"), "chats:list", "messages"),
        _Page("channels", _("Channels"), "channels:feed", "speakerphone"),
        _Page("events", _("Events"), "events:calendar", "calendar-event"),
        _Page("documents", _("Documents"), "documents:list", "file-text", actor.is_staff),
        _Page("readings", pgettext("menu", "Required reading"), "readings:mine", "checklist"),
        _Page("statistics", _("Statistics"), "stats:overview", "chart-bar", permissions.can_see_statistics(actor)),
        _Page("roster", _("Import and export"), "roster:home", "table-import", permissions.can_manage_people(actor)),
        _Page(
            "requests",
            _("Join requests"),
            "invitations:requests",
            "user-question",
            permissions.can_invite_somebody(actor),
        ),
        _Page("movement", _("Movement"), "movement:home", "arrows-exchange", permissions.can_report_movement(actor)),
        _Page("consents", _("Consents"), "movement:consents", "writing-sign", permissions.can_see_consents(actor)),
        _Page(
            "hygiene", _("Check of the data"), "movement:hygiene", "stethoscope", permissions.can_manage_people(actor)
        ),
        _Page("year", _("Next school year"), "movement:year", "calendar-plus", permissions.can_manage_structure(actor)),
        _Page("journal", _("Journal"), "orgs:journal", "history", permissions.can_see_journal(actor)),
        _Page("rights", _("Rights"), "orgs:rights", "key", permissions.can_manage_rights(actor)),
        _Page(
            "settings",
            _("Organization"),
            "orgs:settings",
            "building-community",
            permissions.can_manage_organization(actor),
        ),
        _Page("help", _("Help"), "support:help", "lifebuoy"),
    ]


def _units(actor: Actor) -> _Page:
    """«Мои классы» for a teacher, «Мой класс» for a student; parents come there through the child."""
    if actor.is_administrator or actor.is_head:
        return _Page("units", _("Structure"), "orgs:units", "sitemap")
    if actor.is_staff:
        return _Page("units", actor.words.phrase("mine"), "orgs:units", "school", query="?show=mine")
    if len(actor.studied_unit_ids) == 1:
        return _Page("units", actor.words.phrase("own"), "orgs:unit", "school", True, tuple(actor.studied_unit_ids))
    title = capfirst(str(actor.words["units"]))
    return _Page("units", title, "orgs:units", "school", actor.is_student)


def _entry(actor: Actor, page: _Page, path: str) -> Entry:
    url = reverse(page.route, args=[actor.organization.slug, *page.arguments])
    is_active = path == url if page.name == "home" else path.startswith(url)
    return Entry(page.title, url + page.query, page.icon, is_active)
