"""What needs somebody's attention on the home page; upper floors add theirs through `settings.HOME_BLOCKS`."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from orgs.actor import Actor
from orgs.selectors.numbers import RosterNumbers, count_students_without_unit, count_units_without_leader


@dataclass(frozen=True)
class Attention:
    """One thing that waits: where it is dealt with, how many, how urgent (`level`: warn, info)."""

    title: str
    text: str
    url: str
    count: int = 0
    icon: str = "alert-circle"
    level: str = "info"

    @property
    def badge(self) -> int:
        """The number to show beside the title, unless the title tells it itself."""
        return 0 if self.title.startswith(str(self.count)) else self.count


Block = Callable[[Actor], list[Attention]]


def attention_of(actor: Actor, numbers: RosterNumbers | None) -> list[Attention]:
    """Return what waits for `actor`, the urgent first: of this floor (for administrators) and of the upper ones."""
    found = _of_administrator(actor, numbers) if actor.is_administrator and numbers else []
    for path in settings.HOME_BLOCKS:
        found += _block(path)(actor)
    return sorted(found, key=lambda attention: attention.level != "warn")


@cache
def _block(path: str) -> Block:
    return import_string(path)


def _of_administrator(actor: Actor, numbers: RosterNumbers) -> list[Attention]:
    slug = actor.organization.slug
    found = []
    if numbers.administrators.joined < 2:
        title = _("There is only one administrator")
        text = _("Appoint a second one, so that the work does not stop when you are ill or on holiday.")
        url = reverse("orgs:administrators", args=[slug])
        found.append(Attention(title, text, url, icon="shield", level="warn"))
    if count := count_units_without_leader(actor.organization.pk):
        text = _("Attach leaders: they invite parents themselves.")
        url = reverse("orgs:units", args=[slug]) + "?show=unled"
        found.append(Attention(actor.words.phrase("unled"), text, url, count, "user-x"))
    if count := count_students_without_unit(actor.organization.pk):
        title = actor.words.phrase("unplaced")
        url = reverse("orgs:people", args=[slug]) + "?role=student&family=no_unit"
        found.append(Attention(title, _("Put them where they learn."), url, count, "users"))
    return found
