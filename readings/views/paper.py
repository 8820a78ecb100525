"""Signatures on paper, and the acknowledgement sheet to print (CHAN-4, DOC-1)."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from common.errors import DomainError, require
from common.notices import done, refused
from common.spreadsheets import CONTENT_TYPE
from orgs.actor import Actor
from orgs.models import Person
from orgs.pages import member_page
from orgs.views.tools import back_or
from readings import permissions
from readings.models import Reading
from readings.selectors.rows import rows_of
from readings.services.confirming import note_on_paper, unnote
from readings.sheets import Sheet
from readings.sheets import sheet_pdf as as_pdf
from readings.sheets import sheet_xlsx as as_xlsx
from readings.views.tools import address, followed

PDF = "application/pdf"


@require_POST
@member_page
def note(request: HttpRequest, actor: Actor, reading_id: int, person_id: int) -> HttpResponse:
    """Note that somebody signed on paper; can be undone."""
    reading, person = _about(actor, reading_id, person_id)
    try:
        note_on_paper(actor=actor, reading=reading, person=person)
    except DomainError as error:
        refused(request, error.message)
    else:
        back = address(actor, "unnote", reading_id=reading.pk, person_id=person.pk)
        done(request, _("Noted: %(person)s signed on paper.") % {"person": person.full_name}, undo=back)
    return back_or(request, address(actor, "detail", reading_id=reading.pk))


@require_POST
@member_page
def undo(request: HttpRequest, actor: Actor, reading_id: int, person_id: int) -> HttpResponse:
    """Take the note about a signature back."""
    reading, person = _about(actor, reading_id, person_id)
    try:
        unnote(actor=actor, reading=reading, person=person)
    except DomainError as error:
        refused(request, error.message)
    else:
        done(request, _("The note about %(person)s is taken back.") % {"person": person.full_name})
    return back_or(request, address(actor, "detail", reading_id=reading.pk))


def _about(actor: Actor, reading_id: int, person_id: int) -> tuple[Reading, Person]:
    reading = followed(actor, reading_id)
    require(permissions.can_note_on_paper(actor, reading))
    people = Person.objects.filter(organization=actor.organization.pk, merged_into=None)
    return reading, get_object_or_404(people, pk=person_id)


@never_cache
@require_safe
@member_page
def sheet_pdf(request: HttpRequest, actor: Actor, reading_id: int) -> HttpResponse:
    """The sheet to print, of everybody or of one group (`?unit=`)."""
    return _sheet(request, actor, reading_id, as_pdf, PDF, "pdf")


@never_cache
@require_safe
@member_page
def sheet_xlsx(request: HttpRequest, actor: Actor, reading_id: int) -> HttpResponse:
    """The sheet as a table, of everybody or of one group (`?unit=`)."""
    return _sheet(request, actor, reading_id, as_xlsx, CONTENT_TYPE, "xlsx")


def _sheet(
    request: HttpRequest,
    actor: Actor,
    reading_id: int,
    draw: Callable[[Sheet], bytes],
    content_type: str,
    ending: str,
) -> HttpResponse:
    reading = followed(actor, reading_id)
    require(permissions.can_see_progress(actor, reading))
    sheet = Sheet(reading, rows_of(reading, actor.words), request.GET.get("unit", ""))
    response = HttpResponse(draw(sheet), content_type=content_type)
    title = " — ".join(filter(None, (_("Acknowledgement sheet"), reading.title[:80], sheet.group_name)))
    name = "".join(char if char.isalnum() or char in " -—№.,()«»" else "_" for char in title)
    response["Content-Disposition"] = content_disposition_header(ending == "xlsx", f"{name}.{ending}") or "inline"
    return response
