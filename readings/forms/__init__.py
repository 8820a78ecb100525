"""The forms of required reading."""

from django.utils.translation import gettext_lazy as _

from common.forms import Form
from orgs.forms.base import DateField


class DeadlineForm(Form):
    """The last day to confirm."""

    due_on = DateField(
        label=_("Deadline"), required=False, help_text=_("The last day to confirm. Empty: there is no deadline.")
    )
