"""Who may be one and the same human: looked for in memory, each pair once (ORG-7).

People are put into buckets of those who could be the same and compared within them only, so that two thousand people
cost no more than reading them. A letter more, less or other touches one word of a name, so the others are equal: that
is what the buckets are made of.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import combinations

# In a bucket of more than so many something else is wrong: a birth date that was filled in for everybody.
LARGEST_BUCKET = 40


class Sign(StrEnum):
    """Why two rows may be one human; the strongest first."""

    SAME_BIRTH_DATE = "same_birth_date"
    SAME_PHONE = "same_phone"
    SWAPPED = "swapped"
    ONE_LETTER = "one_letter"
    SAME_PARENTS = "same_parents"
    SAME_NAME = "same_name"


@dataclass(frozen=True)
class Candidate:
    """What is compared of a person; `name` is normalised: small letters, ё as е."""

    id: int
    name: str
    birth_date: date | None = None
    phone: str = ""
    record_number: str = ""

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(self.name.split())


@dataclass(frozen=True)
class Pair:
    """Two people, the smaller id first, and why they may be one."""

    first: int
    second: int
    sign: Sign


Key = Callable[[Candidate], Hashable]
Circles = Callable[[Candidate], Collection[Hashable]]


def find_pairs(people: Collection[Candidate], parents_of: Mapping[int, Collection[int]]) -> list[Pair]:
    """Return the pairs that may be one human, each with its strongest sign; `parents_of` is {child: parents}."""
    found: dict[tuple[int, int], Sign] = {}
    for sign, pairs in (
        (Sign.SAME_BIRTH_DATE, _alike(people, lambda one: (one.name, one.birth_date) if one.birth_date else None)),
        (Sign.SAME_PHONE, _alike(people, lambda one: (one.name, one.phone) if one.phone else None)),
        (Sign.SWAPPED, _alike(people, _swapped_key)),
        (Sign.ONE_LETTER, _nearly(people, lambda one: [one.birth_date] if one.birth_date else [])),
        (Sign.SAME_PARENTS, _nearly(people, lambda one: list(parents_of.get(one.id, ())))),
        (Sign.SAME_NAME, _alike(people, lambda one: one.name if len(one.words) > 2 else None)),
    ):
        for one, other in pairs:
            if _can_be_one(one, other):
                found.setdefault((min(one.id, other.id), max(one.id, other.id)), sign)
    return [Pair(*ids, sign) for ids, sign in sorted(found.items())]


def _swapped_key(one: Candidate) -> Hashable:
    known = one.birth_date or one.phone
    return (tuple(sorted(one.words)), known) if known else None


def _can_be_one(one: Candidate, other: Candidate) -> bool:
    """Two different birth dates are two people; so are two numbers of files."""
    dates = {one.birth_date, other.birth_date} - {None}
    numbers = {one.record_number, other.record_number} - {""}
    return len(dates) < 2 and len(numbers) < 2


def _alike(people: Iterable[Candidate], key: Key) -> Iterable[tuple[Candidate, Candidate]]:
    buckets: dict[Hashable, list[Candidate]] = defaultdict(list)
    for one in people:
        value = key(one)
        if value is not None:
            buckets[value].append(one)
    for bucket in buckets.values():
        yield from combinations(bucket[:LARGEST_BUCKET], 2)


def _nearly(people: Iterable[Candidate], circles: Circles) -> Iterable[tuple[Candidate, Candidate]]:
    """Pairs within a circle whose names differ in one letter of one word."""
    buckets: dict[Hashable, list[Candidate]] = defaultdict(list)
    for one in people:
        for circle in circles(one):
            for place in range(len(one.words)):
                buckets[circle, place, one.words[:place], one.words[place + 1 :]].append(one)
    for (_circle, place, *_rest), bucket in buckets.items():  # type: ignore[misc]
        for one, other in combinations(bucket[:LARGEST_BUCKET], 2):
            if one.name != other.name and is_one_letter_apart(one.words[place], other.words[place]):
                yield one, other


def is_one_letter_apart(one: str, other: str) -> bool:
    """Tell whether a letter more, less or other makes one word the other; equal words are not apart."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    begin = 0
    while begin < min(len(one), len(other)) and one[begin] == other[begin]:
        begin += 1
    if len(one) == len(other):
        return one[begin + 1 :] == other[begin + 1 :]
    longer, shorter = (one, other) if len(one) > len(other) else (other, one)
    return longer[begin + 1 :] == shorter[begin:]
