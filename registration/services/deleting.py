"""Deleting an organization: asked for, cancelled, carried out after its delay (REG-5)."""

from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.errors import DomainError
from common.text import normalise
from orgs.actor import Actor
from orgs.audit import Action, Deed, record
from orgs.models import Organization, Person, Role
from orgs.telling import tell
from registration.models import Deletion
from registration.selectors.deletions import pending_of


def plan_deletion(*, actor: Actor, typed_name: str) -> Deletion:
    """Ask for the organization to be deleted in `ORGANIZATION_DELETION_DAYS` days (REG-5); the administration is told.

    `typed_name` must be its short name, so that nobody does it by a slip. Raises `DomainError`: `name_differs`,
    `deletion_pending`.
    """
    organization = actor.organization
    if normalise(typed_name) != normalise(organization.short_name):
        message = _("This is not the name. Type it as it stands above.")
        raise DomainError("name_differs", message, fields={"short_name": message}, status=400)
    try:
        with transaction.atomic():
            return _plan(actor, organization)
    except IntegrityError as error:
        raise _pending() from error


def _plan(actor: Actor, organization: Organization) -> Deletion:
    if pending_of(organization.pk) is not None:
        raise _pending()
    now = timezone.now()
    deletion = Deletion.objects.create(
        organization=organization,
        organization_number=organization.pk,
        slug=organization.slug,
        name=organization.name,
        short_name=organization.short_name,
        inn=organization.inn,
        requested_by_id=actor.user_id,
        requested_name=actor.person.full_name,
        requested_at=now,
        due_at=now + timedelta(days=settings.ORGANIZATION_DELETION_DAYS),
    )
    day = timezone.localdate(deletion.due_at, organization.zone)
    record(organization, actor, [Deed(Action.DELETION_PLANNED, details={"day": f"{day:%d.%m.%Y}"})])
    _tell(deletion, organization, "deletion_planned")
    return deletion


def _pending() -> DomainError:
    return DomainError("deletion_pending", _("The deletion of this organization has been asked for already."))


@transaction.atomic
def cancel_deletion(*, deletion: Deletion, actor: Actor | None, name: str = "") -> None:
    """Let the organization stay (REG-5): by an administrator, or by the operator (`actor` None, with a `name`).

    The condition stands in the statement: what is cancelled is not carried out. Raises `DomainError`
    `deletion_over` when it is carried out or cancelled already.
    """
    by = actor.person.full_name if actor is not None else name
    waiting = Deletion.objects.filter(pk=deletion.pk, cancelled_at=None, done_at=None)
    if not waiting.update(cancelled_at=timezone.now(), cancelled_name=by[:250]) or deletion.organization is None:
        raise DomainError("deletion_over", _("Nothing waits to be cancelled any more."))
    record(deletion.organization, actor, [Deed(Action.DELETION_CANCELLED)])
    _tell(deletion, deletion.organization, "deletion_cancelled")


def _tell(deletion: Deletion, organization: Organization, template: str) -> None:
    """All administrators and the head, at once: it concerns everything they have."""
    people = Person.objects.filter(
        organization=organization,
        merged_into=None,
        roles__role__in=[Role.ADMINISTRATOR, Role.HEAD],
        roles__until=None,
    ).select_related("user")
    tell(
        organization=organization,
        people=people.distinct(),
        template=template,
        context={"deletion": deletion.pk},
        key=f"deletion:{deletion.pk}:{template}",
        is_urgent=True,
    )
