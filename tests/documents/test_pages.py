"""The pages of documents as people see them (DOC-1)."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.test import override_settings
from openpyxl import load_workbook

from documents.models import Document, DocumentKind
from documents.services.publishing import annul
from files.models import StoredFile
from orgs.models import Audience
from readings.models import Reading
from readings.services.confirming import confirm
from tests.documents.cast import PDF, STAFF, DocumentVisitor, draft, next_version, published, to_be_read
from tests.files.samples import upload_of
from tests.orgs.pages import words
from tests.world import School, World

pytestmark = pytest.mark.req("DOC-1")


@pytest.fixture
def school(world: World) -> School:
    return world.a


@pytest.fixture
def head(school: School) -> DocumentVisitor:
    return DocumentVisitor(school, "head")


def circles(*rows: tuple[str, str]) -> dict[str, str]:
    """The rows of circles as a form sends them."""
    sent = {"circle-TOTAL_FORMS": str(len(rows)), "circle-INITIAL_FORMS": "0"}
    for place, (audience, unit) in enumerate(rows):
        sent |= {f"circle-{place}-audience": audience, f"circle-{place}-unit": unit}
    return sent


FORM = {
    "kind": "order",
    "number": "15",
    "issued_on": "01.09.2026",
    "title": "О режиме работы",
    "do": "draft",
    **circles(("staff", "all")),
}


def filled(**more: Any) -> dict[str, Any]:
    return {**FORM, "file": upload_of(PDF, "приказ.pdf"), **more}


# --- The register -----------------------------------------------------------------------------------------------------
def test_an_empty_register_teaches(school: School, head: DocumentVisitor) -> None:
    page = head.see("list")
    assert "В реестре пока пусто" in page
    assert "Новый документ" in page
    assert "Документов для вас пока нет" in DocumentVisitor(school, "teacher").see("list")


def test_the_register_shows_what_schools_write_into_it(school: School, head: DocumentVisitor) -> None:
    published(school)
    draft(school, number="16", title="Об отпусках")
    old = published(school, number="3", issued_on=date(2026, 1, 9), title="О дежурстве")
    annul(actor=school.actor("head"), document=old, reason="Устарел")
    page = head.see("list")
    assert "15 01.09.2026 Приказ Приказ № 15 от 01.09.2026 О режиме работы школы 1" in page
    assert "Об отпусках черновик" in page
    assert "О дежурстве утратил силу" in page
    assert "3 документа" in page
    teachers = DocumentVisitor(school, "teacher").see("list")
    assert "О режиме" in teachers
    assert "Об отпусках" not in teachers
    assert "Скачать журнал" not in teachers


@pytest.mark.req("CHAN-4")
def test_the_register_tells_who_has_read(school: School, head: DocumentVisitor) -> None:
    to_be_read(school)
    teacher = DocumentVisitor(school, "teacher")
    assert "ознакомьтесь" in teacher.see("list")
    confirm(actor=school.actor("teacher"), reading=Reading.objects.get())
    assert "1 из 5" in head.see("list")
    assert "ознакомлен(а): сегодня" in teacher.see("list")
    assert "Таких документов нет" in teacher.see("list", {"read": "me"})
    assert "15" in head.see("list", {"read": "anybody"})


def test_filters_stay_in_the_address_and_nonsense_narrows_nothing(school: School, head: DocumentVisitor) -> None:
    published(school)
    published(school, kind=DocumentKind.RULES, title="Правила поведения")
    page = head.see("list", {"kind": "rules", "q": "правила"})
    assert "Правила поведения" in page
    assert "О режиме" not in page
    everything = head.see("list", {"kind": "x", "year": "9" * 30, "state": "x", "read": "x", "page": "x"})
    assert "2 документа" in everything
    assert "Таких документов нет" in head.see("list", {"q": "\x00[(%"})


# --- Registering ------------------------------------------------------------------------------------------------------
def test_an_order_is_offered_the_next_number(school: School, head: DocumentVisitor) -> None:
    draft(school, number="41-о")
    assert 'value="42-о"' in head.get("new").content.decode()
    assert "42-о" not in head.get("new", {"kind": "regulation"}).content.decode()


def test_a_draft_is_registered_with_its_file(school: School, head: DocumentVisitor) -> None:
    page = head.post_then_look("new", filled())
    assert "Приказ № 15" in page
    assert "Это черновик" in page
    document = Document.objects.get()
    assert document.versions.get().file.original_name == "приказ.pdf"
    assert list(document.audiences.values_list("audience", "unit_id")) == [STAFF]
    assert document.created_by_id == school.people["head"].pk


def test_registering_leads_to_publishing(school: School, head: DocumentVisitor) -> None:
    answer = head.post("new", filled(do="publish"))
    assert answer.headers["Location"] == head.url("publish", document_id=Document.objects.get().pk)


def test_what_was_typed_and_brought_survives_an_error(school: School, head: DocumentVisitor) -> None:
    draft(school)
    answer = head.post("new", filled())
    assert answer.status_code == 422
    page = words(answer)
    assert "№ 15 за 2026 год уже занят" in page
    assert "Следующий свободный: 16" in page
    assert "приказ.pdf" in page
    assert "О режиме работы" in page
    kept = StoredFile.objects.get(claimed_at=None)
    assert f'name="file_id" value="{kept.pk}"' in answer.content.decode()
    again = head.post("new", {**FORM, "number": "16", "file_id": str(kept.pk)})
    assert again.status_code == 302
    assert Document.objects.get(number="16").versions.get().file_id == kept.pk


def test_more_rows_keep_everything(school: School, head: DocumentVisitor) -> None:
    answer = head.post("new", filled(do="more", number=""))
    assert answer.status_code == 200
    assert "приказ.pdf" in words(answer)
    assert 'name="circle-2-audience"' in answer.content.decode()
    assert not Document.objects.exists()


def test_another_file_takes_the_place_of_the_one_that_was_brought(school: School, head: DocumentVisitor) -> None:
    head.post("new", filled(title=""))
    kept = StoredFile.objects.get()
    head.post("new", filled(title="", file=upload_of(PDF * 2, "другой.pdf"), file_id=str(kept.pk)))
    assert StoredFile.objects.get().original_name == "другой.pdf"


@pytest.mark.parametrize(
    ("content", "name", "told"),
    [
        (b"", "a.pdf", "Файл пустой"),
        (b"MZ\x90\x00" + bytes(100), "a.exe", "не принимаются"),
        (b"\x89PNG\r\n\x1a\nbroken", "a.png", ""),
    ],
)
def test_a_file_that_will_not_do_is_told_at_its_field(
    school: School, head: DocumentVisitor, content: bytes, name: str, told: str
) -> None:
    answer = head.post("new", filled(file=upload_of(content, name)))
    assert answer.status_code == 422
    assert "id_file_error" in answer.content.decode()
    assert told in words(answer)
    assert "О режиме работы" in words(answer)
    assert not Document.objects.exists()


@override_settings(UPLOAD_MAX_BYTES={"document": 10, "picture": 10, "video": 10**6, "audio": 10})
def test_a_file_that_is_too_large_is_told_at_its_field(school: School, head: DocumentVisitor) -> None:
    answer = head.post("new", filled())
    assert answer.status_code == 422
    assert "id_file_error" in answer.content.decode()


@pytest.mark.parametrize(
    "more",
    [
        {"file": ""},
        {"number": ""},
        {"number": "1" * 50},
        {"title": "а" * 1000},
        {"title": "\u200b\u200b"},
        {"issued_on": "31.02.2026"},
        {"issued_on": "01.01.1980"},
        {"issued_on": "01.01.2199"},
        {"kind": "ukaz"},
        {"file": "", "file_id": "9" * 30},
        {"file": "", "file_id": "x"},
        circles(("staff", "")),
        circles(("parents", "999999999")),
        circles(("administration", "9" * 30)),
        {"circle-TOTAL_FORMS": "x"},
    ],
)
def test_bad_input_is_told_and_nothing_is_kept(school: School, head: DocumentVisitor, more: dict[str, Any]) -> None:
    answer = head.post("new", filled(**more))
    assert answer.status_code == 422
    assert not Document.objects.exists()


def test_a_body_beyond_all_limits_is_refused_with_a_page(school: School, head: DocumentVisitor) -> None:
    limits = {"document": 10, "picture": 10, "video": 10, "audio": 10}
    with override_settings(UPLOAD_MAX_BYTES=limits):
        answer = head.post("new", filled(file=upload_of(PDF * 40_000, "a.pdf")))
    assert answer.status_code == 413


def test_forms_with_files_are_safe_from_forgery(school: School, head: DocumentVisitor) -> None:
    head.client.handler.enforce_csrf_checks = True
    document = published(school)
    assert head.post("new", filled()).status_code == 403
    assert head.post("version", filled(), document_id=document.pk).status_code == 403
    assert Document.objects.count() == 1


# --- Changing ---------------------------------------------------------------------------------------------------------
def test_details_are_corrected(school: School, head: DocumentVisitor) -> None:
    document = published(school)
    assert 'value="2026-09-01"' in head.get("change", document_id=document.pk).content.decode()
    data = {"number": "16", "issued_on": "2026-09-02", "title": "О новом режиме", **circles(("everyone", "all"))}
    page = head.post_then_look("change", data, document_id=document.pk)
    assert "Приказ № 16 О новом режиме" in page
    assert "все" in page


def test_more_rows_while_changing_keep_what_was_typed(school: School, head: DocumentVisitor) -> None:
    document = draft(school)
    answer = head.post("change", {**FORM, "title": "Иное", "do": "more"}, document_id=document.pk)
    assert "Иное" in words(answer)
    document.refresh_from_db()
    assert document.title == "О режиме работы школы"


def test_a_taken_number_stands_at_its_field(school: School, head: DocumentVisitor) -> None:
    published(school)
    other = draft(school, number="16")
    answer = head.post("change", FORM, document_id=other.pk)
    assert answer.status_code == 422
    assert "id_number_error" in answer.content.decode()


def test_a_new_version_is_brought_and_can_be_replaced(school: School, head: DocumentVisitor) -> None:
    document = published(school)
    data = {"file": upload_of(PDF * 2, "v2.pdf"), "note": "Пункт 3", "do": "draft"}
    page = head.post_then_look("version", data, document_id=document.pk)
    assert "Версия 2 ждёт публикации" in page
    assert "Пункт 3" in page
    assert "v2.pdf" in head.see("version", document_id=document.pk)
    page = head.post_then_look("version", {"note": "Пункт 4", "do": "draft"}, document_id=document.pk)
    assert "Пункт 4" in page
    assert "v2.pdf" in page
    head.post("version", {"file": upload_of(PDF * 3, "v3.pdf"), "note": "", "do": "draft"}, document_id=document.pk)
    assert document.versions.get(number=2).file.original_name == "v3.pdf"


def test_a_version_needs_a_file(school: School, head: DocumentVisitor) -> None:
    answer = head.post("version", {"note": "а" * 400}, document_id=published(school).pk)
    assert answer.status_code == 422
    assert "id_file_error" in answer.content.decode()


# --- Publishing -------------------------------------------------------------------------------------------------------
READING = {"must_read": "on", "reading_parents_confirm": "each", "do": "publish", **circles(("staff", "all"))}


@pytest.mark.req("CHAN-4")
def test_publishing_says_whom_it_will_ask(school: School, head: DocumentVisitor) -> None:
    document = draft(school)
    assert "Ознакомиться должны 5 человек" in head.see("publish", document_id=document.pk)
    page = head.post_then_look("publish", {**READING, "told": "5"}, document_id=document.pk)
    assert "ознакомиться должны 5 человек" in page
    assert Reading.objects.get().is_open


@pytest.mark.req("CHAN-4")
def test_other_people_than_those_told_of_are_not_asked_unseen(school: School, head: DocumentVisitor) -> None:
    document = draft(school)
    data = {**READING, **circles(("students", "all")), "told": "5"}
    answer = head.post("publish", data, document_id=document.pk)
    page = words(answer)
    assert "Вы выбрали других людей" in page
    assert "Ознакомиться должны 3 человека" in page
    assert not Reading.objects.exists()
    head.post("publish", {**data, "told": "3"}, document_id=document.pk)
    assert Reading.objects.get().audiences.get().audience == Audience.STUDENTS


def test_a_document_can_be_published_without_asking_anybody(school: School, head: DocumentVisitor) -> None:
    document = draft(school)
    data = {"reading_parents_confirm": "each", "do": "publish", "told": "5", **circles(("staff", "all"))}
    page = head.post_then_look("publish", data, document_id=document.pk)
    assert "Документ опубликован." in page
    assert not Reading.objects.exists()


@pytest.mark.req("CHAN-4")
@pytest.mark.parametrize(
    "more",
    [
        {"reading_due_on": "2020-01-01"},
        {"reading_due_on": "x"},
        {"reading_parents_confirm": "nobody"},
        {"told": "x"},
        circles(),
        circles(("staff", "")),
    ],
)
def test_wrong_terms_are_told_and_nothing_is_published(
    school: School, head: DocumentVisitor, more: dict[str, str]
) -> None:
    document = draft(school)
    answer = head.post("publish", {**READING, "told": "5", **more}, document_id=document.pk)
    assert answer.status_code == 422
    document.refresh_from_db()
    assert document.version == 0


@pytest.mark.req("CHAN-4")
def test_a_new_version_asks_anew_unless_told_otherwise(school: School, head: DocumentVisitor) -> None:
    document = to_be_read(school)
    next_version(school, document)
    answer = head.get("publish", document_id=document.pk)
    assert "всех попросим ознакомиться заново" in words(answer)
    assert answer.context["form"].initial["must_read"] is True


def test_more_rows_while_publishing_keep_the_terms(school: School, head: DocumentVisitor) -> None:
    document = draft(school)
    answer = head.post("publish", {**READING, "reading_due_on": "2030-01-01", "do": "more"}, document_id=document.pk)
    assert 'value="2030-01-01"' in answer.content.decode()
    assert 'name="circle-2-audience"' in answer.content.decode()


def test_what_is_published_leads_back_to_the_document(school: School, head: DocumentVisitor) -> None:
    document = published(school)
    for page in ("publish", "remove"):
        assert head.get(page, document_id=document.pk).headers["Location"] == head.url(
            "detail", document_id=document.pk
        )


# --- Annulling and removing -------------------------------------------------------------------------------------------
def test_annulling_asks_why_and_says_what_happens(school: School, head: DocumentVisitor) -> None:
    document = to_be_read(school)
    page = head.see("annul", document_id=document.pk)
    assert "останется в реестре" in page
    assert "Ознакомление прекратится" in page
    assert head.post("annul", {"reason": " ", "confirmed": "yes"}, document_id=document.pk).status_code == 422
    page = head.post_then_look("annul", {"reason": "Приказ № 17", "confirmed": "yes"}, document_id=document.pk)
    assert "Утратил силу: сегодня" in page
    assert "Приказ № 17" in page
    assert head.get("annul", document_id=document.pk).status_code == 403


def test_a_draft_is_removed_after_asking(school: School, head: DocumentVisitor) -> None:
    document = draft(school)
    assert head.get("annul", document_id=document.pk).headers["Location"].endswith("/remove/")
    assert "удалены навсегда" in head.see("remove", document_id=document.pk)
    head.post("remove", document_id=document.pk)
    assert Document.objects.exists()
    assert "Черновик удалён" in head.post_then_look("remove", {"confirmed": "yes"}, document_id=document.pk)
    assert not Document.objects.exists()


# --- One document -----------------------------------------------------------------------------------------------------
@pytest.mark.req("CHAN-4")
def test_a_reader_reads_and_confirms(school: School) -> None:
    document = to_be_read(school)
    teacher = DocumentVisitor(school, "teacher")
    page = teacher.see("detail", document_id=document.pk)
    assert "Открыть" in page
    assert "Ознакомлен" in page
    assert "Лист и напоминания" not in page
    assert "Изменить реквизиты" not in page


def test_the_history_tells_versions_with_their_checksums(school: School, head: DocumentVisitor) -> None:
    document = published(school)
    next_version(school, document, note="Пункт 3")
    page = head.see("detail", document_id=document.pk)
    for version in document.versions.all():
        assert f"Версия {version.number}" in page
        assert version.file.sha256 in page
    assert "Пункт 3" not in DocumentVisitor(school, "teacher").see("detail", document_id=document.pk)


def test_the_file_is_shown_or_saved(school: School) -> None:
    document = published(school)
    next_version(school, document)
    teacher = DocumentVisitor(school, "teacher")
    shown = teacher.get("file", document_id=document.pk, number=1)
    assert shown.headers["Content-Disposition"].startswith("inline")
    assert b"".join(shown.streaming_content) == PDF  # type: ignore[attr-defined]
    saved = teacher.get("file", {"download": "1"}, document_id=document.pk, number=1)
    assert saved.headers["Content-Disposition"].startswith("attachment")
    assert teacher.get("file", document_id=document.pk, number=2).status_code == 404
    assert DocumentVisitor(school, "student").get("file", document_id=document.pk, number=1).status_code == 404


# --- The register as a table ------------------------------------------------------------------------------------------
def table_of(visitor: DocumentVisitor, **wanted: str) -> list[tuple[Any, ...]]:
    answer = visitor.get("export", wanted)
    assert answer.status_code == 200
    return list(load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True))  # type: ignore[union-attr]


def test_the_register_of_orders_is_a_table_to_be_filed(school: School, head: DocumentVisitor) -> None:
    to_be_read(school, title='=HYPERLINK("http://x")')
    published(school, number="2", issued_on=date(2026, 1, 9), title="+7 (900) О телефоне")
    draft(school, kind=DocumentKind.RULES, number="")
    answer = head.get("export", {"kind": "order"})
    assert "%D0%96%D1%83%D1%80%D0%BD%D0%B0%D0%BB" in answer.headers["Content-Disposition"]
    rows = table_of(head, kind="order")
    assert rows[0][0] == school.organization.name
    assert rows[1][0] == "Журнал регистрации приказов"
    assert rows[3][1:4] == ("Номер", "Дата", "Вид")
    assert [row[1] for row in rows[4:]] == ["2", "15"]
    assert rows[4][2].date() == date(2026, 1, 9)
    assert rows[5][4] == '=HYPERLINK("http://x")'
    assert rows[5][7] == "0 из 5"
    sheet = load_workbook(BytesIO(answer.content)).active
    assert {cell.data_type for cell in sheet["E"][4:]} == {"s"}  # type: ignore[index]
    assert len(table_of(head)) == 7


def test_readers_do_not_take_the_register_away(school: School) -> None:
    assert DocumentVisitor(school, "teacher").get("export").status_code == 403
