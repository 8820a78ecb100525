"""What stands beside a user's organizations at the entrance: upper floors offer it (`settings.OFFERS`)."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True)
class Offer:
    """One more place to go to."""

    title: str
    text: str
    url: str
    icon: str


def offers_to(user_id: int) -> list[Offer]:
    """Return what upper floors offer to the user besides the own organizations."""
    return [offer for path in settings.OFFERS for offer in import_string(path)(user_id)]
