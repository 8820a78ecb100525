"""The organization's rules for its chats: every field may be sent back as it was, so that saving can be undone."""

from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from chats.forms.changing import KEPT_DAYS, kept_in_words, with_current
from chats.models import ChatRules
from chats.selectors.rules import DEFAULT_REACH, Group, Reach
from chats.words import READERS, WRITERS, groups_here, own_units_of, system_chats
from common.forms import Form
from orgs.vocabulary import Vocabulary

EDIT_MINUTES = (0, 15, 60, 24 * 60, 3 * 24 * 60, 7 * 24 * 60)


def minutes_in_words(minutes: int) -> str:
    """Return a window of time in words: «15 минут», «1 день»."""
    if not minutes:
        return _t("not at all")
    if minutes < 60 or minutes % 60:
        return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}
    if minutes < 24 * 60 or minutes % (24 * 60):
        return ngettext("%(count)s hour", "%(count)s hours", minutes // 60) % {"count": minutes // 60}
    days = minutes // (24 * 60)
    return ngettext("%(count)s day", "%(count)s days", days) % {"count": days}


class TimeInput(forms.TimeInput):
    """The device's own clock."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class RulesForm(Form):
    """Chats that exist by themselves, safety, time; the matrix of contacts stands in `cells`."""

    switched_on = forms.MultipleChoiceField(
        label=_("Chats that exist by themselves"), required=False, widget=forms.CheckboxSelectMultiple
    )
    safe_mode = forms.BooleanField(label=_("Safe mode for students"), required=False)
    quiet_from = forms.TimeField(label=_("From"), required=False, widget=TimeInput())
    quiet_until = forms.TimeField(label=_("Until"), required=False, widget=TimeInput())
    edit_minutes = forms.TypedChoiceField(
        label=_("One's own message can be changed or deleted for"),
        coerce=int,
        help_text=_("Later only a moderator can remove it; that a message was changed always stays visible."),
    )
    retention_days = forms.TypedChoiceField(
        label=_("Messages are kept"),
        coerce=int,
        help_text=_(
            "What is older is removed for good every night, with its files. A chat may have a rule of its own."
        ),
    )

    def __init__(self, *args: Any, rules: ChatRules, words: Vocabulary, **kwargs: Any) -> None:
        kwargs["initial"] = values_of(rules)
        super().__init__(*args, **kwargs)
        self.rules, self.words = rules, words
        self.fields["switched_on"].choices = [  # type: ignore[attr-defined]
            (template.value, title) for template, title in system_chats(words).items()
        ]
        minutes = [(value, minutes_in_words(value)) for value in EDIT_MINUTES]
        kept = [(0, kept_in_words(None)), *((days, kept_in_words(days)) for days in KEPT_DAYS)]
        now = rules.retention_days or 0
        self.fields["edit_minutes"].choices = with_current(  # type: ignore[attr-defined]
            minutes, rules.edit_minutes, minutes_in_words(rules.edit_minutes)
        )
        self.fields["retention_days"].choices = with_current(kept, now, kept_in_words(now))  # type: ignore[attr-defined]
        for source, target in self._pairs():
            self.fields[cell_name(source, target)] = _choice(source, target, words)

    def _pairs(self) -> list[tuple[Group, Group]]:
        groups = groups_here(self.words)
        return [(source, target) for source in groups for target in groups]

    def matrix(self) -> list[dict[str, Any]]:
        """Return the rows of the matrix: who writes, and a field for each to whom."""
        groups = groups_here(self.words)
        return [
            {
                "source": source,
                "cells": [self._cell(source, target) for target in groups],
            }
            for source in groups
        ]

    def _cell(self, source: Group, target: Group) -> dict[str, Any]:
        """One field of the matrix; `usual` tells what is usual where something else was chosen."""
        field = self[cell_name(source, target)]
        usual = DEFAULT_REACH[source][target]
        title = _titles(source, target, self.words)[usual] if field.value() != usual else ""
        return {"target": target, "field": field, "usual": title}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if bool(data.get("quiet_from")) != bool(data.get("quiet_until")) and not self.errors:
            empty = "quiet_until" if data.get("quiet_from") else "quiet_from"
            self.add_error(empty, _t("Give both the beginning and the end of the quiet hours."))
        return data

    def values(self) -> dict[str, Any]:
        """Return what was chosen as `change_rules` takes it; of the matrix only what differs from the usual."""
        data = self.cleaned_data
        contacts = {source: dict(targets) for source, targets in self.rules.contacts.items()}
        for source, target in self._pairs():
            chosen = data[cell_name(source, target)]
            targets = contacts.setdefault(source.value, {})
            targets.pop(target.value, None)
            if chosen != DEFAULT_REACH[source][target]:
                targets[target.value] = chosen
        names = ("safe_mode", "quiet_from", "quiet_until", "edit_minutes")
        return {
            **{name: data[name] for name in names},
            "switched_on": [template for template in system_chats(self.words) if template in data["switched_on"]],
            "contacts": {source: targets for source, targets in contacts.items() if targets},
            "retention_days": data["retention_days"] or None,
        }


def cell_name(source: Group, target: Group) -> str:
    """Return the name of the field of one cell of the matrix."""
    return f"{source}-{target}"


def _titles(source: Group, target: Group, words: Vocabulary) -> dict[Reach, str]:
    """How far one may reach, in words; the administration belongs to no unit."""
    own = {} if target == Group.ADMINISTRATION else {Reach.OWN_UNITS: own_units_of(source, words)}
    return {Reach.NOBODY: _t("may not"), **own, Reach.EVERYONE: _t("to all")}


def _choice(source: Group, target: Group, words: Vocabulary) -> forms.ChoiceField:
    usual = DEFAULT_REACH[source][target]
    choices = [
        (how_far.value, _t("%(reach)s (usual)") % {"reach": title} if how_far == usual else title)
        for how_far, title in _titles(source, target, words).items()
    ]
    return forms.ChoiceField(label=f"{WRITERS[source]} — {READERS[target]}", choices=choices)


def values_of(rules: ChatRules) -> dict[str, Any]:
    """Return the rules as the form shows them."""
    values: dict[str, Any] = {
        name: getattr(rules, name) for name in ("switched_on", "safe_mode", "quiet_from", "quiet_until", "edit_minutes")
    }
    values["retention_days"] = rules.retention_days or 0
    for source in Group:
        for target in Group:
            chosen = rules.contacts.get(source, {}).get(target, DEFAULT_REACH[source][target])
            values[cell_name(source, target)] = str(chosen)
    return values


def sent_values(rules: ChatRules) -> dict[str, Any]:
    """Return the rules as the form would send them: what undoes a change puts these back."""
    values = {name: value for name, value in values_of(rules).items() if value is not None and value is not False}
    for name, value in values.items():
        if isinstance(value, time):
            values[name] = value.strftime("%H:%M")
    if rules.safe_mode:
        values["safe_mode"] = "on"
    return values
