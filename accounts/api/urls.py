"""Mounted at /api/v1/."""

from django.urls import path

from accounts.api import closing, rules, views

urlpatterns = [
    path("rules/", rules.RulesView.as_view(), name="api_rules"),
    path("rules/accept/", rules.AcceptView.as_view(), name="api_rules_accept"),
    path("me/", views.MeView.as_view(), name="api_me"),
    path("me/exports/", closing.ExportsView.as_view(), name="api_my_exports"),
    path("me/deletion/", closing.DeletionView.as_view(), name="api_my_deletion"),
    path("me/hacked/", closing.HackedView.as_view(), name="api_my_hacked"),
    path("me/keys/", views.KeysView.as_view(), name="api_my_keys"),
    path("me/keys/<int:pk>/", views.KeyView.as_view(), name="api_my_key"),
    path("me/devices/", views.DevicesView.as_view(), name="api_my_devices"),
    path("me/devices/push-key/", views.PushKeyView.as_view(), name="api_push_key"),
    path("me/devices/<int:pk>/", views.DeviceView.as_view(), name="api_my_device"),
    path("me/sessions/", views.SessionsView.as_view(), name="api_my_sessions"),
    path("me/sessions/end-others/", views.EndOthersView.as_view(), name="api_end_other_sessions"),
    path("me/sessions/<int:pk>/", views.SessionView.as_view(), name="api_my_session"),
]
