"""Events: lists, planning, changing, cancelling, one's own answer."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response

from channels_app.permissions import can_publish
from channels_app.selectors.channels import channels_of
from channels_app.selectors.channels import seen_by as channels_seen_by
from common.errors import require
from meetings import permissions
from meetings.api.base import ByTime, EventView, LatestFirst
from meetings.api.inputs import (
    Cancellation,
    ChannelChoice,
    EventChanges,
    EventListQuery,
    MyAnswer,
    NewEvent,
    NewRule,
    event_data,
    recurrence_of,
)
from meetings.api.serializers import Announced, EventDetail, EventList, ListedEvent, OwnAnswer
from meetings.models import Event
from meetings.selectors.events import events_visible_to, past_events, seen_by, upcoming_events
from meetings.selectors.people import place_in_queue
from meetings.services import planning
from meetings.services.answering import answer
from meetings.services.planning import EventData
from orgs.actor import Actor
from orgs.api.base import referred
from orgs.api.fields import Count


class EventViewSet(EventView):
    """`/o/<slug>/events/`."""

    pagination_class = ByTime

    def get_queryset(self) -> QuerySet[Event]:
        return seen_by(self.actor, events_visible_to(self.actor))

    @extend_schema(
        operation_id="events_list", tags=["events"], parameters=[EventListQuery], responses=ListedEvent(many=True)
    )
    def list(self, request: Request, slug: str) -> Response:
        """Events I see, cancelled ones too: what comes by time, what was from the latest (CHAN-6)."""
        query = self.read_query(EventListQuery)
        rows, pages = listed(self.actor, query["scope"])
        if query.get("from"):
            rows = rows.filter(ends_at__gt=query["from"])
        if query.get("to"):
            rows = rows.filter(starts_at__lt=query["to"])
        return self.page(ListedEvent, rows, pages)

    @extend_schema(operation_id="events_create", tags=["events"], request=NewEvent, responses={201: EventList})
    def create(self, request: Request, slug: str) -> Response:
        """Plan an event, or a series of them with `recurrence`; those invited are told (CHAN-6)."""
        require(permissions.can_create_events(self.actor))
        fields = self.read(NewEvent)
        made = planning.plan(actor=self.actor, data=event_data(fields), recurrence=recurrence_of(fields))
        return self.answer_events(made, status=201)

    def answer_events(self, events: Sequence[Event], *, status: int = 200) -> Response:
        rows = self.get_queryset().filter(pk__in=[event.pk for event in events]).order_by("starts_at", "id")
        return self.answer(EventList, {"count": len(events), "events": rows}, status=status)

    @extend_schema(operation_id="events_get", tags=["events"], responses=EventDetail)
    def retrieve(self, request: Request, slug: str, pk: int) -> Response:
        """One event with who is invited and what I may do."""
        return self.answer_event(pk)

    @extend_schema(operation_id="events_change", tags=["events"], request=EventChanges, responses=EventList)
    def partial_update(self, request: Request, slug: str, pk: int) -> Response:
        """Change an event, or several of its series; answers stay, people learn of another time or place."""
        event = self.get_managed(pk)
        fields = self.read(EventChanges)
        changed = planning.change(actor=self.actor, event=event, data=merged(event, fields), scope=fields["scope"])
        return self.answer_events(changed)

    @extend_schema(operation_id="events_replan", tags=["events"], request=NewRule, responses={201: EventList})
    def replan(self, request: Request, slug: str, pk: int) -> Response:
        """Cancel this event with the following ones of its series and plan anew, by another rule."""
        event = self.get_managed(pk)
        fields = self.read(NewRule)
        made = planning.replan_following(
            actor=self.actor,
            event=event,
            data=event_data(fields),
            recurrence=recurrence_of(fields),
            reason=fields["reason"],
        )
        return self.answer_events(made, status=201)

    @extend_schema(operation_id="events_cancel", tags=["events"], request=Cancellation, responses=Count)
    def cancel(self, request: Request, slug: str, pk: int) -> Response:
        """Cancel an event, or several of its series, with a reason; people are told. Twice is once."""
        event = self.get_managed(pk)
        fields = self.read(Cancellation)
        count = planning.cancel(actor=self.actor, event=event, **fields)
        return self.answer(Count, {"count": count})

    @extend_schema(operation_id="events_announce", tags=["events"], request=ChannelChoice, responses=Announced)
    def announce(self, request: Request, slug: str, pk: int) -> Response:
        """Publish a post about the event in a channel where I publish (CHAN-5)."""
        event = self.get_managed(pk)
        mine = channels_seen_by(self.actor, channels_of(self.actor))
        channel = referred(mine, self.read(ChannelChoice)["channel"], "channel")
        require(can_publish(self.actor, channel))
        post = planning.announce(actor=self.actor, event=event, channel=channel)
        return self.answer(Announced, {"post": post.pk})

    @extend_schema(operation_id="events_answer", tags=["events"], request=MyAnswer, responses=OwnAnswer)
    def say(self, request: Request, slug: str, pk: int) -> Response:
        """Say that I come or do not; where all places are taken I wait, and the answer tells (CHAN-6)."""
        event = self.get_event(pk)
        require(permissions.can_answer(self.actor, event))
        own: Any = answer(actor=self.actor, event=event, answer=self.read(MyAnswer)["answer"])
        own.place_in_queue = place_in_queue(event, self.actor.person.pk)
        return self.answer(OwnAnswer, own)

    def get_managed(self, pk: int) -> Event:
        """Return an event the actor may change: 404 for others' eyes, 403 for others' hands."""
        event = self.get_event(pk)
        require(permissions.can_manage_event(self.actor, event))
        return event


def listed(actor: Actor, scope: str) -> tuple[QuerySet[Event], type[BasePagination]]:
    """Return the events of a list and how it is paged."""
    if scope == "upcoming":
        return upcoming_events(actor), ByTime
    if scope == "past":
        return past_events(actor), LatestFirst
    rows = seen_by(actor, events_visible_to(actor))
    return (rows.filter(organizer=actor.person.pk) if scope == "mine" else rows), ByTime


def merged(event: Event, fields: dict[str, Any]) -> EventData:
    """Return the event as it is with `fields` over it."""
    circles = [{"audience": rule.audience, "unit": rule.unit_id} for rule in event.audiences.all()]
    known = {name: getattr(event, name) for name in EventData.__dataclass_fields__ if name != "circles"}
    return event_data({**known, "circles": circles, **fields})
