"""Telling a channel of an event (CHAN-5)."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from channels_app.models import Channel, Post
from channels_app.services.posts import PostDraft
from channels_app.services.publishing import publish_now
from common.errors import DomainError
from meetings.addresses import page_of, whole
from meetings.models import Event
from meetings.selectors.events import is_over
from meetings.services.answering import locked
from meetings.words import when
from orgs.actor import Actor


@transaction.atomic
def announce(*, actor: Actor, event: Event, channel: Channel) -> Post:
    """Publish a post about the event in `channel` (where the actor may: `channels_app.permissions.can_publish`) and
    return it; the event remembers it, and twice is once while the post is there.

    Raises `DomainError` (409): `event_cancelled`, `event_over`, `event_gone`, and those of `publish_now`.
    """
    row = locked(event)
    if row.cancelled_at is not None:
        raise DomainError("event_cancelled", _("The event has been cancelled."))
    if is_over(row):
        raise DomainError("event_over", _("The event is over already."))
    known = Post.objects.filter(pk=row.announcement_id or 0, deleted_at=None).first()
    if known is not None:
        return known
    post = publish_now(actor=actor, channel=channel, draft=PostDraft(title=row.title, text=_words(actor, row)))
    row.announcement = post
    row.save(update_fields=["announcement"])
    return post


def _words(actor: Actor, event: Event) -> str:
    """Date and place first, then what the organizer wrote as far as it fits, and where to answer."""
    zone = actor.organization.zone
    with timezone.override(zone):
        lines = [_("When: %(when)s") % {"when": when(event, zone)}]
    if event.place:
        lines.append(_("Where: %(place)s") % {"place": event.place})
    page = whole(page_of(event, actor.organization.slug))
    details = _("Details and answers: %(url)s") % {"url": page}
    return "\n\n".join(part for part in ("\n".join(lines), event.text, details) if part)
