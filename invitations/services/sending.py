"""Sending links to many at once by e-mail and SMS, through the outbox (INV-5)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.errors import DomainError
from invitations.models import Invitation
from orgs.actor import Actor
from orgs.audit import Action, Deed, record
from orgs.models import Guardianship, Person
from outbox.models import Channel, Message
from outbox.services import Draft, queue_many

MAX_RECIPIENTS = 500
REMIND_BEFORE = timedelta(days=2)


@dataclass(frozen=True)
class Recipient:
    """Where a link goes: `channel` is `email` or `sms`, `address` an e-mail address or a phone in E.164."""

    channel: str
    address: str


@transaction.atomic
def send_link(*, actor: Actor, invitation: Invitation, recipients: Collection[Recipient]) -> int:
    """Queue one letter or SMS with the link for each recipient; return how many are new.

    The same link goes to the same address once. Raises `DomainError`: `link_not_active`, `too_many_recipients`.
    """
    if not Invitation.objects.redeemable(timezone.now()).filter(pk=invitation.pk).exists():
        raise DomainError("link_not_active", _("This link no longer works. Renew it first."))
    return _send(actor, [(invitation, recipient) for recipient in recipients])


@transaction.atomic
def send_codes(*, actor: Actor, invitations: Iterable[Invitation]) -> tuple[int, list[Person]]:
    """Send personal codes to the addresses the roster knows: to the person, or to the family of the student.

    Returns how many messages are new and the people whom no known address reaches.
    """
    links = list(invitations)
    families = _family_addresses([link.student_id for link in links if link.student_id])
    pairs: list[tuple[Invitation, Recipient]] = []
    unreached: list[Person] = []
    for link in links:
        target = link.student or link.person
        known = families.get(link.student_id or 0, []) if link.student_id else _addresses([target] if target else [])
        pairs += [(link, recipient) for recipient in known]
        if not known and target is not None:
            unreached.append(target)
    return _send(actor, pairs), unreached


def _send(actor: Actor, pairs: list[tuple[Invitation, Recipient]]) -> int:
    if len(pairs) > MAX_RECIPIENTS:
        raise DomainError(
            "too_many_recipients",
            _("At most %(count)s recipients at a time.") % {"count": MAX_RECIPIENTS},
            status=400,
        )
    sent = queue_many([_draft("invitation", link, recipient) for link, recipient in pairs])
    if sent:
        record(actor.organization, actor, [Deed(Action.INVITATIONS_SENT, details={"count": sent})])
    return sent


def _draft(template: str, link: Invitation, recipient: Recipient) -> Draft:
    return Draft(
        channel=recipient.channel,
        recipient=recipient.address,
        template=template,
        context={"invitation": link.pk, "generation": link.generation, "channel": recipient.channel},
        organization_id=link.organization_id,
        reference=reference_of(link),
        dedupe_key=f"{template}:{link.pk}:{link.generation}:{recipient.channel}:{recipient.address}"[:120],
    )


def reference_of(link: Invitation) -> str:
    """Return what the outbox calls this link, so that its page can show the delivery."""
    return f"invitation:{link.pk}"


def _addresses(people: Iterable[Person]) -> list[Recipient]:
    found = []
    for person in people:
        if person.email:
            found.append(Recipient(Channel.EMAIL, person.email))
        elif person.phone:
            found.append(Recipient(Channel.SMS, person.phone))
    return found


def _family_addresses(student_ids: list[int]) -> dict[int, list[Recipient]]:
    links = Guardianship.objects.filter(
        child_id__in=student_ids, until=None, parent__user=None, parent__merged_into=None
    ).select_related("parent")
    families: dict[int, list[Person]] = {}
    for link in links:
        families.setdefault(link.child_id, []).append(link.parent)
    return {child_id: _addresses(parents) for child_id, parents in families.items()}


@transaction.atomic
def remind_before_expiry(now: datetime) -> int:
    """Remind those who were sent a personal code that has not been used and expires within two days (INV-5).

    Each code reminds once; running twice, or twice at once, sends nothing more. Returns the number of reminders.
    """
    due = list(
        Invitation.objects.redeemable(now)
        .filter(reminded_at=None, uses=0, expires_at__lte=now + REMIND_BEFORE)
        .exclude(person=None, student=None)
        .select_for_update(skip_locked=True, of=("self",))
        .order_by("expires_at")[:MAX_RECIPIENTS]
    )
    Invitation.objects.filter(pk__in=[link.pk for link in due]).update(reminded_at=now)
    sent_to = Message.objects.filter(
        template="invitation", reference__in=[reference_of(link) for link in due]
    ).values_list("reference", "channel", "recipient")
    by_reference = {reference_of(link): link for link in due}
    drafts = {
        _draft("invitation_reminder", by_reference[reference], Recipient(channel, address))
        for reference, channel, address in sent_to
    }
    return queue_many(sorted(drafts, key=lambda draft: draft.dedupe_key or ""))
