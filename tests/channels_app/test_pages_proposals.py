"""Proposing a text, deciding about it: what the author and the editor see."""

from typing import Any

import pytest

from channels_app.models import Post, Proposal, ProposalState
from channels_app.services import channels, proposals
from tests.channels_app.cast import general, of_unit, propose
from tests.channels_app.pages import ChannelVisitor, picture_of, typed
from tests.world import School, World

pytestmark = pytest.mark.req("CHAN-2")
NO_ROWS = {"circle-TOTAL_FORMS": "0", "circle-INITIAL_FORMS": "0"}


@pytest.fixture
def school(world: World) -> School:
    return world.a


def form(**values: Any) -> dict[str, Any]:
    return {**NO_ROWS, "title": "Макулатура", "text": "Сбор в пятницу", **values}


def test_teachers_and_the_head_propose_others_do_not(school: School) -> None:
    channel = general(school)
    expected = {"teacher": 200, "leader": 200, "head": 200, "administrator": 403, "student": 403, "parent": 403}
    for name, status in expected.items():
        assert ChannelVisitor(school, name).get("propose", channel_id=channel.pk).status_code == status, name
    assert ChannelVisitor(school, "leader").get("propose", channel_id=of_unit(school).pk).status_code == 403


def test_the_way_of_a_text(school: School) -> None:
    teacher, editor = ChannelVisitor(school, "teacher"), ChannelVisitor(school, "administrator")
    key = typed(teacher.get("propose", channel_id=general(school).pk))["client_key"]
    sent = form(do="send", client_key=key, file_ids=[picture_of(school, "teacher")])
    assert "Текст отправлен" in teacher.post_then_look("propose", sent, channel_id=general(school).pk)
    proposal = Proposal.objects.get()
    assert "Учёный Устин Ильич" in editor.see("proposals")
    values = typed(editor.get("proposal", proposal_id=proposal.pk))
    assert values["text"] == "Сбор в пятницу"
    empty = editor.post("proposal", form(do="return", revision=values["revision"]), proposal_id=proposal.pk)
    assert empty.status_code == 422
    assert "Скажите" in empty.content.decode() or "field-error" in empty.content.decode()
    back = form(do="return", revision=values["revision"], remark="Во сколько?")
    assert "Текст вернулся к автору" in editor.post_then_look("proposal", back, proposal_id=proposal.pk)
    page = teacher.see("proposal", proposal_id=proposal.pk)
    assert "Во сколько?" in page
    assert "Исправить и отправить снова" in page
    again = form(do="send", text="Сбор в пятницу в 15:00", file_ids=[values["file_ids"]])
    teacher.post("proposal_change", again, proposal_id=proposal.pk)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.revision) == (ProposalState.SENT, 2)
    final = form(do="now", revision=2, text="Сбор в пятницу, 15:00!", file_ids=[values["file_ids"]])
    assert "Запись опубликована" in editor.post_then_look("proposal", final, proposal_id=proposal.pk)
    post = Post.objects.get()
    assert post.author == school.people["teacher"]
    assert post.files.count() == 1
    assert "Учёный Устин Ильич" in ChannelVisitor(school, "parent").see("feed")
    assert "опубликован" in teacher.see("proposals")


def test_what_the_author_changed_meanwhile_is_shown_beside(school: School) -> None:
    proposal = propose(school, general(school), "Первый вариант")
    editor = ChannelVisitor(school, "administrator")
    proposals.send_again(
        actor=school.actor("teacher"), proposal=proposal, draft=proposals.ProposalDraft(text="Второй вариант")
    )
    sent = form(do="now", revision=1, text="Правка редактора", remark="Черновик замечания")
    response = editor.post("proposal", sent, proposal_id=proposal.pk)
    page = response.content.decode()
    assert response.status_code == 422
    for text in ("Второй вариант", "Правка редактора", "Черновик замечания"):
        assert text in page
    assert typed(response)["revision"] == "2"
    assert not Post.objects.exists()


def test_a_second_editor_comes_too_late(school: School) -> None:
    proposal = propose(school, general(school))
    proposals.return_with_remark(actor=school.actor("administrator"), proposal=proposal, revision=1, remark="Нет")
    editor = ChannelVisitor(school, "administrator")
    response = editor.post("proposal", form(do="now", revision=1, text="Моя правка"), proposal_id=proposal.pk)
    assert response.status_code == 409
    assert "Моя правка" in response.content.decode()
    assert not Post.objects.exists()


def test_planned_at_the_wished_time_and_withdrawn(school: School) -> None:
    first, second = propose(school, general(school)), propose(school, general(school), "Другое")
    editor, teacher = ChannelVisitor(school, "administrator"), ChannelVisitor(school, "teacher")
    nowhen = editor.post("proposal", form(do="plan", revision=1), proposal_id=first.pk)
    assert nowhen.status_code == 422
    assert "Выберите день и время" in nowhen.content.decode()
    assert "Текст отозван" in teacher.post_then_look("proposal_withdraw", proposal_id=second.pk)
    assert editor.get("proposal", proposal_id=second.pk).status_code == 404
    assert editor.post("proposal_withdraw", proposal_id=first.pk).status_code == 403


def test_who_sees_a_proposal_and_its_files(school: School) -> None:
    key = picture_of(school, "teacher")
    proposal = propose(school, general(school), file_ids=[key])
    expected = {"administrator": 200, "teacher": 200, "head": 404, "leader": 404, "student": 404, "parent": 404}
    for name, status in expected.items():
        visitor = ChannelVisitor(school, name)
        assert visitor.get("proposal", proposal_id=proposal.pk).status_code == status, name
        assert visitor.get("proposal_file", proposal_id=proposal.pk, file_id=key).status_code == status, name
    for name, status in {"administrator": 200, "teacher": 200, "head": 200, "student": 403, "parent": 403}.items():
        assert ChannelVisitor(school, name).get("proposals").status_code == status, name
    channels.set_editor(actor=school.actor("administrator"), channel=general(school), person=school.people["head"])
    assert ChannelVisitor(school, "head").get("proposal", proposal_id=proposal.pk).status_code == 200
    assert "Решение" in ChannelVisitor(school, "head").see("proposal", proposal_id=proposal.pk)


def test_a_refused_text_is_not_lost(school: School) -> None:
    teacher = ChannelVisitor(school, "teacher")
    sent = form(do="send", wanted_at_0="2020-01-01", wanted_at_1="10:00")
    response = teacher.post("propose", sent, channel_id=general(school).pk)
    page = response.content.decode()
    assert response.status_code == 422
    assert "Сбор в пятницу" in page
    assert 'value="2020-01-01"' in page
    assert 'id="id_wanted_at_error"' in page
