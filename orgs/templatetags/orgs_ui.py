"""The organization's words in templates."""

from typing import Any

from django import template
from django.utils.text import capfirst

from orgs import audit
from orgs.models import AuditEvent, Part, Person
from orgs.vocabulary import Vocabulary, unit_phrase

register = template.Library()


@register.simple_tag
def phrase(kind: str, key: str, **values: Any) -> str:
    """A whole sentence about a unit of `kind`: `{% phrase unit.kind "in" name=unit.name %}`."""
    return unit_phrase(kind, key, **values)


@register.filter
def role_names(person: Person, words: Vocabulary) -> str:
    """The roles of a person loaded with `with_roster_columns`, in the organization's words."""
    return ", ".join(str(words.role(held.role)) for held in person.active_roles)  # type: ignore[attr-defined]


@register.filter
def role_name(role: str, words: Vocabulary) -> str:
    """One role in the organization's words."""
    return str(words.role(role))


@register.filter
def part_name(part: str, words: Vocabulary) -> str:
    """A part in a unit in the organization's words."""
    return str(words.part(part))


@register.filter
def sentence(event: AuditEvent, words: Vocabulary) -> str:
    """What happened, as a sentence with a capital letter."""
    return capfirst(audit.sentence_of(event, words))


@register.filter
def unit_names(person: Person) -> str:
    """The units of a person loaded with `with_roster_columns`, the staff unit left out."""
    names = [row.unit.name for row in person.active_enrolments if not row.unit.is_staff_unit]  # type: ignore[attr-defined]
    return ", ".join(dict.fromkeys(names))


@register.filter
def is_leader(part: str) -> bool:
    """Whether the part is the leader's."""
    return part == Part.LEADER
