"""Publishing versions, giving them out for reading, annulling (DOC-1, CHAN-4)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from common.errors import DomainError
from documents.models import Document
from documents.selectors.versions import current_version
from documents.services.documents import change_document
from documents.services.publishing import ReadingTerms, annul, publish, usual_terms
from documents.services.versions import add_version, replace_draft_file
from files.models import StoredFile
from orgs.models import Audience, AuditEvent
from readings.models import ParentsConfirm, Reading
from readings.services.confirming import confirm
from tests.documents.cast import PDF, STAFF, data_of, draft, file_of, next_version, published, seen, to_be_read
from tests.world import School, World

pytestmark = pytest.mark.req("DOC-1", "CHAN-4")


@pytest.fixture
def school(world: World) -> School:
    return world.a


def reading_of(document: Document) -> Reading:
    version = current_version(Document.objects.get(pk=document.pk))
    assert version is not None
    assert version.reading is not None
    return version.reading


def actions(school: School) -> list[str]:
    events = AuditEvent.objects.filter(organization_id=school.organization.pk).order_by("pk")
    return list(events.values_list("action", flat=True))


# --- Versions ---------------------------------------------------------------------------------------------------------
def test_a_published_version_is_what_everybody_reads(school: School) -> None:
    made = published(school)
    assert (made.version, made.published_at is not None) == (1, True)
    version = current_version(made)
    assert version is not None
    assert version.published_at == made.published_at
    assert version.reading is None
    assert actions(school)[-1] == "document.published"


def test_nothing_is_published_twice(school: School) -> None:
    made = published(school)
    with pytest.raises(DomainError, match="document_no_draft"):
        publish(actor=school.actor("administrator"), document=made, reading=None)


def test_one_new_version_at_a_time(school: School) -> None:
    made = published(school)
    next_version(school, made, note="Пункт 3")
    file_id = file_of(school)
    with pytest.raises(DomainError) as told:
        add_version(actor=school.actor("head"), document=made, file_id=file_id)
    assert (told.value.code, told.value.status) == ("document_version_waiting", 409)
    assert seen(school, "teacher", made).version == 1  # type: ignore[union-attr]
    published_at = made.published_at
    made = publish(actor=school.actor("head"), document=made, reading=None)
    assert (made.version, made.published_at) == (2, published_at)


def test_the_drafts_file_is_replaced_and_the_old_one_goes(school: School) -> None:
    made = draft(school)
    old = made.versions.get().file
    replace_draft_file(
        actor=school.actor("administrator"), document=made, file_id=file_of(school, content=PDF * 2), note="Чисто"
    )
    version = made.versions.get()
    assert (version.note, version.file.sha256 != old.sha256) == ("Чисто", True)
    assert not StoredFile.objects.filter(pk=old.pk).exists()
    replace_draft_file(actor=school.actor("administrator"), document=made, note="")
    assert made.versions.get().file_id == version.file_id


def test_a_published_file_cannot_be_replaced(school: School) -> None:
    with pytest.raises(DomainError, match="document_no_draft"):
        replace_draft_file(actor=school.actor("administrator"), document=published(school), file_id=file_of(school))


def test_a_note_is_bounded(school: School) -> None:
    made = published(school)
    with pytest.raises(DomainError) as told:
        next_version(school, made, note="а" * 301)
    assert (told.value.code, list(told.value.fields)) == ("document_note_long", ["note"])


# --- Required reading -------------------------------------------------------------------------------------------------
def test_publishing_asks_whoever_the_document_is_for(school: School) -> None:
    made = to_be_read(school)
    reading = reading_of(made)
    version = current_version(made)
    assert version is not None
    assert reading.content_hash == version.file.sha256
    assert reading.path == f"documents/{made.pk}/"
    assert "№ 15" in reading.title
    assert list(reading.audiences.values_list("audience", "unit_id")) == [STAFF]
    assert reading.is_open


def test_others_can_be_asked_than_those_it_is_for(school: School) -> None:
    due = timezone.localdate() + timedelta(days=5)
    terms = ReadingTerms([(Audience.PARENTS, school.units["5А"].pk)], due, ParentsConfirm.FAMILY)
    made = published(school, terms, circles=[])
    reading = reading_of(made)
    assert (reading.due_on, reading.parents_confirm) == (due, "family")
    assert seen(school, "parent", made) is not None
    assert seen(school, "teacher", made) is None


def test_somebody_must_be_asked_and_not_too_late(school: School) -> None:
    for terms, code in [
        (ReadingTerms(), "reading_circles_required"),
        (ReadingTerms([STAFF], timezone.localdate() - timedelta(days=2)), "reading_due_past"),
        (ReadingTerms([STAFF], None, "nobody"), "reading_parents_unknown"),
    ]:
        made = draft(school, circles=[], number=code)
        with pytest.raises(DomainError, match=code):
            publish(actor=school.actor("administrator"), document=made, reading=terms)
        made.refresh_from_db()
        assert made.version == 0


def test_a_new_version_asks_anew_and_the_old_sheet_stays(school: School) -> None:
    made = to_be_read(school)
    old = reading_of(made)
    confirm(actor=school.actor("teacher"), reading=old)
    next_version(school, made, content=PDF + b"2", note="Пункт 3")
    terms = usual_terms(made)
    assert terms == ReadingTerms([STAFF], None, "each")
    made = publish(actor=school.actor("administrator"), document=made, reading=terms)
    new = reading_of(made)
    old.refresh_from_db()
    assert old.replaced_by_id == new.pk
    assert not old.is_open
    assert old.content_hash != new.content_hash
    assert old.confirmations.count() == 1
    assert new.confirmations.count() == 0
    found = seen(school, "teacher", made)
    assert found is not None
    assert (found.is_asked, found.is_done, found.confirmed_at) == (True, False, None)  # type: ignore[attr-defined]


def test_a_new_version_that_nobody_has_to_read_ends_the_asking(school: School) -> None:
    made = to_be_read(school)
    old = reading_of(made)
    next_version(school, made)
    made = publish(actor=school.actor("administrator"), document=made, reading=None)
    old.refresh_from_db()
    assert not old.is_open
    assert usual_terms(made) is None


def test_the_sheet_names_the_version_of_the_document(school: School) -> None:
    made = published(school)
    next_version(school, made)
    terms = ReadingTerms(circles=[STAFF])
    made = publish(actor=school.actor("administrator"), document=made, reading=terms)
    assert (made.version, reading_of(made).version) == (2, 2)


def test_corrections_leave_the_sheet_as_it_was(school: School) -> None:
    made = to_be_read(school)
    title = reading_of(made).title
    change_document(actor=school.actor("administrator"), document=made, data=data_of(title="О другом", circles=[]))
    reading = reading_of(made)
    assert reading.title == title
    assert reading.audiences.count() == 1


def test_a_very_long_title_fits_into_a_sheet(school: School) -> None:
    made = to_be_read(school, title="я" * 250, number="9" * 40)
    assert len(reading_of(made).title) <= 300


# --- Annulling --------------------------------------------------------------------------------------------------------
def test_an_annulled_document_asks_nobody_and_stays(school: School) -> None:
    made = to_be_read(school)
    annul(actor=school.actor("head"), document=made, reason="Отменён приказом № 17")
    made.refresh_from_db()
    assert made.annulled_reason == "Отменён приказом № 17"
    assert not reading_of(made).is_open
    assert seen(school, "teacher", made) is not None
    assert "document.annulled" in actions(school)
    with pytest.raises(DomainError, match="document_annulled"):
        annul(actor=school.actor("head"), document=made, reason="Ещё раз")
    with pytest.raises(DomainError, match="document_annulled"):
        next_version(school, made)
    with pytest.raises(DomainError, match="document_annulled"):
        change_document(actor=school.actor("head"), document=made, data=data_of(number="18"))
    with pytest.raises(DomainError, match="document_number_taken"):
        draft(school)


@pytest.mark.parametrize(
    ("reason", "code"), [("", "document_reason_required"), (" \u200b", "document_reason_required")]
)
def test_annulling_needs_a_reason(school: School, reason: str, code: str) -> None:
    with pytest.raises(DomainError) as told:
        annul(actor=school.actor("head"), document=published(school), reason=reason)
    assert (told.value.code, list(told.value.fields)) == (code, ["reason"])


def test_reasons_are_bounded_and_drafts_are_removed_instead(school: School) -> None:
    with pytest.raises(DomainError, match="document_reason_long"):
        annul(actor=school.actor("head"), document=published(school), reason="а" * 301)
    with pytest.raises(DomainError, match="document_not_published"):
        annul(actor=school.actor("head"), document=draft(school, number="16"), reason="Так")
