"""Instructions and questions inside the software: every «?» leads to a chapter, search finds, links hold (SUP-2)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import Resolver404, resolve

from support.faq import GROUPS, group_of, search
from support.guides import BASE, NAMES, all_guides, anchor_of, find_guide, known_pictures
from tests.project.source import templates
from tests.world import World

pytestmark = pytest.mark.req("SUP-2")
_HELP = re.compile(r"{% help [\"']([a-z-]+)[\"'] [\"']([a-z0-9-]+)[\"'] %}")
_ADDRESS = re.compile(r'(?:href|src)="([^"]+)"')


def signs() -> list[tuple[str, str, str]]:
    return [(path, *found) for path, text in templates().items() for found in _HELP.findall(text)]


def test_every_sign_leads_to_a_chapter() -> None:
    assert len(signs()) >= 10
    lost = [sign for sign in signs() if (guide := find_guide(sign[1])) is None or sign[2] not in guide.anchors]
    assert lost == []
    # A sign written in another way would not be checked.
    written = sum(text.count("{% help ") for text in templates().values())
    assert written == len(signs())


@pytest.mark.parametrize("name", NAMES)
def test_links_of_a_guide_lead_somewhere(name: str) -> None:
    guide = find_guide(name)
    assert guide is not None
    assert len(guide.anchors) == len(guide.chapters) > 2
    for address in _ADDRESS.findall(guide.html):
        path, _hash, anchor = address.partition("#")
        if path.startswith(BASE):
            other = find_guide(path.removeprefix(BASE).strip("/"))
            assert other is not None, address
            assert not anchor or anchor in other.anchors, address
        elif path and not path.startswith("http"):
            try:
                resolve(path)
            except Resolver404:
                pytest.fail(address)


def test_only_guides_are_shown() -> None:
    assert find_guide("decisions") is None
    assert find_guide("../README") is None
    assert known_pictures() >= {"guide-requests.png"}


def test_anchors_are_plain_letters() -> None:
    assert anchor_of("Ученик без телефона") == "uchenik-bez-telefona"
    assert anchor_of("«?»") == "part"


def test_there_are_questions_for_everybody() -> None:
    groups = [group_of(name) for name in GROUPS]
    assert sum(len(group.questions) for group in groups) >= 25
    assert all(len(group.questions) >= 3 for group in groups)
    anchors = [question.anchor for group in groups for question in group.questions]
    assert len(anchors) == len(set(anchors))


@pytest.mark.parametrize("text", ["КОД НЕ ПРИХОДИТ", "коды не приходят", "  код   приходит "])
def test_search_folds_case_and_endings(text: str) -> None:
    assert search(text).questions[0].title.startswith("Код из SMS")


def test_search_folds_yo_and_finds_chapters() -> None:
    assert any(chapter.anchor == "uchenik-bez-telefona" for _guide, chapter in search("ребенок телефона").chapters)


@pytest.mark.parametrize("text", ["", "  ", "?!", "\x00", "ъ" * 5000, "абвгд ёклмн", "%", "\\"])
def test_search_takes_anything(text: str) -> None:
    assert search(text).count == 0


@pytest.mark.django_db
class TestPages:
    """What is read by whom."""

    def test_a_guest_reads_everything(self, browse: Callable[..., Client]) -> None:
        page = browse(None).get("/help/", {"q": "код"}).content.decode()
        assert "Код из SMS не приходит" in page
        for guide in all_guides():
            assert browse(None).get(f"/help/guides/{guide.name}/").status_code == 200

    def test_a_member_stays_in_the_organization(self, world: World, browse: Callable[..., Client]) -> None:
        page = browse(world.a.user("head")).get("/o/a/help/guides/guide-head/").content.decode()
        assert 'href="/o/a/help/guides/guide-statistics/"' in page

    def test_ones_own_come_first(self, world: World, browse: Callable[..., Client]) -> None:
        page = browse(world.a.user("parent")).get("/o/a/help/").content.decode()
        assert "Второй аккаунт не нужен" in page
        assert "Кто может стереть запись в журнале" not in page
        other = browse(world.a.user("parent")).get("/o/a/help/", {"for": "administrator"}).content.decode()
        assert "Кто может стереть запись в журнале" in other

    @pytest.mark.parametrize("path", ["/help/guides/decisions/", "/help/pictures/units-1280.png", "/help/pictures/x"])
    def test_nothing_else_is_served(self, browse: Callable[..., Client], path: str) -> None:
        assert browse(None).get(path).status_code == 404

    def test_a_picture_is_kept_by_browsers(self, browse: Callable[..., Client]) -> None:
        response: Any = browse(None).get("/help/pictures/guide-requests.png")
        assert (response["Content-Type"], response["Cache-Control"]) == ("image/png", "public, max-age=86400")
        assert next(iter(response.streaming_content)).startswith(b"\x89PNG")
