"""Who comes, waits, declined, says nothing; who was there; what came of it (CHAN-5, CHAN-6)."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from common.errors import DomainError, require
from common.notices import done, refused
from common.spreadsheets import xlsx_response
from common.text import normalise
from meetings import permissions
from meetings.forms.people import ResultForm
from meetings.models import Answer, Event, EventAudience, Registration
from meetings.selectors import people
from meetings.selectors.events import is_over
from meetings.services.attending import BEFORE, mark, set_result
from meetings.sheets import participants_xlsx
from meetings.views.tools import address, chips_of, known_event, one_of, to
from meetings.views.wording import answer_badge, places_words, spoken_when
from orgs.actor import Actor
from orgs.forms.base import apply_domain_error, ids_of
from orgs.models import Audience, Unit
from orgs.pages import member_page
from orgs.selectors.audiences import people_in
from orgs.selectors.units import units_visible_to
from orgs.views.tools import invalid, page_of, render_results

PEOPLE_A_PAGE = 100
GROUPS = ("going", "waiting", "declined", "silent")


@member_page
def participants(request: HttpRequest, actor: Actor, event_id: int) -> HttpResponse:
    """Show who comes, who waits in the order of the queue, who declined and who has not answered."""
    event = known_event(actor, event_id)
    require(permissions.can_see_people(actor, event))
    group = one_of(request, "group", GROUPS, "going")
    text = request.GET.get("q", "")
    page = page_of(request, _group(event, group, text))
    context = {
        "event": event,
        "when": spoken_when(event, actor.organization.zone),
        "places": places_words(event),
        "group": group,
        "groups": _chips(event, group),
        "page_obj": page,
        "rows": [_row(one, group) for one in page.object_list],
        "q": text,
    }
    return render_results(request, "events/participants.html", "events/_participants.html", context)


def _group(event: Event, group: str, text: str = "") -> QuerySet[Any]:
    find = {"going": people.going, "waiting": people.waiting, "declined": people.declined, "silent": people.silent}
    found: QuerySet[Any] = find[group](event)
    field = "search_name" if group == "silent" else "person__search_name"
    for word in normalise(text).split():
        found = found.filter(**{f"{field}__contains": word})
    return found


def _row(one: Any, group: str) -> dict[str, Any]:
    return {"person": one} if group == "silent" else {"person": one.person, "answered_at": one.answered_at}


def _chips(event: Event, group: str) -> list[dict[str, Any]]:
    names = {
        "going": pgettext("event", "Come"),
        "waiting": _("Wait for a place"),
        "declined": _("Do not come"),
        "silent": _("Have not answered"),
    }
    counts = {name: _group(event, name).count() for name in GROUPS}
    shown = [name for name in GROUPS if name != "waiting" or event.registration == Registration.PLACES or counts[name]]
    # The first group is the page without a filter: its chip cannot be taken off.
    usual = {"going": ""}
    options = [(usual.get(name, name), names[name]) for name in shown]
    return chips_of(options, usual.get(group, group), {usual.get(name, name): counts[name] for name in shown})


@member_page
def participants_export(request: HttpRequest, actor: Actor, event_id: int) -> HttpResponse:
    """Everybody with the answer and whether they were there, as a spreadsheet."""
    event = known_event(actor, event_id)
    require(permissions.can_see_people(actor, event))
    when = spoken_when(event, actor.organization.zone)
    rows = people.attendance_rows(event)
    waiting = list(people.waiting(event).values_list("person", flat=True))
    name = _("Participants, %(day)s") % {"day": f"{timezone.localtime(event.starts_at):%d.%m.%Y}"}
    return xlsx_response(participants_xlsx(actor.organization, event, when, rows, waiting), name)


@member_page
def attendance(request: HttpRequest, actor: Actor, event_id: int) -> HttpResponse:
    """Note who was there: boxes, «отметить всех, кто собирался», search, one unit; during the event and afterwards."""
    event = known_event(actor, event_id)
    require(permissions.can_mark_attendance(actor, event))
    if request.method == "POST":
        return _mark(request, actor, event)
    rows = people.attendance_rows(event)
    units = _units_of(actor, event)
    unit = next((one for one in units if one.pk in ids_of([request.GET.get("unit", "")])), None)
    text = request.GET.get("q", "")
    shown = _narrowed(rows, event, text, unit)
    page = page_of(request, shown, PEOPLE_A_PAGE)
    now = timezone.now()
    context = {
        "event": event,
        "when": spoken_when(event, actor.organization.zone),
        "page_obj": page,
        "rows": [{"row": row, "answer": _answer_of(row)} for row in page.object_list],
        "came": sum(row.attended is True for row in rows),
        "absent": sum(row.attended is False for row in rows),
        "total": len(rows),
        "going": sum(row.answer == Answer.YES and row.attended is None for row in rows),
        "units": units,
        "unit_id": unit.pk if unit is not None else None,
        "q": text,
        "is_filtered": bool(text or unit),
        "is_over": is_over(event, now),
        "can_mark": event.cancelled_at is None and now >= event.starts_at - BEFORE,
    }
    return render_results(request, "events/attendance.html", "events/_attendance.html", context)


def _answer_of(row: people.AttendanceRow) -> dict[str, str] | None:
    """The person's answer in the third person."""
    names = {str(Answer.YES): _("comes"), str(Answer.NO): _("does not come")}
    badge = answer_badge(row.answer)
    return {**badge, "text": names.get(row.answer, badge["text"])} if badge is not None else None


def _units_of(actor: Actor, event: Event) -> list[Unit]:
    """The units by which the list can be narrowed: those invited; all, where a circle of the whole is."""
    units = units_visible_to(actor).active().teaching()
    rules = list(event.audiences.all())
    if all(rule.unit_id is not None for rule in rules):
        units = units.filter(pk__in=[rule.unit_id for rule in rules])
    return list(units)


def _narrowed(
    rows: list[people.AttendanceRow], event: Event, text: str, unit: Unit | None
) -> list[people.AttendanceRow]:
    words = normalise(text).split()
    if unit is not None:
        circle = EventAudience(organization_id=event.organization_id, audience=Audience.EVERYONE, unit=unit)
        there = set(people_in(event.organization_id, [circle]).values_list("pk", flat=True))
        rows = [row for row in rows if row.person.pk in there]
    return [row for row in rows if all(word in row.person.search_name for word in words)]


def _mark(request: HttpRequest, actor: Actor, event: Event) -> HttpResponse:
    """Save the boxes of the people that were shown, or note everybody who was going to come as present."""
    if request.POST.get("do") == "going":
        marks = {"present": [row.person.pk for row in _unmarked_going(event)], "absent": [], "cleared": []}
    else:
        marks = _marks(request, event)
    try:
        mark(actor=actor, event=event, **marks)
    except DomainError as error:
        refused(request, error.message)
    else:
        count = len(marks["present"])
        text = ngettext("%(count)s person is noted as present.", "%(count)s people are noted as present.", count)
        done(request, text % {"count": count} if count else _("Saved."))
    kept = {name: request.GET[name] for name in ("q", "unit", "page") if request.GET.get(name)}
    there = address(actor, "attendance", event_id=event.pk)
    return redirect(f"{there}?{urlencode(kept)}" if kept else there)


def _unmarked_going(event: Event) -> list[people.AttendanceRow]:
    return [row for row in people.attendance_rows(event) if row.answer == Answer.YES and row.attended is None]


def _marks(request: HttpRequest, event: Event) -> dict[str, list[int]]:
    """A box that is empty takes a note «был(а)» back; with «остальных не было» it is a note of its own."""
    shown, present = ids_of(request.POST.getlist("shown")), set(ids_of(request.POST.getlist("present")))
    empty = [pk for pk in shown if pk not in present]
    if request.POST.get("rest") == "absent":
        return {"present": [pk for pk in shown if pk in present], "absent": empty, "cleared": []}
    was = {row.person.pk: row.attended for row in people.attendance_rows(event)}
    cleared = [pk for pk in empty if was.get(pk) is True]
    return {"present": [pk for pk in shown if pk in present], "absent": [], "cleared": cleared}


@member_page
def result(request: HttpRequest, actor: Actor, event_id: int) -> HttpResponse:
    """What came of the event, for the head."""
    event = known_event(actor, event_id)
    require(permissions.can_manage_event(actor, event))
    form = ResultForm(request.POST if request.method == "POST" else None, initial={"result": event.result})
    context = {"event": event, "form": form, "when": spoken_when(event, actor.organization.zone)}
    if request.method != "POST":
        return render(request, "events/result.html", context)
    if form.is_valid():
        try:
            set_result(actor=actor, event=event, text=form.cleaned_data["result"])
        except DomainError as error:
            apply_domain_error(form, error)
        else:
            done(request, _("Saved."))
            return to(actor, "event", event_id=event.pk)
    return invalid(request, "events/result.html", context)
