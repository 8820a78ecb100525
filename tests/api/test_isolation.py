"""Nobody reaches into another school, whatever the address (ACC-4)."""

import re

import pytest
from django.urls import resolve

from chats.services.chats import ChatData, create_chat
from files.services import upload
from invitations.models import Invitation
from invitations.services import LinkTerms, create_links
from orgs.models import AuditEvent, Enrolment, HandoverOffer
from tests.api.client import description
from tests.api.conftest import Api
from tests.files.samples import upload_of
from tests.matrix_chats import ChatThings
from tests.matrix_things import APPS
from tests.world import CAST, World

pytestmark = pytest.mark.req("ACC-4", "INT-1")


def addresses_of(world: World, slug: str) -> list[tuple[str, str]]:
    """Every operation inside an organization, with keys of school b's rows."""
    link = create_links(
        actor=world.b.actor("administrator"), units=[world.b.units["5А"]], role="parent", terms=LinkTerms()
    )[0]
    offer = HandoverOffer.objects.create(
        organization=world.b.organization,
        from_person=world.b.people["administrator"],
        to_person=world.b.people["head"],
    )
    unit, child = world.b.units["5А"].pk, world.b.people["student"].pk
    member = Enrolment.objects.filter(unit=unit, until=None).latest("id").pk
    keys = {"units": unit, "people": child, "administrators": world.b.people["administrator"].pk}
    keys |= {"handovers": offer.pk, "invitations": link.pk}
    chats = ChatThings(world.b)
    keys["files"] = upload(actor=world.b.actor("teacher"), upload=upload_of(b"hello", "a.txt")).pk
    keys |= {"chats": chats.unit.pk, "chat-reports": chats.report.pk}
    things = {module: module.Things(world.b) for module in APPS}
    found = []
    for path, operations in description()["paths"].items():
        if not path.startswith("/api/v1/o/{slug}/"):
            continue
        collection = path.split("/")[5]
        route = resolve(re.sub(r"\{(?!slug)\w+\}", "1", path).format(slug=slug)).url_name or ""
        own = next((made for module, made in things.items() if route.startswith(module.PREFIXES)), None)
        if own is not None:
            names = [name for name in re.findall(r"\{(\w+)\}", path) if name != "slug"]
            values = {name: own.value("pk" if name == "id" else name, route) for name in names}
            found += [(method, path.format(slug=slug, **values)) for method in operations]
            continue
        filled = path.format(
            slug=slug,
            id=keys.get(collection),
            enrolment=member,
            parent=world.b.people["parent"].pk,
            unit=unit,
            person=child,
            message=chats.message.pk,
        )
        found += [(method, filled) for method in operations]
    return found


@pytest.mark.parametrize("who", CAST)
def test_another_school_does_not_exist(world: World, api: Api, who: str) -> None:
    client = api(world.a, who)
    for method, address in addresses_of(world, "b"):
        answer = client.generic(method.upper(), address, "{}", content_type="application/json")
        assert answer.status_code == 404, (method, address)


def test_its_rows_are_not_found_through_the_own_address(world: World, api: Api) -> None:
    client = api(world.a, "administrator")
    for method, address in addresses_of(world, "a"):
        if not re.search(r"\d", address.partition("/o/a/")[2]):
            continue
        answer = client.generic(method.upper(), address, "{}", content_type="application/json")
        assert answer.status_code == 404, (method, address)
    foreign = [invitation.revoked_at for invitation in Invitation.objects.filter(organization=world.b.organization)]
    assert foreign == [None]


def test_strangers_are_asked_to_sign_in(world: World, api: Api) -> None:
    for method, address in addresses_of(world, "a"):
        answer = api().generic(method.upper(), address, "{}", content_type="application/json")
        assert answer.status_code == 401, (method, address)


def test_foreign_keys_in_bodies_are_refused(world: World, api: Api) -> None:
    client = api(world.a, "administrator")
    unit, person = world.b.units["5А"].pk, world.b.people["teacher"].pk
    own_unit, own = world.a.units["5А"].pk, world.a.people["teacher"].pk
    inside, foreign = ChatThings(world.a), ChatThings(world.b)
    chat = create_chat(actor=world.a.actor("administrator"), data=ChatData(title="Совещание", people=[own]))
    file = upload(actor=world.b.actor("teacher"), upload=upload_of(b"hello", "a.txt")).pk
    before = AuditEvent.objects.count()
    bodies = [
        (f"units/{own_unit}/members/", {"people": [own, person], "part": "teacher"}),
        (f"people/{own}/parents/", {"parent": person}),
        ("administrators/", {"person": person}),
        ("handovers/", {"person": person}),
        ("rights/", {"person": person, "right": "invite_into_unit", "unit": own_unit}),
        ("rights/", {"person": own, "right": "invite_into_unit", "unit": unit}),
        ("invitations/", {"units": [own_unit, unit], "role": "parent"}),
        (f"units/{own_unit}/codes/", {"role": "parent", "people": [world.b.people["student"].pk]}),
        ("chats/", {"title": "Чат", "people": [own, person]}),
        ("chats/", {"title": "Чат", "circles": [{"audience": "parents", "unit": unit}]}),
        ("chats/personal/", {"person": person}),
        (f"chats/{chat.pk}/members/", {"people": [person]}),
        (f"chats/{chat.pk}/owner/", {"person": person}),
        (f"chats/{chat.pk}/mutes/", {"person": person, "hours": 1, "reason": "Так"}),
        (f"chats/{chat.pk}/messages/", {"text": "Ответ", "reply_to": foreign.message.pk}),
        (f"chats/{chat.pk}/messages/", {"file_ids": [file]}),
        (f"chats/{inside.unit.pk}/inspect/", {"report": foreign.report.pk}),
        ("movement/", {"what": "leave", "people": [own, person]}),
        ("movement/", {"what": "enrol", "people": [own], "unit": unit, "part": "leader"}),
        ("movement/notices/", {"kind": "dismiss", "people": [person]}),
        (f"consents/children/{world.a.people['student'].pk}/", {"decision": "consent", "parent": person}),
        (f"consents/children/{world.a.people['student'].pk}/", {"decision": "consent", "parent": own}),
    ]
    for path, body in bodies:
        assert client.post(client.inside(path), body).status_code == 400, path
    assert AuditEvent.objects.count() == before


def test_the_parent_of_both_sees_each_school_by_itself(world: World, api: Api) -> None:
    client = api(None, world.both)
    for school in (world.a, world.b):
        units = client.get(f"/api/v1/o/{school.slug}/units/").json()["results"]
        assert [unit["id"] for unit in units] == [school.units["5Б"].pk]
