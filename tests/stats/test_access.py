"""Who sees the statistics: the head's to give and to take back (STAT-1)."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from guardian.shortcuts import assign_perm

from common.errors import DomainError
from orgs.audit import sentence_of
from orgs.models import AuditEvent, Organization, Person, Role
from orgs.permissions import can_grant_statistics, can_see_people_of_statistics, can_see_statistics
from orgs.services.organization import let_administrators_see_statistics
from orgs.services.people import end_role, grant_role
from stats.models import Curatorship
from stats.selectors.access import candidates, holders_of, holds_right, sees_by_role
from stats.services import access
from tests.orgs.pages import Visitor, crowd, undo_address, words
from tests.world import CAST, School, World, make_user, without_head

pytestmark = pytest.mark.req("STAT-1")


class StatsVisitor(Visitor):
    """A browser of one member of the cast, on the pages of the statistics."""

    def url(self, name: str, **values: Any) -> str:
        return reverse(f"stats:{name}", kwargs={"slug": self.school.slug, **values})


@pytest.fixture
def school(world: World) -> School:
    return world.a


def journal(school: School, count: int = 1) -> list[str]:
    """The newest lines of the journal, the latest first."""
    lines = AuditEvent.objects.filter(organization_id=school.organization.pk).order_by("-id")[:count]
    return [sentence_of(line, school.actor("administrator").words) for line in lines]


def grant(school: School, name: str) -> None:
    access.grant(actor=school.actor("head"), person=school.people[name])


# --- Who may --------------------------------------------------------------------------------------------------------
def seeing(school: School) -> set[str]:
    return {name for name in CAST if can_see_statistics(school.actor(name))}


def test_by_role_and_by_grant(school: School) -> None:
    assert seeing(school) == {"administrator", "head"}
    grant(school, "leader")
    assert seeing(school) == {"administrator", "head", "leader"}
    assert not can_see_people_of_statistics(school.actor("leader"))
    let_administrators_see_statistics(actor=school.actor("head"), is_on=False)
    assert seeing(school) == {"head", "leader"}
    grant(school, "administrator")
    assert seeing(school) == {"administrator", "head", "leader"}
    access.revoke(actor=school.actor("head"), person=school.people["administrator"])
    assert seeing(school) == {"head", "leader"}


def test_a_grant_is_good_in_its_own_school_only(world: World) -> None:
    before = list(AuditEvent.objects.filter(organization_id=world.b.organization.pk).values())
    grant(world.a, "leader")
    assert seeing(world.b) == {"administrator", "head"}
    assert holders_of(world.b.organization) == []
    assert list(AuditEvent.objects.filter(organization_id=world.b.organization.pk).values()) == before


def test_only_the_head_grants_while_there_is_one_with_an_account(school: School) -> None:
    assert {name for name in CAST if can_grant_statistics(school.actor(name))} == {"head"}
    without_head(school)
    names = [name for name in CAST if name != "head"]
    assert {name for name in names if can_grant_statistics(school.actor(name))} == {"administrator"}


def test_a_head_who_has_left_is_no_head(school: School) -> None:
    end_role(actor=None, person=school.people["head"], role=Role.HEAD)
    assert can_grant_statistics(school.actor("administrator"))


@pytest.mark.parametrize("who", ["student", "parent"])
def test_families_are_never_granted_it(school: School, who: str) -> None:
    with pytest.raises(DomainError) as refused:
        grant(school, who)
    assert refused.value.code == "right_for_staff"
    assert not holds_right(school.organization, school.people[who])


@pytest.mark.parametrize(("who", "code"), [("waiting_teacher", "right_needs_account"), ("head", "sees_by_role")])
def test_whoever_cannot_use_it_is_not_given_it(school: School, who: str, code: str) -> None:
    with pytest.raises(DomainError) as refused:
        grant(school, who)
    assert refused.value.code == code


def test_leaving_the_staff_ends_it_for_good(school: School) -> None:
    leader = school.people["leader"]
    grant(school, "leader")
    grant_role(actor=None, person=leader, role=Role.PARENT)
    end_role(actor=None, person=leader, role=Role.TEACHER)
    assert not can_see_statistics(school.actor("leader"))
    assert journal(school)[0] == "отозвано право «Смотреть статистику»: Ведущая Вера Викторовна"
    grant_role(actor=None, person=leader, role=Role.TEACHER)
    assert not can_see_statistics(school.actor("leader"))


def test_another_role_of_the_staff_keeps_it(school: School) -> None:
    grant(school, "leader")
    grant_role(actor=None, person=school.people["leader"], role=Role.ADMINISTRATOR)
    end_role(actor=None, person=school.people["leader"], role=Role.TEACHER)
    assert holds_right(school.organization, school.people["leader"])


def test_a_parent_with_an_old_grant_sees_nothing(school: School) -> None:
    """Also when the row was left there by an earlier version."""
    assign_perm("view_statistics", school.user("parent"), school.organization)
    assert not can_see_statistics(school.actor("parent"))
    assert holders_of(school.organization) == []


# --- Journal --------------------------------------------------------------------------------------------------------
def test_granting_twice_is_once(school: School) -> None:
    before = AuditEvent.objects.count()
    for _again in range(2):
        grant(school, "leader")
    assert AuditEvent.objects.count() == before + 1
    assert journal(school) == ["выдано право «Смотреть статистику»: Ведущая Вера Викторовна"]
    for _again in range(2):
        access.revoke(actor=school.actor("head"), person=school.people["leader"])
    assert AuditEvent.objects.count() == before + 2


def test_the_journal_tells_by_whom_and_when(school: School) -> None:
    grant(school, "leader")
    [holder] = holders_of(school.organization)
    line = AuditEvent.objects.latest("id")
    assert (holder.person.pk, holder.granted_by) == (school.people["leader"].pk, "Главный Глеб Георгиевич")
    assert holder.granted_at == line.at
    access.revoke(actor=school.actor("head"), person=school.people["leader"])
    access.grant(actor=school.actor("head"), person=school.people["leader"])
    assert holders_of(school.organization)[0].granted_at == AuditEvent.objects.latest("id").at


def test_the_switch_is_told(school: School) -> None:
    before = AuditEvent.objects.count()
    for _again in range(2):
        let_administrators_see_statistics(actor=school.actor("head"), is_on=False)
    assert AuditEvent.objects.count() == before + 1
    assert journal(school) == ["администраторы видят статистику только по выданному праву"]
    let_administrators_see_statistics(actor=school.actor("head"), is_on=True)
    assert journal(school) == ["администраторы видят статистику по своей роли"]


# --- Lists ----------------------------------------------------------------------------------------------------------
def test_who_sees_by_role(school: School) -> None:
    def shown() -> list[tuple[str, str]]:
        organization = Organization.objects.get(pk=school.organization.pk)
        return [(row.person.last_name, row.role) for row in sees_by_role(organization)]

    assert shown() == [("Главный", "head"), ("Админова", "administrator")]
    grant_role(actor=None, person=school.people["head"], role=Role.ADMINISTRATOR)
    assert shown() == [("Главный", "head"), ("Админова", "administrator")]
    let_administrators_see_statistics(actor=school.actor("head"), is_on=False)
    assert shown() == [("Главный", "head")]
    without_head(school)
    assert shown() == []


def test_candidates_are_staff_with_an_account_who_do_not_hold_it(school: School) -> None:
    def found(text: str) -> set[str]:
        return {person.last_name for person in candidates(school.actor("head"), text)}

    assert found("н") == {"Админова", "Ведущая", "Учёный"}
    assert found("УЧЕН") == {"Учёный"}
    assert found("главн") == found("ждущ") == found("ежиков") == set()
    grant(school, "teacher")
    assert found("УЧЕН") == set()


# --- The page -------------------------------------------------------------------------------------------------------
def test_the_head_gives_and_takes_back(school: School) -> None:
    visitor, teacher = StatsVisitor(school, "head"), StatsVisitor(school, "teacher")
    person = school.people["teacher"]
    assert teacher.get("overview").status_code == 403
    page = visitor.see("access", {"q": "учен"})
    assert "Право никому не выдано" in page
    assert "Учёный Устин Ильич" in page
    given = visitor.client.post(visitor.url("access_grant"), {"person": person.pk}, follow=True)
    assert "Теперь статистику видит Учёный Устин Ильич" in words(given)
    assert "Учёный Устин Ильич Главный Глеб Георгиевич сегодня в" in words(given)
    assert teacher.get("overview").status_code == 200
    visitor.client.post(undo_address(given.content.decode()))
    # At once: with the next request.
    assert teacher.get("overview").status_code == 403
    visitor.post("access_grant", {"person": person.pk})
    taken = visitor.client.post(visitor.url("access_revoke"), {"person": person.pk}, follow=True)
    assert "Право видеть статистику отозвано: Учёный Устин Ильич" in words(taken)
    assert teacher.get("overview").status_code == 403
    visitor.client.post(undo_address(taken.content.decode()))
    assert teacher.get("overview").status_code == 200


def test_refusals_are_told_in_words(school: School, world: World) -> None:
    visitor = StatsVisitor(school, "head")
    assert "найдите человека по имени" in visitor.post_then_look("access_grant")
    student = visitor.post_then_look("access_grant", {"person": school.people["student"].pk})
    assert "Право видеть статистику можно выдать только сотруднику." in student
    assert "Руководитель и так видит статистику." in visitor.post_then_look(
        "access_grant", {"person": school.people["head"].pk}
    )
    for nobody in (world.b.people["teacher"].pk, "9" * 30, "x"):
        assert visitor.post("access_grant", {"person": nobody}).status_code == 404
        assert visitor.post("access_revoke", {"person": nobody}).status_code == 404
    assert holders_of(school.organization) == []


def test_the_switch_of_the_page(school: School) -> None:
    visitor, administrator = StatsVisitor(school, "head"), StatsVisitor(school, "administrator")
    assert administrator.get("overview").status_code == 200
    said = visitor.post_then_look("access_administrators")
    assert "Администраторы видят статистику только по выданному праву." in said
    assert administrator.get("overview").status_code == 403
    visitor.post("access_administrators", {"sees": "on"})
    assert administrator.get("overview").status_code == 200


def test_the_administrator_reads_but_does_not_grant(school: School) -> None:
    grant(school, "leader")
    visitor = StatsVisitor(school, "administrator")
    page = visitor.see("access", {"q": "учен"})
    assert "Ведущая Вера Викторовна" in page
    assert "Выдать право" not in page
    assert "Учёный" not in page
    let_administrators_see_statistics(actor=school.actor("head"), is_on=False)
    assert visitor.get("access").status_code == 200
    for name in ("access_grant", "access_revoke", "access_administrators"):
        answer = visitor.post(name, {"person": school.people["leader"].pk, "sees": "on"})
        assert answer.status_code == 403, name
    assert [holder.person.pk for holder in holders_of(school.organization)] == [school.people["leader"].pk]


def test_without_a_head_the_administrator_answers_for_it(school: School) -> None:
    without_head(school)
    visitor = StatsVisitor(school, "administrator")
    assert "Главный" not in visitor.see("access")
    visitor.post("access_grant", {"person": school.people["teacher"].pk})
    assert [holder.granted_by for holder in holders_of(school.organization)] == ["Админова Анна Аркадьевна"]


def test_the_organization_sees_that_it_is_seen(world: World) -> None:
    curator = make_user("+79006000000", "Надзорова Нина Никитична")
    access.appoint_curator(user=curator, organization=world.a.organization, authority="Управление образования")
    for who in ("head", "administrator"):
        page = StatsVisitor(world.a, who).see("access")
        assert "Сводные показатели видит Надзорова Нина Никитична, Управление образования, с " in page
    assert "Надзорова" not in StatsVisitor(world.b, "head").see("access")
    access.end_curatorship(curatorship=Curatorship.objects.get())
    assert "Показатели организации никто со стороны не видит" in StatsVisitor(world.a, "head").see("access")


def test_the_page_costs_the_same_for_many(school: School) -> None:
    visitor = StatsVisitor(school, "head")

    def cost() -> int:
        visitor.get("access", {"q": "м"})
        with CaptureQueriesContext(connection) as queries:
            assert visitor.get("access", {"q": "м"}).status_code == 200
        return len(queries)

    grant(school, "leader")
    few = cost()
    crowd(school, 30)
    people = list(Person.objects.filter(organization=school.organization, last_name__startswith="Массов")[:12])
    for number, person in enumerate(people):
        person.user = make_user(f"+7900700{number:04}", person.full_name)
        person.save()
        grant_role(actor=None, person=person, role=Role.TEACHER)
        if number % 2:
            access.grant(actor=school.actor("head"), person=person)
    assert cost() == few <= 15
