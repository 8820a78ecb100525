"""What invitations and requests hold about people."""

from django.utils.translation import gettext_lazy as _

from common.personal_data import (
    EVERYBODY,
    JOINING,
    ORGANIZATION_GOES,
    WITH_ORGANIZATION,
    Basis,
    Held,
    Nothing,
    Term,
    Whose,
)

_JOB = "invitations.tasks.forget_old"
CLAIMS_GO = Term(_("names of children as parents typed them"), _JOB, "KEEP_CLAIMS_DAYS", _("after the parent joined"))
REQUESTS_GO = Term(_("join requests"), _JOB, "KEEP_JOIN_REQUESTS_DAYS", _("after they were decided or withdrawn"))

TABLES = [
    # That somebody was invited stays as long as the figures that count it. A link that is over opens nothing: its
    # token is made of the number, and the moment stands in the row.
    Held(
        "invitations.Invitation",
        personal=("owner", "person", "student", "role"),
        whose=EVERYBODY,
        why=JOINING,
        basis=Basis.LAW,
        kept=_("opens nothing after its day; the fact, until the organization is deleted"),
        owners=("owner__user",),
        withheld=("person", "student"),
        ends=(ORGANIZATION_GOES,),
    ),
    Held(
        "invitations.InvitationUse",
        personal=("person", "claimed_child"),
        whose=EVERYBODY,
        why=JOINING,
        basis=Basis.LAW,
        kept=WITH_ORGANIZATION,
        owners=("person__user",),
        ends=(CLAIMS_GO, ORGANIZATION_GOES),
    ),
    Nothing("invitations.JoinRules", because=_("rules of the organization")),
    Held(
        "invitations.JoinRequest",
        personal=(
            "user",
            "person",
            "last_name",
            "first_name",
            "patronymic",
            "search_name",
            "role",
            "child_name",
            "child_birth_date",
            "message",
            "decided_by",
            "reason",
        ),
        whose=(*EVERYBODY, Whose.APPLICANTS),
        why=JOINING,
        basis=Basis.CONSENT,
        kept="",
        owners=("user", "person__user"),
        withheld=("decided_by",),
        ends=(REQUESTS_GO, ORGANIZATION_GOES),
    ),
    Held(
        "invitations.WithdrawnConfirmation",
        personal=("person", "roles", "parts"),
        whose=(Whose.STAFF,),
        why=JOINING,
        basis=Basis.LAW,
        kept=WITH_ORGANIZATION,
        owners=("person__user",),
        ends=(ORGANIZATION_GOES,),
    ),
]
