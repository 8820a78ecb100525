"""What an account is in the organizations: known on a floor above, named by `settings.ACCOUNT_HOLDINGS`."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True)
class Held:
    """One organization: what the user is there, what stays there without the account."""

    organization: str
    # Where the duty of an administrator is handed over; only for the last one.
    handover_url: str
    is_last_administrator: bool
    # (what, how many): «сообщений: 12».
    counts: tuple[tuple[str, int], ...] = ()


def places_held(user_id: int) -> list[Held]:
    """Return what the user is in each organization; a constant number of queries for each."""
    return _finder()(user_id)


@cache
def _finder() -> Callable[[int], list[Held]]:
    return import_string(settings.ACCOUNT_HOLDINGS)
