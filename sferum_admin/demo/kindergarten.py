"""«Детский сад „Солнышко“»: six groups by age, 120 children without accounts, their parents, the staff."""

from __future__ import annotations

from datetime import timedelta

from orgs.models import Kind, Organization, Part, Role, Unit, UnitKind
from orgs.services.structure import UnitData
from sferum_admin.demo import known
from sferum_admin.demo.families import Families, Habits, Pupil
from sferum_admin.demo.movement import joined_before, leave, move, students_in
from sferum_admin.demo.names import OTHERS, RUSSIAN, TATAR, Family, Name, draw_adult
from sferum_admin.demo.people import Cast

POOLS = ((RUSSIAN, 70), (TATAR, 28), (OTHERS, 2))
# Name of the group → its age group, years of age at the year's beginning, children.
GROUPS = {
    "Капельки": ("ясельная, 2–3 года", 2, 16),
    "Ягодки": ("младшая, 3–4 года", 3, 20),
    "Пчёлки": ("средняя, 4–5 лет", 4, 21),
    "Светлячки": ("средняя, 4–5 лет", 4, 20),
    "Звёздочки": ("старшая, 5–6 лет", 5, 21),
    "Почемучки": ("подготовительная, 6–7 лет", 6, 22),
}
SPECIALISTS = ("музыкальный руководитель", "инструктор по физической культуре", "учитель-логопед", "педагог-психолог")
ADDITIONAL_ADMINISTRATOR_DAY = 15


def organization() -> Organization:
    """Return the unsaved organization: an invented settlement, two hours ahead of Moscow."""
    return Organization(
        slug="solnyshko",
        kind=Kind.KINDERGARTEN,
        name="Муниципальное бюджетное дошкольное образовательное учреждение «Детский сад „Солнышко“»",
        short_name="Детский сад «Солнышко»",
        region="Оренбургская область",
        address="пос. Приозёрный, ул. Садовая, д. 3",
        time_zone="Asia/Yekaterinburg",
        phone="8 (800) 000-03-03",
        email="solnyshko@example.org",
        site="https://solnyshko.example.org",
    )


def fill(cast: Cast) -> dict[str, Unit]:
    """Put the kindergarten's people into `cast`; return its groups by name."""
    groups = cast.units(UnitData(UnitKind.GROUP, name, age_group=age) for name, (age, _from, _size) in GROUPS.items())
    _hire(cast, groups)
    _enrol_children(cast, groups)
    ago = 8
    rows = students_in(cast, groups["Пчёлки"])[5:]
    move(cast, joined_before(cast, rows, ago)[0], groups["Светлячки"], ago, "41-д")
    leave(cast, students_in(cast, groups["Ягодки"])[7], 3, "43-д")
    return groups


def _hire(cast: Cast, groups: dict[str, Unit]) -> None:
    deputy = cast.known_staff(_SENIOR, "старший воспитатель", Role.ADMINISTRATOR, Role.TEACHER)
    cast.known_staff(known.KINDERGARTEN_HEAD, "заведующая", Role.HEAD)
    clerk = cast.staff(draw_adult(cast.draw, POOLS, women=1), "делопроизводитель")
    # A kindergarten does well with two: nobody is locked out when one of them is ill.
    cast.role(clerk, Role.ADMINISTRATOR, since=cast.clock.at(ADDITIONAL_ADMINISTRATOR_DAY, 14 * 60))
    for place, group in enumerate(groups.values()):
        for turn in range(2):
            if place == 2 and turn == 0:
                educator = cast.known_staff(known.EDUCATOR, "воспитатель", Role.TEACHER)
            else:
                joined = (place, turn) != (0, 1)
                educator = cast.staff(draw_adult(cast.draw, POOLS, women=1), "воспитатель", joined=joined)
            cast.enrol(educator, group, Part.LEADER if turn == 0 else Part.TEACHER)
    for position in SPECIALISTS:
        specialist = cast.staff(draw_adult(cast.draw, POOLS, women=0.95), position)
        for group in groups.values():
            cast.enrol(specialist, group, Part.TEACHER)
    cast.enrol(deputy, groups["Почемучки"], Part.TEACHER)


_SENIOR = known.Known("+79730000021", Name("Ерёмина", "Наталья", "Геннадьевна"), "старший воспитатель")


def _enrol_children(cast: Cast, groups: dict[str, Unit]) -> None:
    families = Families(cast, Habits(POOLS, siblings=0.1, mothers_join=0.85, fathers_join=0.45))
    second = families.of_known(known.FAMILY_OF_TWO, Family(RUSSIAN, "Кузнецов", "Юрий", "Кузнецова-Ёлкина"))
    for name, (_age, years, size) in GROUPS.items():
        for seat in range(size):
            own = name == "Звёздочки" and seat == 0
            home = second if own else families.household_for(str(years))
            child = Name("Кузнецова", "Есения", "Юрьевна") if own else None
            born = cast.year.starts_on - timedelta(days=365 * years + 1 + cast.draw.randrange(365))
            families.child(home, groups[name], str(years), Pupil(born, name=child))
