"""Opening, changing and archiving channels; who publishes in them; what is open to everybody (CHAN-1, CHAN-3)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from guardian.shortcuts import assign_perm, remove_perm

from channels_app.models import Channel, ChannelAudience, ChannelKind, ChannelUserObjectPermission
from channels_app.selectors.editors import PUBLISH, is_editor
from channels_app.selectors.titles import title_of
from common.errors import DomainError
from common.text import clean_line
from orgs.actor import Actor
from orgs.audit import Action, Deed, record
from orgs.models import Audience, Person, RoleAssignment, Unit
from orgs.services.circles import Circle, checked_circles

MOST_TITLE = 120
MOST_DESCRIPTION = 300


@dataclass(frozen=True)
class ChannelData:
    """What a further channel is called, what it is about, whom it is for (circle, unit id or None)."""

    title: str
    description: str = ""
    circles: Sequence[Circle] = ()
    has_comments: bool = False


@transaction.atomic
def create_channel(*, actor: Actor, data: ChannelData) -> Channel:
    """Open a further channel and return it (CHAN-1).

    Raises `DomainError`: `channel_title_required`, `channel_title_long`, `channel_description_long`,
    `channel_circles_required` (400), those of `checked_circles`.
    """
    circles = _circles(actor, data.circles)
    channel = Channel.objects.create(
        organization=actor.organization,
        kind=ChannelKind.FREE,
        title=_title(data.title),
        description=_description(data.description),
        has_comments=data.has_comments,
        created_by=actor.person,
    )
    _set_circles(channel, circles)
    record(actor.organization, actor, [Deed(Action.CHANNEL_CREATED, details={"channel": channel.title})])
    return channel


@transaction.atomic
def open_unit_channel(*, actor: Actor, unit: Unit) -> Channel:
    """Open the unit's channel, for everybody of the unit, and return it; one that exists is taken from the archive."""
    try:
        with transaction.atomic():
            channel = Channel.objects.create(
                organization=actor.organization, kind=ChannelKind.UNIT, unit=unit, created_by=actor.person
            )
    except IntegrityError:
        channel = Channel.objects.select_related("organization", "unit").get(unit=unit)
        return restore(actor=actor, channel=channel) if channel.archived_at else channel
    _set_circles(channel, [(Audience.EVERYONE, unit.pk)])
    record(actor.organization, actor, [Deed(Action.CHANNEL_CREATED, unit=unit, details={"channel": unit.name})])
    return channel


def _title(text: str, *, may_be_empty: bool = False) -> str:
    title = _line(text, MOST_TITLE, "title", "channel_title_long", _("The name is longer than %(most)s characters."))
    if not title and not may_be_empty:
        message = _("Please give the channel a name.")
        raise DomainError("channel_title_required", message, fields={"title": message}, status=400)
    return title


def _description(text: str) -> str:
    message = _("The description is longer than %(most)s characters.")
    return _line(text, MOST_DESCRIPTION, "description", "channel_description_long", message)


def _line(text: str, most: int, field: str, code: str, message: str) -> str:
    try:
        return clean_line(text, most=most)
    except DomainError as error:
        words = message % {"most": most}
        raise DomainError(code, words, fields={field: words}, status=400) from error


def _circles(actor: Actor, circles: Sequence[Circle]) -> list[Circle]:
    if not circles:
        message = _("Choose whom the channel is for.")
        raise DomainError("channel_circles_required", message, fields={"circles": message}, status=400)
    return checked_circles(actor, circles)


def _set_circles(channel: Channel, circles: Sequence[Circle]) -> None:
    ChannelAudience.objects.bulk_create(
        ChannelAudience(organization_id=channel.organization_id, channel=channel, audience=audience, unit_id=unit)
        for audience, unit in circles
    )


@transaction.atomic
def change_channel(*, actor: Actor, channel: Channel, changes: Mapping[str, Any]) -> Channel:
    """Change a channel and return it: `title`, `description`, `has_comments`, `circles`; what is not named stays.

    A system channel and that of a unit may be called otherwise, or by their own name again (empty); whom they are for
    follows from what they are. Raises `DomainError`: the codes of `create_channel`, `channel_circles_fixed` (409).
    """
    row = _locked(channel)
    wanted: dict[str, Any] = {}
    if "title" in changes:
        wanted["title"] = _title(changes["title"], may_be_empty=row.kind != ChannelKind.FREE)
    if "description" in changes:
        wanted["description"] = _description(changes["description"])
    if "has_comments" in changes:
        wanted["has_comments"] = bool(changes["has_comments"])
    changed = [name for name, value in wanted.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, wanted[name])
    names = [str(Channel._meta.get_field(name).verbose_name) for name in changed]  # type: ignore[union-attr]
    if "circles" in changes and _change_circles(actor, row, changes["circles"]):
        names.append(_("whom it is for"))
    if not names:
        return row
    row.save(update_fields=changed)
    details = {"channel": title_of(row, actor.words), "rules": ", ".join(names)}
    record(actor.organization, actor, [Deed(Action.CHANNEL_CHANGED, details=details)])
    return row


def _change_circles(actor: Actor, row: Channel, circles: Sequence[Circle]) -> bool:
    before = [(rule.audience, rule.unit_id) for rule in row.audiences.order_by("pk")]
    if set(before) == set(circles):
        return False
    if row.kind != ChannelKind.FREE:
        message = _("Whom this channel is for follows from what it is.")
        raise DomainError("channel_circles_fixed", message, fields={"circles": message})
    checked = _circles(actor, circles)
    row.audiences.all().delete()
    _set_circles(row, checked)
    return True


@transaction.atomic
def archive(*, actor: Actor, channel: Channel) -> Channel:
    """Put a channel into the archive with its posts and return it; twice is once.

    Raises `DomainError("channel_system")` (409) for the channels that exist from the start (CHAN-1).
    """
    row = _locked(channel)
    if row.is_system:
        raise DomainError("channel_system", _("This channel exists from the start and cannot be archived."))
    if row.archived_at is None:
        row.archived_at = timezone.now()
        row.save(update_fields=["archived_at"])
        _note(actor, row, Action.CHANNEL_ARCHIVED)
    return row


@transaction.atomic
def restore(*, actor: Actor, channel: Channel) -> Channel:
    """Take a channel out of the archive and return it; twice is once."""
    row = _locked(channel)
    if row.archived_at is not None:
        row.archived_at = None
        row.save(update_fields=["archived_at"])
        _note(actor, row, Action.CHANNEL_RESTORED)
    return row


@transaction.atomic
def set_public(*, actor: Actor, channel: Channel, is_public: bool) -> Channel:
    """Declare a channel open to everybody, without signing in, or close it; returns it (CHAN-3).

    Raises `DomainError("channel_of_staff")` (409): what is for the staff is never open. Twice is once.
    """
    row = _locked(channel)
    if is_public and row.kind == ChannelKind.STAFF:
        raise DomainError("channel_of_staff", _("The channel of the staff is never open to everybody."))
    if row.is_public != is_public:
        row.is_public = is_public
        row.save(update_fields=["is_public"])
        _note(actor, row, Action.CHANNEL_OPENED if is_public else Action.CHANNEL_CLOSED)
    return row


@transaction.atomic
def set_editor(*, actor: Actor, channel: Channel, person: Person) -> None:
    """Let `person` publish in `channel` (guardian's right on the channel); twice is once.

    Raises `DomainError("right_needs_account")` (409) for somebody who has not joined.
    """
    if person.user is None:
        raise DomainError("right_needs_account", _("A right can be given to somebody who has joined."))
    if not is_editor(channel, person):
        assign_perm(PUBLISH, person.user, channel)
        _note(actor, channel, Action.EDITOR_SET, person)


@transaction.atomic
def unset_editor(*, actor: Actor, channel: Channel, person: Person) -> None:
    """Take the right to publish in `channel` back; twice is once."""
    if person.user is not None and is_editor(channel, person):
        remove_perm(PUBLISH, person.user, channel)
        _note(actor, channel, Action.EDITOR_UNSET, person)


def end_rights(person: Person) -> None:
    """Listener of `orgs.role_ended`: who has left the organization publishes nowhere in it, also after coming back."""
    if person.user_id is None or RoleAssignment.objects.filter(person=person, until=None).exists():
        return
    granted = ChannelUserObjectPermission.objects.filter(user=person.user_id)
    granted.filter(content_object__organization=person.organization_id).delete()


def end_rights_of_account(person: Person) -> None:
    """Listener of `orgs.account_leaves`: whoever signs in with the account now is nobody here."""
    granted = ChannelUserObjectPermission.objects.filter(user=person.user_id)
    granted.filter(content_object__organization=person.organization_id).delete()


def _locked(channel: Channel) -> Channel:
    rows = Channel.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("organization", "unit").get(pk=channel.pk)


def _note(actor: Actor, channel: Channel, action: Action, person: Person | None = None) -> None:
    details = {"channel": title_of(channel, actor.words)}
    record(actor.organization, actor, [Deed(action, person, channel.unit, details=details)])
