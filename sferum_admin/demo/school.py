"""«Школа № 14»: 24 classes and one that was disbanded, about 600 students, their parents, 45 staff."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import cycle

from orgs.models import Enrolment, Kind, Organization, Part, Person, Role, Unit
from sferum_admin.demo import known
from sferum_admin.demo.families import Families, Habits, Household, Pupil
from sferum_admin.demo.movement import come_back, disband, joined_before, leave, move, students_in
from sferum_admin.demo.names import OTHERS, RUSSIAN, TATAR, Family, Name, draw_adult, words
from sferum_admin.demo.people import Cast, classes

POOLS = ((RUSSIAN, 76), (TATAR, 22), (OTHERS, 2))
NAMES = words("1А 1Б 1В 2А 2Б 3А 3Б 4А 4Б 5А 5Б 5В 6А 6Б 7А 7Б 8А 8Б 9А 9Б 10А 10Б 11А 11Б")
DISBANDED = "5Г"
WITHOUT_LEADER = "7Б"
PRIMARY = 4
RIGHT_DAY = 3
# Subject → number of teachers, the grade from which it is taught; the administrator teaches the eldest as well.
SUBJECTS = {
    "русского языка и литературы": (4, 5),
    "математики": (4, 5),
    "английского языка": (3, 2),
    "информатики": (1, 7),
    "истории и обществознания": (2, 5),
    "физики": (2, 7),
    "химии": (1, 8),
    "биологии": (2, 5),
    "географии": (1, 5),
    "физической культуры": (3, 1),
    "труда (технологии)": (1, 5),
    "музыки": (1, 1),
}
SPECIALISTS = (
    "педагог-психолог",
    "социальный педагог",
    "педагог-библиотекарь",
    "учитель-логопед",
    "педагог-организатор",
    "учитель-дефектолог",
)
NOT_JOINED = ("музыки", "географии", "учитель-дефектолог", "физической культуры")


def organization() -> Organization:
    """Return the unsaved organization: an invented town in Moscow's time zone."""
    return Organization(
        slug="shkola-14",
        kind=Kind.SCHOOL,
        name="Муниципальное бюджетное общеобразовательное учреждение «Средняя общеобразовательная школа № 14»",
        short_name="Школа № 14",
        region="Республика Татарстан",
        address="г. Светлоозёрск, ул. Школьная, д. 14",
        time_zone="Europe/Moscow",
        phone="8 (800) 000-14-14",
        email="school14@example.org",
        site="https://school14.example.org",
        diary_url="https://diary.example.org",
    )


def fill(cast: Cast) -> dict[str, Unit]:
    """Put the school's people into `cast`; return its units by name."""
    units = cast.units(classes([*NAMES, DISBANDED]))
    _hire_administration(cast, units)
    teachers = _hire_subject_teachers(cast)
    _hire_class_leaders(cast, units, teachers)
    _distribute_subjects(cast, units, teachers)
    specialists = {
        position: cast.staff(draw_adult(cast.draw, POOLS), position, joined=position not in NOT_JOINED)
        for position in SPECIALISTS
    }
    # Somebody has to invite into the class that has no leader.
    social = specialists["социальный педагог"]
    cast.rights.append((cast.clock.at(RIGHT_DAY, 13 * 60), social, "invite_into_unit", units[WITHOUT_LEADER]))
    _enrol_students(cast, units)
    _move_people(cast, units)
    _join_with_unknown_child(cast, units["5Б"])
    return units


def _hire_administration(cast: Cast, units: dict[str, Unit]) -> None:
    administrator = cast.known_staff(
        known.SCHOOL_ADMINISTRATOR, "учитель информатики", Role.ADMINISTRATOR, Role.TEACHER
    )
    cast.known_staff(known.DIRECTOR, "директор", Role.HEAD)
    for duty in ("учебно-воспитательной", "воспитательной", "научно-методической"):
        adult = draw_adult(cast.draw, POOLS)
        cast.staff(adult, f"заместитель директора по {duty} работе", roles=(Role.HEAD, Role.TEACHER))
    for name in NAMES:
        if grade(name) >= 10:
            cast.enrol(administrator, units[name], Part.TEACHER)


def _hire_subject_teachers(cast: Cast) -> dict[str, list[Person]]:
    fixed = {"русского языка и литературы": known.CLASS_LEADER, "математики": known.TEACHER_OF_TWO}
    teachers: dict[str, list[Person]] = {}
    for subject, (number, _grade) in SUBJECTS.items():
        first = [cast.known_staff(fixed[subject], f"учитель {subject}", Role.TEACHER)] if subject in fixed else []
        teachers[subject] = first
        while len(first) < number:
            joined = subject not in NOT_JOINED or len(first) < number - 1
            name = draw_adult(cast.draw, POOLS, women=0.3 if subject.startswith("физ") else 0.88)
            first.append(cast.staff(name, f"учитель {subject}", joined=joined))
    return teachers


def _hire_class_leaders(cast: Cast, units: dict[str, Unit], teachers: dict[str, list[Person]]) -> None:
    everyone = [person for subject in teachers.values() for person in subject if person.user is not None]
    leading = iter([person for person in everyone if person.phone not in _FIXED_PHONES])
    for name in [*NAMES, DISBANDED]:
        if name == WITHOUT_LEADER:
            continue
        cast.enrol(_leader_of(cast, name, leading, teachers), units[name], Part.LEADER)


_FIXED_PHONES = {person.phone for person in known.EVERYBODY}


def _leader_of(cast: Cast, name: str, leading: Iterator[Person], teachers: dict[str, list[Person]]) -> Person:
    if name == "5А":
        return teachers["русского языка и литературы"][0]
    if name == "3А":
        return cast.known_staff(known.TEACHER_AND_PARENT, "учитель начальных классов", Role.TEACHER)
    if grade(name) <= PRIMARY:
        return cast.staff(draw_adult(cast.draw, POOLS, women=1), "учитель начальных классов")
    return next(leading)


def _distribute_subjects(cast: Cast, units: dict[str, Unit], teachers: dict[str, list[Person]]) -> None:
    leads = {(row.person.search_name, row.unit.name) for row in cast.enrolments if row.part == Part.LEADER}
    for subject, (_number, first_grade) in SUBJECTS.items():
        turn = cycle(teachers[subject])
        for name in [*NAMES, DISBANDED]:
            if grade(name) >= first_grade:
                teacher = next(turn)
                if (teacher.search_name, name) not in leads:
                    cast.enrol(teacher, units[name], Part.TEACHER)


def _enrol_students(cast: Cast, units: dict[str, Unit]) -> None:
    families = Families(cast, Habits(POOLS))
    fixed = _known_children(cast, families, units)
    for name in [*NAMES, DISBANDED]:
        size = 11 if name == DISBANDED else cast.draw.randint(23, 27)
        for _seat in range(size - fixed.get(name, 0)):
            home = families.household_for(str(grade(name)))
            joined = cast.draw.random() < (0.35 if grade(name) <= PRIMARY else 0.7)
            pupil = Pupil(_born(cast, name), joined=joined, has_phone=cast.draw.random() < 0.4)
            families.child(home, units[name], str(grade(name)), pupil)


def _known_children(cast: Cast, families: Families, units: dict[str, Unit]) -> dict[str, int]:
    """Place the children of the people with fixed phones; return how many seats they take in which class."""

    def place(home: Household, name: str, child: Name, phone: str = "", *, joined: bool = True) -> None:
        pupil = Pupil(_born(cast, name), joined=joined, name=child, phone=phone)
        families.child(home, units[name], str(grade(name)), pupil)

    two = families.of_known(known.PARENT_OF_TWO, Family(RUSSIAN, "Фёдоров", "Антон", "Фёдорова"))
    place(two, "5А", Name("Фёдоров", "Семён", "Антонович"))
    place(two, "2Б", Name("Фёдорова", "Алёна", "Антоновна"), joined=False)
    small = families.of_known(known.FAMILY_OF_TWO, Family(RUSSIAN, "Кузнецов", "Юрий", "Кузнецова-Ёлкина"))
    place(small, "1А", Name("Кузнецов", "Фёдор", "Юрьевич"), joined=False)
    # The teacher of 3А is the mother of a student of 7А: one person, two roles (ORG-4).
    teacher = next(person for person in cast.people if person.phone == known.TEACHER_AND_PARENT.phone)
    cast.role(teacher, Role.PARENT)
    place(Household(Family(RUSSIAN, "Морозов", "Павел", "Морозова"), [teacher]), "7А", _DAUGHTER)
    family = Family(TATAR, "Галиуллин", "Рустам", "Галиуллина")
    place(Household(family, families.parents_of(family)), "9Б", known.STUDENT.name, known.STUDENT.phone)
    return {"5А": 1, "2Б": 1, "1А": 1, "7А": 1, "9Б": 1}


_DAUGHTER = Name("Морозова", "Варвара", "Павловна")


def _join_with_unknown_child(cast: Cast, unit: Unit) -> None:
    """A mother who wrote a name that nobody in the class has: an administrator will tie her by hand (ORG-10)."""
    name = Name("Лебедева", "Оксана", "Эдуардовна")
    joined = cast.clock.at(2, 19 * 60 + 24)
    person = cast.person(name, phone=cast.phones.next(), joined=True, joined_at=joined)
    person.created_at = joined
    cast.role(person, Role.PARENT)
    cast.claimed.append((person, unit, "Лебедева Соня"))


def _born(cast: Cast, class_name: str) -> date:
    """A birthday of somebody in that class: a first-grader is seven."""
    first = date(cast.year.starts_on.year - 6 - grade(class_name), 1, 1)
    return first + timedelta(days=cast.draw.randrange(365))


def grade(class_name: str) -> int:
    """Return 5 for «5А»."""
    return int(class_name[:-1])


def _move_people(cast: Cast, units: dict[str, Unit]) -> None:
    """Two weeks of orders: a class disbanded, moves between parallel classes, three left, one came back."""
    disband(cast, units[DISBANDED], [units[name] for name in ("5А", "5Б", "5В")], 12, "118-у")
    moves = (("6А", "6Б", 20, "109-у"), ("8Б", "8А", 16, "112-у"), ("10А", "10Б", 9, "121-у"), ("2А", "2Б", 6, "124-у"))
    for source, target, ago, number in moves:
        row = _somebody(cast, units[source], ago)
        move(cast, row, units[target], ago, number)
    for name, ago, number in (("3Б", 18, "111-у"), ("7А", 10, "120-у"), ("11А", 4, "127-у")):
        leave(cast, _somebody(cast, units[name], ago), ago, number)
    come_back(cast, _somebody(cast, units["9А"], 21), 21, 5, ("108-у", "126-у"))


def _somebody(cast: Cast, unit: Unit, ago: int) -> Enrolment:
    candidates = [row for row in students_in(cast, unit) if row.since <= cast.clock.day(ago)]
    free = [row for row in joined_before(cast, candidates, ago) if row.person.phone not in _FIXED_PHONES]
    return cast.draw.choice(free[5:])
