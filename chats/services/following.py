"""What becomes of chats when two people turn out to be one, and when the school year changes (ORG-7, ORG-9)."""

from collections.abc import Sequence

from chats.models import Chat, Template
from orgs.models import Organization, Person, Unit
from works.services.ledger import Ledger


def follow_merging(kept: Person, gone: Person, ledger: Ledger) -> None:
    """Listener of `movement.people_merging`: personal chats of `gone` are those of `kept` from now on.

    With whom both have talked there are two chats afterwards; the second one's pair holds a third number, so that the
    first stays the one that is found, and both bear the right name.
    """
    personal = Chat.objects.filter(organization=kept.organization, template=Template.PERSONAL)
    mine = list(personal.filter(members__person=gone).distinct())
    taken = set(personal.filter(members__person=kept).values_list("pair", flat=True))
    columns = {}
    for chat in mine:
        other = chat.other_of(gone.pk)
        if other is None or other == kept.pk:
            continue
        pair = ":".join(str(number) for number in sorted((kept.pk, other)))
        columns[chat.pk] = {"pair": f"{pair}:{gone.pk}" if pair in taken else pair}
    ledger.change([chat for chat in mine if chat.pk in columns], columns)


def follow_units(
    organization: Organization,
    pairs: Sequence[tuple[Unit, Unit]],
    ledger: Ledger,
    **_others: object,
) -> None:
    """Listener of `movement.units_continued`: chats of the old unit go on with the new one, whoever they are for."""
    new_of = {old.pk: new.pk for old, new in pairs}
    chats = list(Chat.objects.filter(organization=organization, unit_id__in=new_of))
    ledger.change(chats, {chat.pk: {"unit_id": new_of[chat.unit_id]} for chat in chats if chat.unit_id is not None})
