"""Movement of a school of the world, in a line."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse

from movement.models import Notice, NoticeKind
from movement.services.consents import ConsentData, record_consent
from movement.services.notices import NoticeData, send
from orgs.audit import Order
from tests.orgs.pages import Visitor
from tests.world import School

ORDER = Order("15", date(2026, 11, 20))


def notice_of(school: School, kind: str = NoticeKind.TRANSFER, *names: str, by: str = "head", **more: Any) -> Notice:
    """A notice of the head; without anything else, that the student of the cast goes from 5А to 5Б."""
    people = [school.people[name].pk for name in names or ("student",)]
    if kind == NoticeKind.TRANSFER:
        more.setdefault("unit_id", school.units["5Б"].pk)
    return send(actor=school.actor(by), data=NoticeData(kind=str(kind), people=people, order=ORDER, **more))


def consent_of(school: School, child: str = "student", parent: str | None = "parent", **more: Any) -> Any:
    """A decision that the administrator recorded; without anything else, consent."""
    values: dict[str, Any] = {"decision": "consent", **more}
    return record_consent(
        actor=school.actor("administrator"),
        child=school.people[child],
        parent=school.people[parent] if parent else None,
        data=ConsentData(**values),
    )


class MovementVisitor(Visitor):
    """A browser of one member of the cast, on the pages of movement."""

    def url(self, name: str, **values: Any) -> str:
        return reverse(f"movement:{name}", kwargs={"slug": self.school.slug, **values})
