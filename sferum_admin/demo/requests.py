"""Requests for help in the states they can be in: new, late, in work, answered, with the operator, closed (SUP-1)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from accounts.models import User
from common.text import normalise
from orgs.models import Person
from sferum_admin.demo import known
from sferum_admin.demo.people import Cast
from support.models import OWED, HelpEntry, HelpRequest, Side, State, Step, Topic

_MINUTE = 10 * 60
# Step of the thread: side, what it is, words, hours after the first.
Line = tuple[str, str, str, int]
_TAKEN: Line = (Side.ADMINISTRATION, Step.TAKEN, "", 1)


# Who asks, about what, where it stands, how many days ago, the first words, what came of them.
_REQUESTS: tuple[tuple[known.Known, str, str, int, str, tuple[Line, ...]], ...] = (
    (known.PARENT_OF_TWO, Topic.NOTIFICATIONS, State.NEW, 6, "На телефоне мужа не приходят уведомления.", ()),
    (
        known.CLASS_LEADER,
        Topic.UNITS,
        State.IN_WORK,
        1,
        "В 5А записан ученик, который учится в 5Б. Поправьте, пожалуйста.",
        (_TAKEN,),
    ),
    (
        known.PARENT_OF_TWO,
        Topic.FAMILY,
        State.ANSWERED,
        3,
        "На главной странице нет второго ребёнка.",
        (_TAKEN, (Side.ADMINISTRATION, Step.ANSWERED, "Связали вас с ребёнком: обновите главную страницу.", 5)),
    ),
    (
        known.STUDENT,
        Topic.FAULT,
        State.WAITING,
        4,
        "Не открывается файл в канале.",
        ((Side.ADMINISTRATION, Step.QUESTION, "Какой именно файл и с какого телефона?", 3),),
    ),
    (
        known.CLASS_LEADER,
        Topic.FAULT,
        State.PASSED_ON,
        2,
        "Видео с праздника не загружается: полоса доходит до конца и пропадает.",
        (_TAKEN, (Side.ADMINISTRATION, Step.PASSED_ON, "Файл на 180 МБ, пробовали с двух компьютеров.", 4)),
    ),
    (
        known.DIRECTOR,
        Topic.STATISTICS,
        State.CLOSED,
        30,
        "Как получить справку для учредителя?",
        (
            (Side.ADMINISTRATION, Step.ANSWERED, "«Статистика» → справка, кнопка вверху страницы.", 2),
            (Side.ASKER, Step.CLOSED, "", 5),
        ),
    ),
)


def write(cast: Cast) -> None:
    """Lay the requests of a school on its administrator's table."""
    for place, (who, topic, state, ago, text, lines) in enumerate(_REQUESTS, start=1):
        _request(cast, place, _person(cast, who), topic, state, ago, text, lines)


def write_calls(now: datetime) -> None:
    """Somebody of no organization cannot sign in."""
    sent = now - timedelta(days=1)
    row = HelpRequest.objects.create(
        name="Рябинина Алла",
        phone="+79730000095",
        email="ryabinina@example.org",
        school="Детский сад «Ладушки», Светлоозёрск",
        topic=Topic.SIGN_IN,
        state=State.PASSED_ON,
        attempt=UUID(int=700),
        search_text=normalise("Рябинина Алла Ладушки"),
        created_at=sent,
        changed_at=sent,
        due_on=now.date() + timedelta(days=1),
        passed_on_at=sent,
    )
    text = "Сменила номер, старого больше нет. Код приходит на него."
    HelpEntry.objects.create(request=row, side=Side.ASKER, step=Step.ASKED, text=text, at=sent)


def _person(cast: Cast, who: known.Known) -> Person:
    return Person.objects.get(organization=cast.organization, user=User.objects.get(phone=who.phone))


def _request(
    cast: Cast, place: int, person: Person, topic: str, state: str, ago: int, text: str, lines: Sequence[Line] = ()
) -> None:
    sent = cast.clock.at(ago, _MINUTE)
    administrator = cast.administrator_at(cast.clock.now)
    is_taken = any(side == Side.ADMINISTRATION for side, *_rest in lines)
    last = sent + timedelta(hours=lines[-1][3]) if lines else sent
    row = HelpRequest.objects.create(
        organization=cast.organization,
        person=person,
        topic=topic,
        state=state,
        attempt=UUID(int=700 + place),
        assignee=administrator if is_taken else None,
        search_text=normalise(f"{person.full_name} {text}"),
        created_at=sent,
        changed_at=last,
        due_on=cast.clock.day(ago - 3) if state in OWED else None,
        passed_on_at=last if state == State.PASSED_ON else None,
        closed_at=last if state == State.CLOSED else None,
        has_news=state in (State.ANSWERED, State.WAITING),
    )
    steps: list[Line] = [(Side.ASKER, Step.ASKED, text, 0), *lines]
    HelpEntry.objects.bulk_create(
        HelpEntry(
            organization=cast.organization,
            request=row,
            side=side,
            step=step,
            author=person if side == Side.ASKER else administrator,
            text=words,
            at=sent + timedelta(hours=hours),
        )
        for side, step, words, hours in steps
    )
