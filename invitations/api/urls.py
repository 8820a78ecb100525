"""The invitations' addresses below /api/v1/."""

from django.urls import include, path
from rest_framework.routers import SimpleRouter

from invitations.api.joining import JoinView, PreviewView
from invitations.api.requests import (
    JoinRulesViewSet,
    OwnRequestsView,
    OwnRequestWithdrawView,
    RequestViewSet,
    VerificationViewSet,
)
from invitations.api.views import InvitationViewSet

router = SimpleRouter(use_regex_path=False)
router.register("invitations", InvitationViewSet, "api_invitations")

unit_codes = InvitationViewSet.as_view({"post": "unit_codes"})
family_link = InvitationViewSet.as_view({"post": "family_link"})

requests = RequestViewSet.as_view({"get": "list"})
request = RequestViewSet.as_view({"get": "retrieve"})
rules = JoinRulesViewSet.as_view({"get": "retrieve", "patch": "partial_update"})
withdraw_own = OwnRequestWithdrawView.as_view()

requests_inside = [
    path("requests/", requests, name="api_requests"),
    path("requests/answers/", RequestViewSet.as_view({"post": "answer_many"}), name="api_requests_answers"),
    path("requests/<int:pk>/", request, name="api_request"),
    path("requests/<int:pk>/accept/", RequestViewSet.as_view({"post": "accept"}), name="api_request_accept"),
    path("requests/<int:pk>/reject/", RequestViewSet.as_view({"post": "reject"}), name="api_request_reject"),
    path("join-rules/", rules, name="api_join_rules"),
    path("verification/", VerificationViewSet.as_view({"get": "list"}), name="api_verification"),
    path(
        "verification/<int:pk>/withdraw/",
        VerificationViewSet.as_view({"post": "withdraw"}),
        name="api_verification_withdraw",
    ),
    path(
        "verification/<int:pk>/confirm/",
        VerificationViewSet.as_view({"post": "confirm"}),
        name="api_verification_confirm",
    ),
]

urlpatterns = [
    path("join/", JoinView.as_view(), name="api_join"),
    path("join/requests/", OwnRequestsView.as_view(), name="api_requests_own"),
    path("join/requests/<int:pk>/withdraw/", withdraw_own, name="api_request_own_withdraw"),
    path("join/preview/", PreviewView.as_view(), name="api_join_preview"),
    path("o/<slug:slug>/units/<int:unit>/codes/", unit_codes, name="api_unit_codes"),
    path("o/<slug:slug>/people/<int:person>/family-link/", family_link, name="api_family_link"),
    path("o/<slug:slug>/", include(requests_inside)),
    path("o/<slug:slug>/", include(router.urls)),
]
