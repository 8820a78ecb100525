"""What required reading adds to the home page: what waits for my confirmation."""

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orgs.actor import Actor
from orgs.home import Attention
from orgs.prepared import prepared
from readings.models import Reading
from readings.selectors.readings import waiting_for
from readings.words import deadline_of

# More are not counted one by one: nobody reads a longer list on the home page.
MOST_COUNTED = 100


@prepared
def _waiting(actor: Actor) -> QuerySet[Reading]:
    return waiting_for(actor)[:MOST_COUNTED]


def attention(actor: Actor) -> list[Attention]:
    """Return what `actor` must still confirm as one entry; one query. The nearest deadline decides how urgent it is."""
    waiting = _waiting(actor)
    if not waiting:
        return []
    with timezone.override(actor.organization.zone):
        deadline = deadline_of(waiting[0].due_on)
    count, first = len(waiting), waiting[0].title
    title = ngettext("Please read and confirm: %(count)s", "Please read and confirm: %(count)s", count)
    home = reverse("orgs:home", args=[actor.organization.slug])
    url = home + waiting[0].path if count == 1 else reverse("readings:mine", args=[actor.organization.slug])
    text = _("%(title)s — %(deadline)s") % {"title": first, "deadline": deadline.text} if deadline else first
    is_near = deadline is not None and deadline.is_near
    level, group = ("warn", None) if is_near else ("info", "new")
    return [Attention(title % {"count": count}, text, url, count, "checklist", level, group)]  # type: ignore[arg-type]
