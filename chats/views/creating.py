"""«Новый чат»: what for, then whom for (CHAT-2, CHAT-8)."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from chats.forms.creating import NewChatForm
from chats.models import Chat
from chats.occasions import Occasion, occasions_for, unit_circles_for
from chats.permissions import can_create_chats, can_manage_chats
from chats.selectors.overview import unit_chats_of
from chats.services.chats import ChatData, create_chat
from chats.views.picking import Picked, pick
from chats.views.tools import address, to
from common.errors import DomainError, require
from common.notices import done
from orgs.actor import Actor
from orgs.forms.base import apply_domain_error, ids_of
from orgs.forms.circles import WHOLE, circle_rows, rows_sent
from orgs.models import Audience, Unit
from orgs.pages import member_page
from orgs.selectors.circles import audience_name
from orgs.selectors.units import units_visible_to
from orgs.views.tools import invalid, is_fragment

TEMPLATE = "chats/new.html"


@member_page
def choose(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What the chat is for: templates of the head, chats of led units, a free chat (CHAT-2)."""
    require(can_create_chats(actor))
    units = list(units_visible_to(actor).active().filter(pk__in=actor.led_unit_ids)) if actor.led_unit_ids else []
    occasions = occasions_for(actor)
    if len(occasions) == 1 and not units:
        return to(actor, "new_of", kind="free")
    context = {
        "head": {key: occasion for key, occasion in occasions.items() if occasion.is_for_head},
        "units": _unit_choices(actor, units),
        "free": occasions["free"],
        "can_manage": can_manage_chats(actor),
    }
    return render(request, "chats/new_choose.html", context)


def _unit_choices(actor: Actor, units: list[Unit]) -> list[dict[str, Any]]:
    """For each led unit its circles: the chat that exists by itself, or the way to open one."""
    there = {(chat.unit_id, chat.template): chat for chat in unit_chats_of(actor)} if units else {}
    circles = unit_circles_for(actor)
    return [
        {
            "unit": unit,
            "circles": [
                {
                    "title": capfirst(_name_of(actor, audience)),
                    "audience": audience,
                    "chat": there.get((unit.pk, template)),
                    "url": f"{address(actor, 'new_of', kind='free')}?unit={unit.pk}&audience={audience}",
                }
                for audience, template in circles.items()
            ],
        }
        for unit in units
    ]


def _name_of(actor: Actor, audience: str) -> str:
    return str(actor.words["teachers"]) if audience == Audience.STAFF else audience_name(audience, actor.words)


@member_page
def new(request: HttpRequest, actor: Actor, kind: str) -> HttpResponse:
    """The form of a new chat: name, purpose, who writes; people by searching, circles by rows."""
    require(can_create_chats(actor))
    occasion = occasions_for(actor).get(kind)
    if occasion is None:
        raise Http404
    picked = pick(request, actor, role=occasion.role)
    if is_fragment(request, "picked"):
        return render(request, "chats/_picked.html", {"picked": picked})
    units = list(units_visible_to(actor).active().teaching())
    context = {"occasion": occasion, "picked": picked, "kind": kind}
    if request.method != "POST":
        form, rows = _first_forms(request, actor, occasion, units)
        return render(request, TEMPLATE, {**context, "form": form, "rows": rows})
    if _is_asking(request, picked):
        form = NewChatForm(initial={name: request.POST.get(name, "") for name in NewChatForm.base_fields})
        rows = circle_rows(actor, units, initial=rows_sent(request.POST))
        return render(request, TEMPLATE, {**context, "form": form, "rows": rows})
    return _create(request, actor, occasion, units, context)


def _is_asking(request: HttpRequest, picked: Picked) -> bool:
    """Whether something is looked for or more rows are wanted. Enter in any field presses «Найти», the first button:
    with nothing to look for it means «Создать»."""
    asked = request.POST.get("do")
    return asked == "more" or (asked == "find" and picked.was_asked)


def _first_forms(request: HttpRequest, actor: Actor, occasion: Occasion, units: list[Unit]) -> tuple[Any, Any]:
    title, rows = str(occasion.title), []
    if occasion.audience:
        rows = [{"audience": occasion.audience, "unit": WHOLE}]
    audience = request.GET.get("audience", "")
    unit = next((one for one in units if one.pk in ids_of([request.GET.get("unit", "")])), None)
    if unit is not None and audience in unit_circles_for(actor):
        title = f"{unit.name} · {_name_of(actor, audience)}"
        rows = [{"audience": audience, "unit": str(unit.pk)}]
    form = NewChatForm(initial={"title": title, "purpose": str(occasion.purpose), "writers": "everyone"})
    return form, circle_rows(actor, units, initial=rows)


def _create(
    request: HttpRequest, actor: Actor, occasion: Occasion, units: list[Unit], context: dict[str, Any]
) -> HttpResponse:
    form, rows = NewChatForm(request.POST), circle_rows(actor, units, request.POST)
    picked: Picked = context["picked"]
    if form.is_valid() and rows.is_valid():
        circles, people = rows.circles(), [person.pk for person in picked.chosen]
        if not circles and not people:
            form.add_error(None, _("Choose somebody: people by name or a whole circle."))
        else:
            try:
                data = ChatData(template=occasion.template, people=people, circles=circles, **form.cleaned_data)
                chat = create_chat(actor=actor, data=data)
            except DomainError as error:
                apply_domain_error(form, error)
            else:
                return _opened(request, actor, chat)
    elif form.is_valid():
        form.add_error(None, _("Check the circles of people."))
    return invalid(request, TEMPLATE, {**context, "form": form, "rows": rows})


def _opened(request: HttpRequest, actor: Actor, chat: Chat) -> HttpResponse:
    done(request, _("The chat «%(title)s» is open.") % {"title": chat.title})
    return redirect(address(actor, "chat", chat_id=chat.pk))
