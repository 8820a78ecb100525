"""The period of a page, as it stands in the address (STAT-6)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import Form
from orgs.forms.base import DateField


class PeriodForm(Form):
    """Two days of one's own; the other kinds of periods are links."""

    period = forms.CharField(widget=forms.HiddenInput, initial="custom")
    first = DateField(label=_("From which day"))
    last = DateField(label=_("To which day"))

    def __init__(self, *args: Any, kept: Iterable[tuple[str, str]] = (), **kwargs: Any) -> None:
        """`kept`: other parameters of the address, sent along."""
        super().__init__(*args, **kwargs)
        self.kept = list(kept)

    def ends(self) -> tuple[date | None, date | None]:
        """Return the days that were typed and understood."""
        return self.cleaned_data.get("first"), self.cleaned_data.get("last")
