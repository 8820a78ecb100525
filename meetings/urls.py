"""Addresses of events inside an organization, and of the calendars that phones subscribe to."""

from django.urls import URLPattern, path

from meetings.views import broadcast, calendar, event, people, planning, results, subscription

app_name = "events"

inside = [
    ("events/", calendar.calendar, "calendar"),
    ("events/new/", planning.new, "new"),
    ("events/results/", results.results, "results"),
    ("events/results.xlsx", results.results_export, "results_export"),
    ("events/subscribe/", subscription.subscribe, "subscribe"),
    ("events/subscribe/renew/", subscription.renew, "renew"),
    ("events/<int:event_id>/", event.event, "event"),
    ("events/<int:event_id>/edit/", planning.edit, "edit"),
    ("events/<int:event_id>/cancel/", planning.cancel, "cancel"),
    ("events/<int:event_id>/announce/", planning.announce, "announce"),
    ("events/<int:event_id>/answer/", event.answer, "answer"),
    ("events/<int:event_id>/attendance/", people.attendance, "attendance"),
    ("events/<int:event_id>/result/", people.result, "result"),
    ("events/<int:event_id>/participants/", people.participants, "participants"),
    ("events/<int:event_id>/participants.xlsx", people.participants_export, "participants_export"),
    ("events/<int:event_id>/air/start/", broadcast.air_start, "air_start"),
    ("events/<int:event_id>/air/end/", broadcast.air_end, "air_end"),
    ("events/<int:event_id>/watch/", broadcast.watch, "watch"),
]

urlpatterns: list[URLPattern] = [
    *(path(f"o/<slug:slug>/{route}", view, name=name) for route, view, name in inside),
    # No sign-in: a phone's calendar knows nothing but this address.
    path("calendar/<str:token>.ics", subscription.calendar_feed, name="calendar_feed"),
]
