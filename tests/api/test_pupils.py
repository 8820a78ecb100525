"""The API changes how a pupil without a phone signs in (INV-7)."""

from __future__ import annotations

import pytest

from accounts.models import User
from orgs.models import Person
from tests.accounts.pupils import primary, pupil
from tests.api.conftest import Api
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.req("INV-7", "INT-1")]


@pytest.fixture
def anna(world: World) -> Person:
    user = pupil(world.a, primary(world.a), "Рябова Анна")
    return Person.objects.get(user=user)


def test_the_api_does_the_same(world: World, api: Api, anna: Person):
    client = api(world.a, "administrator")
    path = client.inside(f"people/{anna.pk}/sign-in/")
    assert client.post(path, {"parent_email": "Papa@Mail.ru"}).status_code == 200
    assert User.objects.get(pk=anna.user_id).parent_email == "papa@mail.ru"
    assert client.post(path, {}).status_code == 400
    assert client.post(path, {"parent_email": "x@mail.ru", "phone": "+79123456789"}).status_code == 400
    assert client.post(path, {"phone": "+79001000006"}).status_code == 409
    assert client.post(path, {"phone": "8 912 345-67-89"}).status_code == 200
    assert client.post(path, {"phone": "8 912 345-67-89"}).json()["code"] == "no_parent_email"
    assert api(world.a, "leader").post(path, {"phone": "+79123456780"}).status_code in (403, 404)
    assert api(world.b, "administrator").post(path, {"phone": "+79123456780"}).status_code == 404
