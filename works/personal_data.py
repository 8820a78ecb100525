"""What the tables of long work hold about people."""

from django.utils.translation import gettext_lazy as _

from common.personal_data import EVERYBODY, ORGANIZATION_GOES, WITH_ORGANIZATION, WORKING, Basis, Held, Term, Whose

LEDGERS_GO = Term(
    _("what a work has changed, row by row"),
    "works.tasks.forget_ledgers",
    "KEEP_LEDGERS_DAYS",
    _("after the last day on which it can be undone"),
)

TABLES = [
    # Works are the organization's, and about many people: nobody takes them along.
    Held(
        "works.Work",
        personal=("started_by", "undone_by", "parameters", "outcome", "error_message"),
        plain=("kind", "error_code", "step"),
        whose=(Whose.STAFF,),
        why=WORKING,
        basis=Basis.LAW,
        kept=WITH_ORGANIZATION,
        ends=(ORGANIZATION_GOES,),
    ),
    Held(
        "works.Change",
        data=_("data of people as they were before and after"),
        personal=("rows",),
        plain=("model",),
        whose=EVERYBODY,
        why=WORKING,
        basis=Basis.LAW,
        kept="",
        ends=(LEDGERS_GO, ORGANIZATION_GOES),
    ),
]
