"""Merging as a work: done at once, undone in one step (ORG-7)."""

from typing import Any

from django.apps import apps
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from movement.services.merging import write
from movement.services.merging.merging import tell_undone
from orgs.permissions import can_manage_people
from works.kinds import Line, WorkKind
from works.models import Work
from works.services.ledger import Ledger
from works.services.progress import Progress


def _prepare(work: Work, progress: Progress) -> None:
    """All of it is looked at under the lock of the two rows."""


def _write(work: Work, prepared: None, progress: Progress, ledger: Ledger) -> dict[str, Any]:
    return write(work, ledger)


def _lines(work: Work) -> list[Line]:
    moved: dict[str, int] = work.outcome.get("moved", {})
    return [
        Line(capfirst(str(apps.get_model(label)._meta.verbose_name_plural)), count) for label, count in moved.items()
    ]


def _page(work: Work) -> str:
    return reverse("orgs:person", args=[work.organization.slug, work.parameters["kept"]])


MERGE = WorkKind(
    title=_("Merging of two people"),
    prepare=_prepare,
    write=_write,
    lines=_lines,
    page=_page,
    can_start=can_manage_people,
    steps={},
    undo_days=30,
    undo_text=_(
        "Both people are there again, each with what they had before. What was written since stays with the one that "
        "was kept."
    ),
    after_undo=tell_undone,
)
