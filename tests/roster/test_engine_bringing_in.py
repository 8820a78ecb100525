"""A checked file is brought into the roster: data, transfers, families, whoever is missing."""

import pytest

from common.errors import DomainError
from orgs.models import AuditEvent, Enrolment, Guardianship, Person, Role, RoleAssignment, Unit, Verification
from orgs.services.people import PersonData, add_person, grant_role
from orgs.services.structure import enrol
from roster.models import Load
from roster.records import BadRow, Problem
from roster.services import loads
from tests.roster.engine_cast import (
    born,
    brought_in,
    changes,
    checked,
    circle,
    codes,
    done,
    file_of,
    load_of,
    outcomes,
    parent,
    parents_of,
    person_of,
    remarks,
    roles_of,
    row_of,
    staff,
    student,
    units_of,
)
from tests.world import World
from works.models import State, Work
from works.services import running

pytestmark = pytest.mark.req("ORG-8")
CLASSMATES = [student(2, "Ёжиков Пётр Ильич", "5А"), student(3, "Зайцева Зоя Захаровна", "5А")]


# --- Data -------------------------------------------------------------------------------------------------------------
def test_somebody_new_stands_on_the_roster(world: World) -> None:
    row = student(
        2, "Новый Никита Ильич", "5А", birth_date=born("2014-03-01"), record_number="17", email="n@example.org"
    )
    done(world.a, [row], order_number="7-у", order_date=born("2026-11-20"))
    person = person_of(world.a, "новый никита ильич")
    assert (person.birth_date, person.record_number, person.email) == (born("2014-03-01"), "17", "n@example.org")
    assert roles_of(person) == {"student"}
    row = Enrolment.objects.get(person=person)
    assert (row.unit, row.order_number, row.order_date) == (world.a.units["5А"], "7-у", born("2026-11-20"))


def test_a_check_writes_nothing_into_the_roster(world: World) -> None:
    load = checked(world.a, [student(2, "Новый Никита", "7Я")])
    assert load.summary["units"] == ["7Я"]
    assert not Person.objects.filter(last_name="Новый").exists()
    assert not Unit.objects.filter(name="7Я").exists()


def test_empty_cells_never_erase(world: World) -> None:
    Person.objects.filter(pk=world.a.people["classmate"].pk).update(
        phone="+79001119999", email="z@example.org", birth_date=born("2014-03-01"), position="староста"
    )
    load = checked(world.a, [student(2, "Зайцева Зоя", "5А")])
    assert outcomes(load) == ["same"]


def test_new_staff_enter_the_unit_of_the_staff_and_are_not_confirmed(world: World) -> None:
    done(world.a, [staff(2, "Новикова Нина", "5А", "leader", position="учитель химии")])
    person = person_of(world.a, "новикова нина")
    assert units_of(person, "leader") == ["5А"]
    assert Enrolment.objects.filter(person=person, unit=world.a.units["staff"], until=None).count() == 1
    assert (person.verification, person.position) == (Verification.NOT_CONFIRMED, "учитель химии")


def test_a_joined_parent_who_becomes_staff_is_confirmed(world: World) -> None:
    both = frozenset({Role.TEACHER, Role.PARENT})
    done(world.a, [staff(2, "Ёжикова Роза Павловна", roles=both, phone=world.a.people["parent"].phone)])
    person = person_of(world.a, "ежикова роза павловна")
    assert roles_of(person) == {"parent", "teacher"}
    assert person.verification == Verification.CONFIRMED


def test_the_phone_of_somebody_who_joined_changes_with_a_remark_and_the_sign_in_stays(world: World) -> None:
    person = world.a.people["student"]
    load = checked(world.a, [student(2, "Ёжиков Пётр", "5А", phone="+79001119999")])
    assert remarks(load, 2) == ["phone_of_joined"]
    done(world.a, [student(2, "Ёжиков Пётр", "5А", phone="+79001119999")])
    person.refresh_from_db()
    assert person.phone == "+79001119999"
    assert person.user is not None
    assert person.user.phone != person.phone


def test_the_search_key_follows_the_name(world: World) -> None:
    person = world.a.people["classmate"]
    done(world.a, [student(2, "Лисицына Зоя Захаровна", "5А", platform_id=person.pk)])
    person.refresh_from_db()
    assert person.search_name == "лисицына зоя захаровна"


# --- Units ------------------------------------------------------------------------------------------------------------
def test_a_unit_that_is_missing_is_made_once(world: World) -> None:
    work = done(world.a, [student(2, "Новый Никита", "7Б"), student(3, "Иной Игорь", "7Б")])
    unit = Unit.objects.get(organization=world.a.organization, name="7Б")
    assert (unit.kind, unit.parallel, unit.letter) == ("class", 7, "Б")
    assert work.outcome["units"] == 1


def test_a_unit_is_made_only_for_rows_without_errors(world: World) -> None:
    rows = [staff(2, "Новая Нина", "7Б", roles=frozenset({"administrator"})), student(3, "Иной Игорь", "5А")]
    done(world.a, rows, skip_errors=True)
    assert not Unit.objects.filter(name="7Б").exists()


def test_a_transfer_closes_the_old_class_and_leaves_the_circle(world: World) -> None:
    chess = circle(world.a, "Шахматы")
    person = world.a.people["classmate"]
    enrol(actor=None, people=[person], unit=chess, part="student")
    done(world.a, [student(2, "Зайцева Зоя", "5Б")], order_number="9")
    assert units_of(person) == ["5Б", "Шахматы"]
    assert Enrolment.objects.get(person=person, unit=world.a.units["5А"]).until is not None


def test_circles_add_up(world: World) -> None:
    circle(world.a, "Шахматы")
    person = world.a.people["classmate"]
    load = checked(world.a, [student(2, "Зайцева Зоя", "Шахматы")])
    assert changes(load, 2) == [("unit", "", "Шахматы")]
    done(world.a, [student(2, "Зайцева Зоя", "Шахматы")])
    assert units_of(person) == ["5А", "Шахматы"]


# --- Families ---------------------------------------------------------------------------------------------------------
def test_new_parents_are_tied_and_get_the_role(world: World) -> None:
    row = student(2, "Новый Никита", "5А", parents=(parent("Новая Нина", "+79001110001"), parent("Новый Олег")))
    done(world.a, [row])
    assert parents_of(person_of(world.a, "новый никита")) == ["Новая Нина", "Новый Олег"]
    assert roles_of(person_of(world.a, "новая нина")) == {"parent"}


def test_siblings_share_a_parent_by_phone(world: World) -> None:
    mother = parent("Новая Нина Петровна", "+79001110001")
    work = done(
        world.a,
        [
            student(2, "Новый Никита", "5А", parents=(mother,)),
            student(3, "Новый Олег", "5Б", parents=(parent("Новая Нина", "+79001110001"),)),
        ],
    )
    assert work.outcome["parents_new"] == 1
    assert Guardianship.objects.filter(parent=person_of(world.a, "новая нина петровна")).count() == 2


def test_siblings_share_a_parent_by_name_and_mail(world: World) -> None:
    mother = parent("Новая Нина", email="n@example.org")
    work = done(
        world.a,
        [student(2, "Новый Никита", "5А", parents=(mother,)), student(3, "Новый Олег", "5Б", parents=(mother,))],
    )
    assert work.outcome["parents_new"] == 1


def test_parents_with_the_same_bare_name_are_two_people(world: World) -> None:
    mother = parent("Иванова Мария")
    work = done(
        world.a,
        [student(2, "Иванов Никита", "5А", parents=(mother,)), student(3, "Иванов Олег", "5Б", parents=(mother,))],
    )
    assert work.outcome["parents_new"] == 2


def test_a_shared_home_phone_makes_no_one_person_of_mother_and_father(world: World) -> None:
    both = (parent("Новая Нина", "+79001110001"), parent("Новый Олег", "+79001110001"))
    done(world.a, [student(2, "Новый Никита", "5А", parents=both)])
    assert parents_of(person_of(world.a, "новый никита")) == ["Новая Нина", "Новый Олег"]


def test_the_parent_of_the_child_is_known_by_name_and_gets_the_mail(world: World) -> None:
    row = student(2, "Зайцева Зоя", "5А", parents=(parent("Зайцев Захар", email="z@example.org"),))
    load = checked(world.a, [row])
    assert changes(load, 2) == [("email", "", "z@example.org")]
    done(world.a, [row])
    assert Person.objects.get(pk=world.a.people["waiting_parent"].pk).email == "z@example.org"
    assert parents_of(world.a.people["classmate"]) == ["Зайцев Захар Львович"]


def test_a_parent_of_the_roster_is_known_by_phone_and_name(world: World) -> None:
    known = world.a.people["waiting_parent"]
    row = student(2, "Зайцев Иван", "5А", parents=(parent("Зайцев Захар Львович", known.phone),))
    load = checked(world.a, [row])
    assert row_of(load, 2).changes[-1]["person"] == known.pk
    done(world.a, [row])
    assert Guardianship.objects.filter(parent=known, until=None).count() == 2


def test_a_teacher_of_the_file_is_also_a_parent(world: World) -> None:
    rows = [
        staff(2, "Новая Нина", phone="+79001110001"),
        student(3, "Новый Никита", "5А", parents=(parent("Новая Нина", "+79001110001"),)),
    ]
    work = done(world.a, rows)
    assert (work.outcome["people_new"], work.outcome["parents_new"]) == (2, 0)
    assert roles_of(person_of(world.a, "новая нина")) == {"parent", "teacher"}


def test_what_rows_say_about_one_parent_must_agree(world: World) -> None:
    rows = [
        student(2, "Новый Никита", "5А", parents=(parent("Новая Нина", "+79001110001", "a@example.org"),)),
        student(3, "Новый Олег", "5Б", parents=(parent("Новая Нина", "+79001110001", "b@example.org"),)),
    ]
    load = checked(world.a, rows)
    assert [codes(load, 2), codes(load, 3)] == [[], ["parent_contradicts"]]


def test_parents_who_are_not_in_the_file_stay(world: World) -> None:
    done(world.a, [student(2, "Ёжиков Пётр", "5А", parents=(parent("Ёжиков Илья", "+79001110001"),))])
    assert parents_of(world.a.people["student"]) == ["Ёжикова Роза Павловна", "Ёжиков Илья"]


# --- Whoever is missing -----------------------------------------------------------------------------------------------
def test_nobody_leaves_unasked(world: World) -> None:
    load = checked(world.a, CLASSMATES[:1])
    assert load.summary["leaving"] == 0


def test_whoever_is_missing_from_the_class_leaves_when_asked(world: World) -> None:
    gone = world.a.people["classmate"]
    load = checked(world.a, [CLASSMATES[0]], removes_missing=True)
    assert [one["name"] for one in load.summary["leaving_people"]] == ["Зайцева Зоя Захаровна"]
    assert load.summary["removal_over_threshold"]
    with pytest.raises(DomainError, match="removal_over_threshold"):
        loads.bring_in(actor=world.a.actor("administrator"), load=load)
    actor = world.a.actor("administrator")
    loads.set_options(actor=actor, load=load, removal_confirmed=True, order_number="12")
    with file_of([CLASSMATES[0]]):
        running.run(loads.bring_in(actor=actor, load=load).pk)
    assert units_of(gone) == []
    assert roles_of(gone) == set()
    events = AuditEvent.objects.filter(person_id=gone.pk, order_number="12").values_list("action", flat=True)
    assert set(events) == {"person.enrolment_ended", "person.role_ended"}
    # The other class was not in the file.
    assert roles_of(world.a.people["other_student"]) == {"student"}


def test_whoever_moved_to_another_unit_of_the_file_does_not_leave(world: World) -> None:
    rows = [*CLASSMATES[:1], student(3, "Зайцева Зоя Захаровна", "5Б"), student(4, "Белкин Борис Богданович", "5Б")]
    load = checked(world.a, rows, removes_missing=True)
    assert load.summary["leaving"] == 0


def test_out_of_a_circle_is_not_out_of_the_school(world: World) -> None:
    chess = circle(world.a, "Шахматы")
    people = [world.a.people["student"], world.a.people["classmate"]]
    enrol(actor=None, people=people, unit=chess, part="student")
    rows = [student(2, "Ёжиков Пётр Ильич", "Шахматы")]
    load = checked(world.a, rows, removes_missing=True)
    loads.set_options(actor=world.a.actor("administrator"), load=load, removal_confirmed=True)
    with file_of(rows):
        running.run(loads.bring_in(actor=world.a.actor("administrator"), load=load).pk)
    assert units_of(people[1]) == ["5А"]
    assert roles_of(people[1]) == {"student"}


def test_administrators_and_a_joined_head_never_leave(world: World) -> None:
    grant_role(actor=None, person=world.a.people["administrator"], role=Role.TEACHER)
    rows = [
        staff(2, "Ведущая Вера Викторовна"),
        staff(3, "Новый Директор", roles=frozenset({Role.HEAD})),
    ]
    load = checked(world.a, rows, removes_missing=True)
    names = [one["name"] for one in load.summary["leaving_people"]]
    assert names == ["Ждущая Жанна Жоресовна", "Учёный Устин Ильич"]


def test_leaders_in_a_list_of_students_are_no_list_of_the_staff(world: World) -> None:
    rows = [*CLASSMATES, staff(4, "Ведущая Вера Викторовна", "5А", "leader")]
    load = checked(world.a, rows, removes_missing=True)
    assert load.summary["leaving"] == 0


def test_nobody_leaves_by_a_file_with_errors(world: World) -> None:
    bad = BadRow(3, (Problem("x", "Плохо"),), name="Зайцева")
    load = checked(world.a, [CLASSMATES[0], bad], removes_missing=True, skip_errors=True)
    with pytest.raises(DomainError, match="removal_with_errors"):
        loads.bring_in(actor=world.a.actor("administrator"), load=load)


@pytest.mark.parametrize(
    ("leaving", "concerned", "over"), [(5, 100, False), (6, 1000, True), (2, 19, True), (0, 0, False)]
)
def test_the_threshold(leaving: int, concerned: int, over: bool) -> None:
    from roster.reckoning.leaving import is_over_threshold

    assert is_over_threshold(leaving, concerned) is over


# --- The way of a file ------------------------------------------------------------------------------------------------
def test_errors_are_left_out_only_when_said_so(world: World) -> None:
    rows = [student(2, "Новый Никита", "5А"), BadRow(3, (Problem("x", "Плохо", "B3"),), name="Плохой")]
    load = checked(world.a, rows)
    actor = world.a.actor("administrator")
    with pytest.raises(DomainError, match="load_has_errors"):
        loads.bring_in(actor=actor, load=load)
    loads.set_options(actor=actor, load=load, skip_errors=True)
    with file_of(rows):
        work = loads.bring_in(actor=actor, load=load)
        running.run(work.pk)
    work.refresh_from_db()
    assert work.outcome["left_out"] == 1
    assert Person.objects.filter(last_name="Новый").count() == 1


def test_nothing_is_brought_in_unchecked_or_after_the_settings_changed(world: World) -> None:
    actor, load = world.a.actor("administrator"), load_of(world.a)
    with pytest.raises(DomainError, match="not_checked"):
        loads.bring_in(actor=actor, load=load)
    load = checked(world.a, [student(2, "Новый Никита", "5А")], load)
    loads.set_options(actor=actor, load=load, removes_missing=True)
    with pytest.raises(DomainError, match="check_outdated"):
        loads.bring_in(actor=actor, load=load)


def test_a_roster_that_changed_since_the_check_stops_everything(world: World) -> None:
    rows = [student(2, "Новый Никита", "5А")]
    load = checked(world.a, rows)
    data = PersonData("Новый", "Никита")
    made = add_person(organization=world.a.organization, actor=None, data=data, roles=[])
    enrol(actor=None, people=[made], unit=world.a.units["5А"], part="student")
    with file_of(rows):
        work = loads.bring_in(actor=world.a.actor("administrator"), load=load)
        running.run(work.pk)
    work.refresh_from_db()
    assert (work.state, work.error_code) == (State.FAILED, "roster_changed")
    assert Person.objects.filter(last_name="Новый").count() == 1


def test_a_file_is_brought_in_once(world: World) -> None:
    done(world.a, [student(2, "Новый Никита", "5А")])
    load = Load.objects.get()
    actor = world.a.actor("administrator")
    for deed in (loads.check, loads.bring_in, loads.discard):
        with pytest.raises(DomainError, match="load_brought_in"):
            deed(actor=actor, load=load)


def test_nothing_to_bring_in_is_said(world: World) -> None:
    load = checked(world.a, CLASSMATES)
    with pytest.raises(DomainError, match="nothing_to_bring_in"):
        loads.bring_in(actor=world.a.actor("administrator"), load=load)


def test_a_load_that_is_thrown_away_leaves_nothing(world: World) -> None:
    load = checked(world.a, CLASSMATES)
    loads.discard(actor=world.a.actor("administrator"), load=load)
    assert not Load.objects.exists()


def test_the_journal_names_everybody_and_the_file(world: World) -> None:
    before = set(AuditEvent.objects.values_list("pk", flat=True))
    rows = [student(2, "Новый Никита", "5А", parents=(parent("Новая Нина"),)), student(3, "Белкин Борис", "5А")]
    done(world.a, rows)
    events = AuditEvent.objects.exclude(pk__in=before).order_by("pk")
    told = [(event.action, event.person_name) for event in events]
    assert told == [
        ("person.added", "Новый Никита"),
        ("person.enrolment_ended", "Белкин Борис Богданович"),
        ("person.enrolled", "Белкин Борис Богданович"),
        ("person.added", "Новая Нина"),
        ("roster.brought_in", ""),
    ]
    assert events.last().details == {"file": "Список.xlsx", "new": 2, "changed": 1, "left": 0}


@pytest.mark.req("ACC-4")
def test_only_people_of_the_organization_are_compared(world: World) -> None:
    load = checked(world.b, [student(2, "Ёжиков Пётр Ильич", "5А")])
    assert row_of(load, 2).person == world.b.people["student"]
    with pytest.raises(Load.DoesNotExist):
        loads.check(actor=world.a.actor("administrator"), load=load)


def test_one_long_work_at_a_time(world: World) -> None:
    load = checked(world.a, [student(2, "Новый Никита", "5А")])
    actor = world.a.actor("administrator")
    loads.bring_in(actor=actor, load=load)
    with pytest.raises(DomainError, match="load_busy"):
        loads.bring_in(actor=actor, load=load)
    with pytest.raises(DomainError, match="work_under_way"):
        loads.check(actor=actor, load=load_of(world.a))
    assert Work.objects.filter(state=State.WAITING).count() == 1


def test_no_role_is_given_twice(world: World) -> None:
    done(
        world.a,
        [student(2, "Новый Никита", "5А", parents=(parent("Ёжикова Роза Павловна", world.a.people["parent"].phone),))],
    )
    held = RoleAssignment.objects.filter(person=world.a.people["parent"], until=None)
    assert held.count() == 1


def test_whatever_fails_leaves_nothing_behind(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from roster.services.writing import Writer

    def fail(_self: Writer) -> None:
        raise DomainError("late", "Поздно")

    monkeypatch.setattr(Writer, "_note", fail)
    work = brought_in(world.a, [student(2, "Новый Никита", "7Я", parents=(parent("Новая Нина"),))])
    assert work.error_code == "late"
    assert not Person.objects.filter(last_name__in=["Новый", "Новая"]).exists()
    assert not Unit.objects.filter(name="7Я").exists()
