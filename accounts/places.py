"""What is said of each child when several share a parent's e-mail (INV-7).

Names and classes live on a floor above: `settings.PLACES` names the function that knows them.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True)
class Place:
    """How a user is called, and where the user is what: («Рябова Анна Олеговна», («Школа № 1, 2А»,))."""

    name: str
    where: tuple[str, ...] = ()


Finder = Callable[[Collection[int]], Mapping[int, Place]]


def places_of(user_ids: Collection[int]) -> Mapping[int, Place]:
    """Return the place of each of `user_ids` that is somebody somewhere; the same few queries for one as for ten."""
    return _finder()(user_ids)


@cache
def _finder() -> Finder:
    return import_string(settings.PLACES)
