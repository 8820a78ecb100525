"""Duties of help and support, done by their pages."""

from __future__ import annotations

from accounts.models import User
from support.models import HelpRequest
from support.services.operating import answer_as_operator
from tests.regulations.scene import Scene
from tests.regulations.walker import Walker

OPERATOR_PHONE = "+79739990004"


def support_is_asked(scene: Scene) -> None:
    """The administrator writes to the platform's support, sees until when it answers, and reads the answer (SUP-1)."""
    page = scene.visit("support:new")
    assert page.says("Написать в поддержку платформы", "Ответят до")
    sent = page.submit({"topic": "fault", "text": "Видео не загружается"})
    assert sent.says("у поддержки платформы", "ответить до")
    _operator_answers("Исправлено, попробуйте ещё раз")
    assert scene.visit("orgs:home").says("Вам ответили")
    assert scene.visit("support:requests").follow("Что-то не работает").says("Исправлено", "ответ дан")


def participants_are_helped(scene: Scene) -> None:
    """A teacher asks, the administrator answers and passes on what is not the school's; instructions are at hand
    (SUP-1, SUP-2)."""
    teacher = scene.walkers[scene.humans["teacher"].phone]
    sent = teacher.visit("support:new", scene.slug).submit({"topic": "units", "text": "Не вижу своей группы"})
    assert sent.says("новое")
    assert scene.visit("orgs:home").says("Обращения: 1")
    page = scene.visit("support:requests").follow("Класс, группа, список")
    page = page.submit({"text": "Закрепили вас, обновите страницу", "revision": "1"}, button="Отправить ответ")
    assert page.says("ответ дан")
    answer = teacher.visit("orgs:home", scene.slug).follow("Вам ответили")
    assert answer.says("Закрепили вас")
    number = HelpRequest.objects.latest("id").pk
    page = scene.visit("support:request", number)
    page = page.submit({"note": "Проверили, у нас всё верно"}, action="pass-on/")
    assert page.says("у поддержки платформы")
    shown = teacher.visit("support:request", scene.slug, number)
    assert not shown.says("Проверили, у нас всё верно")
    _operator_answers("Готово")
    assert teacher.visit("support:request", scene.slug, number).says("Готово")
    instructions_are_at_hand(scene)


def instructions_are_at_hand(scene: Scene) -> None:
    """What was told at the meeting is read again inside, by role, and found by a word (SUP-2)."""
    page = scene.visit("support:help", q="полоски")
    assert page.says("В инструкциях")
    assert scene.visit("support:guide", "guide-teacher").says("Пригласить родителей и детей", "Содержание")
    assert Walker("10.4.0.2").open("/help/guides/guide-parent/").says("Войти по ссылке или QR-коду")


def _operator_answers(text: str) -> None:
    operator, _is_new = User.objects.get_or_create(phone=OPERATOR_PHONE, defaults={"is_staff": True})
    row = HelpRequest.objects.latest("id")
    answer_as_operator(operator=operator, request=row, revision=row.revision, text=text)
