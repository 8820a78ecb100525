"""The pages of requests: nothing typed is lost, limits, who cannot get in; constant numbers of queries (SUP-1)."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from support.models import HelpFile, HelpRequest, HelpRules, State
from tests.support.cast import answered, asked, called, fresh, passed_on, with_file
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.req("SUP-1")]
Browse = Callable[..., Client]
_TOKEN = re.compile(r"[A-Za-z0-9]{64}")
LIST, NEW = "/o/a/help/requests/", "/o/a/help/requests/new/"


def page(pk: int) -> str:
    return f"/o/a/help/requests/{pk}/"


def call(**more: str) -> dict[str, str]:
    values = {
        "name": "Роза",
        "email": "roza@example.org",
        "phone": "+7 900 555-00-11",
        "school": "Школа",
        "topic": "sign_in",
        "text": "Не могу войти",
        "attempt": str(uuid4()),
    }
    return {**values, **more}


def test_a_parent_asks_with_a_file(world: World, browse: Browse) -> None:
    client = browse(world.a.user("parent"))
    files = [SimpleUploadedFile("screen.txt", b"hello"), SimpleUploadedFile("other.txt", b"world")]
    answer = client.post(NEW, {"topic": "chats", "text": "Нет чата", "files": files, "attempt": str(uuid4())})
    row = HelpRequest.objects.get()
    assert answer["Location"] == page(row.pk)
    held = list(HelpFile.objects.all())
    assert len(held) == 2
    assert client.get(f"{page(row.pk)}files/{held[0].file_id}/").status_code == 200
    assert browse(world.a.user("student")).get(f"{page(row.pk)}files/{held[0].file_id}/").status_code == 404
    shown = browse(world.a.user("administrator")).get(page(row.pk)).content.decode()
    assert "Нет чата" in shown
    assert "screen.txt" in shown


def test_a_file_of_another_request_is_not_here(world: World, browse: Browse) -> None:
    file_id = HelpFile.objects.get(entry__request=with_file(world.a)).file_id
    other = asked(world.a)
    assert browse(world.a.user("parent")).get(f"{page(other.pk)}files/{file_id}/").status_code == 404


def test_nothing_typed_is_lost(world: World, browse: Browse) -> None:
    client = browse(world.a.user("parent"))
    values = {"topic": "", "text": "Очень длинный рассказ", "files": [SimpleUploadedFile("screen.txt", b"hello")]}
    answer = client.post(NEW, values)
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "Очень длинный рассказ" in shown
    assert "screen.txt" in shown
    assert 'name="file_ids"' in shown


def test_topics_are_those_of_the_role(world: World, browse: Browse) -> None:
    assert "Импорт" not in browse(world.a.user("parent")).get(NEW).content.decode()
    answer = browse(world.a.user("parent")).post(NEW, {"topic": "roster", "text": "x"})
    assert answer.status_code == 422


def test_the_head_chooses_whom_to_write_to(world: World, browse: Browse) -> None:
    for to, state in (("administrators", State.NEW), ("operator", State.PASSED_ON)):
        browse(world.a.user("head")).post(NEW, {"to": to, "topic": "other", "text": to})
        assert HelpRequest.objects.latest("id").state == state
    browse(world.a.user("parent")).post(NEW, {"to": "operator", "topic": "other", "text": "x"})
    assert HelpRequest.objects.latest("id").state == State.NEW


def test_the_second_answer_keeps_its_words(world: World, browse: Browse) -> None:
    row = asked(world.a)
    answered(world.a, row)
    client = browse(world.a.user("administrator"))
    answer = client.post(page(row.pk), {"text": "Мой ответ", "revision": row.revision})
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "Кто-то вас опередил" in shown
    assert "Мой ответ" in shown
    # The next try is about what is shown now.
    assert f'name="revision" value="{fresh(row).revision}"' in shown


def test_news_is_news_until_it_is_read(world: World, browse: Browse) -> None:
    row = asked(world.a)
    answered(world.a, row)
    browse(world.a.user("administrator")).get(page(row.pk))
    assert fresh(row).has_news
    browse(world.a.user("parent")).get(page(row.pk))
    assert not fresh(row).has_news


def test_the_note_is_not_shown_to_the_asker(world: World, browse: Browse) -> None:
    row = asked(world.a)
    passed_on(world.a, row, "родитель путает номера")
    assert "путает" not in browse(world.a.user("parent")).get(page(row.pk)).content.decode()
    assert "путает" in browse(world.a.user("administrator")).get(page(row.pk)).content.decode()
    assert "путает" in browse(world.operator).get(f"/admin/support/helprequest/{row.pk}/change/").content.decode()


def test_words_are_escaped(world: World, browse: Browse) -> None:
    row = called(world.a, name="<b>Роза</b>", text="<script>alert(1)</script> https://evil.example", school="<i>x</i>")
    shown = browse(world.a.user("administrator")).get(page(row.pk)).content.decode()
    assert "<script>alert" not in shown
    assert "<b>Роза" not in shown
    # Addresses of strangers are no links.
    assert 'href="https://evil.example' not in shown


def test_the_operator_answers_in_the_tool(world: World, browse: Browse) -> None:
    row = passed_on(world.a, with_file(world.a))
    client = browse(world.operator)
    assert f"/{row.pk}/change/" in client.get("/admin/support/helprequest/").content.decode()
    file_id = HelpFile.objects.get().file_id
    file = client.get(f"/admin/support/helprequest/{row.pk}/files/{file_id}/")
    assert file["Content-Disposition"].startswith("attachment")
    address = f"/admin/support/helprequest/{row.pk}/answer/"
    assert client.post(address, {"revision": 1, "text": "Старое"}).status_code == 409
    client.post(address, {"revision": row.revision, "text": "Исправили"})
    assert fresh(row).state == State.ANSWERED
    assert client.get(f"/admin/support/helprequest/{asked(world.a).pk}/change/").status_code == 404


def test_a_helper_who_may_only_look(world: World, browse: Browse) -> None:
    row = passed_on(world.a, asked(world.a))
    world.a.user("teacher")
    assert browse(world.a.user("teacher")).get(f"/admin/support/helprequest/{row.pk}/change/").status_code in (302, 403)


def test_the_rules(world: World, browse: Browse) -> None:
    client = browse(world.a.user("administrator"))
    client.post(f"{LIST}rules/", {"answer_days": "5", "works_on_saturday": "on"})
    rules = HelpRules.objects.get()
    assert (rules.answer_days, rules.works_on_saturday) == (5, True)
    for days in ("0", "11", "-1", "x", ""):
        assert client.post(f"{LIST}rules/", {"answer_days": days}).status_code == 422


def test_the_list_finds_and_filters(world: World, browse: Browse) -> None:
    asked(world.a, text="Нет чата у Ёжиковых")
    row = asked(world.a, "student", text="Другое")
    client = browse(world.a.user("administrator"))
    assert "1 обращение" in client.get(LIST, {"q": "ежиковых"}).content.decode()
    assert f"№ {row.pk}" in client.get(LIST, {"q": f"№ {row.pk}"}).content.decode()
    assert "2 обращения" in client.get(LIST, {"group": "waiting"}).content.decode()
    assert "Таких" not in client.get(LIST, {"group": "nonsense", "page": "99999"}).content.decode()
    for name in ("teacher", "head"):
        assert "Ёжикова" not in browse(world.a.user(name)).get(LIST).content.decode()


class TestOutside:
    """«Не могу войти»."""

    def test_a_call_goes_to_the_operator(self, browse: Browse) -> None:
        answer = browse(None).post("/help/signin/", call())
        assert "Письмо отправлено" in answer.content.decode()
        row = HelpRequest.objects.get()
        assert (row.organization, row.state, row.phone) == (None, State.PASSED_ON, "+79005550011")

    def test_from_an_open_page_it_goes_to_the_school(self, world: World, browse: Browse) -> None:
        assert "Школа № 1" in browse(None).get("/help/signin/?o=a").content.decode()
        browse(None).post("/help/signin/", call(o="a"))
        assert HelpRequest.objects.get().organization == world.a.organization

    @pytest.mark.parametrize("slug", ["nobody", "ы", "a" * 100, "'"])
    def test_an_unknown_school_is_none(self, world: World, browse: Browse, slug: str) -> None:
        plain = browse(None).get("/help/signin/")
        assert browse(None).get("/help/signin/", {"o": slug}).status_code == plain.status_code == 200
        browse(None).post("/help/signin/", call(o=slug))
        assert HelpRequest.objects.get().organization is None

    def test_a_known_number_and_an_unknown_one_are_answered_alike(self, world: World, browse: Browse) -> None:
        known = str(world.a.user("parent").phone)
        answers = [browse(None).post("/help/signin/", call(phone=phone)) for phone in (known, "+79990000000")]
        # But for the token against forgery.
        pages = [_TOKEN.sub("", answer.content.decode()) for answer in answers]
        assert pages[0] == pages[1]

    def test_a_way_to_answer_is_needed(self, browse: Browse) -> None:
        answer = browse(None).post("/help/signin/", call(email="", phone=""))
        assert answer.status_code == 422
        assert "Оставьте почту или телефон" in answer.content.decode()

    def test_limits(self, browse: Browse, settings: object) -> None:
        settings.HELP_CALLS_PER_CONTACT_PER_DAY = 1  # type: ignore[attr-defined]
        values = call()
        for _click in range(3):
            assert browse(None).post("/help/signin/", values).status_code == 200
        assert HelpRequest.objects.count() == 1
        answer = browse(None).post("/help/signin/", call(text="Ещё раз"))
        assert answer.status_code == 429
        assert "Ещё раз" in answer.content.decode()
        settings.HELP_CALLS_PER_CONTACT_PER_DAY = 100  # type: ignore[attr-defined]
        settings.HELP_CALLS_PER_ADDRESS_PER_HOUR = 1  # type: ignore[attr-defined]
        assert browse(None).post("/help/signin/", call(email="b@example.org", phone="")).status_code == 429

    def test_the_sign_in_page_leads_here(self, browse: Browse) -> None:
        assert 'href="/help/signin/"' in browse(None).get("/signin/").content.decode()


class TestQueries:
    """As many for three requests as for sixty."""

    @pytest.mark.parametrize("address", [LIST, "/o/a/", "/admin/support/helprequest/", "/api/v1/o/a/help-requests/"])
    def test_lists(self, world: World, browse: Browse, address: str) -> None:
        user = world.operator if "admin" in address else world.a.user("administrator")
        client = browse(user)

        def count() -> int:
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert client.get(address).status_code == 200
            return len(queries)

        rows = [asked(world.a, name) for name in ("parent", "student", "teacher")]
        passed_on(world.a, rows[0])
        count()
        few = count()
        template = HelpRequest.objects.values("organization_id", "person_id", "topic", "created_at").last() or {}
        HelpRequest.objects.bulk_create(
            HelpRequest(**template, state=state, due_on="2026-01-01", passed_on_at=template["created_at"])
            for state in [State.NEW, State.PASSED_ON] * 30
        )
        assert count() == few

    def test_a_thread(self, world: World, browse: Browse) -> None:
        client, row = browse(world.a.user("parent")), asked(world.a)

        def count() -> int:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(page(row.pk)).status_code == 200
            return len(queries)

        client.get(page(row.pk))
        few = count()
        for _time in range(6):
            answered(world.a, row)
        client.get(page(row.pk))
        assert count() == few
