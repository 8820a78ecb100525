"""What an administrator learns on the home page about accounts that were broken into (ACC-3)."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orgs.actor import Actor
from orgs.audit import Action
from orgs.home import Attention
from orgs.models import AuditEvent

SHOWN_FOR = timedelta(days=7)


def attention(actor: Actor) -> list[Attention]:
    """Return what was reported within a week: one query for administrators, none for others."""
    if not actor.is_administrator:
        return []
    events = AuditEvent.objects.filter(organization_id=actor.organization.pk, action=Action.ACCOUNT_HACKED)
    names = set(events.filter(at__gte=timezone.now() - SHOWN_FOR).values_list("person_name", flat=True)[:100])
    if not names:
        return []
    title = ngettext("%(count)s account was broken into", "%(count)s accounts were broken into", len(names))
    text = _("Look in the journal at what was done under it: %(names)s.") % {"names": ", ".join(sorted(names)[:5])}
    url = f"{reverse('orgs:journal', args=[actor.organization.slug])}?action={Action.ACCOUNT_HACKED}"
    return [Attention(title % {"count": len(names)}, text, url, len(names), "alert-triangle", "warn")]
