"""What the tables of a school's movement hold about people."""

from django.utils.translation import gettext_lazy as _

from common.personal_data import (
    EVERYBODY,
    ORGANIZATION_GOES,
    ROSTER,
    WITH_ORGANIZATION,
    WORKING,
    Basis,
    Held,
    Whose,
)

_ENDS = (ORGANIZATION_GOES,)

TABLES = [
    # The parent who gave it takes it along; what is noted about reaching the family is theirs.
    Held(
        "movement.Consent",
        personal=("child", "parent", "decision", "channel", "document_number", "remark", "recorded_by"),
        whose=(Whose.STUDENTS, Whose.PARENTS),
        why=_("consents of families, and the proof of them"),
        basis=Basis.LAW,
        kept=WITH_ORGANIZATION,
        owners=("parent__user",),
        withheld=("child", "recorded_by"),
        ends=_ENDS,
    ),
    # A paper of the school about others: nobody takes it along.
    Held(
        "movement.Notice",
        personal=("newcomer", "remark", "reported_by", "decided_by", "answer", "order_number"),
        whose=EVERYBODY,
        why=ROSTER,
        basis=Basis.LAW,
        kept=WITH_ORGANIZATION,
        ends=_ENDS,
    ),
    Held(
        "movement.NoticePerson",
        personal=("person",),
        whose=EVERYBODY,
        why=ROSTER,
        basis=Basis.LAW,
        kept=WITH_ORGANIZATION,
        owners=("person__user",),
        ends=_ENDS,
    ),
    Held(
        "movement.YearPlan",
        personal=("content", "changed_by"),
        whose=EVERYBODY,
        why=WORKING,
        basis=Basis.LAW,
        kept=_("until the next plan takes its place"),
        ends=_ENDS,
    ),
    Held(
        "movement.Dismissal",
        personal=("key", "dismissed_by"),
        plain=("group",),
        whose=EVERYBODY,
        why=WORKING,
        basis=Basis.LAW,
        kept=WITH_ORGANIZATION,
        ends=_ENDS,
    ),
]
