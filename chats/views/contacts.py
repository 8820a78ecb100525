"""«Написать»: whom one may write to first, and the door into the personal chat (CHAT-3)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from chats.models import ChatAudience
from chats.selectors.contacts import by_circle, circles_reachable_by, find_contacts, in_circle
from chats.selectors.rules import rules_of
from chats.services.chats import personal_chat
from chats.views.tools import to
from chats.words import reach_in_words
from common.errors import DomainError
from orgs.actor import Actor
from orgs.forms.base import ids_of
from orgs.models import Audience, Person, Unit
from orgs.pages import member_page
from orgs.selectors.circles import audience_name
from orgs.selectors.people import people_visible_to, with_roster_columns
from orgs.views.tools import page_of, render_results

_ORDER = (Audience.ADMINISTRATION, Audience.STAFF, Audience.PARENTS, Audience.STUDENTS)


@member_page
def write(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show whom the actor may write to first, by circles, with a search; POST opens the chat with one of them."""
    if request.method == "POST":
        return _open(request, actor)
    rules = rules_of(actor.organization)
    circles = _named_circles(actor, circles_reachable_by(actor, rules))
    wanted = request.GET.get("circle", "")
    text = request.GET.get("q", "")
    chosen = next((circle for circle in circles if circle["value"] == wanted), None)
    people = find_contacts(actor, rules, text)
    if chosen is not None:
        people = in_circle(people, actor, chosen["rule"])
    shown = [chosen] if chosen is not None else circles
    page = page_of(request, with_roster_columns(by_circle(people, actor, [circle["rule"] for circle in shown])))
    context = {
        "page_obj": page,
        "groups": _grouped(page.object_list, shown),
        "chips": _chips(circles, chosen) if len(circles) > 1 else [],
        "q": text,
        "is_filtered": bool(text.strip() or chosen),
        "reach": reach_in_words(actor, rules),
    }
    return render_results(request, "chats/write.html", "chats/_contacts.html", context)


def _open(request: HttpRequest, actor: Actor) -> HttpResponse:
    people = Person.objects.filter(organization=actor.organization, merged_into=None).exclude(pk=actor.person.pk)
    person = get_object_or_404(people, pk__in=ids_of([request.POST.get("person", "")]))
    try:
        chat = personal_chat(actor=actor, person=person)
    except DomainError:
        # Somebody who is out of sight does not exist.
        get_object_or_404(people_visible_to(actor), pk=person.pk)
        raise
    return to(actor, "chat", chat_id=chat.pk)


def _named_circles(actor: Actor, circles: list[ChatAudience]) -> list[dict[str, Any]]:
    """The administration first, then circles of units by the unit, then the large ones."""
    ids = {circle.unit_id for circle in circles if circle.unit_id is not None}
    units = Unit.objects.in_bulk(ids) if ids else {}
    rows = []
    for circle in circles:
        unit = units.get(circle.unit_id or 0)
        name = audience_name(circle.audience, actor.words)
        is_large = unit is None and circle.audience != Audience.ADMINISTRATION
        place = _ORDER.index(Audience(circle.audience))
        rows.append(
            {
                "rule": circle,
                "value": f"{circle.audience}-{circle.unit_id or 0}",
                "title": f"{unit.name}: {name}" if unit is not None else capfirst(name),
                "place": (is_large, unit is not None, unit.sort_key if unit is not None else "", place),
            }
        )
    return sorted(rows, key=lambda row: row["place"])


def _chips(circles: list[dict[str, Any]], chosen: dict[str, Any] | None) -> list[dict[str, Any]]:
    chips = [{"title": _("All"), "value": "", "is_active": chosen is None}]
    return chips + [{"title": row["title"], "value": row["value"], "is_active": row is chosen} for row in circles]


def _grouped(people: Any, circles: list[dict[str, Any]]) -> list[dict[str, Any]]:
    groups: list[dict[str, Any]] = []
    for person in people:
        title = circles[person.circle]["title"] if person.circle < len(circles) else ""
        if not groups or groups[-1]["title"] != title:
            groups.append({"title": title, "people": []})
        groups[-1]["people"].append(person)
    return groups
