"""Documents over the API: the register, versions, publishing, annulling (DOC-1, CHAN-4)."""

from __future__ import annotations

from typing import Any

import pytest

from documents.models import Document
from documents.services.publishing import annul
from orgs.models import Audience
from readings.models import Reading
from readings.services.confirming import confirm
from tests.api.conftest import Api
from tests.documents.cast import PDF, STAFF, draft, file_of, next_version, published, to_be_read
from tests.world import CAST, School, World

pytestmark = pytest.mark.req("DOC-1", "INT-1")


@pytest.fixture
def school(world: World) -> School:
    return world.a


STAFF_CIRCLE = {"audience": "staff", "unit": None}


def new_order(school: School, **more: Any) -> dict[str, Any]:
    values = {
        "kind": "order",
        "number": "№ 15",
        "issued_on": "2026-09-01",
        "title": "О режиме работы",
        "circles": [STAFF_CIRCLE],
        "file": file_of(school),
    }
    return {**values, **more}


# --- The register -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", CAST)
def test_everybody_lists_what_is_for_them(school: School, api: Api, who: str) -> None:
    mine = published(school, circles=[STAFF, (Audience.PARENTS, school.units["5А"].pk)])
    hidden = draft(school, number="16")
    client = api(school, who)
    listed = {row["id"] for row in client.get(client.inside("documents/")).json()["results"]}
    sees_all = {mine.pk, hidden.pk} if who in ("administrator", "head") else {mine.pk}
    assert listed == (set() if who == "student" else sees_all)


def test_the_list_is_narrowed_and_tells_what_waits(school: School, api: Api) -> None:
    made = to_be_read(school)
    published(school, number="3", kind="rules")
    client = api(school, "teacher")
    url = client.inside("documents/")
    assert [row["number"] for row in client.get(url, {"q": "№ 15"}).json()["results"]] == ["15"]
    assert [row["number"] for row in client.get(url, {"kind": "rules", "year": 2026}).json()["results"]] == ["3"]
    [row] = client.get(url, {"must_read": "me", "state": "published"}).json()["results"]
    assert row["reading"] == {
        "id": Reading.objects.get().pk, "due_on": None, "is_open": True, "asks_me": True, "confirmed_at": None,
    }  # fmt: skip
    assert (row["id"], row["state"], row["version"], row["has_draft"]) == (made.pk, "published", 1, False)
    confirm(actor=school.actor("teacher"), reading=Reading.objects.get())
    assert client.get(url, {"must_read": "me"}).json()["results"] == []
    assert client.get(url, {"q": "3"}).json()["results"][0]["reading"] is None


@pytest.mark.parametrize(
    "query", [{"year": "x"}, {"year": 10**30}, {"kind": "x"}, {"state": "x"}, {"must_read": "x"}, {"q": "а" * 201}]
)
def test_a_wrong_filter_is_refused(school: School, api: Api, query: dict[str, Any]) -> None:
    client = api(school, "teacher")
    assert client.get(client.inside("documents/"), query).status_code == 400


def test_the_list_comes_in_pages(school: School, api: Api) -> None:
    for number in range(3):
        published(school, number=str(number + 1))
    client = api(school, "teacher")
    page = client.get(client.inside("documents/"), {"limit": 2}).json()
    assert [row["number"] for row in page["results"]] == ["3", "2"]
    assert [row["number"] for row in client.get(page["next"]).json()["results"]] == ["1"]


# --- Registering ------------------------------------------------------------------------------------------------------
def test_an_order_is_registered_published_and_annulled(school: School, api: Api) -> None:
    client = api(school, "administrator")
    made = client.post(client.inside("documents/"), new_order(school))
    assert made.status_code == 201
    body = made.json()
    assert (body["number"], body["state"], body["version"], body["has_draft"]) == ("15", "draft", 0, True)
    assert body["circles"] == [STAFF_CIRCLE]
    assert body["created_by"]["full_name"] == school.people["administrator"].full_name
    url = client.inside(f"documents/{body['id']}/")
    body = client.post(f"{url}publish/", {"reading": {"due_on": "2030-01-01"}}).json()
    assert (body["state"], body["version"], body["has_draft"]) == ("published", 1, False)
    assert body["reading"]["due_on"] == "2030-01-01"
    assert body["versions"][0]["reading"] == Reading.objects.get().pk
    body = client.post(f"{url}annul/", {"reason": "Приказ № 17"}).json()
    assert (body["state"], body["annulled_reason"], body["reading"]["is_open"]) == ("annulled", "Приказ № 17", False)


def test_a_taken_number_is_a_conflict(school: School, api: Api) -> None:
    draft(school)
    client = api(school, "administrator")
    answer = client.post(client.inside("documents/"), new_order(school))
    assert answer.status_code == 409
    assert (answer.json()["code"], list(answer.json()["fields"])) == ("document_number_taken", ["number"])


@pytest.mark.parametrize(
    "more",
    [
        {"kind": "ukaz"},
        {"number": ""},
        {"number": "1" * 50},
        {"number": {"a": 1}},
        {"title": "\u200b"},
        {"title": "а" * 251},
        {"issued_on": "1980-01-01"},
        {"issued_on": "9999-12-31"},
        {"issued_on": "x"},
        {"file": 10**30},
        {"file": 999_999},
        {"file": None},
        {"circles": "x"},
        {"circles": [{"audience": "parents", "unit": 10**30}]},
        {"circles": [{"audience": "parents", "unit": 999_999}]},
    ],
)
def test_bad_input_is_refused(school: School, api: Api, more: dict[str, Any]) -> None:
    client = api(school, "administrator")
    answer = client.post(client.inside("documents/"), new_order(school, **more), format="json")
    assert answer.status_code == 400
    assert not Document.objects.exists()


def test_what_a_change_does_not_name_stays(school: School, api: Api) -> None:
    made = published(school)
    client = api(school, "head")
    url = client.inside(f"documents/{made.pk}/")
    body = client.patch(url, {"title": "Иначе"}).json()
    assert (body["title"], body["number"], body["circles"]) == ("Иначе", "15", [STAFF_CIRCLE])
    body = client.patch(url, {"circles": []}).json()
    assert (body["title"], body["circles"]) == ("Иначе", [])
    assert client.patch(url, {"kind": "rules"}).json()["code"] == "document_kind_fixed"


# --- Versions ---------------------------------------------------------------------------------------------------------
def test_the_next_version_is_brought_changed_and_published(school: School, api: Api) -> None:
    made = to_be_read(school)
    client = api(school, "administrator")
    url = client.inside(f"documents/{made.pk}/")
    answer = client.post(f"{url}versions/", {"file": file_of(school, content=PDF * 2), "note": "Пункт 3"})
    assert answer.status_code == 201
    assert [version["number"] for version in answer.json()["versions"]] == [2, 1]
    waiting = client.post(f"{url}versions/", {"file": file_of(school)})
    assert (waiting.status_code, waiting.json()["code"]) == (409, "document_version_waiting")
    body = client.patch(f"{url}draft/", {"note": "Пункт 4"}).json()
    assert (body["versions"][0]["note"], body["versions"][0]["published_at"]) == ("Пункт 4", None)
    body = client.post(f"{url}publish/", {}).json()
    assert (body["version"], body["reading"]["is_open"]) == (2, True)
    assert Reading.objects.count() == 2
    assert client.delete(f"{url}draft/").json()["code"] == "document_no_draft"


def test_publishing_by_default_asks_nobody_the_first_time(school: School, api: Api) -> None:
    made = draft(school)
    client = api(school, "administrator")
    assert client.post(client.inside(f"documents/{made.pk}/publish/"), {}).json()["reading"] is None


def test_a_new_version_may_ask_nobody(school: School, api: Api) -> None:
    made = to_be_read(school)
    next_version(school, made)
    client = api(school, "administrator")
    body = client.post(client.inside(f"documents/{made.pk}/publish/"), {"reading": None}, format="json").json()
    assert (body["version"], body["reading"]) == (2, None)
    assert not Reading.objects.filter(closed_at=None).exists()


@pytest.mark.req("CHAN-4")
@pytest.mark.parametrize(
    ("reading", "code"),
    [
        ({"due_on": "2020-01-01"}, "reading_due_past"),
        ({"circles": []}, "reading_circles_required"),
        ({"circles": [{"audience": "x"}]}, "invalid"),
        ({"parents_confirm": "x"}, "invalid"),
        ({"due_on": "x"}, "invalid"),
        ("x", "invalid"),
    ],
)
def test_wrong_terms_publish_nothing(school: School, api: Api, reading: Any, code: str) -> None:
    made = draft(school)
    client = api(school, "administrator")
    answer = client.post(client.inside(f"documents/{made.pk}/publish/"), {"reading": reading}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    made.refresh_from_db()
    assert made.version == 0


def test_readers_are_told_what_concerns_them(school: School, api: Api) -> None:
    made = published(school)
    next_version(school, made)
    client = api(school, "teacher")
    body = client.get(client.inside(f"documents/{made.pk}/")).json()
    assert (body["circles"], body["created_by"]) == (None, None)
    [version] = body["versions"]
    assert version["checksum"] == made.versions.get(number=1).file.sha256
    answer = client.get(version["content_url"])
    assert b"".join(answer.streaming_content) == PDF
    assert client.get(client.inside(f"documents/{made.pk}/versions/2/file/")).status_code == 404


def test_a_draft_is_removed(school: School, api: Api) -> None:
    made = draft(school)
    client = api(school, "head")
    url = client.inside(f"documents/{made.pk}/")
    assert client.delete(f"{url}draft/").status_code == 204
    assert client.get(url).status_code == 404


def test_an_annulled_document_stays_as_it_was(school: School, api: Api) -> None:
    made = published(school)
    annul(actor=school.actor("head"), document=made, reason="Устарел")
    client = api(school, "head")
    url = client.inside(f"documents/{made.pk}/")
    assert client.patch(url, {"title": "Иначе"}).json()["code"] == "document_annulled"
    assert client.post(f"{url}annul/", {"reason": "Ещё"}).json()["code"] == "document_annulled"


@pytest.mark.req("ACC-4")
def test_another_school_finds_nothing(world: World, api: Api) -> None:
    made = published(world.a, circles=[(Audience.EVERYONE, None)])
    client = api(world.b, "administrator")
    assert client.get(client.inside("documents/")).json()["results"] == []
    assert client.get(client.inside(f"documents/{made.pk}/")).status_code == 404
    assert client.get(client.inside(f"documents/{made.pk}/versions/1/file/")).status_code == 404
