"""Words of the letters of this floor; made when they are sent."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from orgs.models import HandoverOffer
from outbox.rendering import Obsolete, Rendered


def handover_offered(context: dict[str, Any], secret: str) -> Rendered:
    """The offer of the administrator's duty, told to the successor (REG-6).

    Raises `Obsolete` when the offer was answered or withdrawn before the letter went out.
    """
    offer = (
        HandoverOffer.objects.filter(pk=context["offer"], accepted_at=None, declined_at=None, withdrawn_at=None)
        .select_related("organization", "from_person", "to_person")
        .first()
    )
    if offer is None:
        raise Obsolete(_("The offer is no longer open."))
    path = reverse("orgs:handover_answer", kwargs={"slug": offer.organization.slug, "pk": offer.pk})
    values = {
        "name": offer.to_person.polite_name,
        "giver": offer.from_person.full_name,
        "organization": offer.organization.short_name,
        "address": f"{settings.SITE_URL}{path}",
    }
    subject = _("%(organization)s: administrator's duty is offered to you") % values
    text = _(
        "Hello, %(name)s! %(giver)s offers you the administrator's duty on the platform: %(organization)s. "
        "Accept or decline: %(address)s"
    )
    return Rendered(subject, text % values)
