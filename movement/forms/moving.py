"""What is asked about a movement: only what this movement needs."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from common.forms import Form
from movement.services.plan import Plan, What
from orgs.actor import Actor
from orgs.audit import Order
from orgs.forms.base import DateField
from orgs.models import Part, Person, Unit

FIELDS = {
    What.ENROL: ("unit", "part", "day", "order_number", "order_date"),
    What.TRANSFER: ("unit", "from_unit", "part", "day", "order_number", "order_date"),
    What.LEAVE: ("day", "order_number", "order_date", "keeps_parents"),
    What.RETURN: ("unit", "day", "order_number", "order_date"),
}


class MoveForm(Form):
    """Where to, from which day, by which order; `what` decides which of it is asked."""

    unit = forms.ModelChoiceField(label=_("Where to"), queryset=Unit.objects.none())
    from_unit = forms.ModelChoiceField(
        label=_("Where from"),
        queryset=Unit.objects.none(),
        required=False,
        help_text=_("Needed only where somebody is in several units."),
    )
    part = forms.ChoiceField(label=_("As whom"))
    day = DateField(label=_("From which day"), required=False, help_text=_("Empty means today."))
    order_number = forms.CharField(label=_("Number of the order"), required=False, max_length=40)
    order_date = DateField(label=_("Date of the order"), required=False)
    keeps_parents = forms.BooleanField(
        label=_("Parents stay"),
        required=False,
        help_text=_("Otherwise parents who have no other child here are parents here no longer."),
    )

    def __init__(
        self, *args: Any, what: What, actor: Actor, units: QuerySet[Unit], sources: QuerySet[Unit], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.what = what
        for name in self.base_fields.keys() - set(FIELDS[what]):
            del self.fields[name]
        if "unit" in self.fields:
            self._offer_units("unit", units, required=what == What.TRANSFER)
        if "from_unit" in self.fields:
            self._offer_units("from_unit", sources, required=False)
        if "part" in self.fields:
            parts = [(part.value, capfirst(str(actor.words.part(part)))) for part in _PARTS]
            self.fields["part"].choices = parts  # type: ignore[attr-defined]

    def _offer_units(self, name: str, units: QuerySet[Unit], *, required: bool) -> None:
        field = self.fields[name]
        field.required = required
        field.queryset = units  # type: ignore[attr-defined]
        field.empty_label = _("— choose —") if required else _("— as it is —")  # type: ignore[attr-defined]
        if name == "unit" and self.what == What.RETURN:
            field.help_text = _("Empty: where they were when they left.")
        if name == "unit" and self.what == What.ENROL:
            field.help_text = _("Staff may be taken on without a unit.")
            field.empty_label = _("— none —")  # type: ignore[attr-defined]

    def plan(self, people: list[Person]) -> Plan:
        """Return what was typed as the services take it."""
        data = self.cleaned_data
        unit, source = data.get("unit"), data.get("from_unit")
        return Plan(
            what=str(self.what),
            people=tuple(person.pk for person in people),
            unit_id=unit.pk if unit is not None else None,
            from_unit_id=source.pk if source is not None else None,
            part=data.get("part") or Part.STUDENT,
            day=data["day"],
            order=Order(data["order_number"], data["order_date"]),
            keeps_parents=data.get("keeps_parents", False),
        )


_PARTS = (Part.STUDENT, Part.TEACHER, Part.LEADER)
