"""Who publishes in a channel beside those whose role gives it (CHAN-1)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from channels_app.models import Channel
from channels_app.selectors.editors import editors_of
from channels_app.selectors.titles import title_of
from channels_app.services import channels as service
from channels_app.views.tools import address, managed_channel, to
from common.errors import DomainError
from common.notices import done, refused
from orgs.actor import Actor
from orgs.models import Person
from orgs.pages import member_page
from orgs.selectors.people import find_people, people_visible_to
from orgs.views.tools import render_results

MOST_CANDIDATES = 20


@require_safe
@member_page
def editors(request: HttpRequest, actor: Actor, channel_id: int) -> HttpResponse:
    """Those who publish here; finding somebody who should."""
    channel = managed_channel(actor, channel_id)
    held = editors_of(channel)
    text = request.GET.get("q", "").strip()
    found = list(find_people(actor, text, joined=True)[:MOST_CANDIDATES]) if text else []
    context: dict[str, Any] = {
        "channel": channel,
        "title": title_of(channel, actor.words),
        "editors": held,
        "q": text,
        "candidates": [person for person in found if person not in held],
    }
    return render_results(request, "channels/editors.html", "channels/_candidates.html", context)


@require_POST
@member_page
def add(request: HttpRequest, actor: Actor, channel_id: int, person_id: int) -> HttpResponse:
    """Let somebody publish here."""
    channel, person = _named(actor, channel_id, person_id)
    try:
        service.set_editor(actor=actor, channel=channel, person=person)
    except DomainError as error:
        refused(request, error.message)
    else:
        undo = address(actor, "editor_remove", channel_id=channel.pk, person_id=person.pk)
        done(request, _("%(person)s publishes in this channel now.") % {"person": person.full_name}, undo=undo)
    return to(actor, "editors", channel_id=channel.pk)


@require_POST
@member_page
def remove(request: HttpRequest, actor: Actor, channel_id: int, person_id: int) -> HttpResponse:
    """Take the right to publish here back."""
    channel, person = _named(actor, channel_id, person_id)
    service.unset_editor(actor=actor, channel=channel, person=person)
    undo = address(actor, "editor_add", channel_id=channel.pk, person_id=person.pk)
    done(request, _("%(person)s does not publish here any more.") % {"person": person.full_name}, undo=undo)
    return to(actor, "editors", channel_id=channel.pk)


def _named(actor: Actor, channel_id: int, person_id: int) -> tuple[Channel, Person]:
    channel = managed_channel(actor, channel_id)
    people = people_visible_to(actor).select_related("user", "organization")
    return channel, get_object_or_404(people, pk=person_id)
