"""Links of an account that goes, or was broken into (ACC-2, ACC-3)."""

from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from invitations.models import Invitation, State
from invitations.services.lifecycle import take_over
from orgs.audit import Action, Deed, record
from orgs.models import Person, Role

# A stranger who hands out links does so now; the strips of September stay.
LATELY = timedelta(days=30)


def pass_on(person: Person) -> None:
    """Listener of `orgs.account_leaves`: working links go to an administrator, so strips already handed out work on.

    Without an administrator with an account they are annulled.
    """
    links = Invitation.objects.filter(owner=person).in_state(State.ACTIVE, timezone.now())
    if not links.exists():
        return
    heir = (
        Person.objects.filter(
            organization=person.organization_id, roles__role=Role.ADMINISTRATOR, roles__until=None, user__isnull=False
        )
        .exclude(pk=person.pk)
        .order_by("pk")
        .first()
    )
    if heir is not None:
        take_over(predecessor=person, successor=heir)
    else:
        _annul(person, Q(owner=person))


def annul_handed_out(user: User, by: Any) -> None:
    """Listener of `accounts.account_hacked`: links made in the person's name lately, and codes made for the person."""
    for person in Person.objects.filter(user=user).select_related("organization"):
        _annul(person, Q(owner=person, created_at__gte=timezone.now() - LATELY) | Q(person=person))


def _annul(person: Person, which: Q) -> None:
    links = Invitation.objects.filter(which, organization=person.organization_id)
    pks = list(links.in_state(State.ACTIVE, timezone.now()).values_list("pk", flat=True))
    count = Invitation.objects.filter(pk__in=pks, revoked_at=None).update(revoked_at=timezone.now())
    if count:
        record(person.organization, None, [Deed(Action.INVITATIONS_REVOKED, details={"count": count})])
