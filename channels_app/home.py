"""What channels add to the home page: posts nobody has shown me yet, texts that wait for my word, my returned texts."""

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from channels_app.models import Channel, Proposal, ProposalState
from channels_app.selectors.channels import channels_listed
from channels_app.selectors.proposals import queue_of
from channels_app.selectors.titles import title_of
from orgs.actor import Actor
from orgs.capabilities import Capability
from orgs.home import Attention
from orgs.prepared import prepared

# A text that waits longer is urgent: its author does not know whether anybody reads it.
PATIENCE = timedelta(days=2)


def attention(actor: Actor) -> list[Attention]:
    """Return what waits for `actor`; at most three queries, one for parents and students."""
    channels = channels_listed(actor)
    publishes = actor.is_staff or any(channel.is_editor for channel in channels)  # type: ignore[attr-defined]
    proposes = actor.may(Capability.PROPOSE_POSTS)
    found = [
        _unread(actor, channels),
        _queue(actor) if publishes else None,
        _returned(actor) if proposes else None,
    ]
    return [entry for entry in found if entry is not None]


@prepared
def _sent_back(actor: Actor) -> QuerySet[Proposal, tuple[int, str]]:
    mine = Proposal.objects.filter(author=actor.person.pk, state=ProposalState.RETURNED)
    return mine.order_by("changed_at").values_list("pk", "title")[:100]


def _unread(actor: Actor, channels: list[Channel]) -> Attention | None:
    new = [channel for channel in channels if channel.unread and channel.is_reader]  # type: ignore[attr-defined]
    count = sum(channel.unread for channel in new)  # type: ignore[attr-defined]
    if not count:
        return None
    title = ngettext("%(count)s new post", "%(count)s new posts", count) % {"count": count}
    slug = actor.organization.slug
    if len(new) == 1:
        text, url = title_of(new[0], actor.words), reverse("channels:channel", args=[slug, new[0].pk])
    else:
        text = ngettext("in %(count)s channel", "in %(count)s channels", len(new)) % {"count": len(new)}
        url = reverse("channels:feed", args=[slug])
    return Attention(title, text, url, count, "speakerphone", group="new")


def _queue(actor: Actor) -> Attention | None:
    waiting = _waiting(actor)
    if not waiting:
        return None
    title = ngettext("%(count)s proposed post waits", "%(count)s proposed posts wait", len(waiting))
    is_late = waiting[0][1] < timezone.now() - PATIENCE
    text = _("Publish it or return it with a remark.")
    if is_late:
        text = _("The oldest has waited for more than two days.")
    slug = actor.organization.slug
    one = len(waiting) == 1
    url = (
        reverse("channels:proposal", args=[slug, waiting[0][0]]) if one else reverse("channels:proposals", args=[slug])
    )
    words = title % {"count": len(waiting)}
    return Attention(words, text, url, len(waiting), "inbox", "warn" if is_late else "info")


@prepared
def _waiting(actor: Actor) -> QuerySet[Proposal, tuple[int, datetime]]:
    return queue_of(actor).values_list("pk", "changed_at")[:100]


def _returned(actor: Actor) -> Attention | None:
    returned = _sent_back(actor)
    if not returned:
        return None
    title = ngettext("%(count)s text was returned to you", "%(count)s texts were returned to you", len(returned))
    slug = actor.organization.slug
    url = reverse("channels:proposals", args=[slug])
    if len(returned) == 1:
        url = reverse("channels:proposal", args=[slug, returned[0][0]])
    text = _("Read the editor's remark and send the text again.")
    return Attention(title % {"count": len(returned)}, text, url, len(returned), "arrow-back-up", "warn")
