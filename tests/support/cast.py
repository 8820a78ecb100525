"""Requests for help of a school of the world, in a line."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from files.services import upload
from support.models import HelpRequest
from support.services import answering, operating
from support.services.asking import Question, Stranger, ask, ask_from_outside
from tests.files.samples import upload_of
from tests.world import School, World


def asked(school: School, name: str = "parent", text: str = "Код не приходит", **more: Any) -> HelpRequest:
    """A request of `name` to the administrators."""
    return ask(actor=school.actor(name), question=Question(**{"topic": "other", "text": text, **more}))


def with_file(school: School, name: str = "parent") -> HelpRequest:
    """A request that brought a file."""
    stored = upload(actor=school.actor(name), upload=upload_of(b"hello", "screen.txt"))
    return asked(school, name, file_ids=[stored.pk])


def fresh(request: HelpRequest) -> HelpRequest:
    """The request as it is now."""
    return HelpRequest.objects.get(pk=request.pk)


def answered(school: School, request: HelpRequest, text: str = "Попробуйте ещё раз", **more: Any) -> HelpRequest:
    """An administrator answers what stands there now."""
    actor, revision = school.actor("administrator"), fresh(request).revision
    return answering.answer(actor=actor, request=request, revision=revision, text=text, **more)


def passed_on(school: School, request: HelpRequest, note: str = "Проверили номер, он верный") -> HelpRequest:
    """An administrator passes it on."""
    actor, revision = school.actor("administrator"), fresh(request).revision
    return answering.pass_on(actor=actor, request=request, revision=revision, note=note)


def operator_answers(world: World, request: HelpRequest, text: str = "Исправили") -> HelpRequest:
    """The platform's operator answers."""
    return operating.answer_as_operator(
        operator=world.operator, request=request, revision=fresh(request).revision, text=text
    )


def called(place: School | None = None, /, **more: Any) -> HelpRequest:
    """A call of somebody who cannot sign in."""
    values = {
        "name": "Ёжикова Роза",
        "phone": "+79005550011",
        "email": "roza@example.org",
        "school": "Школа № 1, Вязьма",
        "topic": "sign_in",
        "text": "Сменила номер",
        "attempt": uuid4(),
    }
    organization = place.organization if place is not None else None
    return ask_from_outside(stranger=Stranger(**{**values, **more}), organization=organization)
