"""What needs the head's attention: found in the figures, said in words by one function (STAT-6)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from orgs.models import Unit
from stats.periods import Days
from stats.selectors.values import Viewer


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
    # The kind of units that are counted, for the right word.
    unit_kind: str = ""
    # Whether the viewer may send «Напомнить» to the people missing in `figure`.
    can_remind: bool = False


def needs_attention(viewer: Viewer, days: Days) -> list[Finding]:
    """Return what needs attention in the period, the most pressing first."""
    return []


def words_of(finding: Finding) -> str:
    """Return the finding as a sentence, in the language of the reader."""
    return finding.kind
