"""Links over the API."""

from datetime import timedelta

import pytest
from django.utils import timezone

from invitations.models import Invitation
from invitations.selectors import present
from outbox.models import Message
from tests.api.conftest import Api
from tests.world import World

pytestmark = pytest.mark.req("INT-1")


def make(client, units: list[int], role: str = "parent", **terms) -> list[dict]:
    made = client.post(client.inside("invitations/"), {"units": units, "role": role, **terms})
    assert made.status_code == 201, made.json()
    return made.json()


def rows(client, **query) -> list[dict]:
    return client.get(client.inside("invitations/"), query).json()["results"]


@pytest.mark.req("INV-1", "INV-3")
def test_links_for_several_units_at_once(world: World, api: Api) -> None:
    client = api(world.a, "administrator")
    made = make(client, [world.a.units["5А"].pk, world.a.units["5Б"].pk], days=3, max_uses=25)
    assert [(row["unit"]["name"], row["role"], row["max_uses"], row["state"]) for row in made] == [
        ("5А", "parent", 25, "active"),
        ("5Б", "parent", 25, "active"),
    ]
    opened = present(made[0]["url"].rstrip("/").rpartition("/")[2]).invitation
    assert opened is not None
    assert opened.pk == made[0]["id"]
    assert present(made[0]["code"]).invitation == opened


@pytest.mark.req("INV-2", "ACC-4")
def test_teachers_invite_into_their_own_units(world: World, api: Api) -> None:
    client = api(world.a, "leader")
    make(client, [world.a.units["5А"].pk])
    body = {"units": [world.a.units["5Б"].pk], "role": "parent"}
    assert client.post(client.inside("invitations/"), body).status_code == 403
    body = {"units": [world.b.units["5А"].pk], "role": "parent"}
    assert client.post(client.inside("invitations/"), body).status_code == 400
    make(api(world.a, "administrator"), [world.a.units["5Б"].pk])
    assert [row["unit"]["name"] for row in rows(client)] == ["5А"]
    assert api(world.a, "parent").get(client.inside("invitations/")).status_code == 403


@pytest.mark.req("INV-11")
def test_the_token_is_shown_to_those_who_may_change_the_link(world: World, api: Api) -> None:
    # Given the right away again, the teacher still sees the own link, and whoever may invite sees it too.
    link = make(api(world.a, "leader"), [world.a.units["5А"].pk])[0]
    seen = {}
    for who in ("administrator", "head", "leader"):
        seen[who] = rows(api(world.a, who))[0]
    assert all(row["code"] == link["code"] for row in seen.values())
    staff = make(api(world.a, "administrator"), [world.a.units["staff"].pk], role="teacher")[0]
    path = f"/api/v1/o/a/invitations/{staff['id']}/"
    assert api(world.a, "head").get(path).status_code == 404


@pytest.mark.req("INV-3", "INV-4")
def test_renew_extend_revoke(world: World, api: Api) -> None:
    client = api(world.a, "administrator")
    link = make(client, [world.a.units["5А"].pk], days=1)[0]
    path = client.inside(f"invitations/{link['id']}/")
    extended = client.post(path + "extend/", {"days": 10}).json()
    assert extended["expires_at"] > link["expires_at"]
    assert extended["code"] == link["code"]
    renewed = client.post(path + "renew/", {"days": 5, "max_uses": 7}).json()
    assert (renewed["max_uses"], renewed["code"] != link["code"]) == (7, True)
    assert client.post(path + "revoke/").json()["state"] == "revoked"
    refused = client.post(path + "extend/", {"days": 10})
    assert (refused.status_code, refused.json()["code"]) == (409, "link_revoked")
    assert client.post(path + "renew/", {"days": 0}).status_code == 400


@pytest.mark.req("INV-4")
def test_states_are_counted_and_filtered_and_all_annulled(world: World, api: Api) -> None:
    client = api(world.a, "administrator")
    units = [world.a.units["5А"].pk, world.a.units["5Б"].pk]
    old, _new = make(client, units)
    now = timezone.now()
    Invitation.objects.filter(pk=old["id"]).update(created_at=now - timedelta(9), expires_at=now - timedelta(1))
    assert client.get(client.inside("invitations/counts/")).json() == {
        "active": 1,
        "used_up": 0,
        "expired": 1,
        "revoked": 0,
    }
    assert [row["id"] for row in rows(client, state="expired")] == [old["id"]]
    assert len(rows(client, unit=units[1], role="parent")) == 1
    foreign = make(api(world.b, "administrator"), [world.b.units["5А"].pk])[0]["id"]
    assert client.post(client.inside("invitations/revoke-all/")).json() == {"count": 1}
    assert Invitation.objects.get(pk=foreign).revoked_at is None
    assert api(world.a, "leader").post(client.inside("invitations/revoke-all/")).status_code == 403


@pytest.mark.req("INV-5")
def test_sending_and_deliveries(world: World, api: Api) -> None:
    client = api(world.a, "leader")
    link = make(client, [world.a.units["5А"].pk])[0]
    path = client.inside(f"invitations/{link['id']}/")
    recipients = [
        {"channel": "email", "address": "rod@example.org"},
        {"channel": "sms", "address": "8 912 345 67 89"},
    ]
    assert client.post(path + "send/", {"recipients": recipients}).json() == {"count": 2}
    assert client.post(path + "send/", {"recipients": recipients}).json() == {"count": 0}
    states = client.get(path + "deliveries/").json()
    assert [(row["recipient"], row["status"]) for row in states] == [
        ("rod@example.org", "queued"),
        ("+79123456789", "queued"),
    ]
    wrong = client.post(path + "send/", {"recipients": [{"channel": "sms", "address": "rod@example.org"}]})
    assert wrong.status_code == 400
    assert client.post(path + "send/", {"recipients": []}).status_code == 400
    # Another teacher sees neither the link nor where it went.
    assert api(world.a, "teacher").get(path + "deliveries/").status_code == 404


@pytest.mark.req("INV-5")
def test_personal_codes_of_a_unit(world: World, api: Api) -> None:
    client = api(world.a, "leader")
    codes = client.inside(f"units/{world.a.units['5А'].pk}/codes/")
    made = client.post(codes, {"role": "student"})
    assert made.status_code == 201
    assert [row["person"]["full_name"] for row in made.json()] == ["Зайцева Зоя Захаровна"]
    again = client.post(codes, {"role": "student"}).json()
    assert [row["code"] for row in again] == [row["code"] for row in made.json()]
    families = client.post(codes, {"role": "parent"}).json()
    assert [row["student"]["full_name"].split()[0] for row in families] == ["Ёжиков", "Зайцева"]
    sent = client.post(client.inside("invitations/send-codes/"), {"invitations": [row["id"] for row in families]})
    assert (sent.json()["count"], [row["full_name"].split()[0] for row in sent.json()["unreached"]]) == (1, ["Ёжиков"])
    assert Message.objects.get(template="invitation").recipient == world.a.people["waiting_parent"].phone


@pytest.mark.req("INV-2", "INV-5")
def test_codes_for_staff(world: World, api: Api) -> None:
    client = api(world.a, "administrator")
    codes = client.inside(f"units/{world.a.units['staff'].pk}/codes/")
    assert list(client.post(codes, {"role": "teacher"}).json()["fields"]) == ["people"]
    made = client.post(codes, {"role": "teacher", "people": [world.a.people["waiting_teacher"].pk]}).json()
    assert [row["person"]["full_name"].split()[0] for row in made] == ["Ждущая"]
    assert api(world.a, "head").post(codes, {"role": "teacher"}).status_code == 403


@pytest.mark.req("INV-8")
def test_the_family_link_is_for_the_family(world: World, api: Api) -> None:
    path = f"/api/v1/o/a/people/{world.a.people['student'].pk}/family-link/"
    made = {who: api(world.a, who).post(path) for who in ("leader", "student", "parent")}
    assert {who: answer.status_code for who, answer in made.items()} == dict.fromkeys(made, 201)
    assert len({answer.json()["code"] for answer in made.values()}) == 1
    assert made["student"].json()["code"]
    other = f"/api/v1/o/a/people/{world.a.people['classmate'].pk}/family-link/"
    assert api(world.a, "student").post(other).status_code == 403
    assert api(world.a, "parent").post(other).status_code == 404


@pytest.mark.req("INV-5")
def test_the_qr_code_is_a_picture(world: World, api: Api) -> None:
    client = api(world.a, "leader")
    link = make(client, [world.a.units["5А"].pk])[0]
    picture = client.get(link["qr_url"])
    assert picture.headers["Content-Type"] == "image/svg+xml"
    assert b"<svg" in picture.content
