"""The passing to the next school year over the API (ORG-9)."""

from typing import Any

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from common.errors import require
from movement.selectors.years.draft import reckoned_of
from movement.selectors.years.plan import Exemption, Fate, stored_plan
from movement.selectors.years.problems import problems_of
from movement.selectors.years.reckoning import Reckoned
from movement.services.years import passing, planning
from orgs import permissions
from orgs.api.base import MemberViewSet
from orgs.api.fields import MAX_ID, Id, Text
from orgs.models import Part
from orgs.services.structure import MAX_UNITS_AT_ONCE
from works.api.shapes import WorkShape
from works.selectors import works_visible_to

MOST_AT_ONCE = 1000


class UnitFateFields(serializers.Serializer[Any]):
    """`into`: the unit whose continuation takes these people in, where the fate is `merge`."""

    unit = Id()
    fate = serializers.ChoiceField(choices=Fate.choices)
    name = Text(required=False, allow_blank=True, max_length=planning.NAME_LENGTH, default="")
    into = serializers.IntegerField(required=False, allow_null=True, default=None, min_value=1, max_value=MAX_ID)


class PersonFateFields(serializers.Serializer[Any]):
    """`target`: the key of a unit of the next year, as the preview names it; a fate of null is «as everybody»."""

    person = Id()
    fate = serializers.ChoiceField(choices=Exemption.choices, allow_null=True)
    target = Text(required=False, allow_blank=True, max_length=170, default="")


class YearPlanFields(serializers.Serializer[Any]):
    """The draft; what a change does not name stays."""

    name = Text(max_length=planning.YEAR_NAME_LENGTH)
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    day = serializers.DateField(allow_null=True)
    order_number = Text(allow_blank=True, max_length=planning.ORDER_LENGTH)
    order_date = serializers.DateField(allow_null=True)
    units = serializers.ListField(child=UnitFateFields(), max_length=MOST_AT_ONCE)
    people = serializers.ListField(child=PersonFateFields(), max_length=MOST_AT_ONCE)
    new = serializers.ListField(
        child=Text(max_length=planning.NAME_LENGTH), max_length=MAX_UNITS_AT_ONCE, help_text="Names of new units."
    )


class YearProblem(serializers.Serializer[Any]):
    code = serializers.CharField()
    text = serializers.CharField()
    is_serious = serializers.BooleanField(help_text="Nothing is done before it is put right.")


class YearTarget(serializers.Serializer[Any]):
    """A unit of the next year."""

    key = serializers.CharField()
    name = serializers.CharField()
    continues = serializers.IntegerField(allow_null=True)
    students = serializers.IntegerField()


class YearPreview(serializers.Serializer[Any]):
    """What the draft would do."""

    units = YearTarget(many=True)
    problems = YearProblem(many=True)
    leaving = serializers.IntegerField(help_text="Students who graduate or leave.")


class YearViewSet(MemberViewSet):
    """`/o/<slug>/next-year/`."""

    serializer_class = YearPlanFields

    @extend_schema(operation_id="next_year_plan", responses=YearPlanFields, summary="The draft, the usual filled in")
    def retrieve(self, request: Request, slug: str) -> Response:
        require(permissions.can_manage_structure(self.actor))
        return self._plan()

    @extend_schema(
        operation_id="next_year_change", request=YearPlanFields, responses=YearPlanFields, summary="Change the draft"
    )
    def partial_update(self, request: Request, slug: str) -> Response:
        require(permissions.can_manage_structure(self.actor))
        changes = self.read(YearPlanFields, partial=True)
        if "units" in changes:
            changes["units"] = {row["unit"]: row for row in changes["units"]}
        if "people" in changes:
            changes["people"] = {row["person"]: row if row["fate"] else None for row in changes["people"]}
        planning.change_plan(actor=self.actor, changes=changes)
        return self._plan()

    @extend_schema(
        operation_id="next_year_drop",
        responses={204: OpenApiResponse(description="The draft is as at the beginning")},
        summary="Begin the draft anew",
    )
    def destroy(self, request: Request, slug: str) -> Response:
        require(permissions.can_manage_structure(self.actor))
        planning.drop_plan(actor=self.actor)
        return Response(status=204)

    @extend_schema(operation_id="next_year_preview", responses=YearPreview, summary="What the draft would do")
    def preview(self, request: Request, slug: str) -> Response:
        require(permissions.can_manage_structure(self.actor))
        reckoned = reckoned_of(self.actor.organization)
        values = {
            "units": [_target(reckoned, target) for target in reckoned.targets],
            "problems": problems_of(reckoned),
            "leaving": len(reckoned.leaving),
        }
        return self.answer(YearPreview, values)

    @extend_schema(
        operation_id="next_year_start",
        request=None,
        responses={202: WorkShape},
        summary="Pass to the next school year as the draft says; `works_undo` takes it back within 14 days",
    )
    def start(self, request: Request, slug: str) -> Response:
        require(permissions.can_manage_structure(self.actor))
        work = passing.start(actor=self.actor, content=dict(stored_plan(self.actor.organization)))
        return self.answer(WorkShape, works_visible_to(self.actor).get(pk=work.pk), status=202)

    def _plan(self) -> Response:
        plan = reckoned_of(self.actor.organization).plan
        values = {
            **{name: getattr(plan, name) for name in ("name", "starts_on", "ends_on", "day", "order_number")},
            "order_date": plan.order_date,
            "units": [
                {"unit": key, "fate": row.fate, "name": row.name, "into": row.into} for key, row in plan.units.items()
            ],
            "people": [{"person": key, "fate": row.fate, "target": row.target} for key, row in plan.people.items()],
            "new": list(plan.new),
        }
        return self.answer(YearPlanFields, values)


def _target(reckoned: Reckoned, target: Any) -> dict[str, Any]:
    arriving = reckoned.arriving.get(target.key, [])
    students = sum(move.enrolment.part == Part.STUDENT for move in arriving)
    continues = target.continues.pk if target.continues is not None else None
    return {"key": target.key, "name": target.data.name, "continues": continues, "students": students}
