"""The organization's addresses below /api/v1/."""

from django.urls import include, path
from rest_framework.routers import SimpleRouter

from orgs.api import administration, organization, people, units

router = SimpleRouter(use_regex_path=False)
router.register("academic-years", organization.AcademicYearViewSet, "api_academic_years")
router.register("units", units.UnitViewSet, "api_units")
router.register("people", people.PersonViewSet, "api_people")
router.register("administrators", administration.AdministratorViewSet, "api_administrators")
router.register("handovers", administration.HandoverViewSet, "api_handovers")
router.register("rights", administration.RightViewSet, "api_rights")
router.register("journal", administration.JournalViewSet, "api_journal")

details = organization.OrganizationViewSet.as_view({"get": "retrieve", "patch": "partial_update"})
labels = organization.OrganizationViewSet.as_view({"get": "labels", "put": "set_labels"})

urlpatterns = [
    path("organizations/", organization.MyOrganizationsView.as_view(), name="api_organizations"),
    path("o/<slug:slug>/", details, name="api_organization"),
    path("o/<slug:slug>/labels/", labels, name="api_labels"),
    path("o/<slug:slug>/", include(router.urls)),
]
