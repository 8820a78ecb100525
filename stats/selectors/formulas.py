"""One function for each figure of the catalogue: from what was read to numerator, denominator and amount (STAT-5).

`FORMULAS` is the registry; a test holds its keys against the catalogue's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from stats.models import ReachKind
from stats.selectors.facts import Facts, Median, Part, Reach

Formula = Callable[[Facts], Part]


def _share(part: int, whole: int, *, of_people: bool = False) -> Part:
    # Whoever left in the period was active in it too: no share is above the whole.
    part = min(part, whole)
    return Part(part, whole, part / whole if whole else None, (part, whole) if of_people else None)


def _joined(circle: str) -> Formula:
    def formula(facts: Facts) -> Part:
        roster = facts.roster or {}
        return _share(roster.get(f"{circle}_joined", 0), roster.get(f"{circle}_total", 0), of_people=True)

    return formula


def _present(key: str) -> Formula:
    circle = key.split("_")[0]

    def formula(facts: Facts) -> Part:
        if facts.is_partial:
            return _share(0, 0)
        return _share(facts.people.get(key, 0), (facts.roster or {}).get(f"{circle}_total", 0), of_people=True)

    return formula


def _sum(*columns: str, of_people: bool = False) -> Formula:
    def formula(facts: Facts) -> Part:
        if facts.sums is None:
            return Part()
        total = sum(facts.sums.get(column, 0) for column in columns)
        return Part(total, None, total, (total, None) if of_people else None)

    return formula


def _kept(sums: Mapping[str, int], *, without_doubtful: bool) -> int:
    return sums["messages"] - sums["doubtful_messages"] if without_doubtful else sums["messages"]


def _messages(facts: Facts) -> Part:
    if facts.sums is None:
        return Part()
    total = _kept(facts.sums, without_doubtful=facts.without_doubtful)
    return Part(total, None, total)


def _quiet(facts: Facts) -> Part:
    if facts.sums is None:
        return Part(0, 0)
    # Which of the doubtful ones were written in quiet hours is not kept: never more than are left.
    return _share(facts.sums["quiet_messages"], _kept(facts.sums, without_doubtful=facts.without_doubtful))


def _doubtful(facts: Facts) -> Part:
    """Of all messages, also where doubtful ones are left out of the other figures."""
    return _share(facts.sums["doubtful_messages"], facts.sums["messages"]) if facts.sums else Part(0, 0)


def _chats(facts: Facts) -> Part:
    """Known of a day, a week and a month."""
    known = facts.people.get("chats_alive")
    return Part() if known is None or facts.sums is None else Part(known, None, known)


def _silent(facts: Facts) -> Part:
    return _share(*facts.silent)


def _answer_time(facts: Facts) -> Part:
    return _median(facts.medians.get("answer", Median()), people=facts.medians.get("answer", Median()).cases)


def _reading_time(facts: Facts) -> Part:
    """Over few readings, but of all who confirmed them."""
    readers = facts.reach.get(ReachKind.READING, Reach()).reached
    return _median(facts.medians.get("reading", Median()), people=readers)


def _median(found: Median, *, people: int) -> Part:
    return Part(found.cases, None, found.seconds, (people, None))


def _reach(kind: str) -> Formula:
    def formula(facts: Facts) -> Part:
        found = facts.reach.get(kind, Reach())
        return _share(found.reached, found.asked, of_people=True)

    return formula


def _stage(name: str) -> Formula:
    def formula(facts: Facts) -> Part:
        return _share(facts.invitations.get(name, 0), facts.invitations.get("made", 0))

    return formula


FORMULAS: Mapping[str, Formula] = {
    "staff_joined": _joined("staff"),
    "students_joined": _joined("students"),
    "families_joined": _joined("families"),
    "staff_active": _present("staff_active"),
    "staff_acted": _present("staff_acted"),
    "students_active": _present("students_active"),
    "parents_active": _present("parents_active"),
    "messages": _messages,
    "quiet_messages": _quiet,
    "doubtful_messages": _doubtful,
    "chats_alive": _chats,
    "silent_units": _silent,
    "answer_time": _answer_time,
    "posts": _sum("posts"),
    "feedback": _sum("reactions", "comments"),
    "files": _sum("files"),
    "reading_reach": _reach(ReachKind.READING),
    "reading_time": _reading_time,
    "post_reach": _reach(ReachKind.POST),
    "poll_turnout": _reach(ReachKind.POLL),
    "events": _sum("events"),
    "attendance": _reach(ReachKind.EVENT),
    "broadcast_views": _sum("watched", of_people=True),
    "invitations_delivered": _stage("delivered"),
    "invitations_opened": _stage("opened"),
    "invitations_joined": _stage("joined"),
    "invitations_expired": _stage("expired"),
    "invitations_annulled": _stage("annulled"),
    "people_joined": _sum("joined", of_people=True),
}
