"""OneRoster 1.2 CSV as both ways need it: the files of the ZIP and their columns in the order of the standard (INT-3).

Demographics are left out: dates of birth stay here.
"""

from __future__ import annotations

from collections.abc import Mapping

from orgs.models import Role

MANIFEST = "manifest.csv"
_START = ("sourcedId", "status", "dateLastModified")
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "academicSessions": (*_START, "title", "type", "startDate", "endDate", "parentSourcedId", "schoolYear"),
    "orgs": (*_START, "name", "type", "identifier", "parentSourcedId"),
    "courses": (
        *(*_START, "schoolYearSourcedId", "title", "courseCode", "grades", "orgSourcedId", "subjects"),
        "subjectCodes",
    ),
    "classes": (
        *(*_START, "title", "grades", "courseSourcedId", "classCode", "classType", "location", "schoolSourcedId"),
        *("termSourcedIds", "subjects", "subjectCodes", "periods"),
    ),
    "users": (
        *(*_START, "enabledUser", "username", "userIds", "givenName", "familyName", "middleName", "identifier"),
        *("email", "sms", "phone", "agentSourcedIds", "grades", "password", "userMasterIdentifier"),
        *("resourceSourcedIds", "preferredGivenName", "preferredMiddleName", "preferredFamilyName"),
        *("primaryOrgSourcedId", "pronouns", "metadata.position"),
    ),
    "roles": (
        *(*_START, "userSourcedId", "roleType", "role", "beginDate", "endDate", "orgSourcedId"),
        "userProfileSourcedId",
    ),
    "enrollments": (
        *(*_START, "classSourcedId", "schoolSourcedId", "userSourcedId", "role", "primary", "beginDate"),
        "endDate",
    ),
}
# The files of the standard that we neither write nor read.
ABSENT = (
    *("categories", "classResources", "courseResources", "demographics", "lineItemLearningObjectiveIds", "lineItems"),
    *("lineItemScoreScales", "resources", "resultLearningObjectiveIds", "results", "resultScoreScales", "scoreScales"),
    *("userProfiles", "userResources"),
)
ROLES_WRITTEN: Mapping[str, str] = {
    Role.ADMINISTRATOR: "siteAdministrator",
    Role.HEAD: "principal",
    Role.TEACHER: "teacher",
    Role.STUDENT: "student",
    Role.PARENT: "guardian",
}
# Folded; an administrator is told, not appointed.
ROLES_READ: Mapping[str, str] = {
    "student": Role.STUDENT,
    "teacher": Role.TEACHER,
    "aide": Role.TEACHER,
    "counselor": Role.TEACHER,
    "proctor": Role.TEACHER,
    "principal": Role.HEAD,
    "parent": Role.PARENT,
    "guardian": Role.PARENT,
    "relative": Role.PARENT,
    "administrator": Role.ADMINISTRATOR,
    "siteadministrator": Role.ADMINISTRATOR,
    "districtadministrator": Role.ADMINISTRATOR,
    "systemadministrator": Role.ADMINISTRATOR,
}
# How we name a person and a unit; so an import knows its own.
PERSON, UNIT = "person-", "unit-"
