"""Forms of sign-in, second factor and API keys."""

import datetime as dt
from typing import Any

from allauth.account.forms import ReauthenticateForm
from allauth.mfa.base.forms import AuthenticateForm as SecondFactorForm
from allauth.mfa.base.forms import ReauthenticateForm as SecondFactorAgainForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Digest
from accounts.parents import normalise_email
from accounts.phones import normalise_phone
from common.errors import DomainError
from common.forms import CodeInput, DateInput, Form, PhoneInput

_LARGE = "form-control-lg"


class PhoneField(forms.CharField):
    """Takes a number as people type it and cleans to a `str` in E.164."""

    def __init__(self, **kwargs: Any) -> None:
        defaults: dict[str, Any] = {
            "label": gettext_lazy("Mobile phone"),
            "max_length": 40,
            "widget": PhoneInput({"autofocus": True, "placeholder": "+7 912 345-67-89", "class": _LARGE}),
            "error_messages": {"required": gettext_lazy("Type your phone number.")},
        }
        super().__init__(**(defaults | kwargs))

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        try:
            return normalise_phone(text)
        except DomainError as error:
            raise ValidationError(error.message, code=error.code) from error


class PhoneForm(Form):
    """The door: one number."""

    phone = PhoneField()


class ParentEmailField(forms.CharField):
    """Takes an e-mail as people type it and cleans to the form in which it is stored."""

    def __init__(self, **kwargs: Any) -> None:
        own = {"autocomplete": "email", "inputmode": "email", "autocapitalize": "off", "spellcheck": "false"}
        defaults: dict[str, Any] = {
            "label": gettext_lazy("E-mail of a parent"),
            "max_length": 300,
            "widget": forms.TextInput({**own, "autofocus": True, "placeholder": "maria@mail.ru", "class": _LARGE}),
            "error_messages": {"required": gettext_lazy("Type the e-mail of your mother or father.")},
        }
        super().__init__(**(defaults | kwargs))

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        try:
            return normalise_email(text)
        except DomainError as error:
            raise ValidationError(error.message, code=error.code) from error


class ParentEmailForm(Form):
    """The second door: the e-mail of a parent (INV-7)."""

    email = ParentEmailField()


class CodeForm(Form):
    """The code of the SMS; spaces and dashes that a phone puts in do not matter."""

    code = forms.CharField(
        label=gettext_lazy("Code from the SMS"),
        max_length=20,
        widget=CodeInput({"autofocus": True}),
        error_messages={"required": gettext_lazy("Type the six digits of the SMS.")},
    )

    def clean_code(self) -> str:
        return "".join(char for char in self.cleaned_data["code"] if char.isdecimal() and char.isascii())


class MailedCodeForm(CodeForm):
    """The code of the letter to a parent."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code from the letter")
        self.fields["code"].error_messages["required"] = _("Type the six digits of the letter.")


class KeyForm(Form):
    """A new API key."""

    name = forms.CharField(
        label=gettext_lazy("What the key is for"),
        max_length=100,
        help_text=gettext_lazy("For example: the site of the school"),
    )
    read_only = forms.BooleanField(label=gettext_lazy("May only read"), required=False, initial=True)
    expires_on = forms.DateField(
        label=gettext_lazy("Works until"),
        required=False,
        widget=DateInput(),
        help_text=gettext_lazy("Leave it empty for a key without an end."),
    )

    def clean_expires_on(self) -> dt.date | None:
        day = self.cleaned_data["expires_on"]
        if day is not None and day <= timezone.localdate():
            raise ValidationError(_("This day is over. Choose a later one."))
        return day


class EmailField(ParentEmailField):
    """An e-mail of one's own; empty takes it away."""

    def __init__(self, **kwargs: Any) -> None:
        own = {"autocomplete": "email", "inputmode": "email", "autocapitalize": "off", "spellcheck": "false"}
        label = gettext_lazy("E-mail")
        widget = forms.TextInput({**own, "placeholder": "maria@mail.ru"})
        super().__init__(**({"label": label, "widget": widget, "required": False} | kwargs))


class NameForm(Form):
    """How the account is called."""

    display_name = forms.CharField(
        label=gettext_lazy("Last name, first name, patronymic"), max_length=200, required=False
    )


class EmailForm(Form):
    """A new e-mail; it counts once its code was typed."""

    email = EmailField()


class NewPhoneForm(Form):
    """A new number; it counts once its code was typed."""

    phone = PhoneField(label=gettext_lazy("New number"), widget=PhoneInput({"placeholder": "+7 912 345-67-89"}))


class ConfirmForm(CodeForm):
    """The code sent to the new phone or e-mail."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code")
        self.fields["code"].error_messages["required"] = _("Type the six digits.")


class DeleteForm(Form):
    """Nobody deletes an account by a slip."""

    agreed = forms.BooleanField(
        label=gettext_lazy("I understand that it cannot be undone after that"),
        error_messages={"required": gettext_lazy("Tick that you understand it.")},
    )


class DigestForm(Form):
    """How often a letter tells what was missed."""

    digest = forms.ChoiceField(label=gettext_lazy("Send it"), choices=Digest, widget=forms.RadioSelect())


# --- allauth's forms in our words (settings.MFA_FORMS, settings.ACCOUNT_FORMS) --------------------------------------
class _CodeOfAnApp:
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code from the app")
        self.fields["code"].widget = CodeInput({"autofocus": True})


class SecondFactor(_CodeOfAnApp, SecondFactorForm):
    """At sign-in: a code of the app, or a spare one."""


class SecondFactorAgain(_CodeOfAnApp, SecondFactorAgainForm):
    """Before a change of the account's safety."""


class EnrolApp(_CodeOfAnApp, ActivateTOTPForm):
    """The first code of a new app."""


class PasswordAgain(ReauthenticateForm):
    """Before a change of the account's safety, for operators who have a password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].label = _("Password")
        self.fields["password"].widget.attrs.pop("placeholder", None)


class _NamedKey:
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name of the passkey")
        self.fields["name"].help_text = _("For example: my phone")
        self.fields["name"].widget.attrs["maxlength"] = 60


class AddPasskey(_NamedKey, AddWebAuthnForm):
    """A new passkey. It may always sign in by itself: that is what people expect of one."""

    passwordless = forms.BooleanField(required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["name"] = _("My passkey")


class RenamePasskey(_NamedKey, EditWebAuthnForm):
    """Another name for a passkey."""
