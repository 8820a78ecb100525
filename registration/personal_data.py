"""What the tables of registration hold about people: applicants and operators."""

from django.utils.translation import gettext_lazy as _

from common.personal_data import ORGANIZATION_GOES, REGISTERING, Basis, Held, Nothing, Term, Whose

_WHO = (Whose.APPLICANTS, Whose.OPERATORS)
ORDERS_GO = Term(
    _("orders of applications that were not sent"), "registration.tasks.remove_unused_orders", when=_("after a day")
)
APPLICATIONS_GO = Term(
    _("applications that came to nothing, with their orders"),
    "registration.tasks.remove_old_applications",
    "KEEP_APPLICATIONS_DAYS",
    _("after they were rejected, withdrawn, or returned and not sent again"),
)
_KEPT = _("with the organization that came of it")

TABLES = [
    Held(
        "registration.OrderFile",
        personal=("content", "original_name"),
        plain=("content_type", "sha256"),
        whose=_WHO[:1],
        why=REGISTERING,
        basis=Basis.CONSENT,
        kept=_KEPT,
        ends=(ORDERS_GO, APPLICATIONS_GO, ORGANIZATION_GOES),
    ),
    # An applicant has no account; the operator's is named in it.
    Held(
        "registration.Application",
        personal=("last_name", "first_name", "patronymic", "position", "email", "phone", "reviewer"),
        plain=(
            "name",
            "short_name",
            "search_name",
            "inn",
            "region",
            "municipality",
            "address",
            "time_zone",
            "site",
            "diary_url",
            "rules_version",
        ),
        whose=_WHO,
        why=REGISTERING,
        basis=Basis.CONSENT,
        kept=_KEPT,
        ends=(APPLICATIONS_GO, ORGANIZATION_GOES),
    ),
    Held(
        "registration.ApplicationEvent",
        personal=("operator", "text"),
        plain=("fields",),
        whose=_WHO,
        why=REGISTERING,
        basis=Basis.CONSENT,
        kept=_KEPT,
        ends=(APPLICATIONS_GO, ORGANIZATION_GOES),
    ),
    Held(
        "registration.Deletion",
        personal=("requested_by", "requested_name", "cancelled_name"),
        plain=("slug", "name", "short_name", "inn"),
        whose=(Whose.STAFF, Whose.OPERATORS),
        why=REGISTERING,
        basis=Basis.INTEREST,
        kept=_("for ever: the proof that an organization was deleted, by whose wish and when"),
        owners=("requested_by",),
        withheld=("cancelled_name",),
    ),
    Nothing(
        "registration.LeftFile", because=_("names of files made of chance, until the bytes are gone"), plain=("name",)
    ),
]
