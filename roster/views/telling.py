"""The dry run in words: what a row does, what the whole file will do, what prevents it (ORG-8)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from accounts.phones import spoken_phone
from orgs.actor import Actor
from orgs.models import Role
from orgs.vocabulary import Vocabulary
from roster.columns import title_of
from roster.fields import FIELDS
from roster.models import Load, LoadRow, Outcome
from roster.selectors import LoadState, state_of
from roster.views.tools import address
from works.models import State

_LOOKS = {
    Outcome.NEW: ("good", "plus"),
    Outcome.CHANGED: ("accent", "pencil"),
    Outcome.SAME: ("", "check"),
    Outcome.ERROR: ("bad", "alert-circle"),
}


@dataclass(frozen=True)
class Notice:
    """What has to be known before anything else about a file."""

    tone: str
    icon: str
    title: str
    text: str = ""
    url: str = ""
    label: str = ""
    # The button that checks the file again.
    checks_again: bool = False


# --- One row --------------------------------------------------------------------------------------------------------
def told_row(row: LoadRow, words: Vocabulary) -> dict[str, Any]:
    """Return a row as the page shows it."""
    tone, icon = _LOOKS[Outcome(row.outcome)]
    problems = [{**problem, "is_problem": True} for problem in row.problems]
    return {
        "row": row,
        "tone": tone,
        "icon": icon,
        "outcome": Outcome(row.outcome).label,
        "is_new": row.outcome == Outcome.NEW,
        "changes": _changes(row, words),
        "says": [*problems, *row.remarks],
    }


def _changes(row: LoadRow, words: Vocabulary) -> list[dict[str, str]]:
    """What changes, without what stands beside it anyway: the name and the unit of somebody new; a parent who comes
    with a child is one line."""
    ties = {str(change["who"]): [str(change["new"])] for change in row.changes if change["what"] == "parent"}
    lines = []
    for change in row.changes:
        what, who, value = str(change["what"]), str(change["who"]), _value(change["what"], change["new"], words)
        if who in ties and not change["old"]:
            if what in ("phone", "email", "birth_date"):
                ties[who].append(value)
        elif not _stands_beside(row, what, value):
            old = _value(what, change["old"], words)
            lines.append({"title": _what(what, who, words), "old": old, "new": value})
    parents = [{"title": _("Parent"), "old": "", "new": ", ".join(told)} for told in ties.values()]
    return [*lines, *parents]


def _stands_beside(row: LoadRow, what: str, value: str) -> bool:
    is_name = what in ("last_name", "first_name", "patronymic")
    return row.outcome == Outcome.NEW and (is_name or (what == "unit" and value == row.unit_name))


def _value(what: str, value: Any, words: Vocabulary) -> str:
    text = str(value or "")
    if what == "role" and text in Role.values:
        return str(words.role(text))
    return spoken_phone(text) if what == "phone" and text else text


def _what(what: str, who: str, words: Vocabulary) -> str:
    """What changes, as a title: «Дата рождения», «Телефон (Иванова Анна)»."""
    own = {"role": _("Role"), "unit": capfirst(str(words["unit"]))}
    title = own.get(what) or (title_of(what, words) if what in FIELDS else capfirst(what))
    return f"{title} ({who})" if who else title


# --- All rows -------------------------------------------------------------------------------------------------------
def tiles(load: Load, chosen: str, url: str) -> list[dict[str, Any]]:
    """Return how many rows do what; each leads to those rows, the chosen one back to all."""
    titles = [
        ("", pgettext("rows of a file", "All rows"), "rows", ""),
        ("new", pgettext("rows of a file", "New"), "new", "is-new"),
        ("changed", pgettext("rows of a file", "Will change"), "changed", ""),
        ("same", pgettext("rows of a file", "Without changes"), "same", ""),
        ("error", pgettext("rows of a file", "Errors"), "error", "is-bad"),
        ("remarks", pgettext("rows of a file", "With remarks"), "remarks", ""),
    ]
    found = []
    for value, title, name, css in titles:
        number = load.summary.get(name, 0)
        is_active = value == chosen
        if name == "remarks" and not number and not is_active:
            continue
        query = urlencode({"show": value}) if value and not is_active else ""
        look = css if number else "is-zero"
        found.append({"title": title, "number": number, "css": look, "is_active": is_active, "url": f"{url}?{query}"})
    return found


def notice(actor: Actor, load: Load) -> Notice | None:
    """Return what has to be known first: it is loaded already, it failed, the check is out of date."""
    state, work = state_of(load), load.import_work
    result = reverse("works:detail", args=[actor.organization.slug, work.pk]) if work is not None else ""
    label = _("What came of it, and undoing")
    if state == LoadState.DONE:
        text = _("Here is what each row did. To load the file once more, upload it again.")
        return Notice("good", "circle-check", _("This file is loaded"), text, result, label)
    if state == LoadState.UNDOING:
        return Notice(
            "info", "hourglass", _("The loading of this file is being undone"), "", result, _("See how far it is")
        )
    if state == LoadState.UNDONE:
        text = _("Everything is as it was before. To load the file once more, upload it again.")
        return Notice("info", "arrow-back-up", _("The loading of this file was undone"), text, result, label)
    if load.is_check_outdated:
        text = _("The settings were changed after the check: what stands below may not be so any more.")
        return Notice("warn", "alert-triangle", _("This check is out of date"), text, checks_again=True)
    if work is not None and work.state == State.FAILED:
        return Notice("bad", "alert-triangle", _("The file was not loaded"), work.error_message, checks_again=True)
    return None


def what_will_happen(actor: Actor, load: Load) -> dict[str, Any]:
    """Return what loading would do, in sentences, and what the main button says."""
    summary = load.summary
    units = summary.get("units", [])
    number = summary.get("error", 0)
    errors = ngettext(
        "%(count)s row has errors and cannot be loaded", "%(count)s rows have errors and cannot be loaded", number
    )
    url = address(actor, "check", pk=load.pk)
    return {
        "sentence": _sentence(summary),
        "new_units": units,
        "new_units_title": _("To be created: %(units)s") % {"units": actor.words["units"]},
        "error_rows": {"title": errors % {"count": number}, "show_url": f"{url}?show=error#rows"} if number else None,
        "leaving": _leaving(load),
        "button": _button(summary),
    }


def _sentence(summary: dict[str, Any]) -> str:
    new, parents = summary.get("people_new", summary.get("new", 0)), summary.get("parents_new", 0)
    changed, same, leaving = (summary.get(name, 0) for name in ("changed", "same", "leaving"))
    told = []
    if new and parents:
        told.append(_("New people: %(new)s, their parents: %(parents)s.") % {"new": new, "parents": parents})
    elif new or parents:
        told.append(_("New people: %(new)s.") % {"new": new or parents})
    if changed:
        words = ngettext("%(count)s row changes data.", "%(count)s rows change data.", changed)
        told.append(words % {"count": changed})
    if leaving:
        words = ngettext("%(count)s person leaves.", "%(count)s people leave.", leaving)
        told.append(words % {"count": leaving})
    if same:
        words = ngettext("%(count)s row says what is so already.", "%(count)s rows say what is so already.", same)
        told.append(words % {"count": same})
    return " ".join(told) or _("There is not a single row that could be loaded.")


def _leaving(load: Load) -> dict[str, Any] | None:
    """Who would leave, when that was asked."""
    if not load.removes_missing:
        return None
    summary = load.summary
    number, of = summary.get("leaving", 0), summary.get("leaving_of", 0)
    title = ngettext(
        "%(count)s person is not in the file and will leave", "%(count)s people are not in the file and will leave",
        number,
    )  # fmt: skip
    text = ""
    if summary.get("removal_over_threshold"):
        text = _("That is many: %(count)s of %(of)s. Perhaps the file does not hold everybody. Look at the list.")
    people = summary.get("leaving_people", [])
    return {
        "title": title % {"count": number},
        "text": text % {"count": number, "of": of} if text else "",
        "people": people,
        "more": max(number - len(people), 0),
        "number": number,
    }


def _button(summary: dict[str, Any]) -> dict[str, Any]:
    rows = summary.get("new", 0) + summary.get("changed", 0)
    leaving = summary.get("leaving", 0)
    if rows:
        title = ngettext("Load %(count)s row", "Load %(count)s rows", rows) % {"count": rows}
    elif leaving:
        title = ngettext("Remove %(count)s person", "Remove %(count)s people", leaving) % {"count": leaving}
    else:
        return {"title": _("Load"), "is_possible": False, "hint": _("There is nothing to load.")}
    hint = _("All of it is loaded or nothing. It can be undone in one step within 30 days.")
    return {"title": title, "is_possible": True, "hint": hint}
