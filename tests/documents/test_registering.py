"""Registering documents: numbers, dates, drafts, corrections (DOC-1)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine

from common.errors import DomainError
from documents.models import Document, DocumentAudience, DocumentKind, DocumentVersion
from documents.selectors.numbers import key_of, next_number, without_sign
from documents.services.documents import change_document, create_document, remove_draft
from files.models import StoredFile
from orgs.models import Audience, AuditEvent
from tests.documents.cast import DAY, STAFF, data_of, draft, file_of, next_version, published
from tests.files.samples import archive, picture
from tests.world import School, World

pytestmark = pytest.mark.req("DOC-1")
TODAY = "2026-11-21T09:00:00+03:00"


@pytest.fixture
def school(world: World) -> School:
    return world.a


def refusal(school: School, **more: Any) -> DomainError:
    """What is said to a new document with these details; nothing is kept of it."""
    file_id = file_of(school)
    with pytest.raises(DomainError) as told:
        create_document(actor=school.actor("administrator"), data=data_of(**more), file_id=file_id)
    assert not DocumentVersion.objects.filter(file_id=file_id).exists()
    return told.value


# --- Numbers ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("typed", "kept"),
    [("№ 15", "15"), ("№15-о", "15-о"), ("N 15", "15"), ("No. 15", "15"), (" 15 ", "15"), ("№", ""), ("А-15", "А-15")],
)
def test_the_sign_before_a_number_is_left_out(typed: str, kept: str) -> None:
    assert without_sign(typed) == kept


def test_numbers_are_compared_as_people_do() -> None:
    assert key_of("2") < key_of("10") < key_of("10-о") < key_of("11")
    assert key_of("015") == key_of("15")
    assert key_of("15-О") == key_of("15-о")
    assert key_of("15") != key_of("15-о")


def test_a_number_is_given_once_a_year(school: School) -> None:
    draft(school)
    told = refusal(school, number="№ 015")
    assert (told.code, told.status, list(told.fields)) == ("document_number_taken", 409, ["number"])
    assert "16" in told.message
    draft(school, issued_on=date(2025, 9, 1))
    draft(school, kind=DocumentKind.REGULATION)
    assert Document.objects.filter(organization=school.organization).count() == 3


def test_two_schools_have_registers_of_their_own(world: World) -> None:
    assert draft(world.a).number == draft(world.b).number == "15"


def test_documents_without_a_number_do_not_meet(school: School) -> None:
    for _ in range(2):
        draft(school, kind=DocumentKind.REGULATION, number="")


@pytest.mark.parametrize(
    ("taken", "free"),
    [
        ([], "1"),
        (["9", "10"], "11"),
        (["15-о", "2"], "16-о"),
        (["15", "15/1"], "16"),
        (["А-1"], ""),
        (["9" * 40], ""),
        (["7", "А-100"], "8"),
    ],
)
def test_the_next_number_follows_the_highest(school: School, taken: list[str], free: str) -> None:
    for number in taken:
        draft(school, number=number)
    draft(school, number="900", issued_on=date(2025, 1, 9))
    draft(school, number="800", kind=DocumentKind.LETTER)
    assert next_number(school.organization, DocumentKind.ORDER, 2026) == free


# --- What is refused --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("details", "code", "field"),
    [
        ({"number": ""}, "document_order_needs_number", "number"),
        ({"number": " № \u200b"}, "document_order_needs_number", "number"),
        ({"number": "1" * 41}, "document_number_long", "number"),
        ({"number": "1/" * 20}, "document_number_long", "number"),
        ({"title": " \u200b\x00 "}, "document_title_required", "title"),
        ({"title": "а" * 251}, "document_title_long", "title"),
        ({"kind": "ukaz"}, "document_kind_unknown", "kind"),
        ({"issued_on": date(1989, 12, 31)}, "document_date_out_of_range", "issued_on"),
        ({"issued_on": date(2027, 11, 23)}, "document_date_out_of_range", "issued_on"),
        ({"issued_on": date.max}, "document_date_out_of_range", "issued_on"),
        ({"circles": [(Audience.STAFF, 2**63 - 1)]}, "circle_unknown", "circles"),
        ({"circles": [("nobody", None)]}, "circle_unknown", "circles"),
    ],
)
@time_machine.travel(TODAY, tick=False)
def test_wrong_details_are_refused_at_their_field(
    school: School, details: dict[str, Any], code: str, field: str
) -> None:
    told = refusal(school, **details)
    assert (told.code, list(told.fields)) == (code, [field])


@time_machine.travel(TODAY, tick=False)
@pytest.mark.parametrize("day", [date(1990, 1, 1), date(2027, 11, 22)])
def test_dates_at_the_bounds_are_taken(school: School, day: date) -> None:
    assert draft(school, issued_on=day).year == day.year


def test_circles_of_another_school_are_unknown(world: World) -> None:
    told = refusal(world.a, circles=[(Audience.PARENTS, world.b.units["5А"].pk)])
    assert told.code == "circle_unknown"


def test_the_longest_texts_fit(school: School) -> None:
    made = draft(school, number="Ё" * 40, title="ё" * 250)
    assert made.search_text == f"{'е' * 40} {'е' * 250}"


# --- Files ------------------------------------------------------------------------------------------------------------
def test_the_file_of_a_draft_is_in_use(school: School) -> None:
    made = draft(school)
    version = made.versions.get()
    assert (version.number, version.published_at, version.file.claimed_at is not None) == (1, None, True)
    assert made.version == 0


@pytest.mark.parametrize("whose", ["head", "foreign", "nobody"])
def test_only_an_own_upload_becomes_a_document(world: World, whose: str) -> None:
    key = {"head": file_of(world.a, "head"), "foreign": file_of(world.b), "nobody": 2**63}[whose]
    with pytest.raises(DomainError) as told:
        create_document(actor=world.a.actor("administrator"), data=data_of(), file_id=key)
    assert (told.value.code, list(told.value.fields)) == ("file_not_yours", ["file"])
    assert not Document.objects.exists()


def test_a_song_is_not_a_document(school: School) -> None:
    song = file_of(school, content=b"OggS\x00\x02" + bytes(20) + b"\x01\x1eOpusHead" + bytes(200), file_name="a.ogg")
    with pytest.raises(DomainError) as told:
        create_document(actor=school.actor("administrator"), data=data_of(), file_id=song)
    assert told.value.code == "document_file_kind"


@pytest.mark.parametrize(
    ("content", "name"), [(picture(), "scan.png"), (archive("[Content_Types].xml", "word/document.xml"), "a.docx")]
)
def test_scans_and_texts_are_documents(school: School, content: bytes, name: str) -> None:
    file_id = file_of(school, content=content, file_name=name)
    assert create_document(actor=school.actor("administrator"), data=data_of(), file_id=file_id).pk


# --- Corrections ------------------------------------------------------------------------------------------------------
def journal(school: School, action: str) -> list[dict[str, Any]]:
    events = AuditEvent.objects.filter(organization_id=school.organization.pk, action=action).order_by("pk")
    return list(events.values_list("details", flat=True))


def test_a_draft_is_changed_freely_and_quietly(school: School) -> None:
    made = draft(school)
    data = data_of(kind=DocumentKind.RULES, number="", title="Правила", issued_on=date(2025, 1, 1), circles=[])
    changed = change_document(actor=school.actor("head"), document=made, data=data)
    changed.refresh_from_db()
    assert (changed.kind, changed.number, changed.year, changed.title) == ("rules", "", 2025, "Правила")
    assert not DocumentAudience.objects.filter(document=made).exists()
    assert journal(school, "document.changed") == []


def test_corrections_of_a_published_document_are_told_in_the_journal(school: School) -> None:
    made = published(school)
    unit = school.units["5А"]
    data = data_of(number="16", issued_on=date(2026, 9, 2), circles=[STAFF, (Audience.PARENTS, unit.pk)])
    change_document(actor=school.actor("administrator"), document=made, data=data)
    [details] = journal(school, "document.changed")
    assert "15 → 16" in details["changes"]
    assert "01.09.2026 → 02.09.2026" in details["changes"]
    assert "5А" in details["changes"]
    assert "О режиме" in details["document"]
    change_document(actor=school.actor("administrator"), document=made, data=data)
    assert len(journal(school, "document.changed")) == 1


def test_a_published_document_keeps_its_kind(school: School) -> None:
    with pytest.raises(DomainError, match="document_kind_fixed"):
        change_document(
            actor=school.actor("administrator"), document=published(school), data=data_of(kind=DocumentKind.RULES)
        )


def test_a_correction_cannot_take_a_number(school: School) -> None:
    draft(school)
    other = draft(school, number="16")
    with pytest.raises(DomainError, match="document_number_taken"):
        change_document(actor=school.actor("administrator"), document=other, data=data_of())
    other.refresh_from_db()
    assert other.number == "16"


# --- Drafts go --------------------------------------------------------------------------------------------------------
def test_a_removed_draft_leaves_nothing_and_frees_its_number(school: School) -> None:
    made = draft(school)
    stored = made.versions.get().file
    remove_draft(actor=school.actor("administrator"), document=made)
    assert not StoredFile.objects.filter(pk=stored.pk).exists()
    assert journal(school, "document.removed")[0]["document"].endswith("«О режиме работы школы»")
    assert draft(school).number == "15"
    with pytest.raises(DomainError) as told:
        remove_draft(actor=school.actor("administrator"), document=made)
    assert (told.value.code, told.value.status) == ("document_gone", 404)


def test_only_drafts_are_removed(school: School) -> None:
    made = published(school)
    with pytest.raises(DomainError, match="document_no_draft"):
        remove_draft(actor=school.actor("administrator"), document=made)
    next_version(school, made)
    remove_draft(actor=school.actor("administrator"), document=made)
    assert [version.number for version in made.versions.all()] == [1]


@time_machine.travel(f"{DAY:%Y-%m-%d}T10:00:00+03:00", tick=False)
def test_a_year_from_now_is_the_last_day(school: School) -> None:
    draft(school, issued_on=DAY + timedelta(days=366))
    assert refusal(school, number="17", issued_on=DAY + timedelta(days=367)).code == "document_date_out_of_range"
