"""What is typed on the pages of links, at the door and in requests; `from invitations.forms import …`."""

from invitations.forms.links import (
    CodeForm,
    ExtendForm,
    JoinForm,
    NewLinksForm,
    SendForm,
    TermsForm,
    TieForm,
    roles_by_link,
)
from invitations.forms.requests import ApplyForm, DecisionForm, ReasonForm, RulesForm, WithdrawForm

__all__ = [
    "ApplyForm",
    "CodeForm",
    "DecisionForm",
    "ExtendForm",
    "JoinForm",
    "NewLinksForm",
    "ReasonForm",
    "RulesForm",
    "SendForm",
    "TermsForm",
    "TieForm",
    "WithdrawForm",
    "roles_by_link",
]
