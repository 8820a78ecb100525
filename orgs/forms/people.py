"""Forms about people: the card, roles, names typed by the list."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.forms import PhoneField
from common.forms import Form, PhoneInput
from common.text import clean, normalise
from orgs.actor import Actor
from orgs.forms.base import DateField
from orgs.models import Part, Person, Role, Unit
from orgs.selectors.people import namesakes_of
from orgs.services.people import PersonData

MOST_NAMES = 100


def role_choices(actor: Actor, *, administrator: bool = True) -> list[tuple[str, str]]:
    """Return the roles in the organization's words."""
    roles = [role for role in Role if administrator or role != Role.ADMINISTRATOR]
    return [(role.value, capfirst(str(actor.words.role(role)))) for role in roles]


class PersonForm(Form):
    """What the roster holds about a person."""

    last_name = forms.CharField(label=_("Last name"), max_length=80)
    first_name = forms.CharField(label=_("First name"), max_length=80)
    patronymic = forms.CharField(label=_("Patronymic"), max_length=80, required=False)
    phone = PhoneField(
        label=_("Mobile phone"),
        required=False,
        # Another person's number: the browser must not offer one's own.
        widget=PhoneInput(attrs={"autocomplete": "off"}),
        help_text=_("By this number a person is recognised when joining."),
    )
    email = forms.EmailField(label=_("E-mail"), required=False, max_length=254)
    position = forms.CharField(label=_("Position"), max_length=150, required=False)
    birth_date = DateField(label=_("Date of birth"), required=False)

    def data_of_person(self) -> PersonData:
        """Return what was typed as the services take it."""
        names = ("last_name", "first_name", "patronymic", "phone", "email", "position", "birth_date")
        return PersonData(**{name: self.cleaned_data[name] for name in names})

    @classmethod
    def initial_of(cls, person: Person) -> dict[str, Any]:
        """Return what the roster holds now."""
        return {name: getattr(person, name) for name in cls.base_fields}


class NewPersonForm(PersonForm):
    """A new person with roles, and a unit to begin with."""

    roles = forms.MultipleChoiceField(label=_("Roles"), widget=forms.CheckboxSelectMultiple)
    unit = forms.ModelChoiceField(label="", queryset=Unit.objects.none(), required=False)
    same_name = forms.BooleanField(label=_("This is another person of the same name"), required=False)

    def __init__(self, *args: Any, actor: Actor, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        self.has_namesake = False
        self.fields["roles"].choices = role_choices(actor, administrator=False)  # type: ignore[attr-defined]
        self.fields["roles"].error_messages["required"] = _("Choose at least one role.")
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        self.fields["unit"].label = capfirst(str(actor.words["unit"]))
        self.fields["unit"].empty_label = _("— none —")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if {"last_name", "first_name"} <= data.keys():
            name = normalise(" ".join(filter(None, (data["last_name"], data["first_name"], data.get("patronymic")))))
            self.has_namesake = bool(namesakes_of(self.actor.organization.pk, [name]))
            if self.has_namesake and not data.get("same_name"):
                self.add_error("last_name", _t("Somebody with this name is already on the roster."))
        return data

    @property
    def part(self) -> str | None:
        """The part in the chosen unit that follows from the roles."""
        roles = self.cleaned_data["roles"]
        if self.cleaned_data["unit"] is None:
            return None
        if Role.STUDENT in roles:
            return Part.STUDENT
        return Part.TEACHER if Role.TEACHER in roles else None


class RolesForm(Form):
    """The roles of a person, changed in place (ORG-4)."""

    roles = forms.MultipleChoiceField(label=_("Roles"), widget=forms.CheckboxSelectMultiple, required=False)
    confirmed = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"].choices = role_choices(actor)  # type: ignore[attr-defined]


def parse_full_name(line: str) -> PersonData | None:
    """Read «Фамилия Имя Отчество»; None when there are not even two words or a word is too long."""
    words = clean(line).split(" ")
    if len(words) < 2 or any(len(word) > 80 for word in words[:2]) or len(" ".join(words[2:])) > 80:
        return None
    return PersonData(words[0], words[1], " ".join(words[2:]))


class NamesForm(Form):
    """New people typed as a list, one name a line."""

    names = forms.CharField(
        label=_("Full names, one a line"),
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false"}),
        max_length=30_000,
        help_text=_("Last name, first name, patronymic."),
    )
    same_name = forms.BooleanField(label=_("These are other people of the same name"), required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        self.has_namesake = False

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        lines = [line for line in data.get("names", "").splitlines() if clean(line)]
        if len(lines) > MOST_NAMES:
            self.add_error("names", _t("At most %(count)s at a time.") % {"count": MOST_NAMES})
            return data
        people = [parse_full_name(line) for line in lines]
        wrong = [line for line, person in zip(lines, people, strict=True) if person is None]
        if wrong:
            text = _t("A last name and a first name are needed: %(lines)s.")
            self.add_error("names", text % {"lines": ", ".join(f"«{line[:60]}»" for line in wrong[:5])})
            return data
        data["people"] = people
        self._refuse_namesakes(data)
        return data

    def _refuse_namesakes(self, data: dict[str, Any]) -> None:
        full_names = {
            normalise(f"{person.last_name} {person.first_name} {person.patronymic}"): person
            for person in data["people"]
        }
        taken = namesakes_of(self.actor.organization.pk, list(full_names))
        self.has_namesake = bool(taken)
        if taken and not data.get("same_name"):
            names = ", ".join(f"{full_names[name].last_name} {full_names[name].first_name}" for name in sorted(taken))
            text = _t("Already on the roster: %(names)s. Find them by the search above, or tick the box below.")
            self.add_error("names", text % {"names": names})
