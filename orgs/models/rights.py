"""Rights granted to one person on one object, beyond the role: guardian's tables with direct foreign keys."""

from django.db import models
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from orgs.models.organization import Organization
from orgs.models.structure import Unit


class OrganizationUserObjectPermission(UserObjectPermissionBase):
    content_object = models.ForeignKey(Organization, on_delete=models.CASCADE)


class OrganizationGroupObjectPermission(GroupObjectPermissionBase):
    """Not used by the pages; guardian wants the pair."""

    content_object = models.ForeignKey(Organization, on_delete=models.CASCADE)


class UnitUserObjectPermission(UserObjectPermissionBase):
    content_object = models.ForeignKey(Unit, on_delete=models.CASCADE)


class UnitGroupObjectPermission(GroupObjectPermissionBase):
    """Not used by the pages; guardian wants the pair."""

    content_object = models.ForeignKey(Unit, on_delete=models.CASCADE)
