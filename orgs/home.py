"""What needs somebody's attention on the home page; upper floors add theirs through `settings.HOME_BLOCKS`."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Literal

from django.conf import settings
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from orgs.actor import Actor
from orgs.selectors.numbers import RosterNumbers, count_students_without_unit, count_units_without_leader

NUMBERS = re.compile(r"\d+")
GroupName = Literal["urgent", "today", "new", "queue"]
# The order of the page: what cannot wait, the day, what came, and what waits its turn.
GROUPS: tuple[GroupName, ...] = ("urgent", "today", "new", "queue")


@dataclass(frozen=True)
class Attention:
    """One thing that waits: where it is dealt with, how many, how urgent (`level`: warn, info).

    `group` is where it stands on the page: `urgent` («Требует внимания»), `today` (events of the day: the title is the
    event's, the text tells time and place), `new` (unread posts and messages), `queue` (work that waits its turn).
    Without one, what warns is urgent and the rest a queue.
    """

    title: str
    text: str
    url: str
    count: int = 0
    icon: str = "alert-circle"
    level: str = "info"
    group: GroupName | None = None

    @property
    def place(self) -> GroupName:
        """The group in which the thing stands."""
        return self.group or ("urgent" if self.level == "warn" else "queue")

    @property
    def badge(self) -> int:
        """The number to show beside the title, unless the title tells it itself."""
        return 0 if str(self.count) in NUMBERS.findall(self.title) else self.count


@dataclass(frozen=True)
class Group:
    """Things of one kind, under one heading."""

    name: GroupName
    title: str
    items: list[Attention]


Block = Callable[[Actor], list[Attention]]


def attention_of(actor: Actor, numbers: RosterNumbers | None) -> list[Attention]:
    """Return what waits for `actor`, in the order of the page: of this floor (for administrators) and of the upper
    ones. Within a group what warns comes first, the rest as the blocks give it."""
    found = _of_administrator(actor, numbers) if actor.is_administrator and numbers else []
    for path in settings.HOME_BLOCKS:
        found += _block(path)(actor)
    return sorted(found, key=lambda item: (GROUPS.index(item.place), item.level != "warn"))


def grouped(attention: list[Attention]) -> list[Group]:
    """Return what `attention_of` found, under its headings; groups without anything are left out."""
    titles: dict[GroupName, str] = {
        "urgent": _("Needs attention"),
        "today": _("Today"),
        "new": _("New for you"),
        "queue": _("Waits for you"),
    }
    return [Group(name, titles[name], list(items)) for name, items in groupby(attention, key=lambda item: item.place)]


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
