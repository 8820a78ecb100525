"""How the register and the lines of one reading are narrowed."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from common.text import normalise
from orgs.actor import Actor
from orgs.selectors.organizations import today_in
from readings.models import Reading
from readings.selectors.rows import Row


@dataclass(frozen=True)
class GivenFilter:
    """What the register can be narrowed by: words of the title, «open», «overdue», «closed»; empty means all."""

    text: str = ""
    state: str = ""


def filter_given(actor: Actor, readings: QuerySet[Reading], wanted: GivenFilter) -> QuerySet[Reading]:
    """Narrow `readings`, the latest first."""
    today = today_in(actor.organization)
    is_open = Q(opened_at__isnull=False, closed_at=None)
    states = {
        "open": is_open,
        "overdue": is_open & Q(due_on__lt=today),
        "closed": Q(closed_at__isnull=False),
    }
    found = readings.filter(states.get(wanted.state, Q())).select_related("created_by").order_by("-pk")
    words = normalise(wanted.text).split()
    if not words:
        return found
    # Titles are few, and the database does not fold the case of Russian letters everywhere.
    titles = found.values_list("pk", "title")
    return found.filter(pk__in=[pk for pk, title in titles if all(word in normalise(title) for word in words)])


@dataclass(frozen=True)
class RowFilter:
    """What the lines can be narrowed by: words of the names, «waiting» or «confirmed», the key of a group."""

    text: str = ""
    state: str = ""
    unit: str = ""


def filter_rows(rows: list[Row], wanted: RowFilter) -> list[Row]:
    """Return those of `rows` that fit; a line is found by the names of its people and of the children."""
    words = normalise(wanted.text).split()
    return [
        row
        for row in rows
        if (not wanted.unit or wanted.unit in row.keys)
        and (wanted.state not in ("waiting", "confirmed") or (wanted.state == "confirmed") == bool(row.confirmed_at))
        and all(word in row.search_text for word in words)
    ]
