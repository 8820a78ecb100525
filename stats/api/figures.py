"""The figures: all of a period, one with what stands behind it, weeks, units, invitations, what needs attention."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from common.errors import DomainError, require
from orgs.api.base import ByName
from orgs.api.fields import PersonRef
from orgs.permissions import can_see_people_of_statistics
from orgs.selectors.organizations import today_in
from stats.api.base import Question, StatisticsView, known_figure
from stats.api.inputs import FiguresQuery, PeopleQuery, PeriodQuery, TrendQuery
from stats.api.serializers import (
    AttentionShape,
    FigureOfPeriod,
    FigureShape,
    FunnelShape,
    HeatMapShape,
    OverviewShape,
    RemindedShape,
    StaffReportShape,
    TrendShape,
)
from stats.catalogue import FIGURES, Figure
from stats.periods import PeriodKind
from stats.permissions import can_remind
from stats.selectors.attention import needs_attention
from stats.selectors.choosing import chosen_days
from stats.selectors.figures import overview
from stats.selectors.funnel import funnel
from stats.selectors.people import people_behind
from stats.selectors.report import staff_report
from stats.selectors.things import things_behind
from stats.selectors.trend import weekly
from stats.selectors.units import heat_map
from stats.selectors.values import Overview, viewer_of
from stats.services.reminding import remind

TAGS = ["statistics"]


class StatisticsViewSet(StatisticsView):
    """`/o/<slug>/statistics/`."""

    @extend_schema(operation_id="statistics_overview", tags=TAGS, parameters=[FiguresQuery], responses=OverviewShape)
    def overview(self, request: Request, slug: str) -> Response:
        """All figures of a period beside those of the period before; of a unit those that can be asked of one."""
        found = self._overview(self.ask(FiguresQuery))
        return self.answer(OverviewShape, {**_asked(found), "figures": list(found.values.values())})

    @extend_schema(operation_id="statistics_catalogue", tags=TAGS, responses=FigureShape(many=True))
    def catalogue(self, request: Request, slug: str) -> Response:
        """Every figure there is, in words: what is counted, divided by what, and who is left out (STAT-5)."""
        return self.answer(FigureShape, list(FIGURES))

    @extend_schema(operation_id="statistics_trend", tags=TAGS, parameters=[TrendQuery], responses=TrendShape)
    def trend(self, request: Request, slug: str) -> Response:
        """Weeks side by side, up to that of a day."""
        query = self.read_query(TrendQuery)
        unit, without = self.unit_in(query), self.without_doubtful(query)
        today = today_in(self.actor.organization)
        until = min(chosen_days(PeriodKind.DAY, query["until"], None, None, today).last, today)
        weeks = weekly(viewer_of(self.actor), until, query["weeks"], unit, without_doubtful=without)
        return self.answer(TrendShape, {"without_doubtful": without, "unit": unit, "weeks": weeks})

    @extend_schema(operation_id="statistics_units", tags=TAGS, parameters=[PeriodQuery], responses=HeatMapShape)
    def units(self, request: Request, slug: str) -> Response:
        """Who is connected, unit by unit."""
        question = self.ask(PeriodQuery)
        rows = heat_map(question.viewer, question.days, today=question.today)
        return self.answer(HeatMapShape, {"period": question.days, "units": rows})

    @extend_schema(operation_id="statistics_funnel", tags=TAGS, parameters=[PeriodQuery], responses=FunnelShape)
    def funnel(self, request: Request, slug: str) -> Response:
        """What became of the invitations that were made in the period."""
        question = self.ask(PeriodQuery)
        stages = funnel(question.viewer, question.days)
        return self.answer(FunnelShape, {"period": question.days, "stages": stages})

    @extend_schema(operation_id="statistics_attention", tags=TAGS, parameters=[PeriodQuery], responses=AttentionShape)
    def attention(self, request: Request, slug: str) -> Response:
        """What needs attention, with the figure that opens behind it."""
        question = self.ask(PeriodQuery)
        findings = needs_attention(question.viewer, question.days, today=question.today)
        return self.answer(AttentionShape, {"period": question.days, "findings": findings})

    @extend_schema(
        operation_id="statistics_staff_report", tags=TAGS, parameters=[PeriodQuery], responses=StaffReportShape
    )
    def staff(self, request: Request, slug: str) -> Response:
        """What each of the staff did in the period, by name; for those who may see people behind figures."""
        require(can_see_people_of_statistics(self.actor))
        question = self.ask(PeriodQuery)
        rows = staff_report(self.actor.organization, question.days)
        return self.answer(StaffReportShape, {"period": question.days, "staff": rows})

    def _overview(self, question: Question) -> Overview:
        without = self.without_doubtful(question.query)
        viewer, days, unit = question.viewer, question.days, question.unit
        return overview(viewer, days, unit, without_doubtful=without, today=question.today)


class FigureViewSet(StatisticsViewSet):
    """`/o/<slug>/statistics/figures/<key>/`."""

    pagination_class = ByName
    serializer_class = PersonRef

    @extend_schema(operation_id="statistics_figure", tags=TAGS, parameters=[FiguresQuery], responses=FigureOfPeriod)
    def retrieve(self, request: Request, slug: str, key: str) -> Response:
        """One figure: formula, numbers, and the things behind it. 400 `figure_not_by_unit` for one that no unit has."""
        figure, question = self._asked_of(key, FiguresQuery)
        found = self._overview(question)
        things = [] if question.unit else things_behind(question.viewer, key, question.days)
        shown = {**_asked(found), "figure": figure, "value": found.values[key], "things": things}
        return self.answer(FigureOfPeriod, shown)

    @extend_schema(
        operation_id="statistics_people", tags=TAGS, parameters=[PeopleQuery], responses=PersonRef(many=True)
    )
    def people(self, request: Request, slug: str, key: str) -> Response:
        """The people counted in a figure, or with `state=missing` those who are not, by name; of families the students.

        403 for those who may not see people; 404 `figure_without_people` where none stand behind it.
        """
        require(can_see_people_of_statistics(self.actor))
        _figure, question = self._asked_of(key, PeopleQuery)
        missing = question.query["state"] == "missing"
        people = people_behind(self.actor.organization, key, question.days, question.unit, missing=missing)
        return self.page(PersonRef, people)

    @extend_schema(
        operation_id="statistics_remind",
        tags=TAGS,
        parameters=[PeopleQuery],
        request=None,
        responses=RemindedShape,
    )
    def remind(self, request: Request, slug: str, key: str) -> Response:
        """Remind those who are missing in a figure: each once a day, whatever the figure (STAT-6).

        409 `figure_not_reminded` for a figure nobody can be reminded of.
        """
        require(can_remind(self.actor))
        _figure, question = self._asked_of(key, PeopleQuery)
        done = remind(actor=self.actor, figure=key, days=question.days, unit=question.unit)
        return self.answer(RemindedShape, done)

    def _asked_of(self, key: str, shape: type[Any]) -> tuple[Figure, Question]:
        figure, question = known_figure(key), self.ask(shape)
        if question.unit is not None and not figure.by_unit:
            message = _("This figure cannot be asked of one unit.")
            raise DomainError("figure_not_by_unit", message, fields={"unit": message}, status=400)
        return figure, question


def _asked(found: Overview) -> dict[str, Any]:
    return {
        "period": found.days,
        "unit": found.unit,
        "without_doubtful": found.without_doubtful,
        "counted_at": found.counted_at,
    }
