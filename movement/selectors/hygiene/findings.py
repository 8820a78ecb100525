"""All findings of the check, by group; what was said to be no problem apart (ORG-7)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from movement.models import Dismissal
from movement.selectors.hygiene import data, places
from movement.selectors.hygiene.finding import Finding
from movement.selectors.hygiene.roster import Roster, read_roster
from orgs.models import Organization

Check = Callable[[Roster], Iterable[Finding]]

# In the order of the page: what hinders most first.
GROUPS: Mapping[str, Check] = {
    "one_administrator": places.one_administrator,
    "no_role": places.no_role,
    "duplicates": data.duplicates,
    "two_units": places.two_units,
    "no_unit": places.no_unit,
    "no_leader": places.no_leader,
    "conditional": places.conditional,
    "no_parent": places.no_parent,
    "no_child": places.no_child,
    "birth_date": data.birth_dates,
    "names": data.names,
    "shared_phone": data.shared_phones,
    "not_joined": places.not_joined,
    "empty_unit": places.empty_units,
    "staff_no_unit": places.staff_without_unit,
}
# What keeps people from working or shows them what is wrong; the rest is good to know.
SERIOUS = frozenset({"one_administrator", "no_role", "duplicates", "two_units", "no_unit", "no_leader", "conditional"})


@dataclass
class Group:
    """The findings of one kind."""

    name: str
    findings: list[Finding] = field(default_factory=list)
    dismissed: list[Finding] = field(default_factory=list)

    @property
    def is_serious(self) -> bool:
        return self.name in SERIOUS


@dataclass
class Findings:
    """Everything the check has found."""

    roster: Roster
    groups: dict[str, Group]

    @property
    def count(self) -> int:
        """How many there are, those apart that are no problem."""
        return sum(len(group.findings) for group in self.groups.values())

    @property
    def dismissed_count(self) -> int:
        return sum(len(group.dismissed) for group in self.groups.values())


def findings_of(organization: Organization, now: datetime, only: str = "") -> Findings:
    """Check the roster of an organization, or look for one group `only`; six statements."""
    roster = read_roster(organization, now)
    apart = set(Dismissal.objects.filter(organization=organization).values_list("group", "key"))
    groups = {}
    for name, check in GROUPS.items():
        if only and name != only:
            continue
        groups[name] = group = Group(name)
        for finding in check(roster):
            (group.dismissed if (name, finding.key) in apart else group.findings).append(finding)
    return Findings(roster, groups)
