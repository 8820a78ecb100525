"""The platform's operators hear by letter that an application waits (REG-2)."""

from __future__ import annotations

import pytest

from accounts.models import User
from outbox.models import Message
from outbox.rendering import Obsolete, render
from registration.services import deciding
from registration.services.applying import correct
from tests.registration.cast import DATA, application, data
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.req("REG-2")]


@pytest.fixture
def operator(world: World) -> User:
    """The operator with an e-mail; one who left with theirs; a helper who decides nothing."""
    User.objects.filter(pk=world.operator.pk).update(email="operator@example.test")
    User.objects.create_superuser("+79120000091", email="left@example.test", is_active=False)
    User.objects.create_user("+79120000092", email="helper@example.test", is_staff=True)
    return world.operator


def told() -> list[Message]:
    return list(Message.objects.filter(template="application_came").order_by("id"))


def test_an_application_is_told_to_the_operator(operator: User) -> None:
    made = application()
    [letter] = told()
    assert letter.recipient == "operator@example.test"
    words = render(letter)
    assert f"№ {made.pk}" in words.subject
    assert "Школа № 77, Свердловская область" in words.text
    assert f"/admin/registration/application/{made.pk}/change/" in words.text
    for private in (DATA["last_name"], DATA["first_name"], DATA["phone"], DATA["email"], "Здравствуйте"):
        assert private not in words.subject + words.text + words.html


def test_what_was_looked_at_meanwhile_is_not_told(operator: User) -> None:
    made = application()
    deciding.take_on_review(operator=operator, application=made, revision=made.revision)
    with pytest.raises(Obsolete):
        render(told()[0])


def test_a_corrected_application_is_told_anew(operator: User) -> None:
    made = application()
    made = deciding.return_with_remarks(
        operator=operator, application=made, revision=made.revision, text="Сверьте адрес", fields=["address"]
    )
    correct(application=made, revision=made.revision, data=data(address="Иная"))
    first, second = told()
    with pytest.raises(Obsolete):
        render(first)
    assert "Школа № 77" in render(second).text


def test_without_an_e_mail_nobody_is_written_to(world: World) -> None:
    application()
    assert told() == []
