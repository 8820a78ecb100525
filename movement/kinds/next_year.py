"""Passing to the next school year as a work (ORG-9)."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from movement.services.years.passing import reckon_or_refuse, write
from movement.services.years.undoing import tell_undone
from orgs.permissions import can_manage_structure
from works.kinds import Line, WorkKind
from works.models import Work
from works.services.ledger import Ledger
from works.services.progress import Progress


def _prepare(work: Work, progress: Progress) -> None:
    progress.step("reckoning")
    reckon_or_refuse(work.organization, work.parameters["plan"])


def _write(work: Work, prepared: None, progress: Progress, ledger: Ledger) -> dict[str, Any]:
    return write(work, ledger)


def _lines(work: Work) -> list[Line]:
    outcome = work.outcome
    titles = {
        "units": _("Units of the new year"),
        "passed": _("Passed on"),
        "conditional": _("Passed on conditionally"),
        "held_back": _("Stay for a second year"),
        "moved": _("Went to another unit"),
        "graduated": _("Graduated"),
        "left": _("Left"),
    }
    url = reverse("orgs:units", args=[work.organization.slug])
    told = [name for name in titles if outcome.get(name)]
    return [Line(titles[name], outcome[name], url if name == "units" else "") for name in told]


def _page(work: Work) -> str:
    return reverse("movement:year", args=[work.organization.slug])


NEXT_YEAR = WorkKind(
    title=gettext_lazy("Passing to the next school year"),
    prepare=_prepare,
    write=_write,
    lines=_lines,
    page=_page,
    can_start=can_manage_structure,
    steps={
        "reckoning": gettext_lazy("Looking who goes where"),
        "writing": gettext_lazy("Making the units of the new year and putting everybody into theirs"),
    },
    undo_days=14,
    undo_text=gettext_lazy(
        "The units of the year before come back with their people, links, chats and channels, the new ones are "
        "removed. The draft of the passing is kept."
    ),
    after_undo=tell_undone,
)
