"""The addresses of events below /api/v1/."""

from typing import Any

from django.urls import URLPattern, URLResolver, include, path

from meetings.api.events import EventViewSet
from meetings.api.people import BroadcastView, CalendarView, InvitedView

Actions = dict[str, Any]
one: Actions = {"get": "retrieve", "patch": "partial_update"}

event: list[URLPattern | URLResolver] = [
    path("", EventViewSet.as_view(one), name="api_event"),
    path("replan/", EventViewSet.as_view({"post": "replan"}), name="api_event_replan"),
    path("cancel/", EventViewSet.as_view({"post": "cancel"}), name="api_event_cancel"),
    path("announce/", EventViewSet.as_view({"post": "announce"}), name="api_event_announce"),
    path("answer/", EventViewSet.as_view({"post": "say"}), name="api_event_answer"),
    path("participants/", InvitedView.as_view({"get": "participants"}), name="api_event_participants"),
    path("attendance/", InvitedView.as_view({"get": "attendance", "post": "mark"}), name="api_event_attendance"),
    path("result/", InvitedView.as_view({"get": "result", "put": "set_result"}), name="api_event_result"),
    path("air/start/", BroadcastView.as_view({"post": "start"}), name="api_event_air_start"),
    path("air/end/", BroadcastView.as_view({"post": "end"}), name="api_event_air_end"),
    path("open/", BroadcastView.as_view({"post": "open"}), name="api_event_open"),
    path("watched/", BroadcastView.as_view({"post": "watched"}), name="api_event_watched"),
]

inside: list[URLPattern | URLResolver] = [
    path("events/", EventViewSet.as_view({"get": "list", "post": "create"}), name="api_events"),
    path("events/results/", InvitedView.as_view({"get": "results"}), name="api_event_results"),
    path("events/calendar/", CalendarView.as_view({"get": "retrieve", "post": "create"}), name="api_event_calendar"),
    path("events/<int:pk>/", include(event)),
]

urlpatterns = [path("o/<slug:slug>/", include(inside))]
