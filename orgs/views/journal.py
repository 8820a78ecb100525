"""The journal as people read it (ORG-12)."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from common.errors import require
from orgs import permissions
from orgs.actor import Actor
from orgs.forms.base import ids_of
from orgs.pages import member_page
from orgs.selectors.journal import filter_journal, journal_visible_to
from orgs.selectors.people import people_visible_to
from orgs.views.tools import page_of, render_results


@member_page
def journal(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show who did what to whom, when, by which order; newest first, narrowed by a person or by a kind of deed."""
    require(permissions.can_see_journal(actor))
    about = request.GET.get("about", "")
    text = request.GET.get("q", "")
    person_id = next(iter(ids_of([request.GET.get("person", "")])), None)
    events = filter_journal(journal_visible_to(actor), text=text, group=about, person_id=person_id)
    context = {
        "page_obj": page_of(request, events),
        "q": text,
        "person": people_visible_to(actor).filter(pk=person_id).first() if person_id else None,
        "is_filtered": bool(text or about or person_id),
        "chips": [{"value": value, "title": title, "is_active": value == about} for value, title in _groups()],
    }
    return render_results(request, "orgs/journal.html", "orgs/fragments/journal.html", context)


def _groups() -> list[tuple[str, str]]:
    return [
        ("", _("All")),
        ("person", _("People")),
        ("unit", _("Structure")),
        ("invitation", _("Invitations")),
        ("chat", _("Chats")),
        ("right", _("Rights")),
        ("handover", _("Administrators")),
        ("organization", _("Organization")),
    ]
