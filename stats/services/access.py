"""The right to see the statistics is given and taken back (STAT-1); curators are appointed by the operator (STAT-7)."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from common.errors import DomainError
from common.text import clean
from orgs.actor import Actor
from orgs.audit import Action, Deed, record
from orgs.models import STAFF_ROLES, Organization, Person, Role, RoleAssignment
from orgs.permissions import SEE_STATISTICS
from orgs.services.administration import grant_right, revoke_right
from stats.models import Curatorship
from stats.selectors.access import holds_right


@transaction.atomic
def grant(*, actor: Actor, person: Person) -> None:
    """Let somebody of the staff see the statistics of the actor's organization; to grant it again changes nothing.

    Raises `DomainError`: `right_needs_account`, `right_for_staff` (never students and parents), `sees_by_role` (the
    head needs no grant).
    """
    # One grant at a time, so that two clicks make one line of the journal.
    Organization.objects.select_for_update().get(pk=actor.organization.pk)
    if RoleAssignment.objects.filter(person=person, role=Role.HEAD, until=None).exists():
        raise DomainError("sees_by_role", _("The head sees the statistics anyway."))
    if not holds_right(actor.organization, person):
        grant_right(actor=actor, person=person, codename=SEE_STATISTICS)


@transaction.atomic
def revoke(*, actor: Actor | None, person: Person) -> None:
    """Take the right back; it works with the person's next request. Nothing happens where there is no grant."""
    organization = Organization.objects.select_for_update().get(pk=person.organization_id)
    if holds_right(organization, person):
        revoke_right(actor=actor, person=person, codename=SEE_STATISTICS)


def end_rights(person: Person) -> None:
    """Listener of `orgs.role_ended`: who has left the staff does not see the statistics after coming back either."""
    if not holds_right(person.organization, person):
        return
    if not RoleAssignment.objects.filter(person=person, role__in=STAFF_ROLES, until=None).exists():
        revoke(actor=None, person=person)


# --- Curators -------------------------------------------------------------------------------------------------------
@transaction.atomic
def appoint_curator(*, user: User, organization: Organization, authority: str) -> Curatorship:
    """Let `user` see the aggregates of an organization on behalf of `authority`, and tell its journal (STAT-7).

    The user needs a name: the organization reads who sees it. Raises `DomainError`: `curator_needs_name`,
    `curator_needs_authority`, `curator_already`.
    """
    if not user.display_name:
        raise DomainError(
            "curator_needs_name",
            _("The organization reads who sees its figures: write the curator's name."),
            fields={"name": _("Write the name.")},
        )
    named = clean(authority)[:200]
    if not named:
        text = _("Write on whose behalf the curator sees the figures.")
        raise DomainError("curator_needs_authority", text, fields={"authority": text})
    try:
        with transaction.atomic():
            made = Curatorship.objects.create(user=user, organization=organization, authority=named)
    except IntegrityError as error:
        text = _("This curator already sees %(organization)s.") % {"organization": organization.short_name}
        raise DomainError("curator_already", text, fields={"organizations": text}) from error
    record(organization, None, [_deed(Action.CURATOR_APPOINTED, made)])
    return made


@transaction.atomic
def end_curatorship(*, curatorship: Curatorship) -> bool:
    """End it and tell the organization's journal; False: it had ended before. The past stays."""
    still = Curatorship.objects.filter(pk=curatorship.pk, until=None)
    if not still.update(until=timezone.now()):
        return False
    record(curatorship.organization, None, [_deed(Action.CURATOR_ENDED, curatorship)])
    return True


def _deed(action: Action, curatorship: Curatorship) -> Deed:
    names = {"curator": curatorship.user.display_name, "authority": curatorship.authority}
    return Deed(action, details=names)
