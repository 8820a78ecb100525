"""Which figures changed so much from one period to the next that it is worth telling (STAT-6)."""

from __future__ import annotations

from collections.abc import Iterable

from stats.catalogue import Better, Group, Measure
from stats.selectors.values import Value

# What is less is chance, or one person: from 1 to 2 is no «twice as many».
LEAST_SHARE = 0.05
LEAST_PEOPLE = 2
LEAST_RELATIVE = 0.2
LEAST_NUMBER = 5
LEAST_SECONDS = 600
# A median of fewer answers is an anecdote.
LEAST_CASES = 5
# No change counts as larger than so many times the least one, else rare figures would always come first.
_MOST = 10.0


def weight(value: Value) -> float:
    """Return how large the change is, in times of what is worth telling; 0 for a smaller one, or none to tell of."""
    if value.amount is None or value.before is None or value.is_hidden or value.figure.better == Better.NEITHER:
        return 0.0
    difference = abs(value.amount - value.before)
    if value.figure.measure == Measure.SHARE:
        return _of_share(difference, value.denominator or 0)
    if value.figure.measure == Measure.SECONDS:
        least = LEAST_SECONDS if value.numerator >= LEAST_CASES else float("inf")
        return _relative(difference, value.before, least)
    return _relative(difference, value.before, LEAST_NUMBER)


def _of_share(difference: float, whole: int) -> float:
    # A hair's breadth below for what a float makes of 2 of 40.
    if round(difference * whole, 6) < LEAST_PEOPLE or round(difference, 6) < LEAST_SHARE:
        return 0.0
    return min(difference / LEAST_SHARE, _MOST)


def _relative(difference: float, before: float, least: float) -> float:
    if difference < least:
        return 0.0
    if not before:
        return _MOST
    part = difference / before
    return min(part / LEAST_RELATIVE, _MOST) if round(part, 6) >= LEAST_RELATIVE else 0.0


def changed_most(values: Iterable[Value], most: int = 3) -> list[Value]:
    """Return at most `most` figures that changed: those below their norm first, then the largest changes, from
    different parts of the page as long as there are any."""
    moved = [(value, size) for value in values if (size := weight(value))]
    moved.sort(key=lambda pair: (pair[0].meets_norm is not False, -pair[1]))
    first: list[Value] = []
    rest: list[Value] = []
    groups: set[Group] = set()
    for value, _size in moved:
        (rest if value.figure.group in groups else first).append(value)
        groups.add(value.figure.group)
    return [*first, *rest][:most]
