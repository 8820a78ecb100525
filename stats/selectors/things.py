"""The rows behind a figure that is about things: readings, posts, polls, events (STAT-5)."""

from dataclasses import dataclass
from datetime import date

from stats.periods import Days
from stats.selectors.values import Viewer

# The figures that have such rows.
FIGURES_OF_THINGS = ("reading_reach", "reading_time", "post_reach", "poll_turnout", "events", "attendance")


@dataclass(frozen=True)
class Thing:
    """One reading, post, poll or event, with whom it reached."""

    kind: str  # of `stats.models.ReachKind`
    thing_id: int
    # Given out, published, asked or held.
    day: date
    # «Опрос» for polls of chats: what they ask is content.
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
    """Return the things behind `figure` in the period, the latest first; empty for figures about people."""
    return []
