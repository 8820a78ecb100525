"""What requests for help add to the home page (SUP-1)."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orgs.actor import Actor
from orgs.home import Attention
from support.permissions import can_answer_requests, can_see_counts
from support.selectors.requests import Counts, counts_for


def attention(actor: Actor) -> list[Attention]:
    """Return answers the actor has not seen; for administrators what waits, for the head what is late. One query."""
    counts = counts_for(actor)
    found = []
    if counts.news:
        found.append(_news(actor, counts))
    if can_answer_requests(actor) and counts.waiting:
        found.append(_waiting(actor, counts))
    elif can_see_counts(actor) and counts.overdue:
        found.append(_late(actor, counts))
    return found


def _news(actor: Actor, counts: Counts) -> Attention:
    slug = actor.organization.slug
    if counts.news == 1:
        url = reverse("support:request", args=[slug, counts.news_id])
    else:
        url = reverse("support:requests", args=[slug])
    text = _("There is news about your request for help.")
    return Attention(_("You were answered"), text, url, counts.news, icon="message-reply", group="new")


def _waiting(actor: Actor, counts: Counts) -> Attention:
    url = reverse("support:requests", args=[actor.organization.slug]) + "?group=waiting"
    values = {"waiting": counts.waiting, "overdue": counts.overdue}
    text = _("People wait for an answer. The most urgent stand on top.")
    if counts.overdue:
        title = _("Requests for help: %(waiting)s, overdue: %(overdue)s") % values
        return Attention(title, text, url, icon="lifebuoy", level="warn")
    return Attention(_("Requests for help: %(waiting)s") % values, text, url, icon="lifebuoy")


def _late(actor: Actor, counts: Counts) -> Attention:
    url = reverse("support:requests", args=[actor.organization.slug])
    title = ngettext(
        "%(count)s request for help is not answered in time",
        "%(count)s requests for help are not answered in time",
        counts.overdue,
    ) % {"count": counts.overdue}
    return Attention(title, _("The administrators know; you see the number only."), url, icon="lifebuoy")
