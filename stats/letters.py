"""Words of reminders and of the weekly letter, made when they leave (STAT-6)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from orgs.actor import Actor, actor_of
from orgs.models import Enrolment, Guardianship, Part, Person
from orgs.telling import as_told
from orgs.vocabulary import vocabulary_of
from outbox.rendering import Obsolete, Rendered
from stats import wording
from stats.catalogue import BY_KEY, Circle, Figure, Group
from stats.models import Presence
from stats.periods import PeriodKind, days_of
from stats.selectors.changed import changed_most
from stats.selectors.figures import overview
from stats.selectors.rules import rules_of
from stats.selectors.values import Value, viewer_of
from stats.services.reminding import ABOUT_COMING

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as Words

_LOOK_IN = gettext_lazy("News, announcements and messages wait for you on the platform. Please look in.")
REMINDERS: Mapping[str, Words] = {
    "staff_active": gettext_lazy("Messages, news and documents wait for you on the platform. Please look in."),
    "staff_acted": gettext_lazy(
        "Your answers are waited for on the platform: answer messages, confirm what you have read, tell the news."
    ),
    "parents_active": _LOOK_IN,
}
# Figures whose key begins with the people they are of.
_OF_PEOPLE = (Group.CONNECTION, Group.ACTIVITY)


# --- «Напомнить» ------------------------------------------------------------------------------------------------------
def stats_reminder(context: dict[str, Any], secret: str) -> Rendered:
    """A reminder to somebody with an account. `context`: `figure`, `day`, `person`.

    Raises `Obsolete` when the person is no longer on the roster, or was reminded of coming and has come meanwhile.
    """
    with translation.override(settings.LANGUAGE_CODE):
        person = _still_there(context)
        if context["figure"] in ABOUT_COMING:
            day = date.fromisoformat(context["day"])
            if Presence.objects.filter(person=person, day__gte=day).exists():
                raise Obsolete(_("The person has come meanwhile."))
        organization = person.organization
        subject = _("A reminder: %(organization)s") % {"organization": organization.short_name}
        text = str(REMINDERS.get(context["figure"], _LOOK_IN))
        path = reverse("orgs:home", args=[organization.slug])
        return as_told(context, subject=_line(subject), text=text, path=path, tag=f"stats-{organization.pk}")


def stats_join(context: dict[str, Any], secret: str) -> Rendered:
    """How to come in, for somebody of the roster without an account: whom to ask for a link. `context` as above.

    Nothing in it opens a door: the address may be an old one. Raises `Obsolete` when the person has joined meanwhile.
    """
    with translation.override(settings.LANGUAGE_CODE):
        person = _still_there(context)
        if person.user_id is not None:
            raise Obsolete(_("The person has joined meanwhile."))
        organization = person.organization
        is_parent = _circle_of(context) in (Circle.FAMILIES, Circle.PARENTS)
        words = {
            "organization": organization,
            "person": person,
            "leader_word": vocabulary_of(organization)["leader"],
            "leaders": _leaders_of(person) if is_parent else [],
            "is_parent": is_parent,
            "url": settings.SITE_URL.rstrip("/"),
        }
        return _letter(_("%(organization)s invites you to the platform"), "join", words)


def _still_there(context: dict[str, Any]) -> Person:
    on_roster = Person.objects.on_roster().select_related("organization")
    person = on_roster.filter(pk=context["person"]).first()
    if person is None:
        raise Obsolete(_("This person is no longer on the roster."))
    return person


def _circle_of(context: dict[str, Any]) -> Circle | None:
    figure: Figure | None = BY_KEY.get(context["figure"])
    return figure.people if figure is not None else None


def _leaders_of(parent: Person) -> list[tuple[str, str]]:
    """Who leads the units of the children: (name, unit)."""
    children = Guardianship.objects.filter(parent=parent, until=None).values("child")
    units = Enrolment.objects.filter(person__in=children, part=Part.STUDENT, until=None, unit__archived_at=None)
    leaders = Enrolment.objects.filter(unit__in=units.values("unit"), part=Part.LEADER, until=None)
    rows = leaders.select_related("person", "unit").order_by("unit__sort_key", "person__search_name")
    return [(row.person.full_name, row.unit.name) for row in rows]


# --- The week ---------------------------------------------------------------------------------------------------------
def stats_weekly(context: dict[str, Any], secret: str) -> Rendered:
    """The letter to a head: the three figures that changed most in a week. `context`: `person`, `monday`.

    Nothing changed: it says so. Raises `Obsolete` when the person no longer leads the organization, the letter was
    switched off, or nothing has been counted.
    """
    with translation.override(settings.LANGUAGE_CODE):
        actor = _head(context)
        with timezone.override(actor.organization.zone):
            days = days_of(PeriodKind.WEEK, date.fromisoformat(context["monday"]))
            rules = rules_of(actor.organization)
            found = overview(viewer_of(actor), days, without_doubtful=rules.without_doubtful)
            values = [one for key, one in found.values.items() if actor.words.students_join or "student" not in key]
            if not rules.weekly_letter:
                raise Obsolete(_("The weekly letter is switched off."))
            if found.counted_at is None or all(value.amount is None for value in values):
                raise Obsolete(_("Nothing has been counted."))
            address = reverse("stats:overview", args=[actor.organization.slug])
            words = {
                "organization": actor.organization,
                "person": actor.person,
                "period": wording.period(days),
                "lines": [_change_line(value) for value in changed_most(values)],
                "as_of": wording.as_of(found.counted_at),
                "url": f"{settings.SITE_URL.rstrip('/')}{address}?period={days.kind}&on={days.first.isoformat()}",
            }
            return _letter(_("%(organization)s: the week in figures"), "weekly", words)


def _head(context: dict[str, Any]) -> Actor:
    person = Person.objects.select_related("organization").filter(pk=context["person"], merged_into=None).first()
    actor = actor_of(person) if person is not None else None
    if actor is None or not actor.is_head:
        raise Obsolete(_("This person does not lead the organization any more."))
    return actor


def _change_line(value: Value) -> dict[str, str]:
    """One of the three: name, number with its whole, what it was, how it changed, and its norm."""
    measure = value.figure.measure
    norm = ""
    if value.norm is not None:
        text = _("the norm of %(percent)s %% is met") if value.meets_norm else _("below the norm of %(percent)s %%")
        norm = text % {"percent": value.norm}
    more = [_("a week before: %(amount)s") % {"amount": wording.amount(measure, value.before)}]
    more += filter(None, [wording.change(value), wording.judgement(value), norm])
    return {
        "name": str(value.figure.name),
        "amount": wording.amount(measure, value.amount),
        "whole": part_of_people(value),
        "more": "; ".join(more),
    }


def part_of_people(value: Value) -> str:
    """Return «15 из 21 педагога»: whom a share is of, declined by the whole; of other figures what pages say."""
    whole = value.denominator
    circle = value.figure.key.partition("_")[0]
    if whole is None or value.is_hidden or value.amount is None or value.figure.group not in _OF_PEOPLE:
        return wording.of_whole(value)
    forms = {
        "staff": lambda: ngettext("%(part)s of %(whole)s teacher", "%(part)s of %(whole)s teachers", whole),
        "students": lambda: ngettext("%(part)s of %(whole)s student", "%(part)s of %(whole)s students", whole),
        "parents": lambda: ngettext("%(part)s of %(whole)s parent", "%(part)s of %(whole)s parents", whole),
        "families": lambda: ngettext("%(part)s of %(whole)s family", "%(part)s of %(whole)s families", whole),
    }
    return forms[circle]() % {"part": wording.number(value.numerator), "whole": wording.number(whole)}


def _letter(subject: str, template: str, words: dict[str, Any]) -> Rendered:
    subject = _line(subject % {"organization": words["organization"].short_name})
    text = render_to_string(f"stats/letters/{template}.txt", words).strip() + "\n"
    return Rendered(subject, text, render_to_string(f"stats/letters/{template}.html", {**words, "subject": subject}))


def _line(text: str) -> str:
    return " ".join(text.split())
