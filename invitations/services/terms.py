"""How long a link lives and how many may join by it (INV-3)."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from common.errors import DomainError
from orgs.models import Organization

DEFAULT_DAYS = 14
CODE_DAYS = 60
MAX_DAYS = 365
FAMILY_USES = 4
MAX_USES = 1000


@dataclass(frozen=True)
class LinkTerms:
    """How long a link lives, in days, and how many may join by it (INV-3)."""

    days: int = DEFAULT_DAYS
    max_uses: int = 40

    def check(self) -> None:
        """Raise `DomainError("bad_terms")` for a lifetime or a number of uses out of bounds."""
        fields = {}
        if not 1 <= self.days <= MAX_DAYS:
            fields["days"] = _("From 1 to %(most)s days.") % {"most": MAX_DAYS}
        if not 1 <= self.max_uses <= MAX_USES:
            fields["max_uses"] = _("From 1 to %(most)s people.") % {"most": MAX_USES}
        if fields:
            raise DomainError("bad_terms", _("Please check the terms of the link."), fields=fields, status=400)


def end_of_day(organization: Organization, start: datetime, days: int) -> datetime:
    """Return the end of the organization's own day `days` after `start`.

    A sheet on the wall says «until 5 December»: whoever comes on the evening of the fifth must still get in.
    """
    day = timezone.localdate(start, organization.zone) + timedelta(days=days)
    return datetime.combine(day, time(23, 59, 59), tzinfo=organization.zone)
