"""Who sees which documents, and what is found in the register (DOC-1, ACC-4)."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection

from documents.models import DocumentKind
from documents.selectors.documents import (
    RegisterFilter,
    documents_visible_to,
    filter_register,
    in_order,
    with_reading,
    years_of,
)
from documents.selectors.versions import find_version, versions_visible_to
from documents.services.publishing import ReadingTerms, annul
from orgs.models import Audience
from readings.models import Reading
from readings.services.confirming import confirm
from readings.services.giving import close
from tests.documents.cast import draft, next_version, published, seen, to_be_read
from tests.world import CAST, School, World

pytestmark = pytest.mark.req("DOC-1", "ACC-4")


@pytest.fixture
def school(world: World) -> School:
    return world.a


def readers_of(school: School, document: object) -> set[str]:
    return {name for name in CAST if seen(school, name, document) is not None}  # type: ignore[arg-type]


ISSUERS = {"administrator", "head"}


def test_drafts_are_seen_by_those_who_issue_documents(school: School) -> None:
    assert readers_of(school, draft(school, circles=[(Audience.EVERYONE, None)])) == ISSUERS


@pytest.mark.parametrize(
    ("circle", "unit", "readers"),
    [
        (Audience.EVERYONE, None, set(CAST)),
        (Audience.STAFF, None, {"leader", "teacher"}),
        (Audience.LEADERS, None, {"leader"}),
        (Audience.STUDENTS, None, {"student", "parent"}),
        (Audience.PARENTS, "5А", {"parent"}),
        (Audience.STUDENTS, "5Б", set()),
        (Audience.STAFF, "5Б", {"teacher"}),
    ],
)
def test_published_documents_are_seen_by_those_they_are_for(
    school: School, circle: str, unit: str | None, readers: set[str]
) -> None:
    made = published(school, circles=[(circle, school.units[unit].pk if unit else None)])
    assert readers_of(school, made) == ISSUERS | readers


def test_whoever_is_asked_sees_it_as_long_as_asked(school: School) -> None:
    made = published(school, ReadingTerms([(Audience.PARENTS, school.units["5А"].pk)]), circles=[])
    assert readers_of(school, made) == ISSUERS | {"parent"}
    close(actor=school.actor("head"), reading=Reading.objects.get())
    assert readers_of(school, made) == ISSUERS


def test_another_school_sees_nothing(world: World) -> None:
    made = published(world.a, circles=[(Audience.EVERYONE, None)])
    assert readers_of(world.b, made) == set()
    assert list(documents_visible_to(world.b.actor("administrator"))) == []


def test_readers_see_published_versions_only(school: School) -> None:
    made = published(school)
    next_version(school, made)
    numbers = {
        name: [version.number for version in versions_visible_to(school.actor(name), made)]
        for name in ("head", "teacher")
    }
    assert numbers == {"head": [2, 1], "teacher": [1]}
    assert find_version(school.actor("teacher"), made, 2) is None
    assert find_version(school.actor("head"), made, 2**40) is None


# --- The register -----------------------------------------------------------------------------------------------------
def found(school: School, name: str = "administrator", **wanted: object) -> list[str]:
    actor = school.actor(name)
    visible = with_reading(actor, documents_visible_to(actor))
    return [row.number for row in in_order(filter_register(visible, RegisterFilter(**wanted)))]  # type: ignore[arg-type]


def test_the_register_is_narrowed(school: School) -> None:
    published(school)
    draft(school, number="16", issued_on=date(2026, 9, 2))
    old = published(school, number="3", issued_on=date(2025, 2, 1))
    annul(actor=school.actor("head"), document=old, reason="Устарел")
    published(school, kind=DocumentKind.RULES, number="1")
    assert found(school) == ["16", "15", "1", "3"]
    assert found(school, kind="order") == ["16", "15", "3"]
    assert found(school, kind="unknown") == ["16", "15", "1", "3"]
    assert found(school, year=2025) == ["3"]
    assert found(school, year=10**30 // 10**26) == []
    assert found(school, state="draft") == ["16"]
    assert found(school, state="published") == ["15", "1"]
    assert found(school, state="annulled") == ["3"]
    assert years_of(documents_visible_to(school.actor("head"))) == [2026, 2025]


def test_the_register_knows_what_waits_for_me(school: School) -> None:
    to_be_read(school)
    published(school, number="16")
    assert found(school, must_read="anybody") == ["15"]
    assert found(school, "teacher", must_read="me") == ["15"]
    confirm(actor=school.actor("teacher"), reading=Reading.objects.get())
    assert found(school, "teacher", must_read="me") == []
    assert found(school, "leader", must_read="me") == ["15"]


def test_one_parent_of_a_child_may_be_enough(school: School) -> None:
    circle = (Audience.PARENTS, school.units["5А"].pk)
    published(school, ReadingTerms([circle], None, "family"), circles=[])
    assert found(school, "parent", must_read="me") == ["15"]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("15", ["15", "15-о"]),
        ("№ 15", ["15", "15-о"]),
        ("№15-О", ["15-о"]),
        ("150", ["150"]),
        ("режиме", ["15"]),
        ("РЕЖИМ", ["15"]),
        ("учет", ["150"]),
        ("15 школы", ["15"]),
        ("приёме 15-о", ["15-о"]),
        ("о", ["150", "15-о", "15"]),
        ("ничего", []),
        ("(15", []),
        ("[", []),
        ("%", []),
        ("2026", []),
        ("\x00", ["150", "15-о", "15"]),
        ("№", ["150", "15-о", "15"]),
    ],
)
def test_search_by_number_and_title(school: School, text: str, numbers: list[str]) -> None:
    draft(school)
    draft(school, number="15-о", title="О приеме в первый класс")
    draft(school, number="150", title="Об учёте учебников")
    assert sorted(found(school, text=text)) == sorted(numbers)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="word forms are known to PostgreSQL")
@pytest.mark.parametrize("text", ["учебник", "учебника", "учётом учебниками"])
def test_search_knows_word_forms(school: School, text: str) -> None:
    draft(school, title="Об учёте учебников")
    assert found(school, text=text) == ["15"]


def test_numbers_are_ordered_as_people_do(school: School) -> None:
    for number in ("2", "10", "9-о"):
        draft(school, number=number)
    assert found(school) == ["10", "9-о", "2"]
