"""Whom circles of people mean today, for many things at once: the roster is read once and held as ids.

It answers as `orgs.selectors.audiences.people_in` does (tests/stats/test_reach.py holds them together).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from orgs.models import STAFF_ROLES, Audience, AudienceRule, Part, Person, Role
from readings.selectors.roster import Ids, Roster, load_roster

_ROLES: dict[str, tuple[str, ...]] = {
    Audience.STAFF: tuple(STAFF_ROLES),
    Audience.ADMINISTRATION: (Role.ADMINISTRATOR, Role.HEAD),
    Audience.STUDENTS: (Role.STUDENT,),
    Audience.PARENTS: (Role.PARENT,),
}
_PARTS: dict[str, tuple[str, ...]] = {
    Audience.EVERYONE: tuple(Part.values),
    Audience.STAFF: (Part.LEADER, Part.TEACHER),
    Audience.LEADERS: (Part.LEADER,),
    Audience.STUDENTS: (Part.STUDENT,),
    Audience.PARENTS: (),
}


@dataclass(frozen=True)
class Circles:
    """The roster of one organization today, and who of it is connected."""

    roster: Roster
    # With a confirmed account.
    connected: Ids

    @cached_property
    def everybody(self) -> Ids:
        """Everybody who holds a role."""
        return self.roster.everybody

    @cached_property
    def _leaders(self) -> Ids:
        return set().union(*(people for (_unit, part), people in self.roster.parts.items() if part == Part.LEADER))

    def people_of(self, rules: Iterable[AudienceRule]) -> Ids:
        """Return everybody whom one of `rules` means, with or without an account."""
        found: Ids = set()
        for rule in rules:
            found |= self._in_unit(rule) if rule.unit_id is not None else self._in_organization(rule.audience)
        return found & self.everybody

    def connected_of(self, rules: Iterable[AudienceRule], more: Iterable[int] = ()) -> Ids:
        """Return who of them, and of `more` who hold a role, is connected."""
        return (self.people_of(rules) | (set(more) & self.everybody)) & self.connected

    def _in_organization(self, audience: str) -> Ids:
        if audience == Audience.EVERYONE:
            return self.everybody
        if audience == Audience.LEADERS:
            return self._leaders
        return set().union(*(self.roster.roles[role] for role in _ROLES[audience]))

    def _in_unit(self, rule: AudienceRule) -> Ids:
        unit = rule.unit_id or 0
        found: Ids = set().union(*(self.roster.parts.get((unit, part), set()) for part in _PARTS[rule.audience]))
        if rule.audience in (Audience.EVERYONE, Audience.PARENTS):
            children = self.roster.parts.get((unit, Part.STUDENT), set())
            found |= set().union(*(self.roster.parents.get(child, set()) for child in children))
        return found


def load_circles(organization_id: int) -> Circles:
    """Read them in four queries."""
    connected = Person.objects.filter(
        organization=organization_id, merged_into=None, user__phone_verified_at__isnull=False
    )
    return Circles(load_roster(organization_id), set(connected.values_list("pk", flat=True)))
