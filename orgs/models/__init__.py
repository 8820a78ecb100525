"""Organizations, their structure, their people and what happened to them."""

from orgs.models.audience import UNIT_AUDIENCES, Audience, AudienceRule
from orgs.models.journal import AuditEvent
from orgs.models.organization import HandoverOffer, Kind, Organization
from orgs.models.people import (
    STAFF_ROLES,
    Enrolment,
    Guardianship,
    Part,
    Person,
    Role,
    RoleAssignment,
    Verification,
)
from orgs.models.rights import (
    OrganizationGroupObjectPermission,
    OrganizationUserObjectPermission,
    UnitGroupObjectPermission,
    UnitUserObjectPermission,
)
from orgs.models.structure import AcademicYear, Unit, UnitKind

__all__ = [
    "STAFF_ROLES",
    "UNIT_AUDIENCES",
    "AcademicYear",
    "Audience",
    "AudienceRule",
    "AuditEvent",
    "Enrolment",
    "Guardianship",
    "HandoverOffer",
    "Kind",
    "Organization",
    "OrganizationGroupObjectPermission",
    "OrganizationUserObjectPermission",
    "Part",
    "Person",
    "Role",
    "RoleAssignment",
    "Unit",
    "UnitGroupObjectPermission",
    "UnitKind",
    "UnitUserObjectPermission",
    "Verification",
]
