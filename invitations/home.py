"""What invitations add to the home page: who waits for a child, what expires soon, what was not delivered."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from invitations import selectors
from invitations.models import State
from invitations.selectors.requests import waiting
from orgs.actor import Actor
from orgs.home import Attention
from orgs.permissions import can_invite_somebody

SOON = timedelta(days=3)
RECENTLY = timedelta(days=7)


def attention(actor: Actor) -> list[Attention]:
    """Return what waits for `actor`; four queries, none for parents and students."""
    if not can_invite_somebody(actor):
        return []
    expiring, expired = selectors.counts_around_expiry(actor, soon=SOON, recently=RECENTLY)
    found = [
        _requests(actor),
        _waiting_parents(actor),
        _expiring(actor, expiring),
        _expired(actor, expired),
        _undelivered(actor),
    ]
    return [entry for entry in found if entry is not None]


def _requests(actor: Actor) -> Attention | None:
    found = waiting(actor)
    if not found.count or found.since is None:
        return None
    title = ngettext("%(count)s join request waits", "%(count)s join requests wait", found.count)
    days = (timezone.now() - found.since).days
    text = ngettext("The oldest has waited for %(days)s day.", "The oldest has waited for %(days)s days.", days)
    url = reverse("invitations:requests", args=[actor.organization.slug])
    text = text % {"days": days} if days else _("People who ask to be let in.")
    return Attention(title % {"count": found.count}, text, url, found.count, "user-question", "warn")


def _waiting_parents(actor: Actor) -> Attention | None:
    count = selectors.parents_waiting_for_child(actor).count()
    if not count:
        return None
    title = ngettext("%(count)s parent waits for a child", "%(count)s parents wait for a child", count)
    url = reverse("invitations:waiting_parents", args=[actor.organization.slug])
    text = _("They joined, but the child they named is not on the roster.")
    return Attention(title % {"count": count}, text, url, count, "heart-handshake", "warn")


def _expiring(actor: Actor, count: int) -> Attention | None:
    if not count:
        return None
    title = ngettext("%(count)s link expires within three days", "%(count)s links expire within three days", count)
    url = reverse("invitations:list", args=[actor.organization.slug]) + "?show=soon"
    text = _("Extend those that are still needed.")
    return Attention(title % {"count": count}, text, url, count, "hourglass", "info")


def _expired(actor: Actor, count: int) -> Attention | None:
    """Tells the inviter also without an e-mail address, and while no job runs (INV-4)."""
    if not count:
        return None
    title = ngettext(
        "%(count)s of your links expired with places left", "%(count)s of your links expired with places left", count
    )
    url = reverse("invitations:list", args=[actor.organization.slug]) + f"?state={State.EXPIRED}"
    text = _("Renew those that somebody still needs.")
    return Attention(title % {"count": count}, text, url, count, "clock-pause", "info")


def _undelivered(actor: Actor) -> Attention | None:
    count = selectors.undelivered(selectors.invitations_visible_to(actor), actor.organization.pk).count()
    if not count:
        return None
    title = ngettext(
        "The messages of %(count)s link were not delivered", "The messages of %(count)s links were not delivered", count
    )
    url = reverse("invitations:list", args=[actor.organization.slug])
    text = _("Check the addresses and send again, or print the strips.")
    return Attention(title % {"count": count}, text, f"{url}?show=undelivered", count, "mail", "warn")
