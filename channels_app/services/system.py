"""Channels that exist by themselves: the organization's from the start, those of its units where wanted (CHAN-1)."""

from collections.abc import Iterable, Sequence

from django.db import transaction

from channels_app.models import Channel, ChannelAudience, ChannelKind, ChannelRules
from orgs.actor import Actor
from orgs.audit import Action, Deed, record
from orgs.models import Audience, Organization, Unit

_CIRCLES = {
    ChannelKind.ORGANIZATION: Audience.EVERYONE,
    ChannelKind.STAFF: Audience.STAFF,
    ChannelKind.UNIT: Audience.EVERYONE,
}


def make_system_channels(organization: Organization) -> None:
    """Listener of `orgs.organization_created`: the organization's channel and that of its staff (CHAN-1)."""
    _make(Channel(organization=organization, kind=kind) for kind in (ChannelKind.ORGANIZATION, ChannelKind.STAFF))


def make_unit_channels(organization: Organization, units: Sequence[Unit]) -> None:
    """Listener of `orgs.units_created`: a new class has its channel from the start, where each unit has one."""
    if ChannelRules.objects.filter(organization=organization, unit_channels=True).exists():
        _make_of_units(organization, [unit for unit in units if not unit.is_staff_unit])


@transaction.atomic
def give_units_channels(*, actor: Actor, wanted: bool) -> None:
    """Give each unit a channel of its own, also every new one; or stop doing so: those that exist stay (CHAN-1).

    A constant number of statements whatever the number of units; twice is once.
    """
    organization = Organization.objects.select_for_update().get(pk=actor.organization.pk)
    rules, _is_new = ChannelRules.objects.get_or_create(organization=organization)
    if rules.unit_channels == wanted:
        return
    rules.unit_channels = wanted
    rules.save(update_fields=["unit_channels"])
    if wanted:
        without = Unit.objects.filter(organization=organization, channel=None).active().teaching()
        _make_of_units(organization, list(without))
    record(organization, actor, [Deed(Action.CHANNELS_OF_UNITS if wanted else Action.NO_CHANNELS_OF_UNITS)])


def _make_of_units(organization: Organization, units: Sequence[Unit]) -> None:
    _make(Channel(organization=organization, kind=ChannelKind.UNIT, unit=unit) for unit in units)


def _make(channels: Iterable[Channel]) -> None:
    made = Channel.objects.bulk_create(channels)
    ChannelAudience.objects.bulk_create(
        ChannelAudience(
            organization=channel.organization,
            channel=channel,
            audience=_CIRCLES[ChannelKind(channel.kind)],
            unit_id=channel.unit_id,
        )
        for channel in made
    )
