"""What the statistics hold about people."""

from django.utils.translation import gettext_lazy as _

from common.personal_data import EVERYBODY, FIGURES, ORGANIZATION_GOES, Basis, Held, Nothing, Term, Whose

DAYS_GO = Term(
    _("who came and what they did on a day, by name"),
    "stats.tasks.forget_people",
    "KEEP_ACTIVITY_DAYS",
    _("after that day; sums of the organization and its units stay"),
)
_ENDS = (DAYS_GO, ORGANIZATION_GOES)
_SUMS = _("sums, no person")

TABLES = [
    Nothing("stats.StatsRules", because=_("rules of the organization")),
    Nothing("stats.Norm", because=_("rules of the organization"), plain=("figure",)),
    Held(
        "stats.Curatorship",
        personal=("user", "authority"),
        whose=(Whose.STAFF,),
        why=FIGURES,
        basis=Basis.INTEREST,
        kept=_("until the account or the organization is deleted"),
        owners=("user",),
        ends=(ORGANIZATION_GOES,),
    ),
    Nothing("stats.Change", because=_("what is still to be counted, for some minutes")),
    Nothing("stats.RollupState", because=_("how far the counting is"), plain=("basis",)),
    Nothing("stats.DayWindow", because=_("days that are being counted, inside one transaction")),
    Held(
        "stats.Presence",
        personal=("person", "day", "at"),
        whose=EVERYBODY,
        why=FIGURES,
        basis=Basis.INTEREST,
        kept="",
        owners=("person__user",),
        ends=_ENDS,
    ),
    Held(
        "stats.PersonDay",
        personal=("person", "day"),
        whose=EVERYBODY,
        why=FIGURES,
        basis=Basis.INTEREST,
        kept="",
        owners=("person__user",),
        ends=_ENDS,
    ),
    Held(
        "stats.StaffAnswer",
        personal=("person", "seconds"),
        whose=(Whose.STAFF,),
        why=FIGURES,
        basis=Basis.INTEREST,
        kept="",
        owners=("person__user",),
        ends=_ENDS,
    ),
    Nothing("stats.UnitDay", because=_SUMS),
    Nothing("stats.OrgDay", because=_SUMS),
    Nothing("stats.Period", because=_SUMS),
    Nothing("stats.Reached", because=_SUMS),
]
