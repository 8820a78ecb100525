"""Words of the letters of this floor; made when they are sent."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from orgs.actor import actor_of
from orgs.digest import sections_of
from orgs.models import HandoverOffer, Person
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


def account_hacked(context: dict[str, Any], secret: str) -> Rendered:
    """Somebody's account was broken into, told to the administrators (ACC-3). `context`: `hacked`, `person`.

    Raises `Obsolete` when the person is gone.
    """
    with translation.override(settings.LANGUAGE_CODE):
        person = Person.objects.select_related("organization").filter(pk=context["hacked"]).first()
        if person is None:
            raise Obsolete(_("The person is gone."))
        path = reverse("orgs:person", kwargs={"slug": person.organization.slug, "pk": person.pk})
        values = {"name": person.full_name, "organization": person.organization.short_name}
        subject = _("%(organization)s: an account was broken into") % values
        text = _(
            "%(name)s reported that a stranger got into the account. It was signed out everywhere, its keys and codes "
            "no longer work. Look in the journal at what was done under it, and ask whether the phone is still in "
            "the right hands: %(address)s"
        ) % {**values, "address": f"{settings.SITE_URL}{path}"}
        return Rendered(subject, text, url=path, tag=f"hacked:{person.pk}")


def daily_digest(context: dict[str, Any], secret: str) -> Rendered:
    """The daily letter: where how much is unread; no words of others. `context`: `person`, `since`.

    Raises `Obsolete` when everything has been read meanwhile, or the person is gone.
    """
    with translation.override(settings.LANGUAGE_CODE):
        person = Person.objects.select_related("organization").filter(pk=context["person"], merged_into=None).first()
        sections = sections_of(actor_of(person), datetime.fromisoformat(context["since"])) if person is not None else []
        if person is None or not sections:
            raise Obsolete(_("Everything has been read."))
        organization = person.organization
        subject = _("Unread today: %(organization)s") % {"organization": organization.short_name}
        words = {
            "organization": organization,
            "person": person,
            "sections": sections,
            "settings_url": settings.SITE_URL.rstrip("/") + reverse("account_notifications"),
            "subject": subject,
        }
        with timezone.override(organization.zone):
            text = render_to_string("orgs/letters/digest.txt", words).strip() + "\n"
            return Rendered(subject, text, render_to_string("orgs/letters/digest.html", words))
