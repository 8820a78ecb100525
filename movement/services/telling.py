"""A movement in words: the sentence that is shown before it happens, after it, and in the journal."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from movement.services.facts import Facts, names_of
from movement.services.plan import What
from orgs.audit import Order
from orgs.models import Part, Role
from orgs.selectors.organizations import today_in
from works.models import Work


def outcome_of(facts: Facts) -> dict[str, Any]:
    """Return what came of a movement as its work keeps it, and as `sentence_of` tells it."""
    plan = facts.plan
    sources = sorted({row.unit.name for row in facts.closing}) if plan.what == What.TRANSFER else []
    parents = [row for row in facts.roles_ended if row.role == Role.PARENT]
    return {
        "what": str(plan.what),
        "count": len(facts.everybody),
        "name": facts.everybody[0].full_name if len(facts.everybody) == 1 else "",
        "from": ", ".join(sources),
        "to": _where_to(facts),
        "part": str(plan.part),
        "day": facts.day.isoformat(),
        "order": plan.order.number,
        "order_day": plan.order.day.isoformat() if plan.order.day is not None else "",
        "people": [person.pk for person in facts.everybody if person.pk],
        "touched": sorted(facts.touched),
        "parents_left": len(parents),
        "parents_back": len({tie.parent_id for tie in facts.ties_given}),
    }


def _where_to(facts: Facts) -> str:
    if facts.plan.what == What.LEAVE:
        return ""
    if facts.unit is not None:
        return "" if facts.unit.is_staff_unit else facts.unit.name
    return ", ".join(sorted({opening.unit.name for opening in facts.opening if not opening.unit.is_staff_unit}))


def sentence_of(outcome: dict[str, Any]) -> str:
    """Return «Перевод: 12 человек из 5А в 5Б с 1 декабря 2026 г., приказ № 15 от 30.11.2026»."""
    count = outcome["count"]
    who = outcome["name"] or ngettext("%(count)s person", "%(count)s people", count) % {"count": count}
    values = {"who": who, "from": outcome["from"], "to": outcome["to"]}
    sentence = f"{_head(outcome) % values} {_since(date.fromisoformat(outcome['day']))}"
    return f"{sentence}, {_order(outcome)}" if outcome["order"] or outcome["order_day"] else sentence


def _head(outcome: dict[str, Any]) -> str:
    to, source = outcome["to"], outcome["from"]
    if outcome["what"] == What.TRANSFER:
        return _("Transfer: %(who)s from %(from)s to %(to)s") if source else _("Transfer: %(who)s to %(to)s")
    if outcome["what"] == What.LEAVE:
        return _("Leaving: %(who)s")
    if outcome["what"] == What.RETURN:
        return _("Return: %(who)s, %(to)s") if to else _("Return: %(who)s")
    if outcome["part"] == Part.LEADER:
        return _("New leader: %(who)s, %(to)s")
    if outcome["part"] == Part.TEACHER:
        return _("Taken on: %(who)s, %(to)s") if to else _("Taken on: %(who)s")
    return _("Enrolment: %(who)s, %(to)s")


def _since(day: date) -> str:
    return pgettext("movement", "as of %(day)s") % {"day": date_format(day, "j E Y")}


def _order(outcome: dict[str, Any]) -> str:
    if not outcome["order_day"]:
        return _("order № %(number)s") % {"number": outcome["order"]}
    day = date_format(date.fromisoformat(outcome["order_day"]), "d.m.Y")
    if not outcome["order"]:
        return _("order of %(day)s") % {"day": day}
    return _("order № %(number)s of %(day)s") % {"number": outcome["order"], "day": day}


def sentence_of_work(work: Work) -> str:
    """Return the sentence of a movement that was carried out."""
    return sentence_of(work.outcome)


def notes_of(facts: Facts) -> list[str]:
    """Return what else a movement brings about, said before it happens."""
    notes = []
    if facts.day > today_in(facts.organization):
        notes.append(_("The day is still to come: units, chats and channels change at once, the day is only written."))
    if facts.plan.order == Order():
        notes.append(_("Without an order. Its number and date can be looked up later only if they are entered now."))
    parents = [row.person for row in facts.roles_ended if row.role == Role.PARENT]
    if parents:
        text = ngettext(
            "%(count)s parent has no other child here and is a parent here no longer: %(names)s.",
            "%(count)s parents have no other child here and are parents here no longer: %(names)s.",
            len(parents),
        )
        notes.append(text % {"count": len(parents), "names": names_of(parents)})
    back = {tie.parent_id: tie.parent for tie in facts.ties_given}
    if back:
        notes.append(_("Their parents come back with them: %(names)s.") % {"names": names_of(back.values())})
    moved = {person.pk for person in facts.people}
    stepping = [row.person for row in facts.closing if row.person_id not in moved]
    if stepping:
        notes.append(_("Leads the unit no longer: %(names)s.") % {"names": names_of(stepping)})
    if facts.plan.what == What.LEAVE:
        ended = sorted({row.unit.name for row in facts.closing})
        notes.append(_("Ends today: %(units)s. The past stays on the pages of people.") % {"units": ", ".join(ended)})
    return notes
