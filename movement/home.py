"""What movement adds to the home page: notices that wait for the administrator, or came back to whoever sent them."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from movement.selectors.notices import counts_for
from orgs.actor import Actor
from orgs.home import Attention
from orgs.permissions import can_manage_people, can_report_movement


def attention(actor: Actor) -> list[Attention]:
    """Return what waits for `actor`: one query for those who report, none for others."""
    if not can_report_movement(actor):
        return []
    found: list[Attention] = []
    waiting, returned = counts_for(actor)
    url = reverse("movement:notices", args=[actor.organization.slug])
    if (count := waiting) and can_manage_people(actor):
        title = ngettext("%(count)s notice of movement waits", "%(count)s notices of movement wait", count)
        text = _("Carry it out in one click, or return it with a remark.")
        found.append(Attention(title % {"count": count}, text, f"{url}?state=sent", count, "arrows-exchange", "warn"))
    if count := returned:
        title = ngettext("%(count)s of your notices came back", "%(count)s of your notices came back", count)
        text = _("Mend what the administrator asks for, and send it again.")
        found.append(Attention(title % {"count": count}, text, f"{url}?state=returned", count, "arrow-back-up", "warn"))
    return found
