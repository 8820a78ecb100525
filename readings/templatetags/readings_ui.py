"""What the templates of required reading need beyond `ui`."""

from django import template
from django.urls import reverse

from orgs.actor import Actor
from readings.models import Reading
from readings.words import Deadline, deadline_of

register = template.Library()


@register.simple_tag
def deadline(reading: Reading) -> Deadline | None:
    """The reading's deadline in words with its tone, or None."""
    return deadline_of(reading.due_on)


@register.simple_tag
def reading_url(actor: Actor, reading: Reading) -> str:
    """The page where it is read."""
    return reverse("orgs:home", args=[actor.organization.slug]) + reading.path
