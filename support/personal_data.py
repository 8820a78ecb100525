"""What the tables of help hold about people: who asks, who answers, and what they write."""

from django.utils.translation import gettext_lazy as _

from common.personal_data import EVERYBODY, ORGANIZATION_GOES, Basis, Held, Nothing, Purpose, Term, Whose

HELPING = Purpose(
    _("help with the platform"),
    _("administrators; the platform’s support where it was passed on, or came from nobody’s school"),
)
REQUESTS_GO = Term(
    _("requests for help that were closed"), "support.tasks.forget", "KEEP_HELP_REQUESTS_DAYS", _("after their closing")
)
CALLS_GO = Term(
    _("calls of people who cannot sign in"), "support.tasks.forget", "KEEP_HELP_CALLS_DAYS", _("after their closing")
)
_ENDS = (REQUESTS_GO, CALLS_GO, ORGANIZATION_GOES)
_WHO = (*EVERYBODY, Whose.APPLICANTS, Whose.OPERATORS)

TABLES = [
    Held(
        "support.HelpRequest",
        personal=("person", "name", "phone", "email", "school", "assignee", "search_text"),
        whose=_WHO[:4],
        why=HELPING,
        basis=Basis.AGREEMENT,
        kept="",
        owners=("person__user",),
        withheld=("assignee",),
        ends=_ENDS,
    ),
    # A note of an administrator to the platform's support is the administrator's, not the asker's.
    Held(
        "support.HelpEntry",
        personal=("author", "operator", "text"),
        whose=_WHO,
        why=HELPING,
        basis=Basis.AGREEMENT,
        kept="",
        owners=("author__user",),
        withheld=("operator",),
        ends=_ENDS,
    ),
    Held(
        "support.HelpFile",
        personal=("file",),
        whose=EVERYBODY,
        why=HELPING,
        basis=Basis.AGREEMENT,
        kept="",
        owners=("entry__author__user",),
        ends=_ENDS,
    ),
    Nothing("support.HelpRules", because=_("a setting of the organization")),
]
