"""The description of the API, and the API held against it."""

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import hypothesis
import pytest
import schemathesis
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from django.test import Client
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
)

from accounts.services import create_api_key
from chats.services.chats import ChatData, create_chat
from chats.services.safety import report
from files.services import upload
from invitations.services import LinkTerms, create_links
from orgs.models import Enrolment, HandoverOffer
from polls.services import PollData
from tests.api.client import description
from tests.api.conftest import Api
from tests.chats.cast import say
from tests.files.samples import upload_of
from tests.roster.pages import checked, row
from tests.world import World

pytestmark = pytest.mark.req("INT-1")


def test_the_description_is_clean(tmp_path) -> None:
    call_command("spectacular", validate=True, fail_on_warn=True, file=str(tmp_path / "schema.yml"))


def test_every_operation_is_named_and_described() -> None:
    names = []
    for path, operations in description()["paths"].items():
        for method, operation in operations.items():
            names.append(operation["operationId"])
            assert operation.get("description"), f"{method} {path} says nothing about itself"
            assert any(status.startswith("2") for status in operation["responses"])
    assert len(names) == len(set(names))


def test_the_description_and_its_pages_are_for_members(world: World, api: Api, browse: Callable[..., Client]) -> None:
    assert api().get("/api/v1/schema/", follow=True).status_code == 401
    assert browse(None).get("/api/v1/docs/").status_code == 302
    member = browse(world.a.user("teacher"))
    assert member.get("/api/v1/schema/").status_code == 200
    assert member.get("/api/v1/schema/", {"format": "json"}).json()["openapi"].startswith("3.1")
    page = member.get("/api/v1/docs/").content.decode()
    # No inline script (CSP) and nothing from elsewhere.
    assert "<script>" not in page
    assert "//cdn" not in page
    script = member.get("/api/v1/docs/", {"script": ""})
    assert script.headers["Content-Type"].startswith("application/javascript")


# --- Schemathesis: every operation, with what its description allows and what it does not ----------------------------
# Split so that several workers share it.
PARTS = 4
CHECKS = [not_a_server_error, content_type_conformance, response_schema_conformance]
EXAMPLES = hypothesis.settings(
    max_examples=6,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(hypothesis.HealthCheck),
    phases=[hypothesis.Phase.generate],
)


def rows_of(world: World, path: str) -> dict[str, Any]:
    """Keys of rows that exist, for the places of an address."""
    school, unit = world.a, world.a.units["5А"]
    link = create_links(actor=school.actor("administrator"), units=[unit], role="parent", terms=LinkTerms())[0]
    offer, _new = HandoverOffer.objects.get_or_create(
        organization=school.organization,
        from_person=school.people["head"],
        to_person=school.people["administrator"],
        defaults={"stays": True},
    )
    student, parent = school.people["student"].pk, school.people["parent"].pk
    keys = {"units": unit.pk, "people": student, "administrators": school.people["administrator"].pk}
    keys |= {"invitations": link.pk, "handovers": offer.pk}
    sent = upload(actor=school.actor("administrator"), upload=upload_of(b"hello", "a.txt"))
    keys["files"] = sent.pk
    keys["roster"] = checked(school, [row(2, "new", "Иванов Иван Иванович")]).pk
    member = Enrolment.objects.filter(unit=unit, person=student).latest("id").pk
    chat = chat_rows(world)
    keys |= {"chats": chat["chat"], "chat-reports": chat["report"]}
    known = {
        "slug": "a",
        "message": chat["message"],
        "unit": unit.pk,
        "person": student,
        "parent": parent,
        "enrolment": member,
    }
    return {**known, "id": keys.get(path.split("/")[5])} if path.startswith("/api/v1/o/") else {}


def chat_rows(world: World) -> dict[str, int]:
    """A chat that the administrator opened for the student and the parent, with a poll that was reported."""
    school = world.a
    administrator = school.actor("administrator")
    people = [school.people["student"].pk, school.people["parent"].pk]
    chat = create_chat(actor=administrator, data=ChatData(title="Обход", people=people))
    poll = PollData("Когда?", ["Сегодня", "Завтра"])
    message = say(school, "student", chat, "", poll=poll)
    reported = report(actor=administrator, chat=chat, message=message, reason="other")
    return {"chat": chat.pk, "message": message.pk, "report": reported.pk}


@pytest.fixture
def kept_connection() -> Iterator[None]:
    """Outside Django's own test client the end of a request would close the connection the test is in."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize("part", range(PARTS))
def test_the_api_keeps_its_promises(world: World, part: int, kept_connection: None) -> None:
    _key, raw = create_api_key(world.a.user("administrator"), "walk")
    schema = schemathesis.openapi.from_dict(description())
    schema.app = get_wsgi_application()
    operations = [found.ok() for found in schema.get_all_operations()]
    for operation in operations[part::PARTS]:
        walk(operation, {"Authorization": f"Bearer {raw}"}, rows_of(world, operation.path))


def walk(operation: APIOperation, headers: dict[str, str], rows: dict[str, Any]) -> None:
    """Try one operation with made-up input, mostly on rows that exist. Each try leaves the world as it was."""
    numbers = itertools.count()

    @EXAMPLES
    @hypothesis.given(case=operation.as_strategy())
    def judge(case: Case) -> None:
        known = rows if next(numbers) % 4 else {"slug": "a"}
        case.path_parameters.update({name: key for name, key in known.items() if name in case.path_parameters})
        with transaction.atomic():
            case.call_and_validate(checks=CHECKS, headers=headers)
            transaction.set_rollback(True)

    judge()
