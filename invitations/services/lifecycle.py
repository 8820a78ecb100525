"""What happens to a link after it was made: renewed, extended, annulled, expired, taken over."""

from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from common.errors import DomainError
from invitations.models import Invitation, State
from invitations.permissions import can_give
from invitations.services.terms import LinkTerms, end_of_day
from orgs.actor import Actor, actor_of
from orgs.audit import Action, Deed, record
from orgs.models import Person, Unit
from outbox.services import queue


@transaction.atomic
def renew(*, actor: Actor, invitation: Invitation, terms: LinkTerms) -> Invitation:
    """Give the link a new token, lifetime and counter; every copy of the old one stops working (INV-3).

    Raises `DomainError`: `bad_terms`, `unit_archived`, `already_joined` (a personal code of somebody who joined).
    """
    terms.check()
    _refuse_pointless(invitation)
    max_uses = 1 if invitation.person_id else terms.max_uses
    Invitation.objects.filter(pk=invitation.pk).update(
        generation=F("generation") + 1,
        owner=actor.person,
        uses=0,
        max_uses=max_uses,
        expires_at=end_of_day(invitation.organization, timezone.now(), terms.days),
        revoked_at=None,
        expiry_recorded_at=None,
        reminded_at=None,
    )
    _record(actor, Action.INVITATION_RENEWED, invitation)
    invitation.refresh_from_db()
    return invitation


@transaction.atomic
def extend(*, actor: Actor, invitation: Invitation, days: int) -> Invitation:
    """Let the same link live `days` longer, from now or from its end, whichever is later (INV-3).

    Raises `DomainError`: `bad_terms`, `link_revoked` (annulled ones can only be renewed).
    """
    LinkTerms(days=days).check()
    start = max(invitation.expires_at, timezone.now())
    extended = Invitation.objects.filter(pk=invitation.pk, revoked_at=None).update(
        expires_at=end_of_day(invitation.organization, start, days), expiry_recorded_at=None, reminded_at=None
    )
    if not extended:
        raise DomainError("link_revoked", _("This link was annulled. Renew it to get a new one."))
    _record(actor, Action.INVITATION_EXTENDED, invitation)
    invitation.refresh_from_db()
    return invitation


def _refuse_pointless(invitation: Invitation) -> None:
    if invitation.unit.archived_at is not None:
        raise DomainError("unit_archived", _("This unit is in the archive. Restore it first."))
    if invitation.person is not None and invitation.person.has_joined:
        raise DomainError("already_joined", _("This person has already joined."))


def note_opening(*, invitation: Invitation) -> None:
    """Remember when somebody first looked at the link's page (STAT-3); one statement, and renewing keeps it."""
    Invitation.objects.filter(pk=invitation.pk, opened_at=None).update(opened_at=timezone.now())


@transaction.atomic
def revoke(*, actor: Actor | None, invitation: Invitation) -> None:
    """Annul a link by hand (INV-4); annulling twice changes nothing."""
    if Invitation.objects.filter(pk=invitation.pk, revoked_at=None).update(revoked_at=timezone.now()):
        _record(actor, Action.INVITATION_REVOKED, invitation)


@transaction.atomic
def revoke_unclaimed(*, actor: Actor) -> int:
    """Annul every link of the organization that could still let somebody in (INV-4); return how many there were."""
    working = Invitation.objects.filter(organization=actor.organization).in_state(State.ACTIVE, timezone.now())
    return _revoke_many(actor, working)


def _revoke_many(actor: Actor | None, links: QuerySet[Invitation]) -> int:
    owner = links.select_related("organization").first()
    count = links.update(revoked_at=timezone.now())
    if owner is not None and count:
        record(owner.organization, actor, [Deed(Action.INVITATIONS_REVOKED, details={"count": count})])
    return count


def annul_beyond_rights(*, person: Person) -> None:
    """Annul the links of `person` that the person may no longer give: after a demotion, in its transaction.

    Redemption asks for the right again anyway; this makes the list tell the truth at once.
    """
    now = timezone.now()
    links = Invitation.objects.filter(owner=person).in_state(State.ACTIVE, now).select_related("unit", "student")
    if not links:
        return
    owner = actor_of(person)
    beyond = [link.pk for link in links if not can_give(owner, link)]
    if beyond:
        _revoke_many(None, Invitation.objects.filter(pk__in=beyond))


def annul_of_unit(*, actor: Actor, unit: Unit) -> None:
    """Annul the working links of an archived unit, in the transaction that archives it."""
    _revoke_many(actor, Invitation.objects.filter(unit=unit).in_state(State.ACTIVE, timezone.now()))


def take_over(*, predecessor: Person, successor: Person) -> None:
    """Let the working links of an administrator live on under the successor's name, in the handover's transaction.

    Without it a handover in September would annul every strip already handed out.
    """
    links = Invitation.objects.filter(owner=predecessor).in_state(State.ACTIVE, timezone.now())
    count = links.update(owner=successor)
    if count:
        record(successor.organization, successor, [Deed(Action.INVITATION_TAKEN_OVER, details={"count": count})])


BATCH = 500


@transaction.atomic
def record_expired(now: datetime) -> int:
    """Write down up to 500 links that expired by `now`, and tell their owners in one letter each (INV-4).

    Nothing depends on it: an expired link is refused by the statement that redeems. Returns how many were recorded;
    running twice, or twice at once, records each link once.
    """
    due = (
        Invitation.objects.filter(revoked_at=None, expiry_recorded_at=None, expires_at__lte=now)
        .select_for_update(skip_locked=True, of=("self",))
        .select_related("organization", "unit", "owner__user")
        .order_by("expires_at")[:BATCH]
    )
    links = list(due)
    Invitation.objects.filter(pk__in=[link.pk for link in links]).update(expiry_recorded_at=now)
    by_owner: dict[int, list[Invitation]] = {}
    for link in links:
        by_owner.setdefault(link.owner_id, []).append(link)
    for owned in by_owner.values():
        _record_expiry(owned)
    return len(links)


def _record_expiry(links: list[Invitation]) -> None:
    organization, owner = links[0].organization, links[0].owner
    # Those that everybody used before the end have done their work: nothing to tell.
    unclaimed = [link for link in links if link.uses < link.max_uses]
    deeds = [Deed(Action.INVITATION_EXPIRED, unit=link.unit, details={"number": link.pk}) for link in unclaimed]
    record(organization, None, deeds)
    unused = [link.pk for link in unclaimed]
    if owner.email and unused:
        queue(
            channel="email",
            recipient=owner.email,
            template="invitations_expired",
            context={"invitations": unused},
            organization_id=organization.pk,
            reference=f"invitation:{unused[0]}",
            dedupe_key=f"expired:{unused[0]}:{unclaimed[0].generation}:{len(unused)}",
        )


def _record(actor: Actor | None, action: Action, link: Invitation) -> None:
    record(
        link.organization, actor, [Deed(action, link.person or link.student, link.unit, details={"number": link.pk})]
    )
