"""What the outbox holds about people."""

from django.utils.translation import gettext_lazy as _

from common.personal_data import EVERYBODY, ORGANIZATION_GOES, Basis, Held, Term, Whose

_JOB = "outbox.tasks.forget_old"
CODES_GO = Term(
    _("one-time codes"), _JOB, when=_("when the message has left; one that could not leave, after a day at the latest")
)
ADDRESSES_GO = Term(
    _("addresses of letters and SMS, and what they were about"),
    _JOB,
    "KEEP_LETTER_ADDRESSES_DAYS",
    _("after it was sent or given up"),
)
LETTERS_GO = Term(
    _("the fact that a letter or an SMS was sent"), _JOB, "KEEP_LETTERS_DAYS", _("after it was sent or given up")
)
PUSHES_GO = Term(
    _("notifications on devices"), "outbox.tasks.forget_old_pushes", "KEEP_PUSHES_DAYS", _("after they were written")
)

TABLES = [
    Held(
        "outbox.Message",
        # Words are made at sending; the context holds numbers of what they are about.
        personal=("recipient", "context", "reference", "dedupe_key", "last_error", "secret"),
        plain=("template",),
        whose=(*EVERYBODY, Whose.APPLICANTS, Whose.OPERATORS),
        why=_("sending letters, SMS and notifications, and knowing whether they arrived"),
        basis=Basis.AGREEMENT,
        kept="",
        ends=(CODES_GO, ADDRESSES_GO, LETTERS_GO, PUSHES_GO, ORGANIZATION_GOES),
    ),
]
