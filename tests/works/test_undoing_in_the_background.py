"""A large work is undone by a job: progress, one at a time, obstacles, calling off, lost processes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from common.errors import DomainError
from orgs.models import Person
from tests.api.conftest import Api, api
from tests.works.conftest import begun, finished
from tests.works.rows import rows_of
from tests.world import School, make_user
from works import tasks
from works.models import State, Work
from works.services import putting_back, running, undoing

__all__ = ["api"]

pytestmark = pytest.mark.req("ORG-8", "ORG-9")


@pytest.fixture(autouse=True)
def everything_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(undoing, "AT_ONCE", 0)


def asked(school: School) -> Work:
    """A finished work whose undoing waits for the worker."""
    return undoing.undo(actor=school.actor("administrator"), work=finished(school))


def state_of(work: Work) -> str:
    return Work.objects.values_list("state", flat=True).get(pk=work.pk)


def is_there() -> bool:
    return Person.objects.filter(last_name="Носов").exists()


def test_a_job_undoes_it(
    school: School, sent_jobs: list[Any], django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    before = rows_of()
    work = finished(school, rename=[school.people["student"].pk])
    with django_capture_on_commit_callbacks(execute=True):
        assert undoing.undo(actor=school.actor("administrator"), work=work).state == State.UNDOING
    assert sent_jobs[-1] == ("works.tasks.undo", {"work_id": work.pk})
    assert is_there()
    tasks.undo(work.pk)
    work.refresh_from_db()
    assert rows_of() == before
    assert (work.state, work.undone_by) == (State.UNDONE, school.people["administrator"])
    assert work.undone_at is not None


def test_twice_is_once(school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    work, told = asked(school), []
    monkeypatch.setattr(undoing, "kind_of", lambda _name: _Telling(told))
    undoing.run(work.pk)
    undoing.run(work.pk)
    assert told == ["before", "after"]


class _Telling:
    """A kind that notes when it is asked."""

    def __init__(self, told: list[str]) -> None:
        self.before_undo = lambda _work: told.append("before")
        self.after_undo = lambda _work: told.append("after")


def test_nothing_else_begins_meanwhile(school: School) -> None:
    work = asked(school)
    with pytest.raises(DomainError, match="work_under_way"):
        begun(school)
    with pytest.raises(DomainError, match="undo_under_way"):
        undoing.undo(actor=school.actor("administrator"), work=work)
    undoing.run(work.pk)
    assert begun(school).state == State.WAITING


def test_it_does_not_begin_beside_other_work(school: School) -> None:
    work = finished(school)
    begun(school)
    with pytest.raises(DomainError, match="work_under_way"):
        undoing.undo(actor=school.actor("administrator"), work=work)
    assert state_of(work) == State.DONE


def test_obstacles_are_told_before_it_begins(school: School) -> None:
    work = finished(school)
    Person.objects.filter(last_name="Носов").update(user=make_user("+79005550001"))
    with pytest.raises(DomainError, match="undo_prevented") as refusal:
        undoing.undo(actor=school.actor("administrator"), work=work)
    assert list(refusal.value.fields.values()) == ["Носов Нестор"]
    assert state_of(work) == State.DONE


def test_what_happens_before_the_job_comes_leaves_the_work_done(school: School) -> None:
    work = asked(school)
    Person.objects.filter(last_name="Носов").update(user=make_user("+79005550001"))
    before = rows_of()
    undoing.run(work.pk)
    work.refresh_from_db()
    assert rows_of() == before
    assert (work.state, work.error_code, work.undone_by) == (State.DONE, "undo_prevented", None)
    assert work.can_be_undone


def test_what_happens_while_it_is_looked_through_is_seen_inside(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = asked(school)

    def join_meanwhile(rows: Any, **_how: Any) -> list[Any]:
        Person.objects.filter(last_name="Носов").update(user=make_user("+79005550001"))
        return []

    monkeypatch.setattr(undoing, "obstacles_in", join_meanwhile)
    undoing.run(work.pk)
    assert (state_of(work), is_there()) == (State.DONE, True)


def test_what_breaks_leaves_everything(school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    work, before = asked(school), rows_of()

    def broken(*_arguments: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(putting_back, "_put_back", broken)
    monkeypatch.setattr(undoing, "_finish", broken)
    with pytest.raises(ZeroDivisionError):
        undoing.run(work.pk)
    work.refresh_from_db()
    assert (work.state, work.error_code) == (State.DONE, "unforeseen")
    assert rows_of() == before


def test_it_is_called_off_while_it_waits(school: School) -> None:
    work = asked(school)
    running.call_off(work=work)
    undoing.run(work.pk)
    assert (state_of(work), is_there()) == (State.DONE, True)
    with pytest.raises(DomainError, match="work_finished"):
        running.call_off(work=work)


def test_it_is_called_off_while_it_looks(school: School) -> None:
    work = asked(school)
    Work.objects.filter(pk=work.pk).update(cancel_asked_at=timezone.now())
    undoing.run(work.pk)
    work.refresh_from_db()
    assert (work.state, work.cancel_asked_at, is_there()) == (State.DONE, None, True)


def test_a_lost_one_is_taken_up(
    school: School, sent_jobs: list[Any], django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    work = asked(school)
    assert running.take_up_lost() == 0
    # The job never came; then its process was lost.
    for silent in (
        {"undo_asked_at": timezone.now() - running.LATE_AFTER * 2},
        {"alive_at": timezone.now() - running.LOST_AFTER * 2},
    ):
        Work.objects.filter(pk=work.pk).update(**silent)
        with django_capture_on_commit_callbacks(execute=True):
            assert running.take_up_lost() == 1
        assert sent_jobs[-1] == ("works.tasks.undo", {"work_id": work.pk})
    undoing.run(work.pk)
    assert (state_of(work), is_there()) == (State.UNDONE, False)


def test_a_living_one_is_left_alone(school: School) -> None:
    work = asked(school)
    Work.objects.filter(pk=work.pk).update(alive_at=timezone.now())
    undoing.run(work.pk)
    assert (state_of(work), is_there()) == (State.UNDOING, True)
    assert tasks.undo.time_limit < running.LOST_AFTER.total_seconds()


def test_the_page_shows_how_far_it_is(school: School, browse: Callable[..., Client]) -> None:
    work, client = asked(school), browse(school.user("administrator"))
    page = reverse("works:detail", args=[school.slug, work.pk])
    assert "Ждёт своей очереди" in client.get(page).content.decode()
    Work.objects.filter(pk=work.pk).update(alive_at=timezone.now(), step="undo_checking", done=20_000, total=40_000)
    text = client.get(page).content.decode()
    assert "Отменяется:" in text
    assert "Проверяем, не зависит ли от этого что-то новое" in text
    assert "50 %" in text
    assert 'hx-trigger="load delay:1s"' in text
    assert "Отменить всё" not in text


def test_the_page_says_why_it_came_to_nothing(school: School, browse: Callable[..., Client]) -> None:
    work, client = asked(school), browse(school.user("administrator"))
    Person.objects.filter(last_name="Носов").update(user=make_user("+79005550001"))
    undoing.run(work.pk)
    text = client.get(reverse("works:detail", args=[school.slug, work.pk])).content.decode()
    assert "Отменить не получилось" in text
    assert "Отменить всё" in text


def test_the_api_answers_at_once(school: School, api: Api) -> None:
    client, work = api(school, "administrator"), finished(school)
    address = client.inside(f"works/{work.pk}/")
    assert client.post(f"{address}undo/").json()["state"] == "undoing"
    again = client.post(f"{address}undo/")
    assert (again.status_code, again.json()["code"]) == (409, "undo_under_way")
    undoing.run(work.pk)
    assert client.get(address).json()["state"] == "undone"
