"""Circles of people that somebody chose, checked before they become rows of an audience."""

from collections.abc import Callable, Sequence

from django.utils.translation import gettext as _

from common.errors import DomainError
from orgs.actor import Actor
from orgs.models import UNIT_AUDIENCES, Audience
from orgs.permissions import can_gather
from orgs.selectors.units import units_visible_to

# An audience and the id of a unit, or None for the whole organization.
Circle = tuple[str, int | None]
Rule = Callable[[Actor, str, int | None], bool]


def checked_circles(
    actor: Actor, circles: Sequence[Circle], *, allowed: Rule = can_gather, field: str = "circles"
) -> list[Circle]:
    """Return `circles` each once and in their order; one query where units are named.

    `allowed` says which circles the actor may address. Raises `DomainError`: `circle_unknown` (400), `circle_closed`
    (403), with the message at `field`.
    """
    wanted = list(dict.fromkeys((str(audience), unit) for audience, unit in circles))
    units = {unit for _audience, unit in wanted if unit is not None and 0 < unit < 2**63}
    known = set(units_visible_to(actor).active().filter(pk__in=units).values_list("pk", flat=True)) if units else set()
    for audience, unit in wanted:
        whole = unit is None and audience in Audience.values
        if not whole and not (unit in known and audience in UNIT_AUDIENCES):
            message = _("There is no such audience.")
            raise DomainError("circle_unknown", message, fields={field: message}, status=400)
        if not allowed(actor, audience, unit):
            message = _("Students and parents of other units are gathered by the administration.")
            raise DomainError("circle_closed", message, fields={field: message}, status=403)
    return wanted
