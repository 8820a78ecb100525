"""Who has a page open right now: marks in the cache that go out by themselves."""

from collections.abc import Collection

from django.core.cache import cache

# A page's pings come every 25 s; one may get lost.
SECONDS = 70


def note_online(organization_id: int, person_id: int) -> None:
    """Mark the person as being there for a little more than a minute."""
    cache.set(_key(organization_id, person_id), 1, SECONDS)


def online_among(organization_id: int, person_ids: Collection[int]) -> list[int]:
    """Return those of `person_ids` who are there, in one question to the cache whatever their number."""
    keys = {_key(organization_id, person_id): person_id for person_id in person_ids}
    return sorted(keys[key] for key in cache.get_many(keys)) if keys else []


def _key(organization_id: int, person_id: int) -> str:
    return f"online:{organization_id}:{person_id}"
