"""What the tables of documents hold about people: who entered them. They are the organization's; nobody takes them."""

from django.utils.translation import gettext_lazy as _

from common.personal_data import ACTS, ORGANIZATION_GOES, WITH_ORGANIZATION, Basis, Held, Nothing, Whose

TABLES = [
    Held(
        "documents.Document",
        personal=("created_by",),
        plain=("number", "number_key", "title", "search_text", "annulled_reason"),
        whose=(Whose.STAFF,),
        why=ACTS,
        basis=Basis.LAW,
        kept=WITH_ORGANIZATION,
        ends=(ORGANIZATION_GOES,),
    ),
    Nothing("documents.DocumentAudience", because=_("circles of people, no person")),
    Held(
        "documents.DocumentVersion",
        personal=("created_by", "file"),
        plain=("note",),
        whose=(Whose.STAFF,),
        why=ACTS,
        basis=Basis.LAW,
        kept=WITH_ORGANIZATION,
        ends=(ORGANIZATION_GOES,),
    ),
]
