"""The permission matrix of events, and what their addresses point at (tests/matrix_rows.py says how)."""

from __future__ import annotations

from typing import Any

from meetings import tokens
from meetings.services.broadcasting import go_on_air
from meetings.services.calendar import calendar_address
from tests.meetings.cast import broadcast_in, event_in, soon
from tests.world import School

PREFIXES = ("events:", "api_event")

TABLE = """
GET    api_events                         401 404 200 200 200 200 200 200 404
POST   api_events                         401 404 403 403 400 400 400 400 404
GET    api_event_results                  401 404 403 403 403 403 200 200 404
GET    api_event_calendar                 401 404 200 200 200 200 200 200 404
POST   api_event_calendar                 401 404 200 200 200 200 200 200 404
GET    api_event                          401 404 200 200 404 200 200 200 404
PATCH  api_event                          401 404 403 403 404 200 200 200 404
POST   api_event_replan                   401 404 403 403 404 400 400 400 404
POST   api_event_cancel                   401 404 403 403 404 400 400 400 404
POST   api_event_announce                 401 404 403 403 404 400 400 400 404
POST   api_event_answer                   401 404 400 400 404 403 403 403 404
GET    api_event_participants             401 404 403 403 404 200 200 200 404
GET    api_event_attendance               401 404 403 403 404 200 200 200 404
POST   api_event_attendance               401 404 403 403 404 200 200 200 404
GET    api_event_result                   401 404 403 403 404 200 200 200 404
PUT    api_event_result                   401 404 403 403 404 400 400 400 404
POST   api_event_air_start                401 404 403 403 404 200 200 200 404
POST   api_event_air_end                  401 404 403 403 404 200 200 200 404
POST   api_event_open                     401 404 200 200 404 200 200 200 404
POST   api_event_watched                  401 404 409 409 404 409 409 409 404
GET    events:calendar                    302 404 200 200 200 200 200 200 404
GET    events:new                         302 404 403 403 200 200 200 200 404
POST   events:new                         302 404 403 403 422 422 422 422 404
GET    events:results                     302 404 403 403 403 403 200 200 404
GET    events:results_export              302 404 403 403 403 403 200 200 404
GET    events:subscribe                   302 404 200 200 200 200 200 200 404
GET    events:renew                       302 404 200 200 200 200 200 200 404
POST   events:renew                       302 404 302 302 302 302 302 302 404
GET    events:event                       302 404 200 200 404 200 200 200 404
GET    events:edit                        302 404 403 403 404 200 200 200 404
POST   events:edit                        302 404 403 403 404 422 422 422 404
GET    events:cancel                      302 404 403 403 404 200 200 200 404
POST   events:cancel                      302 404 403 403 404 422 422 422 404
GET    events:announce                    302 404 403 403 404 200 200 200 404
POST   events:announce                    302 404 403 403 404 422 422 422 404
POST   events:answer                      302 404 302 302 404 403 403 403 404
GET    events:attendance                  302 404 403 403 404 200 200 200 404
POST   events:attendance                  302 404 403 403 404 302 302 302 404
GET    events:result                      302 404 403 403 404 200 200 200 404
POST   events:result                      302 404 403 403 404 302 302 302 404
GET    events:participants                302 404 403 403 404 200 200 200 404
GET    events:participants_export         302 404 403 403 404 200 200 200 404
POST   events:air_start                   302 404 403 403 404 302 302 302 404
POST   events:air_end                     302 404 403 403 404 302 302 302 404
GET    events:watch                       302 404 200 200 404 200 200 200 404
POST   events:watch                       302 404 302 302 404 302 302 302 404
GET    events:calendar_feed               200 200 200 200 200 200 200 200 200
"""
# Words of the routes that are about a broadcast; all others are about the parents' evening.
_ABOUT_THE_BROADCAST = ("air_", "_open", "watch")


class Things:
    """What the routes of events are about, in school a: for students and parents of 5А, planned by its leader. The
    parents' evening begins in half an hour; the broadcast is on air, and nobody has opened it."""

    def __init__(self, school: School) -> None:
        self.event = event_in(school, starts_at=soon(minutes=30))
        self.broadcast = go_on_air(actor=school.actor("leader"), event=broadcast_in(school))
        self.token = tokens.make_token(calendar_address(actor=school.actor("parent")))

    def value(self, name: str, route: str) -> Any:
        """What the parameter `name` of the route's address names."""
        if name == "token":
            return self.token
        if name not in ("pk", "event_id"):
            raise KeyError(f"{route}: {name}")
        is_broadcast = any(word in route for word in _ABOUT_THE_BROADCAST)
        return self.broadcast.pk if is_broadcast else self.event.pk
