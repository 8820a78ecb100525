"""Channels: the list, opening, changing, archiving, who publishes, what is open to everybody (CHAN-1)."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from channels_app import permissions
from channels_app.api.base import ChannelsView
from channels_app.api.inputs import (
    ChannelFields,
    ChannelNotifyChoice,
    ListQuery,
    NewChannel,
    OneUnit,
    Publicity,
    UnitsWanted,
)
from channels_app.api.serializers import ChannelDetail, ChannelPerson, ListedChannel
from channels_app.selectors.channels import list_of
from channels_app.selectors.editors import editors_of
from channels_app.services import channels as services
from channels_app.services.reading import mark_all_seen, set_notify
from channels_app.services.system import give_units_channels
from channels_app.shapes import channel_shape, person_shape
from common.errors import require
from orgs.api.base import referred
from orgs.api.circles import circles_of
from orgs.models import Person
from orgs.selectors.people import people_visible_to
from orgs.selectors.units import units_visible_to

DONE = OpenApiResponse(description="Done")


class ChannelView(ChannelsView):
    """`/o/<slug>/channels/`."""

    serializer_class = ChannelDetail
    pagination_class = None

    @extend_schema(
        operation_id="channels_list", tags=["channels"], parameters=[ListQuery], responses=ListedChannel(many=True)
    )
    def list(self, request: Request, slug: str) -> Response:
        """My channels: the organization's first, then the latest, with what is unread. All of them, in one statement.

        Those who run the channels see the others, too; there `is_reader` is false.
        """
        channels = list_of(self.actor, archived=self.read_query(ListQuery)["archived"])
        return Response([channel_shape(self.actor, channel) for channel in channels])

    @extend_schema(
        operation_id="channels_create", tags=["channels"], request=NewChannel, responses={201: ChannelDetail}
    )
    def create(self, request: Request, slug: str) -> Response:
        """Open a further channel for circles of people (CHAN-1). 400 `channel_circles_required`, `circle_unknown`."""
        require(permissions.can_manage_channels(self.actor))
        data = self.read(NewChannel)
        circles = circles_of(data.pop("circles"))
        channel = services.create_channel(actor=self.actor, data=services.ChannelData(**data, circles=circles))
        return self.answer_channel(channel.pk, status=201)

    @extend_schema(operation_id="channels_get", tags=["channels"])
    def retrieve(self, request: Request, slug: str, pk: int) -> Response:
        """One channel with what I may do in it, whom it is for, how many read it."""
        return self.answer_channel(pk)

    @extend_schema(operation_id="channels_change", tags=["channels"], request=ChannelFields, responses=ChannelDetail)
    def partial_update(self, request: Request, slug: str, pk: int) -> Response:
        """Change a channel. 409 `channel_circles_fixed`: whom the organization's and the units' are for follows from
        what they are."""
        channel = self.get_managed(pk)
        changes = self.read(ChannelFields)
        if "circles" in changes:
            changes["circles"] = circles_of(changes["circles"])
        services.change_channel(actor=self.actor, channel=channel, changes=changes)
        return self.answer_channel(pk)

    @extend_schema(operation_id="channels_archive", tags=["channels"], request=None)
    def archive(self, request: Request, slug: str, pk: int) -> Response:
        """Put a channel into the archive. 409 `channel_system`: those that exist from the start stay."""
        services.archive(actor=self.actor, channel=self.get_managed(pk))
        return self.answer_channel(pk)

    @extend_schema(operation_id="channels_restore", tags=["channels"], request=None)
    def restore(self, request: Request, slug: str, pk: int) -> Response:
        """Take a channel out of the archive."""
        services.restore(actor=self.actor, channel=self.get_managed(pk))
        return self.answer_channel(pk)

    @extend_schema(operation_id="channels_public", tags=["channels"], request=Publicity)
    def public(self, request: Request, slug: str, pk: int) -> Response:
        """Open a channel to everybody, without signing in, or close it. 409 `channel_of_staff`."""
        channel = self.get_managed(pk)
        services.set_public(actor=self.actor, channel=channel, is_public=self.read(Publicity)["is_public"])
        return self.answer_channel(pk)

    @extend_schema(operation_id="channels_units", tags=["channels"], request=UnitsWanted, responses={200: UnitsWanted})
    def units(self, request: Request, slug: str) -> Response:
        """Give each unit a channel of its own, also every new one; or stop doing so: those that exist stay."""
        require(permissions.can_manage_channels(self.actor))
        wanted = self.read(UnitsWanted)["wanted"]
        give_units_channels(actor=self.actor, wanted=wanted)
        return Response({"wanted": wanted})

    @extend_schema(operation_id="channels_unit", tags=["channels"], request=OneUnit)
    def unit(self, request: Request, slug: str) -> Response:
        """Open the channel of one unit; one that exists is taken from the archive."""
        require(permissions.can_manage_channels(self.actor))
        units = units_visible_to(self.actor).active().teaching()
        unit = referred(units, self.read(OneUnit)["unit"], "unit")
        return self.answer_channel(services.open_unit_channel(actor=self.actor, unit=unit).pk)

    @extend_schema(
        operation_id="channels_notify", tags=["channels"], request=ChannelNotifyChoice, responses=ChannelNotifyChoice
    )
    def notify(self, request: Request, slug: str, pk: int) -> Response:
        """Choose what to be notified of in this channel."""
        channel = self.get_channel(pk)
        choice = self.read(ChannelNotifyChoice)["notify"]
        set_notify(actor=self.actor, channel=channel, notify=choice)
        return Response({"notify": choice})

    @extend_schema(operation_id="channels_seen_all", tags=["channels"], request=None, responses={204: DONE})
    def all_seen(self, request: Request, slug: str) -> Response:
        """Let nothing be unread up to now, in all my channels."""
        mark_all_seen(actor=self.actor)
        return Response(status=204)

    @extend_schema(operation_id="channel_seen_all", tags=["channels"], request=None, responses={204: DONE})
    def seen(self, request: Request, slug: str, pk: int) -> Response:
        """Let nothing be unread up to now, in one channel."""
        mark_all_seen(actor=self.actor, channel=self.get_channel(pk))
        return Response(status=204)


class EditorView(ChannelsView):
    """`/o/<slug>/channels/<id>/editors/`: who publishes beside those whose role gives it."""

    serializer_class = ChannelPerson
    pagination_class = None

    @extend_schema(operation_id="channel_editors_list", tags=["channels"], responses=ChannelPerson(many=True))
    def list(self, request: Request, slug: str, pk: int) -> Response:
        """Those who were granted the right to publish, by name."""
        return Response([person_shape(person) for person in editors_of(self.get_managed(pk))])

    @extend_schema(operation_id="channel_editors_set", tags=["channels"], request=None, responses={204: DONE})
    def update(self, request: Request, slug: str, pk: int, person: int) -> Response:
        """Let somebody publish in the channel. Twice is once. 409 `right_needs_account`."""
        channel = self.get_managed(pk)
        services.set_editor(actor=self.actor, channel=channel, person=self.get_person(person))
        return Response(status=204)

    @extend_schema(operation_id="channel_editors_unset", tags=["channels"], responses={204: DONE})
    def destroy(self, request: Request, slug: str, pk: int, person: int) -> Response:
        """Take the right to publish back. Twice is once."""
        channel = self.get_managed(pk)
        services.unset_editor(actor=self.actor, channel=channel, person=self.get_person(person))
        return Response(status=204)

    def get_person(self, pk: int) -> Person:
        return get_object_or_404(people_visible_to(self.actor), pk=pk)
