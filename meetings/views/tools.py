"""What the pages of events share."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from meetings.models import Event, EventKind
from meetings.selectors.events import find_event
from orgs.actor import Actor


def address(actor: Actor, name: str, **values: Any) -> str:
    """Return the address of the page `events:<name>` in the actor's organization."""
    return reverse(f"events:{name}", kwargs={"slug": actor.organization.slug, **values})


def to(actor: Actor, name: str, **values: Any) -> HttpResponseRedirect:
    """Redirect to the page `events:<name>` of the actor's organization."""
    return redirect(address(actor, name, **values))


def known_event(actor: Actor, event_id: int) -> Event:
    """Return an event the actor may see; 404 for any other."""
    event = find_event(actor, event_id)
    if event is None:
        raise Http404
    return event


def chips_of(
    options: Iterable[tuple[str, str]], chosen: str, counts: Mapping[str, int] | None = None
) -> list[dict[str, Any]]:
    """Return filter chips for `components/chips.html` out of (value, title), with `counts` by value."""
    known = counts or {}
    return [
        {"value": value, "title": title, "count": known.get(value), "is_active": value == chosen}
        for value, title in options
    ]


def kind_options() -> list[tuple[str, str]]:
    """Return the kinds of events as filters."""
    return [("", _("All kinds")), *((value, capfirst(str(label))) for value, label in EventKind.choices)]


def one_of(request: HttpRequest, name: str, known: Iterable[str], usual: str = "") -> str:
    """Return the parameter `name` of the address if it is among `known`, else `usual`."""
    value = request.GET.get(name, "")
    return value if value in known else usual
