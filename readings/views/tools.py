"""What the pages of required reading share."""

from collections.abc import Sequence
from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse

from orgs.actor import Actor
from readings.models import Reading
from readings.selectors.readings import readings_visible_to


def address(actor: Actor, name: str, **values: Any) -> str:
    """Return the address of the page `readings:<name>` in the actor's organization."""
    return reverse(f"readings:{name}", kwargs={"slug": actor.organization.slug, **values})


def followed(actor: Actor, reading_id: int) -> Reading:
    """Return a reading whose progress the actor follows; 404 for any other."""
    readings = readings_visible_to(actor).select_related("organization", "created_by", "replaced_by")
    return get_object_or_404(readings, pk=reading_id)


def chips(options: Sequence[tuple[str, str, int | None]], chosen: str) -> list[dict[str, Any]]:
    """Return filter chips of (value, title, count)."""
    return [
        {"value": value, "title": title, "count": count, "is_active": value == chosen}
        for value, title, count in options
    ]
