"""Shape and wording of what is typed in requests to join and in the answers to them."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.timezone import localdate
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from common.forms import Form
from invitations.forms.links import check_name
from invitations.models import ROLES_ASKED, JoinRules, StaffReview
from invitations.services.applying import Application
from invitations.services.deciding import Decision
from invitations.services.rules import DAYS
from orgs.forms.base import DateField
from orgs.models import Person, Role, Unit
from orgs.permissions import UNIT_ROLES
from orgs.vocabulary import Vocabulary

NEW_PERSON = "new"


def _name(label: Any, kind: str, *, required: bool = True, length: int = 80) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=length,
        required=required,
        validators=[check_name],
        widget=forms.TextInput({"autocomplete": kind}),
    )


class ApplyForm(Form):
    """Who one is, where, and for a parent whose."""

    role = forms.ChoiceField(label=_("Who are you?"), widget=forms.RadioSelect)
    last_name = _name(_("Last name"), "family-name")
    first_name = _name(_("First name"), "given-name")
    patronymic = _name(_("Patronymic"), "additional-name", required=False)
    unit = forms.ModelChoiceField(label="", queryset=Unit.objects.none(), required=False, empty_label=_("— choose —"))
    child_name = _name(_("Last and first name of your child"), "off", required=False, length=200)
    child_birth_date = DateField(label=_("Date of birth of the child"), required=False)
    message = forms.CharField(
        label=_("Anything to add?"),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("For example: since when you work here, or who can confirm it."),
    )

    def __init__(self, *args: Any, words: Vocabulary, units: Any, asks_name: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = _role_choices(words)  # type: ignore[attr-defined]
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        self.fields["unit"].label = capfirst(str(words["unit"]))
        self.fields["unit"].error_messages["required"] = _("Choose where.")
        self.fields["child_name"].error_messages["required"] = _("Please write your child’s last and first name.")
        role = self.data.get("role") if self.is_bound else None
        # Of whom it is asked it is needed; before the choice nothing is said to be left out.
        self.fields["child_name"].required = role in (None, Role.PARENT)
        self.fields["unit"].required = role is None or role in UNIT_ROLES
        if not asks_name:
            for name in ("last_name", "first_name", "patronymic"):
                del self.fields[name]

    def clean_child_birth_date(self) -> Any:
        day = self.cleaned_data["child_birth_date"]
        if day and day > localdate():
            raise forms.ValidationError(_t("This day cannot be right."))
        return day

    def application(self) -> Application:
        """Return what was typed as the service takes it."""
        return Application(**{name: self.cleaned_data[name] for name in self.fields})


def _role_choices(words: Vocabulary) -> list[tuple[str, str]]:
    roles = [role for role in ROLES_ASKED if role != Role.STUDENT or words.students_join]
    return [(role.value, capfirst(str(words.role(role)))) for role in roles]


class DecisionForm(Form):
    """As whom and as what a request is accepted."""

    role = forms.ChoiceField(label=_("Role"))
    person = forms.ChoiceField(label=_("Who is it?"), widget=forms.RadioSelect)
    child = forms.ChoiceField(label=_("Child"), required=False)

    def __init__(
        self,
        *args: Any,
        words: Vocabulary,
        roles: Iterable[str],
        people: Sequence[Person],
        children: Sequence[Person],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        role = self.data.get("role") if self.is_bound else self.initial.get("role")
        self.fields["child"].required = role == Role.PARENT
        self.fields["child"].error_messages["required"] = _(
            "Choose the child. A child who is not on the roster yet is added first."
        )
        self.people = {str(person.pk): person for person in people}
        self.children = {str(child.pk): child for child in children}
        roles = list(roles)
        self.fields["role"].choices = [(role, capfirst(str(words.role(role)))) for role in roles]  # type: ignore[attr-defined]
        known = [(pk, person.full_name) for pk, person in self.people.items()]
        new = (NEW_PERSON, _t("A new person"))
        self.fields["person"].choices = [*known, new]  # type: ignore[attr-defined]
        chosen = [(pk, child.full_name) for pk, child in self.children.items()]
        self.fields["child"].choices = [("", _t("— choose —")), *chosen]  # type: ignore[attr-defined]

    def decision(self, unit: Unit | None) -> Decision:
        """Return what was chosen as the service takes it."""
        role = self.cleaned_data["role"]
        child = self.children.get(self.cleaned_data["child"]) if role == Role.PARENT else None
        return Decision(role, unit, self.people.get(self.cleaned_data["person"]), child)


OTHER = "other"


def ready_reasons() -> list[tuple[str, str]]:
    """Return reasons that are often right, as the applicant reads them."""
    return [
        ("unknown", _t("We have not found you on the list. Please call us.")),
        ("child", _t("We have not found the child you named. Please check the name and the place.")),
        ("place", _t("You named another place or another role than the one you have here.")),
        ("former", _t("You do not learn or work here any more.")),
    ]


class ReasonForm(Form):
    """Why a request is refused: a ready reason, or own words."""

    ready = forms.ChoiceField(label=_("Reason"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("In your own words"), max_length=300, required=False, widget=forms.Textarea({"rows": 2})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ready"].choices = [*ready_reasons(), (OTHER, _t("Another one"))]  # type: ignore[attr-defined]

    def text(self) -> str:
        """Return the reason that the applicant reads; empty when none was given."""
        if self.cleaned_data["ready"] == OTHER:
            return str(self.cleaned_data["reason"])
        return dict(ready_reasons())[self.cleaned_data["ready"]]


class WithdrawForm(Form):
    """Why the confirmation of a member of staff is withdrawn."""

    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea({"rows": 3}))


class RulesForm(Form):
    """How the organization takes in those who come by themselves."""

    is_open = forms.BooleanField(label=_("People may ask to be let in by themselves"), required=False)
    staff_review = forms.ChoiceField(
        label=_("Who of the staff waits for a confirmation?"),
        choices=StaffReview,
        widget=forms.RadioSelect,
        help_text=_("It concerns links for the whole staff. Personal codes let in at once."),
    )
    days_until_stale = forms.IntegerField(
        label=_("Days until a request that nobody answered goes stale"),
        min_value=DAYS.start,
        max_value=DAYS.stop - 1,
        widget=forms.NumberInput({"inputmode": "numeric"}),
    )

    @staticmethod
    def initial_of(rules: JoinRules) -> dict[str, Any]:
        """Return the rules as the form shows them."""
        return {name: getattr(rules, name) for name in ("is_open", "staff_review", "days_until_stale")}
