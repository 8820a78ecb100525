"""What registration adds to «Требует внимания» (REG-5)."""

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from orgs.actor import Actor
from orgs.home import Attention
from registration.selectors.deletions import pending_of


def attention(actor: Actor) -> list[Attention]:
    """Return the deletion that waits for its day: for administrators, who may cancel it, and the head."""
    if not (actor.is_administrator or actor.is_head):
        return []
    deletion = pending_of(actor.organization.pk)
    if deletion is None:
        return []
    day = date_format(timezone.localtime(deletion.due_at, actor.organization.zone), "j E Y")
    title = _("The organization will be deleted on %(day)s") % {"day": day}
    text = _("Asked for by %(name)s. Until then any administrator may cancel it.") % {"name": deletion.requested_name}
    url = reverse("registration:delete", args=[actor.organization.slug])
    return [Attention(title, text, url, icon="trash", level="warn")]
