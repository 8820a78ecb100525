"""People of an event, what came of it, and broadcasts."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from common.api import CursorPagination
from common.errors import require
from meetings import permissions
from meetings.addresses import feed_of
from meetings.api.base import EventView, LatestFirst
from meetings.api.inputs import Marks, PeopleQuery, ResultText
from meetings.api.serializers import (
    AnsweringPerson,
    Attendance,
    CalendarShape,
    EventDetail,
    EventResult,
    Opened,
    Participant,
    Watched,
    result_shape,
)
from meetings.models import Answer, CalendarAddress, Event
from meetings.selectors.events import past_events
from meetings.selectors.people import attendance_rows, people_who, waiting
from meetings.selectors.summaries import summary_of
from meetings.services import broadcasting, calendar
from meetings.services.attending import mark, set_result
from orgs.api.base import ByName
from orgs.api.fields import Count


class InQueue(CursorPagination):
    """Who waits, the next one first."""

    ordering = ("answered_at", "id")


class InvitedView(EventView):
    """`/o/<slug>/events/<id>/participants/` and what came of the event."""

    pagination_class = LatestFirst

    def get_queryset(self) -> QuerySet[Event]:
        return past_events(self.actor)

    def get_counted(self, pk: int) -> Event:
        event = self.get_event(pk)
        require(permissions.can_mark_attendance(self.actor, event))
        return event

    @extend_schema(
        operation_id="events_participants",
        tags=["events"],
        parameters=[PeopleQuery],
        responses=Participant(many=True),
    )
    def participants(self, request: Request, slug: str, pk: int) -> Response:
        """Who comes, declined, or has not answered, by name; who waits, in the order of the queue."""
        event = self.get_counted(pk)
        wanted = self.read_query(PeopleQuery)["answer"]
        if wanted == Answer.WAITING:
            return self.page(Participant, waiting(event), InQueue)
        return self.page(AnsweringPerson, people_who(event, wanted), ByName)

    @extend_schema(operation_id="events_attendance", tags=["events"], responses=Attendance)
    def attendance(self, request: Request, slug: str, pk: int) -> Response:
        """Everybody of whom it can be noted whether they came, by name."""
        return self.answer(Attendance, {"people": attendance_rows(self.get_counted(pk))})

    @extend_schema(operation_id="events_mark", tags=["events"], request=Marks, responses=Count)
    def mark(self, request: Request, slug: str, pk: int) -> Response:
        """Note who came and who did not, many at once."""
        event = self.get_counted(pk)
        return self.answer(Count, {"count": mark(actor=self.actor, event=event, **self.read(Marks))})

    @extend_schema(operation_id="events_set_result", tags=["events"], request=ResultText, responses=EventDetail)
    def set_result(self, request: Request, slug: str, pk: int) -> Response:
        """Say what came of the event."""
        event = self.get_event(pk)
        require(permissions.can_manage_event(self.actor, event))
        set_result(actor=self.actor, event=event, text=self.read(ResultText)["result"])
        return self.answer_event(pk)

    @extend_schema(operation_id="events_results", tags=["events"], responses=EventResult(many=True))
    def results(self, request: Request, slug: str) -> Response:
        """What came of the events that are over, the latest first: figures for the head (CHAN-5)."""
        require(permissions.can_see_all_events(self.actor))
        found = self.paginator.paginate_queryset(self.get_queryset(), request, view=self) or []  # type: ignore[union-attr]
        figures = summary_of(found)
        shapes = [result_shape(event, figures[event.pk]) for event in found]
        return self.paginator.get_paginated_response(EventResult(shapes, many=True).data)  # type: ignore[union-attr]

    @extend_schema(operation_id="events_result", tags=["events"], responses=EventResult)
    def result(self, request: Request, slug: str, pk: int) -> Response:
        """What came of one event, in figures and in words."""
        event = self.get_counted(pk)
        return self.answer(EventResult, result_shape(event, summary_of([event])[event.pk]))


class BroadcastView(EventView):
    """`/o/<slug>/events/<id>/air/…`: a broadcast on air, and those who watch it (CHAN-5)."""

    @extend_schema(operation_id="events_go_on_air", tags=["events"], request=None, responses=EventDetail)
    def start(self, request: Request, slug: str, pk: int) -> Response:
        """Begin the broadcast; who said they come gets a push."""
        event = self.get_event(pk)
        require(permissions.can_manage_event(self.actor, event))
        broadcasting.go_on_air(actor=self.actor, event=event)
        return self.answer_event(pk)

    @extend_schema(operation_id="events_end", tags=["events"], request=None, responses=EventDetail)
    def end(self, request: Request, slug: str, pk: int) -> Response:
        """End the broadcast."""
        event = self.get_event(pk)
        require(permissions.can_manage_event(self.actor, event))
        broadcasting.end(actor=self.actor, event=event)
        return self.answer_event(pk)

    @extend_schema(operation_id="events_open", tags=["events"], request=None, responses=Opened)
    def open(self, request: Request, slug: str, pk: int) -> Response:
        """Open the broadcast that is on air: counted once for each person; the answer is where to watch."""
        return self.answer(Opened, {"link": broadcasting.open_broadcast(actor=self.actor, event=self.get_event(pk))})

    @extend_schema(operation_id="events_watched", tags=["events"], request=None, responses=Watched)
    def watched(self, request: Request, slug: str, pk: int) -> Response:
        """Tell, at most once a minute, that the page of the broadcast is still open."""
        return self.answer(Watched, broadcasting.watched(actor=self.actor, event=self.get_event(pk)))


class CalendarView(EventView):
    """`/o/<slug>/events/calendar/`: the secret address of one's own calendar (CHAN-6)."""

    @extend_schema(operation_id="events_calendar", tags=["events"], responses=CalendarShape)
    def retrieve(self, request: Request, slug: str) -> Response:
        """The address a phone subscribes to. Whoever has it sees my events: it is not for others."""
        return self.answer_address(calendar.calendar_address(actor=self.actor))

    @extend_schema(operation_id="events_calendar_renew", tags=["events"], request=None, responses={200: CalendarShape})
    def create(self, request: Request, slug: str) -> Response:
        """A new address; the old one opens nothing any more."""
        return self.answer_address(calendar.renew_address(actor=self.actor))

    def answer_address(self, address: CalendarAddress) -> Response:
        times = {"created_at": address.created_at, "read_at": address.read_at}
        return self.answer(CalendarShape, {"url": feed_of(address), **times})
