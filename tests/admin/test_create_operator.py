"""`manage.py create_operator`: the first operator of an installation, made without a word that must stay secret."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.req("REG-2")]
COMMAND = "sferum_admin.management.commands.create_operator.Command"


def said(**options: Any) -> str:
    output = StringIO()
    call_command("create_operator", no_input=True, stdout=output, **options)
    return output.getvalue()


def test_an_operator_is_made_and_told_how_to_sign_in() -> None:
    text = said(phone="8 (912) 345-67-89", name="Иванова  Анна", email="anna@example.test")
    user = User.objects.get(phone="+79123456789")
    assert (user.is_staff, user.is_superuser, user.is_active) == (True, True, True)
    assert (user.display_name, user.email) == ("Иванова Анна", "anna@example.test")
    assert not user.has_usable_password()
    assert "Оператор создан" in text
    assert "/admin/" in text
    assert "+7 912 345-67-89" in text


def test_again_changes_nothing() -> None:
    said(phone="+79123456789", name="Иванова Анна")
    text = said(phone="+7 912 345 67 89", name="Другая")
    assert "ничего не изменено" in text
    assert User.objects.get(phone="+79123456789").display_name == "Иванова Анна"


def test_whoever_has_an_account_becomes_operator_with_the_name_they_have(world: World) -> None:
    teacher = world.a.user("teacher")
    assert "С этим номером уже входят" in said(phone=teacher.phone, name="Другая")
    found = User.objects.get(pk=teacher.pk)
    assert (found.is_staff, found.is_superuser, found.display_name) == (True, True, teacher.display_name or "Другая")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"phone": "12"}, "не похоже на номер"),
        ({"phone": ""}, "Укажите телефон"),
        ({}, "Укажите телефон"),
        ({"phone": "+79123456789", "email": "anna"}, "электронной почты"),
    ],
)
def test_what_was_mistyped_is_told(options: dict[str, str], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        said(**options)
    assert not User.objects.filter(is_superuser=True, phone="+79123456789").exists()


def test_a_closed_account_is_not_opened_by_the_way(world: World) -> None:
    teacher = world.a.user("teacher")
    User.objects.filter(pk=teacher.pk).update(is_active=False)
    with pytest.raises(CommandError, match="закрыта"):
        said(phone=teacher.phone)
    assert not User.objects.get(pk=teacher.pk).is_staff


def test_at_a_terminal_it_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter(["+79123456789", "Иванова Анна"])
    monkeypatch.setattr(f"{COMMAND}.is_terminal", lambda self: True)
    monkeypatch.setattr("builtins.input", lambda question: next(answers))
    call_command("create_operator", stdout=StringIO())
    assert User.objects.get(phone="+79123456789").display_name == "Иванова Анна"


def test_an_end_of_input_is_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def ended(question: str) -> str:
        raise EOFError

    monkeypatch.setattr(f"{COMMAND}.is_terminal", lambda self: True)
    monkeypatch.setattr("builtins.input", ended)
    with pytest.raises(CommandError, match="Укажите телефон"):
        call_command("create_operator", stdout=StringIO())
