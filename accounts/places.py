"""Where users are somebody: what is said of each child when several share a parent's e-mail (INV-7), and whose SMS a
code is.

Names, classes and organizations live on a floor above: the settings name the functions that know them.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True)
class Place:
    """How a user is called, and where the user is what: («Рябова Анна Олеговна», («Школа № 1, 2А»,))."""

    name: str
    where: tuple[str, ...] = ()


Finder = Callable[[Collection[int]], Mapping[int, Place]]


def organizations_of(user_id: int) -> list[int]:
    """Return the ids of the organizations in which a user is somebody today; one query, also for nobody (0)."""
    found: list[int] = _named(settings.ORGANIZATIONS_OF_USER)(user_id)
    return found


def places_of(user_ids: Collection[int]) -> Mapping[int, Place]:
    """Return the place of each of `user_ids` that is somebody somewhere; the same few queries for one as for ten."""
    finder: Finder = _named(settings.PLACES)
    return finder(user_ids)


@cache
def _named(path: str) -> Any:
    return import_string(path)
