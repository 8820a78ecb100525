"""The first page of the operator's tool: what waits for the operator, and whether all parts are at work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common import readiness
from orgs.models import Organization, Person
from outbox.selectors import backlog
from registration.models import Deletion
from registration.selectors.applications import count_waiting
from stats.selectors.health import health
from support.selectors.requests import count_waiting_of_operator

_PARTS: dict[str, str | Promise] = {
    "database": _("Database"),
    "migrations": _("Tables of this version"),
    "outbox": _("Letters, SMS and notifications leave in time"),
    "cache": _("Shared memory (cache)"),
    "worker": _("Workers"),
    "beat": _("Schedule"),
    "broker": _("Queue of jobs"),
}
_STATES: dict[str, str | Promise] = {
    readiness.OK: pgettext_lazy("part", "at work"),
    readiness.LATE: pgettext_lazy("part", "late"),
    readiness.FAILED: pgettext_lazy("part", "does not answer"),
    readiness.UNKNOWN: pgettext_lazy("part", "not known"),
}


@dataclass(frozen=True)
class Tile:
    """A number that leads to the list behind it; `is_urgent`: somebody waits, or something is wrong."""

    title: str | Promise
    number: int
    url: str
    is_urgent: bool


@dataclass(frozen=True)
class PartState:
    """How one part of the installation is."""

    title: str | Promise
    state: str | Promise
    is_well: bool


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Add to the page what waits and how the parts are: `UNFOLD["DASHBOARD_CALLBACK"]`. Nine queries."""
    now = timezone.now()
    return context | {"tiles": _tiles(now), "parts": _parts()}


def _tiles(now: datetime) -> list[Tile]:
    letters, differing = backlog(), health(now).differing
    deletions = Deletion.objects.filter(done_at=None, cancelled_at=None).count()
    found = (
        (_("Applications wait"), count_waiting(), "registration_application", True),
        (_("Requests for help wait"), count_waiting_of_operator(), "support_helprequest", True),
        (_("Messages leave late"), letters.late, "outbox_message", True),
        (_("Messages were given up in the last hour"), letters.failed, "outbox_message", True),
        (
            _("Organizations whose statistics differed at the last check"),
            differing,
            "stats_rollupstate",
            True,
        ),
        (_("Organizations to be deleted"), deletions, "registration_deletion", False),
        (_("Organizations"), Organization.objects.count(), "orgs_organization", False),
        (_("People on rosters"), Person.objects.filter(merged_into=None).count(), "orgs_person", False),
    )
    return [
        Tile(title, number, reverse(f"admin:{model}_changelist"), is_urgent=bool(urgent and number))
        for title, number, model, urgent in found
    ]


def _parts() -> list[PartState]:
    return [
        PartState(_PARTS.get(name, name), _STATES[state], is_well=state == readiness.OK)
        for name, state in readiness.states().items()
    ]
