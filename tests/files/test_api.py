"""Uploads over the API: any member, one's own only, until they are used (CHAT-5, ACC-4)."""

import pytest

from accounts.services import create_api_key
from files.models import StoredFile
from files.services import claim
from tests.api.conftest import Api, api, bare_client
from tests.files.samples import BAD, GOOD, picture, upload_of
from tests.world import CAST, World

pytestmark = [pytest.mark.req("CHAT-5"), pytest.mark.req("INT-1")]
__all__ = ["api", "bare_client"]


@pytest.mark.parametrize("who", CAST)
def test_every_member_uploads_looks_and_removes(world: World, api: Api, who: str) -> None:
    client = api(world.a, who)
    answer = client.post(client.inside("files/"), {"file": upload_of(GOOD["pdf"][0], "План.pdf")}, format="multipart")
    made = answer.json()
    stored = StoredFile.objects.get()
    address = client.inside(f"files/{stored.pk}/")
    assert answer.status_code == 201
    assert made == {
        "id": stored.pk,
        "name": "План.pdf",
        "kind": "document",
        "content_type": "application/pdf",
        "size": len(GOOD["pdf"][0]),
        "width": None,
        "height": None,
        "content_url": f"{address}content/",
        "preview_url": None,
        "uploaded_at": made["uploaded_at"],
    }
    assert client.get(address).json() == made
    content = client.get(made["content_url"])
    assert b"".join(content) == GOOD["pdf"][0]
    assert client.delete(address).status_code == 204
    assert client.get(address).status_code == 404
    assert client.delete(address).status_code == 404
    assert not StoredFile.objects.exists()


def test_a_picture_has_a_size_and_a_preview(world: World, api: Api) -> None:
    client = api(world.a, "student")
    sent = {"file": upload_of(picture("JPEG", (1000, 500)), "я.png")}
    made = client.post(client.inside("files/"), sent, format="multipart").json()
    assert (made["name"], made["kind"], made["width"], made["height"]) == ("я.jpg", "picture", 1000, 500)
    preview = client.get(made["preview_url"])
    assert preview.headers["Content-Type"] == "image/webp"
    shown, saved = client.get(made["content_url"]), client.get(made["content_url"], {"download": "true"})
    assert shown.headers["Content-Disposition"].startswith("inline")
    assert saved.headers["Content-Disposition"].startswith("attachment")
    known = {"If-None-Match": shown.headers["ETag"]}
    assert client.get(made["content_url"], headers=known).status_code == 304
    assert client.get(made["content_url"], headers={"Range": "bytes=0-9"}).status_code == 206
    assert client.get(made["content_url"], headers={"Range": "bytes=9999999-"}).status_code == 416
    assert client.get(made["content_url"], headers={"Accept": "image/webp"}).status_code == 200


@pytest.mark.parametrize("sample", ["empty", "svg called a picture", "macros in a document", "half a picture"])
def test_a_refusal_names_the_field(world: World, api: Api, sample: str) -> None:
    content, name, code = BAD[sample]
    client = api(world.a, "teacher")
    refused = client.post(client.inside("files/"), {"file": upload_of(content, name)}, format="multipart")
    assert (refused.status_code, refused.json()["code"], list(refused.json()["fields"])) == (400, code, ["file"])


@pytest.mark.parametrize(
    "name", ["../../x\x00y\u202e.pdf", "a" * 300 + ".pdf", "ж" * 300, '"; filename="b.html', "a\r\nX: y.pdf", "."]
)
def test_names_made_to_hurt_are_made_harmless(world: World, api: Api, name: str) -> None:
    client = api(world.a, "student")
    body = (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="'
        + name.encode()
        + b'"\r\nContent-Type: text/html\r\n\r\n'
        + GOOD["pdf"][0]
        + b"\r\n--x--\r\n"
    )
    answer = client.generic("POST", client.inside("files/"), body, content_type="multipart/form-data; boundary=x")
    assert answer.status_code in (201, 400)
    if answer.status_code == 201:
        made = answer.json()
        assert len(made["name"]) <= 200
        assert made["name"].endswith(".pdf")
        assert not set(made["name"]) & set("/\\\0\r\n\u202e")


@pytest.mark.req("ACC-4")
def test_others_see_nothing_of_it(world: World, api: Api) -> None:
    client = api(world.a, "student")
    made = client.post(client.inside("files/"), {"file": upload_of(b"hello", "a.txt")}, format="multipart").json()
    strangers = [api(world.a, who) for who in ("administrator", "parent")] + [api(world.b, "student")]
    for other in strangers:
        for address in (other.inside(f"files/{made['id']}/"), f"/api/v1/o/a/files/{made['id']}/"):
            assert other.get(address).status_code == 404
            assert other.delete(address).status_code == 404
            assert other.get(f"{address}content/").status_code == 404
    assert api().get(made["content_url"]).status_code == 401
    assert StoredFile.objects.filter(pk=made["id"]).exists()


def test_what_is_used_is_read_where_it_hangs(world: World, api: Api) -> None:
    client = api(world.a, "student")
    made = client.post(client.inside("files/"), {"file": upload_of(b"hello", "a.txt")}, format="multipart").json()
    claim(actor=world.a.actor("student"), ids=[made["id"]])
    for address in (client.inside(f"files/{made['id']}/"), made["content_url"]):
        assert client.get(address).status_code == 404
    assert client.delete(client.inside(f"files/{made['id']}/")).status_code == 404


def test_a_key_that_only_reads_uploads_nothing(world: World, bare_client) -> None:
    _key, raw = create_api_key(world.a.user("student"), "reader", read_only=True)
    answer = bare_client.post(
        "/api/v1/o/a/files/",
        {"file": upload_of(b"hello", "a.txt")},
        format="multipart",
        headers={"Authorization": f"Bearer {raw}"},
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "read_only_key")
    assert not StoredFile.objects.exists()
