"""The curator's API, outside of any organization: sums, no persons (STAT-7)."""

from typing import Any

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from orgs.selectors.organizations import today_in
from stats.api.base import days_in
from stats.api.inputs import CuratorListQuery, CuratorQuery
from stats.api.serializers import CuratedOverview, CuratedTable
from stats.selectors.curators import curated_organization, curated_organizations, curates, side_by_side, without_norms
from stats.selectors.figures import overview
from stats.selectors.values import Viewer

TAGS = ["curator"]


class CuratedOrganizationsView(APIView):
    """`/curator/organizations/`."""

    @extend_schema(
        operation_id="curator_organizations", tags=TAGS, parameters=[CuratorListQuery], responses=CuratedTable
    )
    def get(self, request: Request) -> Response:
        """The organizations I curate side by side, by name, with their sums; 404 for who curates none.

        Figures of under five people are hidden; totals are those of the numbers shown.
        """
        query = _read(CuratorListQuery, request)
        user_id = request.user.pk or 0
        found = curated_organizations(user_id, query["search"])
        if not found and not curates(user_id):
            raise Http404
        days, without = days_in(query, timezone.localdate()), query["doubtful"] == "without"
        table = side_by_side(found, days, without_doubtful=without)
        shown = {
            "period": days,
            "without_doubtful": without,
            "counted_at": table.counted_at,
            "organizations": table.rows,
            "totals": list(table.totals.values()),
        }
        return Response(CuratedTable(shown).data)


class CuratedOrganizationView(APIView):
    """`/curator/organizations/<slug>/`."""

    @extend_schema(operation_id="curator_organization", tags=TAGS, parameters=[CuratorQuery], responses=CuratedOverview)
    def get(self, request: Request, slug: str) -> Response:
        """All figures of one organization I curate, in its own days; 404 for any other."""
        organization = curated_organization(request.user.pk or 0, slug)
        if organization is None:
            raise Http404
        query = _read(CuratorQuery, request)
        today, without = today_in(organization), query["doubtful"] == "without"
        viewer = Viewer(organization, sees_people=False)
        found = overview(viewer, days_in(query, today), without_doubtful=without, today=today)
        shown = {
            "period": found.days,
            "without_doubtful": found.without_doubtful,
            "counted_at": found.counted_at,
            "slug": organization.slug,
            "short_name": organization.short_name,
            "figures": without_norms(found.values.values()),
        }
        return Response(CuratedOverview(shown).data)


def _read(shape: type[Any], request: Request) -> dict[str, Any]:
    query = shape(data=request.query_params.dict())
    query.is_valid(raise_exception=True)
    return dict(query.validated_data)
