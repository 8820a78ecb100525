"""Movement as a work: done at once, undone in one step (ORG-5)."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from movement.services import moving, notices
from movement.services.facts import Facts, facts_of
from movement.services.plan import plan_of
from movement.services.telling import sentence_of_work
from orgs.permissions import can_manage_people
from works.kinds import Line, WorkKind
from works.models import Work
from works.services.ledger import Ledger
from works.services.progress import Progress


def _prepare(work: Work, progress: Progress) -> Facts:
    return facts_of(work.organization, plan_of(work.parameters))


def _write(work: Work, prepared: Facts, progress: Progress, ledger: Ledger) -> dict[str, Any]:
    return moving.write(work, prepared, ledger)


def _lines(work: Work) -> list[Line]:
    outcome = work.outcome
    url = ""
    if outcome["count"] == 1 and outcome["people"]:
        url = reverse("orgs:person", args=[work.organization.slug, outcome["people"][0]])
    lines = [
        Line(sentence_of_work(work), outcome["count"], url),
        Line(_("Parents who are parents here no longer"), outcome["parents_left"]),
        Line(_("Parents who came back with their children"), outcome["parents_back"]),
    ]
    return [line for line in lines if line.number]


def _page(work: Work) -> str:
    return reverse("movement:home", args=[work.organization.slug])


def _after_undo(work: Work) -> None:
    moving.told_undone(work)
    notices.reopen_of(work)


MOVEMENT = WorkKind(
    title=gettext_lazy("Movement"),
    prepare=_prepare,
    write=_write,
    lines=_lines,
    page=_page,
    can_start=can_manage_people,
    steps={},
    undo_days=30,
    undo_text=gettext_lazy(
        "Units, roles and family ties are as they were before. Links that were annulled meanwhile stay annulled."
    ),
    after_undo=_after_undo,
)
