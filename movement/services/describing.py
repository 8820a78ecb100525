"""A notice in words."""

from __future__ import annotations

from typing import Any

from movement.models import Notice
from movement.services.notices import MEANING
from movement.services.plan import newcomer_from_json
from movement.services.telling import sentence_of
from orgs.models import UnitKind


def sentence_of_notice(notice: Notice) -> str:
    """Return what a notice asks for as a sentence: «Перевод: Иванов Иван в 5Б с 1 декабря 2026 г.».

    People (`people` with `person`), unit and organization must be loaded (`movement.selectors.notices.with_people`).
    """
    what, part = MEANING[notice.kind]
    names = [row.person.full_name for row in notice.people.all()]
    if notice.newcomer:
        data = newcomer_from_json(notice.newcomer)
        names.append(" ".join(word for word in (data.last_name, data.first_name, data.patronymic) if word))
    outcome: dict[str, Any] = {
        "what": str(what),
        "count": len(names),
        "name": names[0] if len(names) == 1 else "",
        "from": "",
        "to": notice.unit.name if notice.unit is not None and notice.unit.kind != UnitKind.STAFF else "",
        "part": str(part),
        "day": notice.day.isoformat(),
        "order": notice.order_number,
        "order_day": notice.order_date.isoformat() if notice.order_date else "",
    }
    return sentence_of(outcome)
