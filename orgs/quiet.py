"""Hours in which nobody is told anything that can wait.

They are one of the organization's rules for its chats, which live on a floor above: `settings.QUIET_HOURS` names the
function that knows them.
"""

from collections.abc import Callable
from datetime import datetime
from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from orgs.models import Organization

Rule = Callable[[Organization, datetime | None], datetime | None]


def quiet_until(organization: Organization, now: datetime | None = None) -> datetime | None:
    """Return when the quiet hours that hold at `now` end, in the organization's clock; None outside them."""
    return _rule()(organization, now)


@cache
def _rule() -> Rule:
    return import_string(settings.QUIET_HOURS)
