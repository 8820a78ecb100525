"""What the check of the data says: titles, why it matters, what tells one finding from another."""

from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from movement.selectors.duplicates import Sign
from movement.selectors.hygiene import Finding


def words_of(name: str) -> tuple[str, str]:
    """Return the title of a group and why it matters."""
    return {
        "one_administrator": (
            _("Fewer than two administrators"),
            _("When the only one is ill or gone, nobody can let people in or put anything right."),
        ),
        "no_role": (_("People without a role"), _("They are in no list and see nothing. Give a role, or merge them.")),
        "duplicates": (_("Possibly one and the same person"), _("Compare the two and make one of them.")),
        "two_units": (_("In two at once"), _("Messages of both go to the family. Say where the student stays.")),
        "no_unit": (_("Students without a place"), _("They and their parents are in no chat. Say where they learn.")),
        "no_leader": (_("Nobody leads"), _("Leaders invite parents and answer them. Appoint one.")),
        "conditional": (
            _("Passed on conditionally more than a year ago"),
            _("By the law debts are settled within a year. Say that they are, or move the student."),
        ),
        "no_parent": (_("Students without a parent"), _("Nobody at home gets any message. Tie a parent.")),
        "no_child": (_("Parents without a child"), _("They see no class. Say whose parents they are.")),
        "birth_date": (_("Birth dates that cannot be right"), _("Correct the date, or say that it is no problem.")),
        "names": (
            _("Names written unusually"),
            _("In capitals only, or with letters of another alphabet: search does not find them."),
        ),
        "shared_phone": (
            _("One phone of people who are no family"),
            _("By the phone people are recognised when they join. One of them has a wrong number."),
        ),
        "not_joined": (
            _("On the roster for two months, not joined"),
            _("Hand out a personal code once more: on paper, or by a letter."),
        ),
        "empty_unit": (_("Nobody learns here"), _("Put it into the archive, or enrol students.")),
        "staff_no_unit": (_("Teachers who teach nowhere"), _("It may well be so. Else say whom they teach.")),
    }[name]


def note_of(finding: Finding, group: str) -> str:
    """Return what is told of a finding beside the names."""
    notes: dict[str, Any] = {"duplicates": _sign, "birth_date": _age, "not_joined": _since, "conditional": _since}
    notes |= {"shared_phone": lambda one: one.facts["phone"], "names": _name}
    make = notes.get(group)
    return str(make(finding)) if make is not None else ""


def _sign(finding: Finding) -> str:
    return {
        Sign.SAME_BIRTH_DATE: _("the same name and birth date"),
        Sign.SAME_PHONE: _("the same name and phone"),
        Sign.SWAPPED: _("the same names in another order"),
        Sign.ONE_LETTER: _("one letter differs, the same birth date"),
        Sign.SAME_PARENTS: _("one letter differs, the same parents"),
        Sign.SAME_NAME: _("the same full name"),
    }[Sign(finding.sign)]


def _age(finding: Finding) -> str:
    day = formats.date_format(finding.facts["birth_date"], "d.m.Y")
    if finding.sign == "to_come":
        return _("%(day)s — this day has not come yet") % {"day": day}
    age = finding.facts["age"]
    years = ngettext("%(count)s year old", "%(count)s years old", age) % {"count": age}
    return f"{day} — {years}"


def _since(finding: Finding) -> str:
    return _("since %(day)s") % {"day": formats.date_format(finding.facts["since"], "d.m.Y")}


def _name(finding: Finding) -> str:
    better = finding.facts["better"]
    if better is None:
        return _("in Latin letters")
    return _("better: %(name)s") % {"name": " ".join(filter(None, better.values()))}
