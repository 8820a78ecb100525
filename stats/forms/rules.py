"""Norms and rules of the statistics (STAT-5)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from common.forms import Form
from stats.catalogue import BY_KEY
from stats.models import Norm, StatsRules


class RulesForm(Form):
    """The weekly letter, doubtful messages, and for each norm whether it holds and its per cent."""

    weekly_letter = forms.BooleanField(
        label=_("A letter to the head every week"),
        required=False,
        help_text=_("On Monday morning: the three things that changed most in the week before."),
    )
    without_doubtful = forms.BooleanField(
        label=_("Leave doubtful messages out"),
        required=False,
        help_text=_("On every page and in exports; each page can show them all the same."),
    )

    def __init__(self, data: QueryDict | None = None, *, rules: StatsRules, norms: Iterable[Norm]) -> None:
        self.norms = list(norms)
        initial: dict[str, Any] = {"weekly_letter": rules.weekly_letter, "without_doubtful": rules.without_doubtful}
        for norm in self.norms:
            initial |= {f"on_{norm.figure}": norm.is_on, f"percent_{norm.figure}": norm.percent}
        super().__init__(data, initial=initial)
        for norm in self.norms:
            name = BY_KEY[norm.figure].name
            self.fields[f"on_{norm.figure}"] = forms.BooleanField(label=name, required=False)
            self.fields[f"percent_{norm.figure}"] = forms.IntegerField(
                label=_("At least, per cent"),
                min_value=1,
                max_value=100,
                widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
            )

    def norm_rows(self) -> list[dict[str, Any]]:
        """Return the norms with their two fields, for the template."""
        return [
            {
                "figure": BY_KEY[norm.figure],
                "is_on": self[f"on_{norm.figure}"],
                "percent": self[f"percent_{norm.figure}"],
            }
            for norm in self.norms
        ]

    def changed_norms(self) -> list[tuple[str, int, bool]]:
        """Return (figure, per cent, switched on) of the norms that differ from what is kept."""
        sent = [
            (norm, self.cleaned_data[f"percent_{norm.figure}"], self.cleaned_data[f"on_{norm.figure}"])
            for norm in self.norms
        ]
        return [
            (norm.figure, percent, is_on)
            for norm, percent, is_on in sent
            if (percent, is_on) != (norm.percent, norm.is_on)
        ]

    def rules(self) -> dict[str, bool]:
        """Return the rules as the service takes them."""
        return {name: self.cleaned_data[name] for name in ("weekly_letter", "without_doubtful")}
