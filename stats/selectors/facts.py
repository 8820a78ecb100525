"""The numbers of one period as they were read, before they become figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Numbers = Mapping[str, int]


@dataclass(frozen=True)
class Reach:
    """Of the things of one kind: how many, and over all of them whom they were for and whom they reached."""

    things: int = 0
    asked: int = 0
    reached: int = 0


@dataclass(frozen=True)
class Median:
    cases: int = 0
    seconds: float | None = None


@dataclass(frozen=True)
class Facts:
    """What is known of one period of an organization or a unit; None: no day of it has been counted."""

    # People on the roster on its last day: «staff_total», «staff_joined», …
    roster: Numbers | None = None
    # Sums over its days, by the columns of the table.
    sums: Numbers | None = None
    # People, each once: «staff_active», …; also «chats_alive» where it is known.
    people: Numbers = field(default_factory=dict)
    # By `ReachKind`.
    reach: Mapping[str, Reach] = field(default_factory=dict)
    # «answer», «reading».
    medians: Mapping[str, Median] = field(default_factory=dict)
    # By the stages of the funnel.
    invitations: Numbers = field(default_factory=dict)
    # Units silent, of all.
    silent: tuple[int, int] = (0, 0)
    without_doubtful: bool = False
    # Only its last day was counted: who belonged to it is known, who came in it is not.
    is_partial: bool = False


@dataclass(frozen=True)
class Part:
    """A figure of one period: numerator, denominator where there is one, and what comes out."""

    numerator: int = 0
    denominator: int | None = None
    amount: float | None = None
    # The people it speaks of (part, whole), when few of them would be named by it.
    cell: tuple[int, int | None] | None = None
