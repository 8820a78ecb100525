"""Joining over the API, as a guest and as a member."""

import pytest

from accounts.models import User
from invitations.addresses import code_of, token_of
from invitations.models import Invitation
from invitations.services import LinkTerms, create_family_link, create_links, renew, revoke
from orgs.actor import load_actor
from orgs.models import Person
from tests.api.conftest import Api
from tests.world import World, make_user

pytestmark = pytest.mark.req("INT-1", "INV-1")
PREVIEW, JOIN = "/api/v1/join/preview/", "/api/v1/join/"


@pytest.fixture
def link(world: World) -> Invitation:
    actor = world.a.actor("administrator")
    return create_links(actor=actor, units=[world.a.units["5А"]], role="parent", terms=LinkTerms(max_uses=2))[0]


@pytest.fixture
def newcomer(world: World) -> User:
    return make_user("+79005550001")


@pytest.mark.req("INV-11")
def test_a_guest_learns_where_and_as_whom(world: World, api: Api, link: Invitation) -> None:
    for token in (token_of(link), code_of(link), code_of(link).lower().replace("-", " ")):
        assert api().post(PREVIEW, {"token": token}).json() == {
            "answer": "open",
            "organization": "Школа № 1",
            "unit": "5А",
            "role": "parent",
            "needs_name": True,
            "needs_child": True,
        }


@pytest.mark.req("INV-11")
def test_only_a_genuine_token_tells_anything(world: World, api: Api, link: Invitation) -> None:
    forged = f"{token_of(link).partition('-')[0]}-{'a' * 26}"
    missing = f"zzzz-{'a' * 26}"
    answers = [api().post(PREVIEW, {"token": token}).json() for token in (forged, missing, "привет", "0000-0000-0000")]
    assert [answer["answer"] for answer in answers] == ["unknown"] * 4
    assert all(answer["organization"] is None for answer in answers)


@pytest.mark.req("INV-3", "INV-11")
def test_each_end_of_a_link_is_told_apart(world: World, api: Api, link: Invitation) -> None:
    actor, old = world.a.actor("administrator"), token_of(link)
    renew(actor=actor, invitation=link, terms=LinkTerms())
    assert api().post(PREVIEW, {"token": old}).json()["answer"] == "renewed"
    link.refresh_from_db()
    revoke(actor=actor, invitation=link)
    assert api().post(PREVIEW, {"token": token_of(link)}).json()["answer"] == "revoked"


@pytest.mark.req("ORG-10", "INV-3")
def test_a_parent_joins_and_names_the_child(world: World, api: Api, link: Invitation, newcomer: User) -> None:
    client = api(None, newcomer)
    body = {"token": code_of(link), "last_name": "Зайцев", "first_name": "Лев", "child_name": "зоя зайцева"}
    joined = client.post(JOIN, body)
    assert joined.status_code == 201
    assert (joined.json()["organization"], joined.json()["role"]) == ("a", "parent")
    assert [child["full_name"] for child in joined.json()["children"]] == ["Зайцева Зоя Захаровна"]
    assert client.post(JOIN, body).json()["already"] is True
    link.refresh_from_db()
    assert link.uses == 1
    actor = load_actor(newcomer.pk, "a")
    assert actor is not None
    assert actor.is_parent


@pytest.mark.req("ORG-10")
def test_an_unknown_child_is_asked_about(world: World, api: Api, link: Invitation, newcomer: User) -> None:
    client = api(None, newcomer)
    body = {"token": token_of(link), "last_name": "Котов", "first_name": "Кот", "child_name": "Котова Кира"}
    refused = client.post(JOIN, body)
    assert (refused.status_code, refused.json()["code"]) == (400, "child_unknown")
    assert list(refused.json()["fields"]) == ["child_name"]
    assert client.post(JOIN, {**body, "child_unknown_is_fine": True}).json()["children"] == []


@pytest.mark.req("INV-8")
def test_a_family_link_needs_no_child(world: World, api: Api, newcomer: User) -> None:
    student = world.a.people["student"]
    family = create_family_link(actor=world.a.actor("student"), child=student)
    preview = api().post(PREVIEW, {"token": code_of(family)}).json()
    assert (preview["needs_child"], preview["needs_name"]) == (False, True)
    body = {"token": code_of(family), "last_name": "Ёжиков", "first_name": "Илья"}
    assert [child["id"] for child in api(None, newcomer).post(JOIN, body).json()["children"]] == [student.pk]


@pytest.mark.req("ACC-1")
def test_joining_needs_a_sign_in_with_a_confirmed_phone(world: World, api: Api, link: Invitation) -> None:
    stranger = api().post(JOIN, {"token": token_of(link)})
    assert (stranger.status_code, stranger.json()["code"]) == (401, "not_authenticated")
    unconfirmed = User.objects.create(phone="+79005550009")
    refused = api(None, unconfirmed).post(JOIN, {"token": token_of(link)})
    assert (refused.status_code, refused.json()["code"]) == (403, "phone_not_confirmed")


@pytest.mark.req("INV-3", "INV-4", "INV-11")
def test_refusals_have_codes(world: World, api: Api, link: Invitation, newcomer: User) -> None:
    client, actor = api(None, newcomer), world.a.actor("administrator")
    old = token_of(link)
    assert client.post(JOIN, {"token": "1-" + "a" * 26}).json()["code"] == "link_unknown"
    renew(actor=actor, invitation=link, terms=LinkTerms())
    assert client.post(JOIN, {"token": old}).json()["code"] == "link_renewed"
    link.refresh_from_db()
    revoke(actor=actor, invitation=link)
    refused = client.post(JOIN, {"token": token_of(link)})
    assert (refused.status_code, refused.json()["code"]) == (409, "link_revoked")
    assert not Person.objects.filter(user=newcomer).exists()


@pytest.mark.req("INV-11")
def test_guessing_is_limited_and_joining_is_not(world: World, api: Api, link: Invitation, settings) -> None:
    settings.FAILED_TOKENS_PER_ADDRESS_PER_HOUR = 3
    client = api()
    for _try in range(5):
        assert client.post(PREVIEW, {"token": token_of(link)}).status_code == 200
    for _try in range(3):
        assert client.post(PREVIEW, {"token": "1-" + "b" * 26}).status_code == 200
    limited = client.post(PREVIEW, {"token": "1-" + "b" * 26})
    assert (limited.status_code, limited.json()["code"]) == (429, "throttled")
    assert int(limited.headers["Retry-After"]) > 0
