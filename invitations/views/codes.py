"""Personal codes and paper: who has one, printing, sending."""

from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.errors import require
from common.notices import refused
from invitations import selectors, services
from invitations.addresses import code_of
from invitations.models import Invitation
from invitations.permissions import can_invite, can_invite_somebody
from invitations.sheets import sheets_pdf, strips_pdf
from invitations.views.changes import tell_sent
from orgs.actor import Actor
from orgs.forms.base import ids_of
from orgs.models import STAFF_ROLES, Enrolment, Part, Person, Role, RoleAssignment, Unit
from orgs.pages import member_page
from orgs.selectors.people import people_visible_to
from orgs.selectors.units import staff_unit_of, units_visible_to

MOST_AT_ONCE = 500


def _unit_or_404(actor: Actor, unit_id: int, role: str) -> Unit:
    if role not in (Role.STUDENT, Role.PARENT):
        raise Http404
    unit: Unit = get_object_or_404(units_visible_to(actor).select_related("organization"), pk=unit_id)
    require(can_invite(actor, unit, role))
    return unit


def _codes_url(name: str, actor: Actor, unit: Unit, role: str) -> str:
    return reverse(f"invitations:{name}", args=[actor.organization.slug, unit.pk, role])


@member_page
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unit_codes(request: HttpRequest, actor: Actor, unit_id: int, role: str) -> HttpResponse:
    """Codes of a unit's students or families: who has joined, who has not; POST makes those that are missing and
    leads to the printed strips."""
    unit = _unit_or_404(actor, unit_id, role)
    if request.method == "POST":
        services.ensure_codes(actor=actor, unit=unit, role=role)
        name = "strips" if request.POST.get("then") == "print" else "codes"
        return redirect(_codes_url(name, actor, unit, role))
    rows = selectors.code_rows(unit, role)
    context = {
        "unit": unit,
        "role": role,
        "for_families": role == Role.PARENT,
        "rows": rows,
        "joined_count": sum(1 for row in rows if row.joined),
        "code_count": sum(1 for row in rows if row.link),
        "tabs": [
            (value, _codes_url("codes", actor, unit, value), str(title))
            for value, title in ((Role.PARENT, _("Parents")), (Role.STUDENT, actor.words["students"]))
        ],
    }
    return render(request, "invitations/codes.html", context)


@member_page
@require_POST
def send(request: HttpRequest, actor: Actor, unit_id: int, role: str) -> HttpResponse:
    """Send the codes of a unit to the addresses the roster knows, and say whom none reaches (INV-5)."""
    unit = _unit_or_404(actor, unit_id, role)
    links = services.ensure_codes(actor=actor, unit=unit, role=role)
    if role == Role.PARENT:
        # Whoever is there already needs no letter; the code stays for the other parent.
        joined = {row.student.pk for row in selectors.code_rows(unit, role) if row.joined and not row.waiting}
        links = [link for link in links if link.student_id not in joined]
    count, unreached = services.send_codes(actor=actor, invitations=links)
    tell_sent(request, count)
    if unreached:
        names = ", ".join(person.full_name for person in unreached[:10])
        more = len(unreached) - 10
        if more > 0:
            names = _("%(names)s and %(count)s more") % {"names": names, "count": more}
        refused(request, _("No known address reaches: %(names)s. Print their strips.") % {"names": names})
    return redirect(_codes_url("codes", actor, unit, role))


@member_page
@never_cache
@require_safe
def strips(request: HttpRequest, actor: Actor, unit_id: int, role: str) -> HttpResponse:
    """The strips of a unit as PDF: one per student with a working code (INV-5)."""
    unit = _unit_or_404(actor, unit_id, role)
    links = [row.link for row in selectors.code_rows(unit, role) if row.link]
    if not links:
        refused(request, _("There are no codes to print yet."))
        return redirect(_codes_url("codes", actor, unit, role))
    return _pdf(strips_pdf(links), f"{unit.name}-{role}")


@member_page
@never_cache
@require_safe
def sheet(request: HttpRequest, actor: Actor) -> HttpResponse:
    """One A4 sheet for each of the working links `?link=…` (INV-5)."""
    links = _working(actor, request.GET.getlist("link"))
    if not links:
        raise Http404
    return _pdf(sheets_pdf(links), "-".join(link.unit.name for link in links[:3]))


@member_page
@never_cache
@require_POST
def strips_of(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The strips of the posted links (`link`) as PDF."""
    links = _working(actor, request.POST.getlist("link"))
    if not links:
        raise Http404
    return _pdf(strips_pdf(links), "codes")


def _working(actor: Actor, ids: Sequence[str]) -> list[Invitation]:
    links = selectors.invitations_visible_to(actor).redeemable(timezone.now()).filter(pk__in=ids_of(ids)[:MOST_AT_ONCE])
    loaded = links.select_related("unit", "organization", "person", "student")
    return list(loaded.order_by("unit__sort_key", "person__search_name", "student__search_name", "id"))


def _pdf(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    safe = "".join(char if char.isalnum() or char in "-_ " else "_" for char in name)[:80]
    response.headers["Content-Disposition"] = _disposition(safe)
    return response


def _disposition(name: str) -> str:
    return content_disposition_header(as_attachment=False, filename=f"{name}.pdf") or "inline"


@member_page
@never_cache
@require_POST
def codes_for_people(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Personal codes for the people chosen on the roster (`ids`): staff and students who have not joined (INV-5)."""
    require(can_invite_somebody(actor))
    chosen = list(people_visible_to(actor).filter(pk__in=ids_of(request.POST.getlist("ids"))[:MOST_AT_ONCE]))
    waiting = [person for person in chosen if not person.has_joined]
    links = _staff_codes(actor, waiting) + _student_codes(actor, waiting)
    done_for = {link.person_id for link in links}
    context = {
        "links": [(link, link.person, code_of(link)) for link in links],
        "joined": [person for person in chosen if person.has_joined],
        "without": [person for person in waiting if person.pk not in done_for],
    }
    return render(request, "invitations/codes_made.html", context)


def _staff_codes(actor: Actor, people: Sequence[Person]) -> list[Invitation]:
    unit = staff_unit_of(actor.organization)
    if not can_invite(actor, unit, Role.TEACHER):
        return []
    staff = RoleAssignment.objects.filter(person__in=people, role__in=STAFF_ROLES, until=None)
    ids = set(staff.values_list("person_id", flat=True))
    return services.create_staff_codes(actor=actor, unit=unit, people=[person for person in people if person.pk in ids])


def _student_codes(actor: Actor, people: Sequence[Person]) -> list[Invitation]:
    """One code per student, into the first of the student's units that the actor may invite into."""
    places = Enrolment.objects.filter(person__in=people, part=Part.STUDENT, until=None, unit__archived_at=None)
    by_unit: dict[Unit, list[Person]] = {}
    seen: set[int] = set()
    for place in places.select_related("unit", "person").order_by("unit__kind", "unit_id"):
        if place.person_id not in seen and can_invite(actor, place.unit, Role.STUDENT):
            seen.add(place.person_id)
            by_unit.setdefault(place.unit, []).append(place.person)
    return [
        link
        for unit, students in by_unit.items()
        for link in services.ensure_codes(actor=actor, unit=unit, role=Role.STUDENT, people=students)
    ]
