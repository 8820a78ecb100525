"""What needs the head's attention: found in the figures, said in words by one function (STAT-6)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orgs.models import Unit, UnitKind
from stats.catalogue import BY_KEY, NORM_TEMPLATES, SILENT_DAYS
from stats.periods import Days
from stats.selectors.asking import Asking, asking
from stats.selectors.figures import overview_of, read
from stats.selectors.units import heat_map
from stats.selectors.values import HeatRow, Value, Viewer

# Of a week that has begun, not everybody has come yet: after so many days it is worth saying.
DAYS_BEFORE_SAYING = 5
# Where no norm is switched on, fewer connected families than this are few.
FEW_FAMILIES = 50
MOST_UNITS = 3


class FindingKind(StrEnum):
    """What can be found, in the order in which it is shown."""

    NORM_UNMET = "norm_unmet"
    STAFF_NOT_ACTIVE = "staff_not_active"
    READINGS_OVERDUE = "readings_overdue"
    SILENT_UNITS = "silent_units"
    FEW_FAMILIES = "few_families"
    INVITATIONS_EXPIRED = "invitations_expired"


@dataclass(frozen=True)
class Finding:
    """One thing that needs attention; `words_of` says it."""

    kind: FindingKind
    # The figure of the catalogue that opens behind it.
    figure: str
    # How many: people, units, readings, invitations, or (of a norm) per cent reached.
    number: int
    # Of how many; of a norm: the per cent wanted.
    total: int = 0
    # When it is about one unit.
    unit: Unit | None = None
    # The kind of units that are counted, for the right word; empty: of several kinds.
    unit_kind: str = ""
    # Whether the viewer may send «Напомнить» to the people missing in `figure`.
    can_remind: bool = False


def needs_attention(viewer: Viewer, days: Days, *, today: date | None = None) -> list[Finding]:
    """Return what needs attention in the period, the most pressing first. As many statements as figures and heat map
    take; a page that shows these too reads all from `board`."""
    question = asking(viewer, days, None, today)
    loaded = read(question)
    values = overview_of(question, loaded, without_doubtful=False).values
    return findings_of(question, values, heat_map(viewer, days, today=today), loaded.frame.overdue)


def findings_of(question: Asking, values: Mapping[str, Value], rows: Sequence[HeatRow], overdue: int) -> list[Finding]:
    """Return the findings in figures that were read. No query. Nothing is found in a hidden figure."""
    viewer = question.viewer
    unmet = list(_norms(viewer, values))
    found = [*unmet]
    if "staff_active" not in {finding.figure for finding in unmet}:
        found += _staff(question, values["staff_active"])
    if overdue:
        found.append(Finding(FindingKind.READINGS_OVERDUE, "reading_reach", overdue))
    found += _silent([row.unit for row in rows if row.is_silent], len(rows))
    norm = values["families_joined"].norm or FEW_FAMILIES
    found += _families(viewer, rows, norm)
    expired = values["invitations_expired"]
    if expired.numerator:
        kind = FindingKind.INVITATIONS_EXPIRED
        found.append(Finding(kind, "invitations_expired", expired.numerator, expired.denominator or 0))
    return found


def _norms(viewer: Viewer, values: Mapping[str, Value]) -> Iterator[Finding]:
    for key in NORM_TEMPLATES:
        value = values[key]
        if value.meets_norm is False and value.denominator:
            # Cut off, never rounded up to a norm that is not met.
            reached = value.numerator * 100 // value.denominator
            reminds = _can_remind(viewer, key)
            yield Finding(FindingKind.NORM_UNMET, key, reached, value.norm or 0, can_remind=reminds)


def _can_remind(viewer: Viewer, key: str) -> bool:
    return viewer.sees_people and BY_KEY[key].can_remind


def _staff(question: Asking, value: Value) -> Iterator[Finding]:
    missing = (value.denominator or 0) - value.numerator
    is_over = question.now.length == question.days.length
    if not missing or value.is_hidden or not (is_over or question.now.length >= DAYS_BEFORE_SAYING):
        return
    reminds = _can_remind(question.viewer, "staff_active")
    total = value.denominator or 0
    yield Finding(FindingKind.STAFF_NOT_ACTIVE, "staff_active", missing, total, can_remind=reminds)


def _silent(units: Sequence[Unit], total: int) -> Iterator[Finding]:
    if len(units) == 1:
        yield Finding(FindingKind.SILENT_UNITS, "messages", 1, total, units[0], units[0].kind)
    elif units:
        kinds = {unit.kind for unit in units}
        kind = kinds.pop() if len(kinds) == 1 else ""
        yield Finding(FindingKind.SILENT_UNITS, "silent_units", len(units), total, unit_kind=kind)


def _families(viewer: Viewer, rows: Sequence[HeatRow], norm: int) -> Iterator[Finding]:
    """The units farthest below; a unit whose families may not be told apart has no share."""
    cells = [(row.unit, row.cells["families_joined"]) for row in rows]
    few = [(unit, cell) for unit, cell in cells if cell.total and not cell.is_hidden]
    few = [(unit, cell) for unit, cell in few if cell.joined * 100 < norm * cell.total]
    few.sort(key=lambda found: (found[1].joined / found[1].total, found[0].sort_key))
    reminds = _can_remind(viewer, "families_joined")
    for unit, cell in few[:MOST_UNITS]:
        kind = FindingKind.FEW_FAMILIES
        yield Finding(kind, "families_joined", cell.joined, cell.total, unit, unit.kind, can_remind=reminds)


def words_of(finding: Finding) -> str:
    """Return the finding as a sentence, in the language of the reader."""
    return _SENTENCES[finding.kind](finding)


def _norm_words(finding: Finding) -> str:
    values = {"figure": BY_KEY[finding.figure].name, "reached": finding.number, "norm": finding.total}
    return _("%(figure)s: %(reached)s%% with a norm of at least %(norm)s%%.") % values


def _staff_words(finding: Finding) -> str:
    text = ngettext(
        "%(count)s of %(total)s staff did not come to the platform in this period.",
        "%(count)s of %(total)s staff did not come to the platform in this period.",
        finding.number,
    )
    return text % {"count": finding.number, "total": finding.total}


def _readings_words(finding: Finding) -> str:
    text = ngettext(
        "The deadline of %(count)s required reading is over, and not everybody has confirmed.",
        "The deadline of %(count)s required readings is over, and not everybody has confirmed.",
        finding.number,
    )
    return text % {"count": finding.number}


def _silent_words(finding: Finding) -> str:
    if finding.unit is not None:
        text = _("%(unit)s: nothing was written for %(days)s days.")
        return text % {"unit": finding.unit.name, "days": SILENT_DAYS}
    n = finding.number
    texts: dict[str, str] = {
        UnitKind.CLASS: ngettext(
            "Nothing was written for %(days)s days in %(count)s class.",
            "Nothing was written for %(days)s days in %(count)s classes.",
            n,
        ),
        UnitKind.GROUP: ngettext(
            "Nothing was written for %(days)s days in %(count)s group.",
            "Nothing was written for %(days)s days in %(count)s groups.",
            n,
        ),
        UnitKind.CIRCLE: ngettext(
            "Nothing was written for %(days)s days in %(count)s circle.",
            "Nothing was written for %(days)s days in %(count)s circles.",
            n,
        ),
    }
    mixed = ngettext(
        "Nothing was written for %(days)s days in %(count)s unit.",
        "Nothing was written for %(days)s days in %(count)s units.",
        n,
    )
    return texts.get(finding.unit_kind, mixed) % {"count": n, "days": SILENT_DAYS}


def _families_words(finding: Finding) -> str:
    values = {"unit": finding.unit.name if finding.unit else "", "count": finding.number, "total": finding.total}
    return _("%(unit)s: %(count)s of %(total)s families are connected.") % values


def _invitations_words(finding: Finding) -> str:
    text = ngettext(
        "%(count)s of %(total)s invitations of this period expired before it was used up.",
        "%(count)s of %(total)s invitations of this period expired before they were used up.",
        finding.number,
    )
    return text % {"count": finding.number, "total": finding.total}


_SENTENCES: Mapping[FindingKind, Callable[[Finding], str]] = {
    FindingKind.NORM_UNMET: _norm_words,
    FindingKind.STAFF_NOT_ACTIVE: _staff_words,
    FindingKind.READINGS_OVERDUE: _readings_words,
    FindingKind.SILENT_UNITS: _silent_words,
    FindingKind.FEW_FAMILIES: _families_words,
    FindingKind.INVITATIONS_EXPIRED: _invitations_words,
}
