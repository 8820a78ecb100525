"""One's own calendar on one's own phone: the secret address, and what it gives (CHAN-6)."""

from hashlib import sha256

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from common.network import client_address, network_of
from common.notices import done
from common.throttle import FailureLimit
from meetings import ical, tokens
from meetings.addresses import feed_of
from meetings.services.calendar import calendar_address, renew_address
from meetings.views.tools import to
from orgs.actor import Actor
from orgs.pages import member_page


@member_page
def subscribe(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show the actor's address and how to add it to a phone."""
    held = calendar_address(actor=actor)
    url = feed_of(held)
    context = {"url": url, "webcal_url": f"webcal://{url.partition('://')[2]}", "read_at": held.read_at}
    response = render(request, "events/subscribe.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


@member_page
def renew(request: HttpRequest, actor: Actor) -> HttpResponse:
    """«Обновить адрес»: asks, because every phone that has the old one stops hearing of events."""
    if request.method != "POST":
        return render(request, "events/subscribe_renew.html")
    renew_address(actor=actor)
    done(request, _("The address is new; the old one does not work any more."))
    return to(actor, "subscribe")


def _failures() -> FailureLimit:
    """Addresses that nobody was given, per network."""
    return FailureLimit("calendar_token", settings.FAILED_TOKENS_PER_ADDRESS_PER_HOUR)


@require_safe
def calendar_feed(request: HttpRequest, token: str) -> HttpResponseBase:
    """Give the calendar to whoever knows its address; any other address is not found, soon unread (INV-11)."""
    limit, network = _failures(), network_of(client_address(request))
    is_exceeded = limit.exceeded(network)
    made = ical.calendar_of(token)
    if made is None:
        # What cannot be an address is no guess. A genuine one opens also beyond the limit: it is too long to guess.
        if tokens.read(token) is None:
            raise Http404
        if is_exceeded:
            return HttpResponse(status=429, headers={"Retry-After": str(limit.seconds)})
        limit.record(network)
        raise Http404
    tag = f'"{sha256(made).hexdigest()[:32]}"'
    response = HttpResponse(made, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="calendar.ics"'
    response["ETag"] = tag
    answer = get_conditional_response(request, etag=tag, response=response) or response
    answer["Cache-Control"] = "private, no-cache"
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer
