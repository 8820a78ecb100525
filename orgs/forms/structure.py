"""Forms about classes, groups and circles."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet, formset_factory
from django.utils.text import capfirst
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from common.forms import Form
from common.text import clean
from orgs.models import Part, Unit, UnitKind
from orgs.services.structure import MAX_UNITS_AT_ONCE, UnitData, class_from_name
from orgs.vocabulary import Vocabulary

_SEPARATORS = re.compile(r"[,;\n]+")
PARALLELS = [("", "—"), *((str(number), str(number)) for number in range(1, 13))]


class ClassesForm(Form):
    """Several classes at once: by names, or as parallels × letters."""

    names = forms.CharField(
        label=_("Names"),
        required=False,
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "placeholder": "5А, 5Б, 6А"}),
        help_text=_("Separated by commas or on lines of their own; parallel and letter are read from the name."),
    )
    first = forms.ChoiceField(label=_("From parallel"), choices=PARALLELS, required=False)
    last = forms.ChoiceField(label=_("to parallel"), choices=PARALLELS, required=False)
    letters = forms.CharField(
        label=_("Letters"), required=False, max_length=60, widget=forms.TextInput(attrs={"placeholder": "А Б В"})
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors:
            return data
        names = [clean(name) for name in _SEPARATORS.split(data["names"]) if clean(name)]
        names += [name for name in self._grid(data) if name not in names]
        if not names:
            raise ValidationError(_t("Write the names, or choose parallels and letters."))
        if len(names) > MAX_UNITS_AT_ONCE:
            raise ValidationError(_t("At most %(count)s at a time.") % {"count": MAX_UNITS_AT_ONCE})
        too_long = [name for name in names if len(name) > 100]
        if too_long:
            self.add_error("names", _t("This name is too long: «%(name)s…»") % {"name": too_long[0][:40]})
        data["units"] = [class_from_name(name) for name in names]
        return data

    def _grid(self, data: dict[str, Any]) -> list[str]:
        if not data["first"] and not data["last"]:
            return []
        first, last = int(data["first"] or data["last"]), int(data["last"] or data["first"])
        letters = [letter.upper() for letter in re.findall(r"[^\W\d_]", data["letters"])]
        if not letters:
            self.add_error("letters", _t("Write the letters: А Б В."))
        if first > last:
            self.add_error("last", _t("The last parallel is before the first one."))
        return [f"{parallel}{letter}" for parallel in range(first, last + 1) for letter in dict.fromkeys(letters)]


class UnitForm(Form):
    """One unit: a class by its name, a group with its age group, a circle with its direction."""

    name = forms.CharField(label=_("Name"), max_length=100)
    age_group = forms.CharField(
        label=_("Age group"), max_length=60, required=False, widget=forms.TextInput(attrs={"placeholder": "3–4 года"})
    )
    direction = forms.CharField(label=_("Direction"), max_length=120, required=False)

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        if kind != UnitKind.GROUP:
            del self.fields["age_group"]
        if kind != UnitKind.CIRCLE:
            del self.fields["direction"]
        if kind == UnitKind.CLASS:
            self.fields["name"].help_text = _("Parallel and letter are read from the name: 5А.")

    def data_of_unit(self) -> UnitData:
        """Return what was typed as the services take it."""
        data = self.cleaned_data
        if self.kind == UnitKind.CLASS:
            return class_from_name(data["name"])
        return UnitData(
            self.kind, data["name"], age_group=data.get("age_group", ""), direction=data.get("direction", "")
        )

    @staticmethod
    def initial_of(unit: Unit) -> dict[str, Any]:
        """Return how the unit is called now."""
        return {"name": unit.name, "age_group": unit.age_group, "direction": unit.direction}


class _UnitRows(BaseFormSet):
    """Rows of groups or circles; empty ones are left out, an error is said once above them."""

    def units(self) -> list[UnitData]:
        """Return the rows that were filled in."""
        return [form.data_of_unit() for form in self.forms if form.has_changed() and form.cleaned_data.get("name")]

    def clean(self) -> None:
        if not any(self.errors) and not self.units():
            raise ValidationError(_t("Write at least one name."))


def unit_rows(rows: int) -> type[_UnitRows]:
    """Return the form set of `rows` rows for groups or circles."""
    return formset_factory(UnitForm, formset=_UnitRows, extra=rows, max_num=50, absolute_max=60)  # type: ignore[return-value]


class PartForm(Form):
    """In what part people enter a unit."""

    part = forms.ChoiceField(label=_("As whom"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, unit: Unit, words: Vocabulary, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parts = [Part.TEACHER] if unit.is_staff_unit else [Part.STUDENT, Part.LEADER, Part.TEACHER]
        choices = [(part.value, capfirst(str(words.part(part)))) for part in parts]
        self.fields["part"].choices = choices  # type: ignore[attr-defined]
        self.fields["part"].error_messages["required"] = _("Choose as whom.")
