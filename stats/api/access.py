"""Who sees the statistics; what the organization wants of them (STAT-1, STAT-5)."""

from typing import Any

from django.db import transaction
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from common.errors import require
from orgs.api.base import referred
from orgs.models import Organization, Person
from orgs.permissions import can_grant_statistics, can_see_who_sees_statistics
from orgs.selectors.people import people_visible_to
from orgs.services.organization import let_administrators_see_statistics
from stats.api.base import StatisticsView
from stats.api.inputs import AdministratorsChoice, GrantKey, NormChanges, StatisticsRulesChanges
from stats.api.serializers import AccessShape, StatisticsNorm, StatisticsRules
from stats.permissions import can_set_norms
from stats.selectors.access import curators_of, holders_of, sees_by_role
from stats.selectors.rules import all_norms, rules_of
from stats.services import access as services
from stats.services.rules import set_norm, set_rules

TAGS = ["statistics"]


class AccessView(StatisticsView):
    """`/o/<slug>/statistics/access/`: for all who see the figures, and for whoever manages the rights."""

    def is_allowed(self) -> bool:
        return can_see_who_sees_statistics(self.actor)

    @extend_schema(operation_id="statistics_access", tags=TAGS, responses=AccessShape)
    def retrieve(self, request: Request, slug: str) -> Response:
        """Who sees the figures: by role, by a grant, from outside (curators see sums, no people)."""
        return self.answer_access(self.actor.organization)

    @extend_schema(
        operation_id="statistics_access_change", tags=TAGS, request=AdministratorsChoice, responses=AccessShape
    )
    def update(self, request: Request, slug: str) -> Response:
        """Say whether administrators see the figures by their role; the head's to say."""
        require(can_grant_statistics(self.actor))
        is_on = self.read(AdministratorsChoice)["administrators_see"]
        return self.answer_access(let_administrators_see_statistics(actor=self.actor, is_on=is_on))

    @extend_schema(operation_id="statistics_access_grant", tags=TAGS, request=GrantKey, responses={201: AccessShape})
    def grant(self, request: Request, slug: str) -> Response:
        """Let somebody of the staff who has joined see the figures. Twice is once.

        The head's to give; while no head has an account, that of whoever manages the rights. 409: `right_for_staff`,
        `right_needs_account`, `sees_by_role`.
        """
        require(can_grant_statistics(self.actor))
        services.grant(actor=self.actor, person=self._named())
        return self.answer_access(self.actor.organization, status=201)

    @extend_schema(
        operation_id="statistics_access_revoke",
        tags=TAGS,
        request=GrantKey,
        responses={204: OpenApiResponse(description="Taken back")},
    )
    def revoke(self, request: Request, slug: str) -> Response:
        """Take the right back: it ends with the person's next request. Twice is once."""
        require(can_grant_statistics(self.actor))
        services.revoke(actor=self.actor, person=self._named())
        return Response(status=204)

    def answer_access(self, organization: Organization, *, status: int = 200) -> Response:
        shown = {
            "administrators_see": organization.administrators_see_statistics,
            "by_role": sees_by_role(organization),
            "granted": holders_of(organization),
            "curators": curators_of(organization),
            "can_grant": can_grant_statistics(self.actor),
        }
        return self.answer(AccessShape, shown, status=status)

    def _named(self) -> Person:
        people = people_visible_to(self.actor).select_related("user", "organization")
        return referred(people, self.read(GrantKey)["person"], "person")


class RulesView(StatisticsView):
    """`/o/<slug>/statistics/rules/` and `norms/`."""

    @extend_schema(operation_id="statistics_rules", tags=TAGS, responses=StatisticsRules)
    def rules(self, request: Request, slug: str) -> Response:
        """The weekly letter to the head, and whether doubtful messages are left out."""
        return self.answer(StatisticsRules, rules_of(self.actor.organization))

    @extend_schema(
        operation_id="statistics_rules_change", tags=TAGS, request=StatisticsRulesChanges, responses=StatisticsRules
    )
    def change_rules(self, request: Request, slug: str) -> Response:
        """Change the rules; what is not named stays."""
        require(can_set_norms(self.actor))
        return self.answer(StatisticsRules, set_rules(actor=self.actor, **self.read(StatisticsRulesChanges)))

    @extend_schema(operation_id="statistics_norms", tags=TAGS, responses=StatisticsNorm(many=True))
    def norms(self, request: Request, slug: str) -> Response:
        """Every norm there can be; it is off until it is switched on."""
        return self.answer(StatisticsNorm, all_norms(self.actor.organization))

    @extend_schema(
        operation_id="statistics_norms_change", tags=TAGS, request=NormChanges, responses=StatisticsNorm(many=True)
    )
    def change_norms(self, request: Request, slug: str) -> Response:
        """Change norms, all or none of them; those not named stay."""
        require(can_set_norms(self.actor))
        self._set(self.read(NormChanges)["norms"])
        return self.answer(StatisticsNorm, all_norms(self.actor.organization))

    @transaction.atomic
    def _set(self, norms: list[dict[str, Any]]) -> None:
        for norm in norms:
            set_norm(actor=self.actor, **norm)
