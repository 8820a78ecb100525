"""The register of processing of personal data, as an organization keeps it."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from accounts.models import User
from common.register import chapters
from orgs.models import Organization
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.req("ACC-2")]
Browse = Callable[[User | None], Client]


def url(world: World, name: str) -> str:
    return reverse(f"orgs:{name}", args=[world.a.slug])


def test_the_page_tells_why_on_what_ground_and_how_long(world: World, browse: Browse) -> None:
    page = browse(world.a.user("administrator")).get(url(world, "data_register")).content.decode()
    assert "Учёт учеников, работников и родителей организации" in page
    assert "обязанности образовательной организации по закону (п. 2 ч. 1 ст. 6)" in page
    assert "365 дней после решения или отзыва" in page
    # What the platform's operator answers for stands in docs/personal-data.md.
    assert "Регистрация организаций" not in page
    assert "Действия операторов" not in page


def test_another_term_is_told(world: World, browse: Browse, settings: pytest.FixtureRequest) -> None:
    settings.KEEP_JOIN_REQUESTS_DAYS = 21  # type: ignore[attr-defined]
    page = browse(world.a.user("head")).get(url(world, "data_register")).content.decode()
    assert "21 день после решения или отзыва" in page


def test_the_paper_carries_the_details_of_the_organization(world: World, browse: Browse) -> None:
    Organization.objects.filter(pk=world.a.organization.pk).update(name="Школа <№ 1> & лицей", inn="7701000001")
    response = browse(world.a.user("head")).get(url(world, "data_register_file"))
    assert response["Content-Type"] == "application/pdf"
    assert response["Cache-Control"].startswith("max-age=0")
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(response.content)).pages)
    assert "Школа <№ 1> & лицей" in text
    assert "7701000001" in text
    assert world.b.organization.short_name not in text


def test_the_page_asks_nothing_of_the_tables_it_speaks_of(
    world: World, browse: Browse, django_assert_max_num_queries: Callable[..., object]
) -> None:
    client = browse(world.a.user("administrator"))
    with django_assert_max_num_queries(12):  # type: ignore[attr-defined]
        client.get(url(world, "data_register"))


def test_every_chapter_names_whom_it_is_about() -> None:
    found = chapters()
    assert all(chapter.subjects and chapter.access and chapter.lines for chapter in found)
    assert [line.what for chapter in found for line in chapter.lines if not line.data or not line.kept] == []
