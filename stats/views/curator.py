"""The curator's pages, outside of any organization: sums side by side, no persons (STAT-7)."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from common.spreadsheets import xlsx_response
from orgs.models import Organization
from orgs.selectors.organizations import today_in
from orgs.views.tools import page_of, render_results
from stats.catalogue import BY_KEY
from stats.selectors.curators import (
    COLUMNS,
    SideBySide,
    curated_organization,
    curated_organizations,
    curates,
    side_by_side,
    without_norms,
)
from stats.selectors.figures import overview
from stats.selectors.values import Viewer
from stats.sheets.curator import curator_xlsx
from stats.views import rows
from stats.views.tools import AskedPeriod, as_of, asked_period, chooser


@require_safe
@login_required
def curator(request: HttpRequest) -> HttpResponse:
    """Show the organizations the user curates with their sums of a period; 404 for who curates nothing."""
    asked, table = _table(request)
    page = page_of(request, table.rows)
    context = {
        **chooser(asked, without_doubtful=bool(asked.without_doubtful)),
        "heads": [BY_KEY[key] for key in COLUMNS],
        "page_obj": page,
        "rows": [{"organization": row.organization, "cells": _cells(row.values)} for row in page.object_list],
        "totals": _cells(table.totals),
        "as_of": as_of(table.counted_at),
        "q": request.GET.get("q", ""),
    }
    return render_results(request, "stats/curator/list.html", "stats/curator/_list.html", context)


@require_safe
@login_required
def curator_export(request: HttpRequest) -> HttpResponse:
    """The same table, whole, as a spreadsheet with the formulas."""
    asked, table = _table(request)
    today = date_format(timezone.localdate(), "d.m.Y")
    content = curator_xlsx(table, asked.days, str(request.user), today)
    return xlsx_response(content, _("Statistics of the organizations"))


@require_safe
@login_required
def curator_organization(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the sums of one organization; 404 for any that the user does not curate."""
    organization = curated_organization(request.user.pk or 0, slug)
    if organization is None:
        raise Http404
    with timezone.override(organization.zone):
        return _of_one(request, organization)


def _of_one(request: HttpRequest, organization: Organization) -> HttpResponse:
    asked = asked_period(request, today_in(organization))
    without = bool(asked.without_doubtful)
    viewer = Viewer(organization, sees_people=False)
    found = overview(viewer, asked.days, without_doubtful=without, today=asked.today)
    values = {value.figure.key: value for value in without_norms(found.values.values())}
    context = {
        **chooser(asked, without_doubtful=without),
        "organization": organization,
        "groups": rows.groups(values),
        "as_of": as_of(found.counted_at),
    }
    return render(request, "stats/curator/organization.html", context)


def _table(request: HttpRequest) -> tuple[AskedPeriod, SideBySide]:
    """What is asked for and what it comes to; six queries, whatever the number of organizations."""
    text = request.GET.get("q", "")
    user_id = request.user.pk or 0
    organizations = curated_organizations(user_id, text)
    if not organizations and not curates(user_id):
        raise Http404
    asked = asked_period(request, timezone.localdate())
    return asked, side_by_side(organizations, asked.days, without_doubtful=bool(asked.without_doubtful))


def _cells(values: Any) -> list[dict[str, Any]]:
    return [rows.row_of(values[key]) for key in COLUMNS]
