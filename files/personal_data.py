"""What the tables of files hold about people."""

from django.utils.translation import gettext_lazy as _

from common.personal_data import EVERYBODY, MESSAGES_GO, ORGANIZATION_GOES, Basis, Held, Nothing, Term

UNUSED_GO = Term(_("uploads that were not used"), "files.tasks.remove_unclaimed", when=_("after a day"))

TABLES = [
    Held(
        "files.StoredFile",
        personal=("content", "preview", "original_name", "uploaded_by"),
        plain=("content_type", "sha256"),
        whose=EVERYBODY,
        why=_("files of messages, posts, documents and applications"),
        basis=Basis.AGREEMENT,
        kept=_("as long as what they hang on; unused ones, for a day"),
        owners=("uploaded_by__user",),
        ends=(UNUSED_GO, MESSAGES_GO, ORGANIZATION_GOES),
    ),
    Nothing("files.OrganizationLogo", because=_("the logo of a school")),
]
# Bytes nobody knows of are reported, not removed: an operator looks first (manage.py check_files).
TERMS = [
    Term(
        _("bytes in the file store that no row names: counted and reported; removed by the operator"),
        "files.tasks.check_store",
        "KEEP_ORPHANED_FILES_DAYS",
        _("after they were written"),
    )
]
