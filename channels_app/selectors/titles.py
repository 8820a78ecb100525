"""What a channel is called: the system's take the organization's words, those of units the unit's name."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from channels_app.models import Channel, ChannelKind
from orgs.models import Kind
from orgs.vocabulary import Vocabulary


def title_of(channel: Channel, words: Vocabulary) -> str:
    """Return the name of `channel` in the reader's language; it comes with `organization` and `unit`."""
    if channel.title:
        return channel.title
    if channel.kind == ChannelKind.STAFF:
        return pgettext("channel", "Staff")
    if channel.unit is not None:
        return channel.unit.name
    return _general(channel.organization.kind)


def _general(kind: str) -> str:
    return {
        Kind.SCHOOL: _("Channel of the school"),
        Kind.KINDERGARTEN: _("Channel of the kindergarten"),
        Kind.COLLEGE: _("Channel of the college"),
        Kind.SUPPLEMENTARY: _("Channel of the centre"),
    }[Kind(kind)]
