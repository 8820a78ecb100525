"""What the tables of required reading hold about people."""

from django.utils.translation import gettext_lazy as _

from common.personal_data import ACTS, EVERYBODY, ORGANIZATION_GOES, WITH_ORGANIZATION, Basis, Held, Nothing, Whose

_ENDS = (ORGANIZATION_GOES,)

TABLES = [
    # The organization's own: nobody takes it along.
    Held(
        "readings.Reading",
        personal=("created_by",),
        plain=("title", "path", "content_hash"),
        whose=(Whose.STAFF,),
        why=ACTS,
        basis=Basis.LAW,
        kept=WITH_ORGANIZATION,
        ends=_ENDS,
    ),
    Nothing("readings.ReadingAudience", because=_("circles of people, no person")),
    Held(
        "readings.Confirmation",
        personal=("person", "noted_by"),
        whose=EVERYBODY,
        why=ACTS,
        basis=Basis.LAW,
        kept=WITH_ORGANIZATION,
        owners=("person__user",),
        withheld=("noted_by",),
        ends=_ENDS,
    ),
    Nothing("readings.Reminder", because=_("that a stage was reminded of, and how many people")),
]
