"""The roster: search, filters, bulk actions, a new person."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from common.errors import DomainError, require
from common.notices import done, refused
from orgs import permissions
from orgs.actor import Actor
from orgs.forms.base import apply_domain_error, ids_of
from orgs.forms.people import NewPersonForm
from orgs.models import Part, Person, Role, Unit
from orgs.pages import member_page
from orgs.selectors.people import PeopleFilter, filter_people, people_visible_to, with_roster_columns
from orgs.selectors.units import units_visible_to
from orgs.services.people import grant_role_to_many
from orgs.services.roster import add_member, take_role_from_many
from orgs.services.structure import enrol
from orgs.views.tools import (
    PAGE_SIZE,
    address,
    address_with,
    back_or,
    invalid,
    next_or,
    page_of,
    render_results,
    sent,
    to,
)

FAMILY = ("no_child", "no_parent", "no_unit")


@member_page
def people(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show the roster as far as the actor sees it: search, filters, fifty a page, bulk actions (ORG-7)."""
    require(permissions.can_see_people(actor))
    wanted = _filter_of(request)
    found = with_roster_columns(filter_people(people_visible_to(actor), wanted))
    manages = permissions.can_manage_people(actor)
    context = {
        "page_obj": page_of(request, found),
        "q": wanted.text,
        "is_filtered": wanted != PeopleFilter(),
        "chips": _chips(request, _main_filters(actor)),
        "more_chips": _chips(request, _more_filters(actor)),
        "more_open": any(request.GET.get(name) for name in ("unit", "family", "former")),
        "units": list(units_visible_to(actor).active().teaching()),
        "unit_id": wanted.unit_id,
        "can_manage": manages,
        "roles": [(role.value, capfirst(str(actor.words.role(role)))) for role in Role if role != Role.ADMINISTRATOR],
        "parts": _parts(actor),
        "sees_contacts": manages or actor.is_head,
    }
    return render_results(request, "orgs/people.html", "orgs/fragments/people.html", context)


def _parts(actor: Actor) -> list[tuple[str, str]]:
    return [(part.value, capfirst(str(actor.words.part(part)))) for part in (Part.STUDENT, Part.TEACHER, Part.LEADER)]


def _filter_of(request: HttpRequest) -> PeopleFilter:
    get = request.GET
    role = get.get("role", "")
    units = ids_of([get.get("unit", "")])
    family = get.get("family", "")
    return PeopleFilter(
        text=get.get("q", ""),
        role=role if role in Role.values else "",
        unit_id=units[0] if units else None,
        joined={"yes": True, "no": False}.get(get.get("joined", "")),
        without_child=family == "no_child",
        without_parent=family == "no_parent",
        without_unit=family == "no_unit",
        former=get.get("former") == "1",
    )


Filters = list[tuple[str, str, list[tuple[str, str]]]]


def _main_filters(actor: Actor) -> Filters:
    roles = [(role.value, capfirst(str(actor.words.role(role)))) for role in Role]
    return [("role", _("Role"), roles), ("joined", _("Joining"), [("yes", _("Joined")), ("no", _("Not joined yet"))])]


def _more_filters(actor: Actor) -> Filters:
    if not (permissions.can_manage_people(actor) or actor.is_head):
        return []
    family = [
        ("no_parent", _("Children without parents")),
        ("no_child", _("Parents without children")),
        ("no_unit", actor.words.phrase("unplaced")),
    ]
    return [("family", _("To mend"), family), ("former", _("Earlier"), [("1", _("Former"))])]


def _chips(request: HttpRequest, filters: Filters) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "label": label,
            "chips": [
                {"title": title, "value": value, "is_active": value == request.GET.get(name, "")}
                for value, title in options
            ],
        }
        for name, label, options in filters
    ]


@require_POST
@member_page
def people_bulk(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Do one thing with the selected people: enrol, give a role, take a role (asks first)."""
    require(permissions.can_manage_people(actor))
    ids = request.POST.getlist("ids") or request.GET.getlist("ids")
    chosen = list(people_visible_to(actor).filter(pk__in=ids_of(ids)))
    action = sent(request, "action")
    if not chosen:
        refused(request, _("Choose somebody first: tick the boxes."))
        return back_or(request, address(actor, "people"))
    if action == "take_role" and not sent(request, "confirmed"):
        return _ask_to_take_role(request, actor, chosen)
    doing = {"enrol": _enrol_many, "give_role": _give_role, "take_role": _take_role}.get(action)
    if doing is None:
        refused(request, _("Choose what to do with the selected people."))
    else:
        try:
            text, undo = doing(request, actor, chosen)
            done(request, text, undo=undo)
        except DomainError as error:
            refused(request, error.message)
    return back_or(request, address(actor, "people"))


def _enrol_many(request: HttpRequest, actor: Actor, chosen: list[Person]) -> tuple[str, str]:
    units = units_visible_to(actor).filter(pk__in=ids_of([request.POST.get("unit", "")]))
    unit: Unit | None = units.select_related("organization").first()
    part = request.POST.get("part", "")
    if unit is None or part not in Part.values:
        raise DomainError("choose_unit", _("Choose where to enrol and as whom."), status=400)
    added = enrol(actor=actor, people=chosen, unit=unit, part=part)
    text = ngettext("%(count)s person added to %(unit)s.", "%(count)s people added to %(unit)s.", added)
    return text % {"count": added, "unit": unit.name}, ""


def _role_of(request: HttpRequest) -> str:
    role = sent(request, "role")
    if role not in Role.values or role == Role.ADMINISTRATOR:
        raise DomainError("choose_role", _("Choose a role."), status=400)
    return role


def _give_role(request: HttpRequest, actor: Actor, chosen: list[Person]) -> tuple[str, str]:
    role = _role_of(request)
    before = {person.pk for person in _holders(actor, role, chosen)}
    changed = grant_role_to_many(actor=actor, people=chosen, role=role)
    text = ngettext(
        "«%(role)s» given to %(count)s person.",
        "«%(role)s» given to %(count)s people.",
        changed,
    )
    new = [person.pk for person in chosen if person.pk not in before]
    taking = {"action": "take_role", "role": role, "confirmed": "yes", "ids": new}
    undo = address_with(actor, "people_bulk", taking) if 0 < len(new) <= PAGE_SIZE else ""
    return text % {"count": changed, "role": actor.words.role(role)}, undo


def _take_role(request: HttpRequest, actor: Actor, chosen: list[Person]) -> tuple[str, str]:
    role = _role_of(request)
    changed = take_role_from_many(actor=actor, people=chosen, role=role)
    text = ngettext(
        "«%(role)s» taken from %(count)s person.",
        "«%(role)s» taken from %(count)s people.",
        changed,
    )
    return text % {"count": changed, "role": actor.words.role(role)}, ""


def _ask_to_take_role(request: HttpRequest, actor: Actor, chosen: list[Person]) -> HttpResponse:
    role = request.POST.get("role", "")
    if role not in Role.values or role == Role.ADMINISTRATOR:
        refused(request, _("Choose a role."))
        return back_or(request, address(actor, "people"))
    holders = _holders(actor, role, chosen)
    context = {
        "role": role,
        "role_word": actor.words.role(role),
        "holders": holders,
        "back_url": next_or(request, address(actor, "people")),
    }
    return render(request, "orgs/take_role.html", context)


def _holders(actor: Actor, role: str, chosen: list[Person]) -> list[Person]:
    holding = filter_people(people_visible_to(actor), PeopleFilter(role=role))
    return list(holding.filter(pk__in=[person.pk for person in chosen]))


@member_page
def person_new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Put a new person on the roster, with roles and a unit to begin with."""
    require(permissions.can_manage_people(actor))
    data = request.POST if request.method == "POST" else None
    form = NewPersonForm(
        data,
        actor=actor,
        units=units_visible_to(actor).active().teaching(),
        initial={"roles": request.GET.getlist("role"), "unit": next(iter(ids_of([request.GET.get("unit", "")])), None)},
    )
    if data is None:
        return render(request, "orgs/person_new.html", {"form": form})
    if form.is_valid():
        clean = form.cleaned_data
        try:
            person = add_member(
                actor=actor, data=form.data_of_person(), roles=clean["roles"], unit=clean["unit"], part=form.part
            )
        except DomainError as error:
            apply_domain_error(form, error)
        else:
            done(request, _("On the roster: %(person)s.") % {"person": person.full_name})
            return to(actor, "person", pk=person.pk)
    return invalid(request, "orgs/person_new.html", {"form": form})
