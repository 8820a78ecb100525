"""What a figure of the catalogue is: its parts, its measure, whose names stand behind it (STAT-5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as Words


class Group(StrEnum):
    """The parts of the page."""

    CONNECTION = "connection"
    ACTIVITY = "activity"
    COMMUNICATION = "communication"
    READING = "reading"
    EVENTS = "events"
    INVITATIONS = "invitations"


GROUP_NAMES: Mapping[Group, Words] = {
    Group.CONNECTION: _("Connection"),
    Group.ACTIVITY: _("Activity"),
    Group.COMMUNICATION: _("Communication"),
    Group.READING: _("Reading and polls"),
    Group.EVENTS: _("Events"),
    Group.INVITATIONS: _("Invitations"),
}


class Measure(StrEnum):
    SHARE = "share"  # numerator of denominator, shown in per cent
    COUNT = "count"
    SECONDS = "seconds"  # a median


class Moment(StrEnum):
    """Whether a figure is about a whole period or about its last day."""

    PERIOD = "period"
    END = "end"


class Better(StrEnum):
    """Which way is good; colours and «what changed» follow it."""

    HIGHER = "higher"
    LOWER = "lower"
    NEITHER = "neither"


class Circle(StrEnum):
    """Whose names stand behind a figure."""

    STAFF = "staff"
    STUDENTS = "students"
    PARENTS = "parents"
    FAMILIES = "families"  # students, shown with their parents


@dataclass(frozen=True)
class Figure:
    """One figure; every text is a whole sentence or phrase for people, not for machines."""

    key: str
    group: Group
    measure: Measure
    name: Words
    # How it comes about, in words.
    formula: Words
    numerator: Words
    denominator: Words = ""
    left_out: Words = ""
    moment: Moment = Moment.PERIOD
    better: Better = Better.HIGHER
    # Whether it can be asked of one unit.
    by_unit: bool = False
    # Whose names stand behind it; empty: nobody's, or the rows are things (posts, events).
    people: Circle | None = None
    # Whether people who are missing in it can be reminded.
    can_remind: bool = False
