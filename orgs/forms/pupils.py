"""How a pupil without a phone signs in (INV-7)."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.forms import ParentEmailField, PhoneField
from common.forms import Form, PhoneInput


class ParentsEmailForm(Form):
    """Another e-mail of the parents."""

    email = ParentEmailField(label=_("New e-mail of a parent"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Another person's address: the browser must not offer one's own.
        self.fields["email"].widget.attrs |= {"autocomplete": "off", "autofocus": False, "class": ""}


class OwnPhoneForm(Form):
    """The phone that the pupil has now."""

    phone = PhoneField(label=_("The pupil’s own phone"), widget=PhoneInput({"autocomplete": "off"}))
