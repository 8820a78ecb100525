"""«Кто ознакомлен»: the register, one reading by unit and by person, reminding, the deadline (CHAN-4)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from common.errors import DomainError, require
from common.notices import done, refused
from orgs.actor import Actor
from orgs.forms.base import apply_domain_error
from orgs.pages import member_page
from orgs.selectors.circles import circles_in_words
from orgs.views.tools import back_or, invalid, page_of, render_results
from readings import permissions
from readings.forms import DeadlineForm
from readings.models import Reading
from readings.selectors.listing import GivenFilter, RowFilter, filter_given, filter_rows
from readings.selectors.progress import counts_of, rules_with_units
from readings.selectors.readings import readings_visible_to
from readings.selectors.rows import rows_of
from readings.services import giving
from readings.services.confirming import remind_now
from readings.views.tools import address, chips, followed

REGISTER_PAGE = 25


@require_safe
@member_page
def given(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show what was given out to be read, the latest first, with how far each has come."""
    require(permissions.can_follow_readings(actor))
    wanted = GivenFilter(request.GET.get("q", ""), request.GET.get("state", ""))
    page = page_of(request, filter_given(actor, readings_visible_to(actor), wanted), REGISTER_PAGE)
    counts = counts_of(list(page.object_list))
    states = [
        ("", _("All"), None),
        ("open", _("Being read"), None),
        ("overdue", _("Overdue"), None),
        ("closed", _("Closed"), None),
    ]
    context = {
        "page_obj": page,
        "rows": [{"reading": reading, "count": counts[reading.pk]} for reading in page.object_list],
        "q": wanted.text,
        "states": chips(states, wanted.state),
        "is_filtered": wanted != GivenFilter(),
    }
    return render_results(request, "readings/given.html", "readings/_given.html", context)


@require_safe
@member_page
def detail(request: HttpRequest, actor: Actor, reading_id: int) -> HttpResponse:
    """Show one reading: how far it has come by unit, and everybody in lines."""
    reading = followed(actor, reading_id)
    wanted = RowFilter(request.GET.get("q", ""), request.GET.get("state", ""), request.GET.get("unit", ""))
    context = _detail(request, actor, reading, wanted)
    return render_results(request, "readings/detail.html", "readings/_people.html", context)


def _detail(request: HttpRequest, actor: Actor, reading: Reading, wanted: RowFilter) -> dict[str, Any]:
    listing = rows_of(reading, actor.words)
    group = next((group for group in listing.progress.groups if group.key == wanted.unit), None)
    shown = group or listing.progress
    states = [
        ("", _("All"), shown.asked),
        ("waiting", _("Have not confirmed"), shown.asked - shown.confirmed),
        ("confirmed", _("Have confirmed"), shown.confirmed),
    ]
    return {
        "reading": reading,
        "progress": listing.progress,
        "group": group,
        "former": listing.former,
        "page_obj": page_of(request, filter_rows(listing.rows, wanted)),
        "q": wanted.text,
        "state": wanted.state,
        "states": chips(states, wanted.state),
        "is_filtered": wanted != RowFilter(),
        "circles": circles_in_words(rules_with_units(reading), actor.words),
        "manages": permissions.can_manage_reading(actor, reading),
        "notes": permissions.can_note_on_paper(actor, reading) and reading.is_open,
    }


def _managed(actor: Actor, reading_id: int) -> Reading:
    reading = followed(actor, reading_id)
    require(permissions.can_manage_reading(actor, reading))
    return reading


@require_POST
@member_page
def remind(request: HttpRequest, actor: Actor, reading_id: int) -> HttpResponse:
    """«Напомнить»: tell everybody who has not confirmed yet."""
    reading = _managed(actor, reading_id)
    try:
        count = remind_now(actor=actor, reading=reading)
    except DomainError as error:
        refused(request, error.message)
    else:
        text = ngettext("The reminder goes to %(count)s person.", "The reminder goes to %(count)s people.", count)
        done(request, text % {"count": count})
    return _back(request, actor, reading)


@member_page
def deadline(request: HttpRequest, actor: Actor, reading_id: int) -> HttpResponse:
    """Change the last day, or take it off."""
    reading = _managed(actor, reading_id)
    form = DeadlineForm(request.POST if request.method == "POST" else None, initial={"due_on": reading.due_on})
    context = {"reading": reading, "form": form}
    if request.method != "POST":
        return render(request, "readings/deadline.html", context)
    if form.is_valid():
        try:
            giving.change_due(actor=actor, reading=reading, due_on=form.cleaned_data["due_on"])
        except DomainError as error:
            apply_domain_error(form, error)
        else:
            done(request, _("The deadline is changed."))
            return redirect(address(actor, "detail", reading_id=reading.pk))
    return invalid(request, "readings/deadline.html", context)


@require_POST
@member_page
def close_reading(request: HttpRequest, actor: Actor, reading_id: int) -> HttpResponse:
    """Ask nobody any more; can be undone."""
    reading = _managed(actor, reading_id)
    giving.close(actor=actor, reading=reading)
    undo = address(actor, "reopen", reading_id=reading.pk)
    done(request, _("Nobody is asked to read «%(reading)s» any more.") % {"reading": reading.title}, undo=undo)
    return _back(request, actor, reading)


@require_POST
@member_page
def reopen_reading(request: HttpRequest, actor: Actor, reading_id: int) -> HttpResponse:
    """Ask again: what «Отменить» after closing does."""
    reading = _managed(actor, reading_id)
    try:
        giving.reopen(actor=actor, reading=reading)
    except DomainError as error:
        refused(request, error.message)
    else:
        done(request, _("People are asked to read «%(reading)s» again.") % {"reading": reading.title})
    return _back(request, actor, reading)


def _back(request: HttpRequest, actor: Actor, reading: Reading) -> HttpResponse:
    return back_or(request, address(actor, "detail", reading_id=reading.pk))
