"""The check of the data and the merging of people over the API (ORG-7)."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from common.errors import require
from movement.selectors.hygiene import GROUPS, findings_of
from movement.selectors.merges import merges_visible_to
from movement.services import hygiene as services
from movement.services.merging import merge
from movement.services.merging.merging import FIELDS
from orgs import permissions
from orgs.api.base import MemberViewSet, NewestFirst, referred
from orgs.api.fields import Id, PersonRef, Text, UnitRef
from orgs.selectors.people import people_visible_to
from works.api.shapes import WorkShape
from works.models import Work

MOST = 200
CHOICES = [(name, name) for name in GROUPS]


class HygieneQuery(serializers.Serializer[Any]):
    group = serializers.ChoiceField(required=False, choices=CHOICES)
    dismissed = serializers.BooleanField(required=False, default=False, help_text="Those said to be no problem.")


class FindingKey(serializers.Serializer[Any]):
    group = serializers.ChoiceField(choices=CHOICES)
    key = Text(max_length=services.KEY_LENGTH)


class DataFinding(serializers.Serializer[Any]):
    """One finding; `sign` tells why within its group."""

    key = serializers.CharField()
    sign = serializers.CharField(allow_blank=True)
    people = PersonRef(many=True)
    units = UnitRef(many=True)


class FindingGroup(serializers.Serializer[Any]):
    """The findings of one kind: at most 200 of them; `count` is how many there are."""

    group = serializers.ChoiceField(choices=CHOICES)
    is_serious = serializers.BooleanField()
    count = serializers.IntegerField()
    findings = DataFinding(many=True)


class HygieneShape(serializers.Serializer[Any]):
    groups = FindingGroup(many=True)


class NewMerge(serializers.Serializer[Any]):
    """`kept` stays; fields named in `from_gone` take the value of `gone`, the empty ones do so anyway."""

    kept = Id()
    gone = Id()
    from_gone = serializers.ListField(
        child=serializers.ChoiceField(choices=[(name, name) for name in FIELDS]), required=False, default=list
    )


class HygieneViewSet(MemberViewSet):
    """`/o/<slug>/hygiene/`."""

    serializer_class = HygieneShape
    pagination_class = None

    @extend_schema(
        operation_id="hygiene_list",
        parameters=[HygieneQuery],
        # Not many things of a kind, but one thing: the groups.
        responses=forced_singular_serializer(HygieneShape),
        summary="What on the roster is not as it should be",
    )
    def list(self, request: Request, slug: str) -> Response:
        require(permissions.can_manage_people(self.actor))
        wanted = self.read_query(HygieneQuery)
        found = findings_of(self.actor.organization, timezone.now(), only=wanted.get("group", ""))
        groups = []
        for group in found.groups.values():
            rows = group.dismissed if wanted["dismissed"] else group.findings
            shown = [
                {
                    "key": row.key,
                    "sign": row.sign,
                    "people": [found.roster.people[key] for key in row.people],
                    "units": [found.roster.units[key] for key in row.units],
                }
                for row in rows[:MOST]
            ]
            values = {"group": group.name, "is_serious": group.is_serious, "count": len(rows), "findings": shown}
            groups.append(values)
        return self.answer(HygieneShape, {"groups": groups})

    @extend_schema(
        operation_id="hygiene_dismiss",
        request=FindingKey,
        responses={204: OpenApiResponse(description="Not shown any more")},
        summary="Say that a finding is no problem",
    )
    def dismiss(self, request: Request, slug: str) -> Response:
        require(permissions.can_manage_people(self.actor))
        services.dismiss(actor=self.actor, **self.read(FindingKey))
        return Response(status=204)

    @extend_schema(
        operation_id="hygiene_restore",
        request=FindingKey,
        responses={204: OpenApiResponse(description="Shown again")},
        summary="Show a finding again",
    )
    def restore(self, request: Request, slug: str) -> Response:
        require(permissions.can_manage_people(self.actor))
        services.restore(actor=self.actor, **self.read(FindingKey))
        return Response(status=204)


class MergeViewSet(MemberViewSet):
    """`/o/<slug>/merges/`; undone as every work is."""

    serializer_class = WorkShape
    pagination_class = NewestFirst

    def get_queryset(self) -> QuerySet[Work]:
        return merges_visible_to(self.actor)

    @extend_schema(operation_id="merges_list", summary="Mergings of people, the newest first")
    def list(self, request: Request, slug: str) -> Response:
        require(permissions.can_manage_people(self.actor))
        return self.page(WorkShape, self.get_queryset())

    @extend_schema(
        operation_id="merges_create",
        request=NewMerge,
        responses={201: WorkShape},
        summary="Make one person of two; `works_undo` makes them two again within 30 days",
    )
    def create(self, request: Request, slug: str) -> Response:
        require(permissions.can_manage_people(self.actor))
        wanted = self.read(NewMerge)
        visible = people_visible_to(self.actor).select_related("organization", "user")
        kept, gone = (referred(visible, wanted[name], name) for name in ("kept", "gone"))
        from_gone = dict.fromkeys(wanted["from_gone"], True)
        work = merge(actor=self.actor, kept=kept, gone=gone, from_gone=from_gone)
        return self.answer(WorkShape, self.get_queryset().get(pk=work.pk), status=201)
