"""Proposed posts: sent, returned, sent again, published in the author's name; nobody's text is lost (CHAN-2)."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from channels_app import permissions
from channels_app.models import Post, Proposal, ProposalState
from channels_app.selectors.posts import parts_of
from channels_app.selectors.proposals import files_of, find_proposal, own_proposals, queue_of, turns_of
from channels_app.services import channels, proposals
from channels_app.services.posts import PostDraft
from channels_app.services.proposals import ProposalDraft
from common.errors import DomainError
from orgs.audit import Action
from orgs.models import AuditEvent
from tests.channels_app.cast import free, general, of_staff, of_unit, opened, proposal, propose, seen, upload
from tests.world import School, World

pytestmark = pytest.mark.req("CHAN-2")


@pytest.fixture
def school(world: World) -> School:
    return world.a


def accept(school: School, row: Proposal, by: str = "administrator", text: str = "Приходите!", **more: Any) -> Post:
    revision, at = more.pop("revision", row.revision), more.pop("publish_at", None)
    words = PostDraft(text=text, **more)
    return proposals.accept(actor=school.actor(by), proposal=row, revision=revision, draft=words, publish_at=at)


def give_back(school: School, row: Proposal, remark: str = "Добавьте время", **more: Any) -> Proposal:
    revision = more.pop("revision", row.revision)
    return proposals.return_with_remark(
        actor=school.actor("administrator"), proposal=row, revision=revision, remark=remark
    )


def send_again(school: School, row: Proposal, text: str = "Приходите в 15:00", **more: Any) -> Proposal:
    return proposals.send_again(actor=school.actor("teacher"), proposal=row, draft=ProposalDraft(text=text, **more))


def code_of(deed: Any) -> str:
    with pytest.raises(DomainError) as refused:
        deed()
    return refused.value.code


# --- Who --------------------------------------------------------------------------------------------------------------
def test_administration_and_teachers_propose_where_they_do_not_publish(school: School) -> None:
    channel = general(school)
    may = {
        name: permissions.can_propose(school.actor(name), seen(school, name, channel))
        for name in ("administrator", "head", "leader", "teacher", "student", "parent")
    }
    assert {name for name, allowed in may.items() if allowed} == {"head", "leader", "teacher"}
    own = of_unit(school)
    assert not permissions.can_propose(school.actor("leader"), seen(school, "leader", own)), "she publishes there"


def test_a_proposal_is_seen_by_its_author_and_those_who_publish(school: School, world: World) -> None:
    row = propose(school, general(school))
    for name, sees in {
        "teacher": True,
        "administrator": True,
        "head": False,
        "leader": False,
        "student": False,
    }.items():
        assert (find_proposal(school.actor(name), row.pk) is not None) is sees, name
    assert find_proposal(world.b.actor("administrator"), row.pk) is None
    channels.set_editor(actor=school.actor("administrator"), channel=general(school), person=school.people["leader"])
    assert permissions.can_decide(school.actor("leader"), proposal(school, "leader", row))
    assert not permissions.can_decide(school.actor("teacher"), proposal(school, "teacher", row))
    assert list(queue_of(school.actor("leader"))) == [row]
    assert list(queue_of(school.actor("teacher"))) == []
    assert list(own_proposals(school.actor("teacher"))) == [row]


# --- Published --------------------------------------------------------------------------------------------------------
def test_it_is_published_as_edited_in_the_authors_name(school: School) -> None:
    file = upload(school, "teacher")
    row = propose(school, general(school), title="Ярмарка", file_ids=[file.pk])
    extra = upload(school)
    post = accept(school, row, text="Приходите на **ярмарку**", title="Ярмарка", file_ids=[extra.pk, file.pk])
    found = opened(school, "student", post)
    assert (found.author, found.editor_id) == (school.people["teacher"], school.people["administrator"].pk)
    assert [held.file_id for held in parts_of([found]).files[found.pk]] == [extra.pk, file.pk]
    row.refresh_from_db()
    assert (row.state, row.post, row.text) == (ProposalState.ACCEPTED, post, "Приходите!")
    assert [held.file_id for held in files_of(row)] == [file.pk]
    assert AuditEvent.objects.filter(action=Action.POST_PUBLISHED).count() == 1
    assert list(queue_of(school.actor("administrator"))) == []


def test_it_is_published_at_a_set_time(school: School) -> None:
    at = timezone.now() + timedelta(days=1)
    row = propose(school, general(school), wanted_at=at)
    post = accept(school, row, publish_at=at)
    assert (post.is_planned, post.publish_at) == (True, at)
    row.refresh_from_db()
    assert row.state == ProposalState.ACCEPTED


def test_what_cannot_be_published_decides_nothing(school: School) -> None:
    row = propose(school, general(school))
    past = timezone.now() - timedelta(hours=1)
    assert code_of(lambda: accept(school, row, publish_at=past)) == "publish_at_past"
    assert code_of(lambda: accept(school, row, text=" ")) == "post_empty"
    row.refresh_from_db()
    assert row.state == ProposalState.SENT
    assert not Post.objects.exists()
    assert turns_of(row).count() == 1


def test_a_text_is_published_once(school: School) -> None:
    row = propose(school, general(school))
    accept(school, row)
    assert code_of(lambda: accept(school, row)) == "proposal_decided"
    assert code_of(lambda: give_back(school, row)) == "proposal_decided"
    assert code_of(lambda: send_again(school, row)) == "proposal_decided"
    assert code_of(lambda: proposals.withdraw(actor=school.actor("teacher"), proposal=row)) == "proposal_decided"
    assert Post.objects.count() == 1


def test_the_editor_decides_about_the_words_that_were_read(school: School) -> None:
    row = propose(school, general(school))
    send_again(school, row)
    assert code_of(lambda: accept(school, row, revision=1)) == "proposal_changed"
    assert code_of(lambda: give_back(school, row, revision=1)) == "proposal_changed"
    accept(school, row, revision=2)


def test_nothing_is_accepted_into_the_archive(school: School) -> None:
    channel = free(school)
    row = propose(school, channel)
    channels.archive(actor=school.actor("administrator"), channel=channel)
    assert code_of(lambda: accept(school, row)) == "channel_archived"
    assert find_proposal(school.actor("teacher"), row.pk) is not None, "the author keeps the text"


# --- Returned ---------------------------------------------------------------------------------------------------------
def test_it_is_returned_with_a_remark_and_sent_again(school: School) -> None:
    row = propose(school, general(school), title="Ярмарка")
    returned = give_back(school, row, "  Во сколько?\x00 ")
    assert (returned.state, returned.remark) == (ProposalState.RETURNED, "Во сколько?")
    assert list(queue_of(school.actor("administrator"))) == []
    again = send_again(school, row, title="Ярмарка")
    assert (again.state, again.remark, again.revision, again.decided_at) == (ProposalState.SENT, "", 2, None)
    proposals.withdraw(actor=school.actor("teacher"), proposal=row)
    proposals.withdraw(actor=school.actor("teacher"), proposal=row)
    assert find_proposal(school.actor("administrator"), row.pk) is None, "what is withdrawn is the author's again"
    assert code_of(lambda: accept(school, row, revision=2)) == "proposal_decided"
    send_again(school, row, "Приходите в 16:00")
    accept(school, proposal(school, "administrator", row), text="Иначе")
    turns = [(turn.state, turn.text, turn.remark) for turn in turns_of(row)]
    assert turns == [
        ("sent", "Приходите!", ""),
        ("returned", "Приходите!", "Во сколько?"),
        ("sent", "Приходите в 15:00", ""),
        ("withdrawn", "Приходите в 15:00", ""),
        ("sent", "Приходите в 16:00", ""),
        ("accepted", "Приходите в 16:00", ""),
    ]


@pytest.mark.parametrize("remark", ["", " \u200b\x00 "])
def test_a_return_says_why(school: School, remark: str) -> None:
    row = propose(school, general(school))
    assert code_of(lambda: give_back(school, row, remark)) == "remark_required"
    assert code_of(lambda: give_back(school, row, "я" * 1001)) == "text_too_long"


# --- Sent -------------------------------------------------------------------------------------------------------------
def test_a_text_sent_twice_is_one(school: School) -> None:
    key = uuid4()
    assert propose(school, general(school), client_key=key) == propose(school, general(school), client_key=key)
    assert Proposal.objects.count() == 1


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ({"text": ""}, "post_empty"),
        ({"text": "я" * 12_001}, "text_too_long"),
        ({"title": "я" * 201}, "title_too_long"),
        ({"file_ids": [2**70]}, "file_not_yours"),
        ({"file_ids": list(range(1, 22))}, "files_many"),
        ({"wanted_at": timezone.now() - timedelta(hours=1)}, "publish_at_past"),
        ({"wanted_at": timezone.now() + timedelta(days=400)}, "publish_at_far"),
    ],
)
def test_what_cannot_be_proposed_is_refused(school: School, words: dict, code: str) -> None:
    assert code_of(lambda: propose(school, general(school), **words)) == code
    assert not Proposal.objects.exists()


def test_files_follow_the_text(school: School) -> None:
    first, second = upload(school, "teacher"), upload(school, "teacher")
    row = propose(school, of_staff(school), "", file_ids=[first.pk, first.pk])
    send_again(school, row, "", file_ids=[second.pk])
    assert [held.file_id for held in files_of(row)] == [second.pk]
    theirs = upload(school, "leader")
    assert code_of(lambda: send_again(school, row, file_ids=[theirs.pk])) == "file_not_yours"
