"""Words of notifications and letters about required reading, made when they leave."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from orgs.actor import Actor, actor_of
from orgs.models import Person
from orgs.telling import as_told
from outbox.rendering import Obsolete, Rendered
from readings.models import Reading
from readings.selectors.readings import find_asked
from readings.words import Deadline, deadline_of


def reading_asked(context: dict[str, Any], secret: str) -> Rendered:
    """«Ознакомьтесь»: something was given out. `context`: `reading`, `person`.

    Raises `Obsolete` when it was confirmed or closed meanwhile, or the person is not asked any more.
    """
    with translation.override(settings.LANGUAGE_CODE):
        actor, reading, deadline = _open(context)
        subject = _("Please read: %(reading)s") % {"reading": reading.title}
        text = _("Please read it and confirm.")
        if deadline is not None:
            text = _("Please read it and confirm: %(deadline)s.") % {"deadline": deadline.text}
        return _told(context, actor, reading, subject, text)


def reading_reminder(context: dict[str, Any], secret: str) -> Rendered:
    """A reminder of something not confirmed yet. `context`: `reading`, `person`. Raises `Obsolete` as above."""
    with translation.override(settings.LANGUAGE_CODE):
        actor, reading, deadline = _open(context)
        subject = _("A reminder to read: %(reading)s") % {"reading": reading.title}
        text = _("You have not confirmed yet.")
        if deadline is not None:
            text = _("You have not confirmed yet: %(deadline)s.") % {"deadline": deadline.text}
        return _told(context, actor, reading, subject, text)


def _open(context: dict[str, Any]) -> tuple[Actor, Reading, Deadline | None]:
    person = Person.objects.select_related("organization").filter(pk=context["person"], merged_into=None).first()
    actor = actor_of(person) if person is not None else None
    reading = find_asked(actor, context["reading"]) if actor is not None else None
    if actor is None or reading is None:
        raise Obsolete(_("This person is not asked to read it any more."))
    if reading.is_done:  # type: ignore[attr-defined]
        raise Obsolete(_("It has been confirmed."))
    with timezone.override(actor.organization.zone):
        return actor, reading, deadline_of(reading.due_on)


def _told(context: dict[str, Any], actor: Actor, reading: Reading, subject: str, text: str) -> Rendered:
    path = reverse("orgs:home", args=[actor.organization.slug]) + reading.path
    return as_told(context, subject=subject, text=text, path=path, tag=f"reading-{reading.pk}")
