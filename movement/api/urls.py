"""The addresses of movement, consents, hygiene and the next school year below /api/v1/."""

from django.urls import URLPattern, path

from movement.api.consents import ConsentViewSet
from movement.api.hygiene import HygieneViewSet, MergeViewSet
from movement.api.moving import MovementViewSet
from movement.api.notices import NoticeViewSet
from movement.api.years import YearViewSet

inside = [
    ("movement/", MovementViewSet.as_view({"get": "list", "post": "create"}), "api_movements"),
    ("movement/preview/", MovementViewSet.as_view({"post": "preview"}), "api_movement_preview"),
    ("movement/notices/", NoticeViewSet.as_view({"get": "list", "post": "create"}), "api_notices"),
    ("movement/notices/<int:pk>/", NoticeViewSet.as_view({"get": "retrieve", "put": "send_again"}), "api_notice"),
    ("movement/notices/<int:pk>/carry-out/", NoticeViewSet.as_view({"post": "carry_out"}), "api_notice_carry_out"),
    ("movement/notices/<int:pk>/done/", NoticeViewSet.as_view({"post": "mark_done"}), "api_notice_done"),
    ("movement/notices/<int:pk>/return/", NoticeViewSet.as_view({"post": "send_back"}), "api_notice_return"),
    ("movement/notices/<int:pk>/withdraw/", NoticeViewSet.as_view({"post": "withdraw"}), "api_notice_withdraw"),
    ("consents/", ConsentViewSet.as_view({"get": "list"}), "api_consents"),
    (
        "consents/children/<int:child>/",
        ConsentViewSet.as_view({"get": "history", "post": "record"}),
        "api_consent_child",
    ),
    ("consents/children/<int:child>/own/", ConsentViewSet.as_view({"post": "give"}), "api_consent_own"),
    ("consents/units/<int:unit>/", ConsentViewSet.as_view({"post": "record_unit"}), "api_consents_unit"),
    ("hygiene/", HygieneViewSet.as_view({"get": "list"}), "api_hygiene"),
    ("hygiene/dismiss/", HygieneViewSet.as_view({"post": "dismiss"}), "api_hygiene_dismiss"),
    ("hygiene/restore/", HygieneViewSet.as_view({"post": "restore"}), "api_hygiene_restore"),
    ("merges/", MergeViewSet.as_view({"get": "list", "post": "create"}), "api_merges"),
    (
        "next-year/",
        YearViewSet.as_view({"get": "retrieve", "patch": "partial_update", "delete": "destroy"}),
        "api_year",
    ),
    ("next-year/preview/", YearViewSet.as_view({"get": "preview"}), "api_year_preview"),
    ("next-year/start/", YearViewSet.as_view({"post": "start"}), "api_year_start"),
]

urlpatterns: list[URLPattern] = [path(f"o/<slug:slug>/{tail}", view, name=name) for tail, view, name in inside]
