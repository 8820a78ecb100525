"""Shape and wording of what is typed on the pages of links and at the door."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.phones import normalise_phone
from common.errors import DomainError
from common.forms import Form
from common.text import clean, normalise
from invitations.services import JoinAnswers, LinkTerms, Recipient
from invitations.services.sending import MAX_RECIPIENTS
from invitations.services.terms import MAX_DAYS, MAX_USES
from invitations.sheets import people_of
from orgs.actor import Actor
from orgs.models import Person, Role, Unit, UnitKind
from orgs.permissions import STAFF_ROLES_BY_LINK
from outbox.models import Channel

LIFETIMES = (1, 3, 7, 14, 30, 60, 90, 180, MAX_DAYS)
_UNIT_GROUPS = {
    UnitKind.CLASS: _("Classes"),
    UnitKind.GROUP: _("Groups"),
    UnitKind.CIRCLE: _("Circles"),
}


def lifetime_choices() -> list[tuple[int, str]]:
    """Return the lifetimes a link may be given, in words."""
    return [(days, ngettext("%(count)s day", "%(count)s days", days) % {"count": days}) for days in LIFETIMES]


class TermsForm(Form):
    """How long a link lives and how many may join by it (INV-3)."""

    days = forms.TypedChoiceField(label=_("The link works for"), coerce=int, initial=LinkTerms().days)
    max_uses = forms.IntegerField(
        label=_("How many people may join"),
        min_value=1,
        max_value=MAX_USES,
        initial=LinkTerms().max_uses,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )

    def __init__(self, *args: Any, is_personal: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["days"].choices = lifetime_choices()  # type: ignore[attr-defined]
        if is_personal:
            del self.fields["max_uses"]

    def terms(self) -> LinkTerms:
        """Return what was chosen as the services take it."""
        return LinkTerms(days=self.cleaned_data["days"], max_uses=self.cleaned_data.get("max_uses", 1))


class ExtendForm(Form):
    """By how many days the same link lives longer."""

    days = forms.TypedChoiceField(label=_("Longer by"), coerce=int, initial=14)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["days"].choices = lifetime_choices()  # type: ignore[attr-defined]


class NewLinksForm(TermsForm):
    """Links into several units at once (INV-1); only what the actor may give can be chosen."""

    role = forms.ChoiceField(label=_("Whom do you invite?"), widget=forms.RadioSelect)
    units = forms.TypedMultipleChoiceField(
        label=_("Where?"), coerce=int, widget=forms.CheckboxSelectMultiple(attrs={"columns": True})
    )
    field_order = ("role", "units", "days", "max_uses")

    def __init__(self, *args: Any, actor: Actor, units: Sequence[Unit], roles: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by_id = {unit.pk: unit for unit in units}
        words = [(role, people_of(actor.words, role)) for role in roles]
        self.fields["role"].choices = [(role, word.capitalize()) for role, word in words]  # type: ignore[attr-defined]
        self.fields["units"].choices = _grouped(units)  # type: ignore[attr-defined]
        self.fields["units"].error_messages["required"] = _("Choose at least one.")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        chosen = [self.by_id[pk] for pk in data.get("units", ())]
        if data.get("role") in (Role.STUDENT, Role.PARENT) and any(unit.is_staff_unit for unit in chosen):
            self.add_error("units", _t("The unit of the staff is for staff only."))
        data["chosen_units"] = chosen
        return data


def _grouped(units: Sequence[Unit]) -> list[Any]:
    groups: dict[str, list[tuple[int, str]]] = {}
    for unit in units:
        title = unit.name if unit.is_staff_unit else str(_UNIT_GROUPS[UnitKind(unit.kind)])
        groups.setdefault(title, []).append((unit.pk, unit.name))
    if len(groups) == 1:
        return next(iter(groups.values()))
    return list(groups.items())


def roles_by_link(actor: Actor, *, may_invite_staff: bool) -> list[str]:
    """Return the roles that `actor` may give by a link, the most frequent first."""
    staff = [str(role) for role in STAFF_ROLES_BY_LINK] if may_invite_staff else []
    return [str(Role.PARENT), str(Role.STUDENT), *staff]


class SendForm(Form):
    """E-mail addresses and phone numbers, one a line; each line that cannot be one is named with its reason."""

    recipients = forms.CharField(
        label=_("E-mail addresses and phone numbers"),
        max_length=60_000,
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false", "autocapitalize": "off"}),
        help_text=_("One a line. A phone number gets an SMS, an e-mail address gets a letter."),
    )

    def clean_recipients(self) -> list[Recipient]:
        lines = [line.strip() for line in re.split(r"[\n,;]", self.cleaned_data["recipients"]) if line.strip()]
        if len(lines) > MAX_RECIPIENTS:
            raise ValidationError(_t("At most %(count)s recipients at a time.") % {"count": MAX_RECIPIENTS})
        found, wrong = [], []
        for number, line in enumerate(lines, start=1):
            try:
                found.append(read_recipient(line))
            except ValidationError as error:
                values = {"number": number, "line": line[:60], "reason": error.messages[0]}
                wrong.append(_t("Line %(number)s, «%(line)s»: %(reason)s") % values)
        if wrong:
            raise ValidationError([*wrong[:30], _t("Nothing has been sent yet: correct these lines and send again.")])
        return list(dict.fromkeys(found))


_ADDRESS_IN_BRACKETS = re.compile(r"<([^<>]+)>\s*$")


def read_recipient(line: str) -> Recipient:
    """Read one line: an address («Имя <a@b.ru>» too) or a phone number. Raises `ValidationError` with the reason."""
    bracketed = _ADDRESS_IN_BRACKETS.search(line)
    text = clean(bracketed[1] if bracketed else line)
    if "@" in text:
        try:
            validate_email(text)
        except ValidationError:
            raise ValidationError(_t("this is not an e-mail address")) from None
        if len(text) > 200:
            raise ValidationError(_t("this is not an e-mail address"))
        return Recipient(Channel.EMAIL, text.lower())
    if not re.search(r"\d", text):
        raise ValidationError(_t("neither an e-mail address nor a phone number"))
    try:
        return Recipient(Channel.SMS, normalise_phone(text))
    except DomainError:
        raise ValidationError(_t("this is not a phone number")) from None


class CodeForm(Form):
    """A personal code, typed in any way; a whole address pasted here is taken as well."""

    code = forms.CharField(
        label=_("Code from the strip"),
        max_length=300,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "class": "form-control-lg join-code",
                "placeholder": "0000-0000-0000",
            }
        ),
        error_messages={"required": _("Type the code.")},
    )

    def clean_code(self) -> str:
        code = self.cleaned_data["code"].strip()
        _before, in_address, rest = code.partition("/join/")
        return rest.split("/", 1)[0] if in_address else code


_NAME_MARKS = set(" -'’`.()")


def check_name(text: str) -> None:
    """Raise `ValidationError` unless `text` is written in letters (with hyphens, dots, apostrophes)."""
    text = clean(text)
    strange = [char for char in text if char not in _NAME_MARKS and unicodedata.category(char)[0] not in "LM"]
    if text and (strange or not any(char.isalpha() for char in text)):
        raise ValidationError(_t("Please write it in letters."))


class JoinForm(Form):
    """Only what is not known yet: the own name, and for a parent by a unit's link the child's."""

    last_name = forms.CharField(
        label=_("Last name"),
        max_length=80,
        validators=[check_name],
        widget=forms.TextInput({"autocomplete": "family-name"}),
    )
    first_name = forms.CharField(
        label=_("First name"),
        max_length=80,
        validators=[check_name],
        widget=forms.TextInput({"autocomplete": "given-name"}),
    )
    patronymic = forms.CharField(
        label=_("Patronymic"),
        max_length=80,
        required=False,
        validators=[check_name],
        widget=forms.TextInput({"autocomplete": "additional-name"}),
    )
    child_name = forms.CharField(
        label=_("Last and first name of your child"),
        max_length=200,
        validators=[check_name],
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"required": _("Please write your child’s last and first name.")},
    )
    child_unknown_is_fine = forms.BooleanField(
        label=_("The name is right: let me join, the leader will tie me to the child"), required=False
    )

    def __init__(self, *args: Any, asks_name: bool, asks_child: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offers_to_insist = False
        if not asks_name:
            for name in ("last_name", "first_name", "patronymic"):
                del self.fields[name]
        if not asks_child:
            del self.fields["child_name"], self.fields["child_unknown_is_fine"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        full = " ".join(data.get(name, "") for name in ("last_name", "first_name", "patronymic"))
        # Folding the case makes some letters longer, and the key that search uses has its own limit.
        if len(normalise(full)) > 240:
            self.add_error("last_name", _t("This is too long."))
        return data

    def answers(self) -> JoinAnswers:
        """Return what was typed as the service takes it."""
        return JoinAnswers(**{name: self.cleaned_data[name] for name in self.fields})


class TieForm(Form):
    """Which child a parent belongs to."""

    child = forms.ModelChoiceField(label=_("Child"), queryset=Person.objects.none(), empty_label=_("— choose —"))

    def __init__(self, *args: Any, students: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["child"].queryset = students  # type: ignore[attr-defined]
