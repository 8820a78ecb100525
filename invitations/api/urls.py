"""The invitations' addresses below /api/v1/."""

from django.urls import include, path
from rest_framework.routers import SimpleRouter

from invitations.api.joining import JoinView, PreviewView
from invitations.api.views import InvitationViewSet

router = SimpleRouter(use_regex_path=False)
router.register("invitations", InvitationViewSet, "api_invitations")

unit_codes = InvitationViewSet.as_view({"post": "unit_codes"})
family_link = InvitationViewSet.as_view({"post": "family_link"})

urlpatterns = [
    path("join/", JoinView.as_view(), name="api_join"),
    path("join/preview/", PreviewView.as_view(), name="api_join_preview"),
    path("o/<slug:slug>/units/<int:unit>/codes/", unit_codes, name="api_unit_codes"),
    path("o/<slug:slug>/people/<int:person>/family-link/", family_link, name="api_family_link"),
    path("o/<slug:slug>/", include(router.urls)),
]
