"""What the views of events share: which event an address means."""

from typing import Any

from django.http import Http404
from rest_framework.response import Response

from common.api import CursorPagination
from meetings.api.serializers import EventDetail
from meetings.models import Event
from meetings.selectors.events import find_event
from orgs.api.base import MemberViewSet


class ByTime(CursorPagination):
    """Events by their beginning."""

    ordering = ("starts_at", "id")


class LatestFirst(CursorPagination):
    """What was last comes first."""

    ordering = ("-starts_at", "-id")


class EventView(MemberViewSet):
    """Base of everything below `/o/<slug>/events/`."""

    serializer_class: Any = EventDetail

    def get_event(self, pk: int) -> Event:
        """Return an event the actor sees, with its circles; two queries; 404."""
        event = find_event(self.actor, pk)
        if event is None:
            raise Http404
        return event

    def answer_event(self, pk: int, *, status: int = 200) -> Response:
        return self.answer(EventDetail, self.get_event(pk), status=status)
