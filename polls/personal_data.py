"""What the tables of polls hold about people."""

from django.utils.translation import gettext_lazy as _

from common.personal_data import EVERYBODY, MESSAGES_GO, ORGANIZATION_GOES, TALKING, Basis, Held

_KEPT = _("as long as the message or the post they hang on")
_ENDS = (MESSAGES_GO, ORGANIZATION_GOES)

TABLES = [
    Held(
        "polls.Poll",
        personal=("question", "created_by"),
        whose=EVERYBODY,
        why=TALKING,
        basis=Basis.AGREEMENT,
        kept=_KEPT,
        owners=("created_by__user",),
        ends=_ENDS,
    ),
    Held(
        "polls.PollOption",
        personal=("text",),
        whose=EVERYBODY,
        why=TALKING,
        basis=Basis.AGREEMENT,
        kept=_KEPT,
        owners=("poll__created_by__user",),
        ends=_ENDS,
    ),
    Held(
        "polls.PollVote",
        personal=("person", "option"),
        whose=EVERYBODY,
        why=TALKING,
        basis=Basis.AGREEMENT,
        kept=_KEPT,
        owners=("person__user",),
        ends=_ENDS,
    ),
    # That somebody voted in an anonymous poll, not what.
    Held(
        "polls.PollBallot",
        personal=("person",),
        whose=EVERYBODY,
        why=TALKING,
        basis=Basis.AGREEMENT,
        kept=_KEPT,
        owners=("person__user",),
        ends=_ENDS,
    ),
]
