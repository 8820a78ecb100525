"""The rows behind a figure that is about things: readings, posts, polls, events (STAT-5)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from channels_app.models import Post
from meetings.models import Event
from orgs.models import Organization
from readings.models import Reading
from stats.models import Reached, ReachKind
from stats.periods import Days
from stats.selectors.values import Viewer, is_small

_KINDS: Mapping[str, ReachKind] = {
    "reading_reach": ReachKind.READING,
    "reading_time": ReachKind.READING,
    "post_reach": ReachKind.POST,
    "poll_turnout": ReachKind.POLL,
    "events": ReachKind.EVENT,
    "attendance": ReachKind.EVENT,
}
# The figures that have such rows.
FIGURES_OF_THINGS = tuple(_KINDS)

Named = dict[int, tuple[str, str]]


@dataclass(frozen=True)
class Thing:
    """One reading, post, poll or event, with whom it reached."""

    kind: str  # of `stats.models.ReachKind`
    thing_id: int
    # Given out, published, asked or held.
    day: date
    # The kind of thing where the title is not for the viewer; of polls in chats always: what they ask is content.
    title: str
    # Below /o/<slug>/, without a slash in front; empty: there is no page for the viewer.
    path: str
    asked: int
    reached: int
    # Of readings and posts, in seconds; empty: nobody has read.
    median_seconds: int | None = None
    # So few people that the numbers would name them to a viewer who may not see persons; numbers are 0 then.
    is_hidden: bool = False

    @property
    def share(self) -> float | None:
        """Return reached of asked, 0 to 1; empty when nobody was asked or the cell is hidden."""
        return self.reached / self.asked if self.asked and not self.is_hidden else None


def things_behind(viewer: Viewer, figure: str, days: Days) -> list[Thing]:
    """Return the things behind `figure` in the period, the latest first; empty for figures about people.

    Two queries. Titles and pages are for viewers who may see persons: they may read everything there is.
    """
    kind = _KINDS.get(figure)
    if kind is None:
        return []
    rows = Reached.objects.filter(
        organization=viewer.organization, kind=kind, day__range=(days.first, days.last)
    ).order_by("-day", "-thing_id")
    if figure == "attendance":
        rows = rows.filter(is_marked=True)
    if figure == "reading_time":
        rows = rows.filter(median_seconds__isnull=False)
    found = list(rows)
    names = _NAMES[kind](viewer.organization, [row.thing_id for row in found]) if viewer.sees_people and found else {}
    return [_thing(viewer, row, *names.get(row.thing_id, (_untitled(kind), ""))) for row in found]


def _thing(viewer: Viewer, row: Reached, title: str, path: str) -> Thing:
    if not viewer.sees_people and is_small(row.reached, row.asked):
        return Thing(row.kind, row.thing_id, row.day, title, path, 0, 0, is_hidden=True)
    return Thing(row.kind, row.thing_id, row.day, title, path, row.asked, row.reached, row.median_seconds)


def _untitled(kind: str) -> str:
    return {
        ReachKind.READING: _("Required reading"),
        ReachKind.POST: _("Post"),
        ReachKind.POLL: _("Poll"),
        ReachKind.EVENT: _("Event"),
    }[ReachKind(kind)]


def _readings(organization: Organization, ids: Collection[int]) -> Named:
    rows = Reading.objects.filter(organization=organization, pk__in=ids)
    return {pk: (title, path) for pk, title, path in rows.values_list("pk", "title", "path")}


def _posts(organization: Organization, ids: Collection[int]) -> Named:
    rows = Post.objects.filter(organization=organization, pk__in=ids, deleted_at=None)
    named = rows.values_list("pk", "title")
    return {pk: (title or _untitled(ReachKind.POST), _post_page(pk)) for pk, title in named}


def _polls(organization: Organization, ids: Collection[int]) -> Named:
    """Of polls in posts; those in chats stay without a name."""
    rows = Post.objects.filter(organization=organization, poll__in=ids, deleted_at=None)
    return {poll: (question, _post_page(pk)) for poll, question, pk in rows.values_list("poll", "poll__question", "pk")}


def _post_page(pk: int) -> str:
    return f"channels/posts/{pk}/"


def _events(organization: Organization, ids: Collection[int]) -> Named:
    rows = Event.objects.filter(organization=organization, pk__in=ids)
    return {pk: (title, f"events/{pk}/") for pk, title in rows.values_list("pk", "title")}


_NAMES: Mapping[ReachKind, Callable[[Organization, Collection[int]], Named]] = {
    ReachKind.READING: _readings,
    ReachKind.POST: _posts,
    ReachKind.POLL: _polls,
    ReachKind.EVENT: _events,
}
