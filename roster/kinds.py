"""The long works of the roster: the check of a file, and bringing it in (ORG-8)."""

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from orgs.permissions import can_manage_people
from roster.services import bringing_in, checking
from works.kinds import Line, WorkKind
from works.models import Work


def _page(work: Work) -> str:
    """The page of the file; that of all files when there is none any more."""
    slug = work.organization.slug
    try:
        return reverse("roster:load", kwargs={"slug": slug, "pk": work.parameters["load"]})
    except NoReverseMatch:
        return reverse("orgs:people", kwargs={"slug": slug})


def _checked(work: Work) -> list[Line]:
    names = {
        "new": pgettext_lazy("rows of a file", "New"),
        "changed": pgettext_lazy("rows of a file", "Changed"),
        "same": pgettext_lazy("rows of a file", "The same"),
        "error": pgettext_lazy("rows of a file", "With errors"),
    }
    return [Line(str(title), work.outcome.get(name, 0)) for name, title in names.items()]


def _brought_in(work: Work) -> list[Line]:
    names = {
        "people_new": _("New people"),
        "people_changed": _("People whose data changed"),
        "parents_new": _("New parents"),
        "enrolled": _("Enrolled"),
        "leaving": _("Left"),
        "units": _("New units"),
        "left_out": _("Rows left out because of errors"),
    }
    return [Line(str(title), work.outcome[name]) for name, title in names.items() if work.outcome.get(name)]


_READING = {"reading": _("Reading the file"), "comparing": _("Comparing with the roster"), "writing": _("Writing")}

CHECK = WorkKind(
    title=_("Check of a file"),
    prepare=checking.prepare,
    write=checking.write,
    lines=_checked,
    page=_page,
    can_start=can_manage_people,
    steps=_READING,
)
IMPORT = WorkKind(
    title=_("Loading of a file into the roster"),
    prepare=bringing_in.prepare,
    write=bringing_in.write,
    lines=_brought_in,
    page=_page,
    can_start=can_manage_people,
    steps=_READING,
    undo_days=30,
    after_undo=bringing_in.after_undo,
    undo_text=_(
        "New people, units and ties disappear; what was changed gets its former values. Journal and statistics stay."
    ),
)
