"""What the views of the statistics share: who may look, which period is asked for, by whose eyes it is seen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404
from rest_framework import serializers
from rest_framework.request import Request

from common.errors import require
from orgs.api.base import MemberViewSet, referred
from orgs.models import Unit
from orgs.permissions import can_see_statistics
from orgs.selectors.organizations import today_in
from orgs.selectors.units import units_visible_to
from stats.catalogue import BY_KEY, Figure
from stats.periods import Days
from stats.selectors.choosing import chosen_days
from stats.selectors.rules import rules_of
from stats.selectors.values import Viewer, viewer_of


@dataclass(frozen=True)
class Question:
    """What a request asks for, understood; `query` are its other parameters."""

    viewer: Viewer
    days: Days
    today: date
    unit: Unit | None
    query: dict[str, Any]


class StatisticsView(MemberViewSet):
    """Base of everything below `/o/<slug>/statistics/`: 403 for members who may not see the figures (STAT-1)."""

    serializer_class: Any = serializers.Serializer
    pagination_class: Any = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        require(self.is_allowed())

    def is_allowed(self) -> bool:
        return can_see_statistics(self.actor)

    def ask(self, shape: type[serializers.Serializer[Any]]) -> Question:
        """Return what the address asks for. Raises `DomainError` `period_unknown`, `period_backwards`,
        `period_too_long` (400), and `ValidationError` (400)."""
        query = self.read_query(shape)
        today = today_in(self.actor.organization)
        return Question(viewer_of(self.actor), days_in(query, today), today, self.unit_in(query), query)

    def unit_in(self, query: dict[str, Any]) -> Unit | None:
        """Return the unit that `query` names; 400 for one that is not there."""
        pk = query.get("unit")
        return referred(units_visible_to(self.actor), pk, "unit") if pk else None

    def without_doubtful(self, query: dict[str, Any]) -> bool:
        """Return whether doubtful messages are left out: as asked, else as the organization has chosen (one query)."""
        asked = query.get("doubtful")
        return asked == "without" if asked else rules_of(self.actor.organization).without_doubtful


def days_in(query: dict[str, Any], today: date) -> Days:
    """Return the period that `query` (of a `PeriodQuery`) asks for; raises `DomainError` (400)."""
    return chosen_days(query["period"], query["on"], query["first"], query["last"], today)


def known_figure(key: str) -> Figure:
    """Return a figure of the catalogue; 404."""
    if key not in BY_KEY:
        raise Http404
    return BY_KEY[key]
