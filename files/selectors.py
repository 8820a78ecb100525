"""Files an actor may read."""

from django.db.models import QuerySet

from files.models import OrganizationLogo, StoredFile
from orgs.actor import Actor


def logos_of(organization_id: int) -> QuerySet[StoredFile]:
    """Return the organization's logo as a queryset of one row or none."""
    logos = OrganizationLogo.objects.filter(organization_id=organization_id)
    return StoredFile.objects.filter(pk__in=logos.values("file_id"))


def logo_visible_to(actor: Actor, version: int) -> StoredFile | None:
    """Return the logo of the actor's own organization (REG-5); None when there is none, or `version` is an old one."""
    if version != actor.organization.logo_version:
        return None
    return logos_of(actor.organization.pk).first()


def unclaimed_of(actor: Actor) -> QuerySet[StoredFile]:
    """Return what the actor has uploaded in this organization and used nowhere yet; nobody else sees it (CHAT-5)."""
    return StoredFile.objects.filter(organization=actor.organization, uploaded_by=actor.person, claimed_at=None)
