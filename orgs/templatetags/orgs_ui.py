"""The organization's words in templates."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from common.templatetags.ui import icon, state
from orgs import audit
from orgs.models import AuditEvent, Part, Person
from orgs.vocabulary import Vocabulary, unit_phrase

register = template.Library()


@register.simple_tag
def phrase(kind: str, key: str, **values: Any) -> str:
    """A whole sentence about a unit of `kind`: `{% phrase unit.kind "in" name=unit.name %}`."""
    return unit_phrase(kind, key, **values)


@register.simple_tag(takes_context=True)
def write_button(context: template.Context, person: Person) -> str:
    """A button that opens the personal chat with `person`, if the page's `writable` holds them; the form «write» stands
    on the page."""
    if person.pk not in (context.get("writable") or ()):
        return ""
    opening = (
        '<button class="btn btn-sm btn-ghost" type="submit" form="write" name="person" value="{}" aria-label="{}">'
    )
    return format_html(
        opening + "{}</button>", person.pk, _("Write: %(name)s") % {"name": person.full_name}, icon("message")
    )


@register.simple_tag
def joined_mark(person: Person) -> str:
    """Whether a person has joined."""
    if person.has_joined:
        return state(pgettext("mark", "joined"), "good", "check")
    return state(pgettext("mark", "not joined"), icon_name="circle-dashed")


@register.filter
def role_names(person: Person, words: Vocabulary) -> str:
    """The roles of a person loaded with `with_roster_columns`, in the organization's words."""
    return ", ".join(str(words.role(held.role)) for held in person.active_roles)  # type: ignore[attr-defined]


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
