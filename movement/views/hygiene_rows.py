"""Lines of the check of the data: whom it is about, and what puts it right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from movement.selectors.hygiene import Finding, Findings
from movement.views.hygiene_words import note_of
from orgs.actor import Actor
from orgs.models import Role


@dataclass(frozen=True)
class Remedy:
    """A button: a link, or with `sends` a form that does it at once."""

    label: str
    url: str
    icon: str = ""
    sends: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Line:
    """One finding as the page shows it."""

    finding: Finding
    names: list[tuple[str, str]]
    note: str
    remedies: list[Remedy]
    # What is typed or chosen right here: «unit» or «birth_date».
    asks: str = ""


ASKS = {"no_unit": "unit", "birth_date": "birth_date"}


def lines_of(actor: Actor, findings: Findings, group: str, found: Iterable[Finding]) -> list[Line]:
    """Return the lines of some findings of `group`. Reads nothing."""
    return [_line(actor, findings, group, finding) for finding in found]


def _line(actor: Actor, findings: Findings, group: str, finding: Finding) -> Line:
    people = [(findings.roster.people[key].full_name, _to(actor, "orgs:person", key)) for key in finding.people]
    units = [(findings.roster.units[key].name, _to(actor, "orgs:unit", key)) for key in finding.units]
    make = _REMEDIES.get(group)
    remedies = list(make(actor, findings, finding)) if make is not None else []
    return Line(finding, [*people, *units], note_of(finding, group), remedies, ASKS.get(group, ""))


def _to(actor: Actor, route: str, *values: Any, **query: Any) -> str:
    address = reverse(route, args=[actor.organization.slug, *values])
    return f"{address}?{urlencode(query)}" if query else address


def _fix(actor: Actor, label: str, icon: str, **sends: Any) -> Remedy:
    return Remedy(label, _to(actor, "movement:hygiene_fix"), icon, sends)


def _merge(actor: Actor, findings: Findings, finding: Finding) -> Iterable[Remedy]:
    first, second = (findings.roster.people[key] for key in finding.people)
    # Whoever has joined is offered as the one that stays.
    kept, gone = (second, first) if second.user_id is not None and first.user_id is None else (first, second)
    url = _to(actor, "movement:merge", kept=kept.pk, gone=gone.pk)
    yield Remedy(_("Compare and merge"), url, "git-merge")


def _two_units(actor: Actor, findings: Findings, finding: Finding) -> Iterable[Remedy]:
    for key in finding.units:
        label = _("Leave in %(unit)s") % {"unit": findings.roster.units[key].name}
        yield _fix(actor, label, "check", action="keep", person=finding.people[0], unit=key)


def _role(actor: Actor, findings: Findings, finding: Finding) -> Iterable[Remedy]:
    yield Remedy(_("Give a role"), _to(actor, "orgs:person_roles", finding.people[0]), "user-check")


def _tie(actor: Actor, findings: Findings, finding: Finding) -> Iterable[Remedy]:
    is_student = Role.STUDENT in findings.roster.roles[finding.people[0]]
    label = _("Tie a parent") if is_student else _("Tie a child")
    yield Remedy(label, _to(actor, "orgs:person_tie", finding.people[0]), "users-group")


def _leader(actor: Actor, findings: Findings, finding: Finding) -> Iterable[Remedy]:
    yield Remedy(_("Appoint"), _to(actor, "orgs:unit_enrol", finding.units[0], part="leader"), "user-check")


def _archive(actor: Actor, findings: Findings, finding: Finding) -> Iterable[Remedy]:
    yield _fix(actor, _("Into the archive"), "archive", action="archive", unit=finding.units[0])
    yield Remedy(_("Enrol students"), _to(actor, "orgs:unit_enrol", finding.units[0]), "user-plus")


def _settle(actor: Actor, findings: Findings, finding: Finding) -> Iterable[Remedy]:
    yield _fix(actor, _("The debts are settled"), "check", action="settle", enrolment=finding.facts["enrolment"])


def _edit(actor: Actor, findings: Findings, finding: Finding) -> Iterable[Remedy]:
    for key in finding.people[:4]:
        label = _("Edit: %(name)s") % {"name": findings.roster.people[key].full_name}
        yield Remedy(label if len(finding.people) > 1 else _("Edit"), _to(actor, "orgs:person_edit", key), "pencil")


def _name(actor: Actor, findings: Findings, finding: Finding) -> Iterable[Remedy]:
    if finding.facts["better"] is not None:
        yield _fix(actor, _("Correct"), "check", action="name", person=finding.people[0])
    yield from _edit(actor, findings, finding)


def _codes(actor: Actor, findings: Findings, finding: Finding) -> Iterable[Remedy]:
    roles = findings.roster.roles[finding.people[0]]
    if finding.units and Role.STUDENT in roles:
        url = _to(actor, "invitations:codes", finding.units[0], Role.STUDENT.value)
        yield Remedy(_("Personal codes"), url, "qrcode")
    else:
        yield Remedy(_("Open the card"), _to(actor, "orgs:person", finding.people[0]), "user")


def _administrators(actor: Actor, findings: Findings, finding: Finding) -> Iterable[Remedy]:
    yield Remedy(_("Appoint a second one"), _to(actor, "orgs:administrators"), "shield")


_REMEDIES = {
    "one_administrator": _administrators,
    "no_role": _role,
    "duplicates": _merge,
    "two_units": _two_units,
    "no_leader": _leader,
    "conditional": _settle,
    "no_parent": _tie,
    "no_child": _tie,
    "names": _name,
    "shared_phone": _edit,
    "not_joined": _codes,
    "empty_unit": _archive,
}
