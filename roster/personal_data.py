"""What files brought into the roster hold about people; about many at once, so nobody takes them along."""

from django.utils.translation import gettext_lazy as _

from common.personal_data import EVERYBODY, ORGANIZATION_GOES, WORKING, Basis, Held, Nothing, Term

FILES_GO = Term(
    _("files of the roster with what was found in them"),
    "roster.tasks.forget_files",
    when=_("30 days after they were uploaded"),
)
_ENDS = (FILES_GO, ORGANIZATION_GOES)
_KEPT = _("who brought in which file and when, until the organization is deleted")

TABLES = [
    Held(
        "roster.Load",
        personal=("created_by", "content", "summary", "file_name"),
        plain=("sheet", "encoding", "delimiter", "columns", "order_number"),
        whose=EVERYBODY,
        why=WORKING,
        basis=Basis.LAW,
        kept=_KEPT,
        ends=_ENDS,
    ),
    Held(
        "roster.LoadRow",
        personal=("person", "name", "changes", "problems", "remarks"),
        plain=("unit_name",),
        whose=EVERYBODY,
        why=WORKING,
        basis=Basis.LAW,
        kept="",
        ends=_ENDS,
    ),
    Nothing("roster.KnownHeading", because=_("headings of columns"), plain=("heading", "field")),
]
