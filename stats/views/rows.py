"""Figures, weeks, units and steps of the funnel as the templates show them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from orgs.actor import Actor
from stats import wording
from stats.catalogue import BY_KEY, FIGURES, GROUP_NAMES, Measure
from stats.selectors.values import HeatCell, HeatRow, Point, Stage, Value

# The head's first glance, in this order (STAT-6).
HEADLINE = ("staff_active", "families_joined", "students_active", "parents_active", "messages", "answer_time")
# The lines of the chart; the table beside it also holds the numbers.
LINES = ("staff_active", "students_active", "parents_active", "families_joined")
IN_TABLE = (*LINES, "messages", "posts")
HEAT = ("staff_joined", "students_joined", "families_joined", "parents_active")
# What does not exist where students have no accounts of their own.
OF_STUDENTS = frozenset({"students_joined", "students_active"})
_ICONS = {1: "arrow-up-right", 0: "minus", -1: "arrow-down-right"}
# Colours of the heat map begin at these shares.
HEAT_STEPS = (0.2, 0.4, 0.6, 0.8)


def values_for(actor: Actor, values: Mapping[str, Value]) -> dict[str, Value]:
    """Return the figures that make sense in this kind of organization."""
    left_out = frozenset() if actor.words.students_join else OF_STUDENTS
    return {key: value for key, value in values.items() if key not in left_out}


def row_of(value: Value) -> dict[str, Any]:
    """Return one figure as it is shown: number, what it is of, change in words with icon and colour, norm."""
    way = wording.direction(value)
    is_known = not value.is_hidden and value.amount is not None
    return {
        "key": value.figure.key,
        "name": value.figure.name,
        "figure": value.figure,
        "value": value,
        "shown": wording.shown(value),
        "is_known": is_known,
        "of_whole": wording.of_whole(value),
        "change": wording.change(value),
        "judgement": wording.judgement(value),
        "tone": wording.tone(value),
        "icon": _ICONS.get(way) if way is not None else "",
        "before": wording.amount(value.figure.measure, value.before) if is_known and value.before is not None else "",
        "norm": _norm(value),
    }


def _norm(value: Value) -> dict[str, Any] | None:
    if value.norm is None:
        return None
    met = value.meets_norm
    words = {
        True: _("norm %(percent)s %%: met"),
        False: _("norm %(percent)s %%: not met"),
        None: _("norm %(percent)s %%"),
    }
    tones = {True: ("good", "check"), False: ("warn", "alert-triangle"), None: ("", "")}
    tone, icon = tones[met]
    return {"text": words[met] % {"percent": value.norm}, "tone": tone, "icon": icon}


def headline(values: Mapping[str, Value]) -> list[dict[str, Any]]:
    """Return the few figures of the first glance."""
    return [row_of(values[key]) for key in HEADLINE if key in values]


def groups(values: Mapping[str, Value]) -> list[dict[str, Any]]:
    """Return all figures by the groups of the catalogue; groups without figures are left out."""
    found: dict[str, list[dict[str, Any]]] = {}
    for figure in FIGURES:
        if figure.key in values:
            found.setdefault(figure.group, []).append(row_of(values[figure.key]))
    return [{"key": group, "name": GROUP_NAMES[group], "rows": rows} for group, rows in found.items()]  # type: ignore[index]


def trend_keys(actor: Actor) -> tuple[list[str], list[str]]:
    """Return the figures of the chart's lines and of its table."""
    left_out = frozenset() if actor.words.students_join else OF_STUDENTS
    return [key for key in LINES if key not in left_out], [key for key in IN_TABLE if key not in left_out]


def trend(points: Iterable[Point], lines: Iterable[str], table: Iterable[str]) -> dict[str, Any]:
    """Return weeks for a chart (`chart`, for `json_script`) and for its table (`heads`, `weeks`); figures of which no
    week is known are left out.
    """
    weeks = list(points)
    drawn, listed = _known(weeks, lines), _known(weeks, table)
    return {
        "chart": _chart(weeks, drawn) if drawn else None,
        "heads": [BY_KEY[key].name for key in listed],
        "weeks": [
            {
                "monday": point.monday,
                "cells": [wording.amount(BY_KEY[key].measure, point.amounts.get(key)) for key in listed],
            }
            for point in reversed(weeks)
        ]
        if listed
        else [],
    }


def _known(points: list[Point], keys: Iterable[str]) -> list[str]:
    return [key for key in keys if any(point.amounts.get(key) is not None for point in points)]


def _chart(points: list[Point], keys: list[str]) -> dict[str, Any]:
    is_share = all(BY_KEY[key].measure == Measure.SHARE for key in keys)
    return {
        "labels": [date_format(point.monday, "j b") for point in points],
        "isShare": is_share,
        "series": [
            {"name": str(BY_KEY[key].name), "data": [_plotted(point.amounts.get(key), is_share) for point in points]}
            for key in keys
        ],
    }


def _plotted(amount: float | None, is_share: bool) -> float | None:
    if amount is None:
        return None
    return wording.tenths(amount) / 10 if is_share else amount


def heat_heads(actor: Actor) -> list[dict[str, str]]:
    """Return the columns of the heat map: which figure opens, in short words."""
    words = {
        "staff_joined": pgettext("statistics", "Staff"),
        "students_joined": capfirst(str(actor.words["students"])),
        "families_joined": _("Families"),
        "parents_active": _("Parents active"),
    }
    return [{"key": key, "name": words[key]} for key in heat_keys(actor)]


def heat_keys(actor: Actor) -> list[str]:
    """Return the columns there are: the little ones of a kindergarten have no accounts of their own."""
    return [key for key in HEAT if key not in OF_STUDENTS or actor.words.students_join]


def heat_rows(actor: Actor, rows: Iterable[HeatRow]) -> list[dict[str, Any]]:
    """Return the units with coloured cells."""
    keys = heat_keys(actor)
    return [
        {"unit": row.unit, "is_silent": row.is_silent, "cells": [heat_cell(row.cells.get(key)) for key in keys]}
        for row in rows
    ]


def heat_cell(cell: HeatCell | None) -> dict[str, Any]:
    """Return one cell: its text, its colour (0 to 4, or «» without one), and what it is of."""
    if cell is None or (not cell.total and not cell.is_hidden):
        return {"text": "—", "level": "", "of_whole": pgettext("statistics", "nobody")}
    if cell.is_hidden or cell.share is None:
        return {"text": "···", "level": "", "of_whole": _("hidden")}
    level = sum(cell.share >= step for step in HEAT_STEPS)
    parts = {"part": wording.number(cell.joined), "whole": wording.number(cell.total)}
    return {"text": wording.percent(int(cell.share * 100 + 1e-9) / 100), "level": level,
            "of_whole": _("%(part)s of %(whole)s") % parts}  # fmt: skip


def heat_legend() -> list[dict[str, Any]]:
    """Return what the colours mean, the palest first."""
    ends = [round(step * 100) for step in HEAT_STEPS]
    first = {"level": 0, "text": _("under %(percent)s %%") % {"percent": ends[0]}}
    middle = [
        {"level": number + 1, "text": f"{start}–{stop - 1}\u00a0%"}
        for number, (start, stop) in enumerate(pairwise(ends))
    ]
    return [first, *middle, {"level": len(ends), "text": _("%(percent)s %% and more") % {"percent": ends[-1]}}]


def stages(steps: Iterable[Stage]) -> list[dict[str, Any]]:
    """Return the steps of the funnel; the figure behind each but the first."""
    names = {
        "made": pgettext("invitations", "Made"),
        "delivered": pgettext("invitations", "Delivered"),
        "opened": pgettext("invitations", "Opened"),
        "joined": pgettext("invitations", "Used"),
        "expired": pgettext("invitations", "Expired"),
        "annulled": pgettext("invitations", "Annulled"),
    }
    return [
        {
            "name": names[stage.key],
            "amount": wording.number(stage.amount),
            "figure": f"invitations_{stage.key}" if f"invitations_{stage.key}" in BY_KEY else "",
            "share": wording.percent(stage.share) if stage.share is not None else "",
            "points": wording.tenths(stage.share or 0),
            "is_loss": stage.key in ("expired", "annulled"),
        }
        for stage in steps
    ]
