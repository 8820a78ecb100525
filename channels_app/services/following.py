"""What becomes of the units' channels when the school year changes (ORG-9)."""

from collections.abc import Sequence

from channels_app.models import Channel
from orgs.models import Organization, Unit
from works.services.ledger import Ledger


def follow_units(
    organization: Organization,
    pairs: Sequence[tuple[Unit, Unit]],
    ledger: Ledger,
    **_others: object,
) -> None:
    """Listener of `movement.units_continued`: the channel of the old unit goes on with the new one."""
    new_of = {old.pk: new.pk for old, new in pairs}
    channels = list(Channel.objects.filter(organization=organization, unit_id__in=new_of))
    ledger.change(channels, {row.pk: {"unit_id": new_of[row.unit_id]} for row in channels if row.unit_id is not None})
