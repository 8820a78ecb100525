"""What the head reports (ORG-6)."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.forms import PhoneField
from common.forms import Form, PhoneInput
from movement.models import Notice, NoticeKind
from movement.services.notices import FOR_NEWCOMERS, TEXT_LENGTH, NoticeData
from movement.services.plan import newcomer_from_json
from orgs.audit import Order
from orgs.forms.base import DateField
from orgs.models import Person, Unit
from orgs.services.people import PersonData

NEW_PERSON = ("last_name", "first_name", "patronymic", "phone", "email", "position", "birth_date")
NEEDS_UNIT = (NoticeKind.ENROL, NoticeKind.TRANSFER, NoticeKind.LEADER)
MAY_HAVE_UNIT = (NoticeKind.RETURN, NoticeKind.HIRE)


class NoticeForm(Form):
    """Of whom, where to, from which day, by which order; `kind` decides which of it is asked."""

    last_name = forms.CharField(label=_("Last name"), max_length=80, required=False)
    first_name = forms.CharField(label=_("First name"), max_length=80, required=False)
    patronymic = forms.CharField(label=_("Patronymic"), max_length=80, required=False)
    phone = PhoneField(label=_("Mobile phone"), required=False, widget=PhoneInput(attrs={"autocomplete": "off"}))
    email = forms.EmailField(label=_("E-mail"), required=False, max_length=254)
    position = forms.CharField(label=_("Position"), max_length=150, required=False)
    birth_date = DateField(label=_("Date of birth"), required=False)
    unit = forms.ModelChoiceField(label=_("Where to"), queryset=Unit.objects.none(), required=False)
    day = DateField(label=_("From which day"), required=False, help_text=_("Empty means today."))
    order_number = forms.CharField(label=_("Number of the order"), required=False, max_length=40)
    order_date = DateField(label=_("Date of the order"), required=False)
    remark = forms.CharField(
        label=_("Remark"),
        required=False,
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("What the administrator should know besides."),
    )

    def __init__(self, *args: Any, kind: NoticeKind, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        if kind not in FOR_NEWCOMERS:
            for name in NEW_PERSON:
                del self.fields[name]
        elif kind == NoticeKind.ENROL:
            del self.fields["position"]
        if kind in (*NEEDS_UNIT, *MAY_HAVE_UNIT):
            field = self.fields["unit"]
            field.required = kind in NEEDS_UNIT
            field.queryset = units  # type: ignore[attr-defined]
            field.empty_label = _("— choose —") if field.required else _("— none —")  # type: ignore[attr-defined]
        else:
            del self.fields["unit"]

    @property
    def new_person_fields(self) -> list[Any]:
        """The fields of a new person, where there may be one."""
        return [self[name] for name in NEW_PERSON if name in self.fields]

    @property
    def other_fields(self) -> list[Any]:
        """All other fields."""
        return [self[name] for name in self.fields if name not in NEW_PERSON]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if any(data.get(name) for name in NEW_PERSON):
            for name in ("last_name", "first_name"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, _t("Please fill this in."))
        return data

    def data_of_notice(self, people: list[Person]) -> NoticeData:
        """Return what was typed as the services take it."""
        data = self.cleaned_data
        unit = data.get("unit")
        return NoticeData(
            kind=str(self.kind),
            people=[person.pk for person in people],
            newcomer=self._newcomer(),
            unit_id=unit.pk if unit is not None else None,
            day=data["day"],
            order=Order(data["order_number"], data["order_date"]),
            remark=data["remark"],
        )

    def _newcomer(self) -> PersonData | None:
        values = {name: self.cleaned_data[name] for name in NEW_PERSON if name in self.fields}
        return PersonData(**values) if values.get("last_name") else None

    @staticmethod
    def initial_of(notice: Notice) -> dict[str, Any]:
        """Return what a notice says now."""
        newcomer = newcomer_from_json(notice.newcomer) if notice.newcomer else None
        known = {name: getattr(newcomer, name) for name in NEW_PERSON} if newcomer is not None else {}
        return {
            **known,
            "unit": notice.unit_id,
            "day": notice.day,
            "order_number": notice.order_number,
            "order_date": notice.order_date,
            "remark": notice.remark,
        }


class AnswerForm(Form):
    """What the administrator writes back."""

    answer = forms.CharField(
        label=_("Remark"), required=False, max_length=TEXT_LENGTH, widget=forms.Textarea(attrs={"rows": 2})
    )
