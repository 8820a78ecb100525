"""Two people register, add and publish at the same moment, in real threads on PostgreSQL (DOC-1)."""

from functools import partial

import pytest

from common.errors import DomainError
from documents.models import Document, DocumentVersion
from documents.services.documents import create_document, remove_draft
from documents.services.publishing import ReadingTerms, annul, publish
from documents.services.versions import add_version
from readings.models import Reading
from tests.documents.cast import STAFF, data_of, draft, file_of, published, to_be_read
from tests.threads import at_once
from tests.world import School, build_school

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True), pytest.mark.req("DOC-1")]


@pytest.fixture
def school(transactional_db: None) -> School:
    return build_school("race", 5)


def codes_of(outcomes: list[object]) -> list[str]:
    assert all(isinstance(one, DomainError) or not isinstance(one, Exception) for one in outcomes), outcomes
    return sorted(one.code if isinstance(one, DomainError) else "done" for one in outcomes)


def test_two_orders_15_become_one(school: School) -> None:
    actor, files = school.actor("administrator"), [file_of(school) for _ in range(8)]
    deeds = [partial(create_document, actor=actor, data=data_of(), file_id=file_id) for file_id in files]
    assert codes_of(at_once(deeds)) == ["document_number_taken"] * 7 + ["done"]
    assert Document.objects.count() == DocumentVersion.objects.count() == 1


def test_one_draft_of_the_next_version(school: School) -> None:
    made, actor = published(school), school.actor("administrator")
    files = [file_of(school) for _ in range(8)]
    deeds = [partial(add_version, actor=actor, document=made, file_id=file_id) for file_id in files]
    assert codes_of(at_once(deeds)) == ["document_version_waiting"] * 7 + ["done"]


def test_a_version_is_published_and_given_out_once(school: School) -> None:
    made, actor = draft(school), school.actor("administrator")
    deed = partial(publish, actor=actor, document=made, reading=ReadingTerms([STAFF]))
    assert codes_of(at_once([deed] * 8)) == ["document_no_draft"] * 7 + ["done"]
    assert Reading.objects.count() == 1


def test_a_draft_is_either_published_or_removed(school: School) -> None:
    made, actor = draft(school), school.actor("administrator")
    deeds = [
        partial(publish, actor=actor, document=made, reading=None),
        partial(remove_draft, actor=actor, document=made),
    ]
    codes = codes_of(at_once(deeds))
    assert codes in (["document_gone", "done"], ["document_no_draft", "done"])
    assert Document.objects.filter(version=1).count() == (1 if "document_no_draft" in codes else 0)


def test_an_annulled_document_asks_nobody_whatever_comes_at_once(school: School) -> None:
    made, actor = to_be_read(school), school.actor("administrator")
    add_version(actor=actor, document=made, file_id=file_of(school))
    deeds = [
        partial(publish, actor=actor, document=made, reading=ReadingTerms([STAFF])),
        partial(annul, actor=actor, document=made, reason="Устарел"),
    ]
    codes = codes_of(at_once(deeds))
    assert codes in (["document_annulled", "done"], ["done", "done"])
    assert not Reading.objects.filter(closed_at=None).exists()
