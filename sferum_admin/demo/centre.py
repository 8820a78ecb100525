"""«Центр детского творчества»: circles by direction, children of many schools in one circle or several."""

from __future__ import annotations

from datetime import timedelta

from orgs.models import HandoverOffer, Kind, Organization, Part, Person, Role, Unit, UnitKind
from orgs.services.structure import UnitData
from sferum_admin.demo import known
from sferum_admin.demo.families import Families, Habits, Pupil
from sferum_admin.demo.movement import joined_before, leave, students_in
from sferum_admin.demo.names import BURYAT, RUSSIAN, Name, draw_adult
from sferum_admin.demo.people import Cast

POOLS = ((RUSSIAN, 55), (BURYAT, 45))
CHILDREN = 130
ACCOUNT_FROM_YEARS = 10
# Name of the circle → its direction, ages.
CIRCLES = {
    "Робототехника": ("техническая", 9, 15),
    "Авиамоделирование": ("техническая", 10, 16),
    "Олимпиадная математика (дистанционно)": ("естественно-научная", 11, 17),
    "Юный эколог": ("естественно-научная", 8, 13),
    "Хореография «Ритм»": ("художественная", 7, 14),
    "Вокал «Жаворонки»": ("художественная", 7, 15),
    "Изостудия «Акварель»": ("художественная", 7, 12),
    "Шахматы": ("физкультурно-спортивная", 7, 16),
    "Бурятская национальная борьба": ("физкультурно-спортивная", 9, 17),
    "Туристы-краеведы": ("туристско-краеведческая", 11, 17),
    "Юный журналист": ("социально-гуманитарная", 12, 17),
    "Школа вожатых": ("социально-гуманитарная", 14, 17),
}
HANDOVER_DAY = 11


def organization() -> Organization:
    """Return the unsaved organization: an invented town, five hours ahead of Moscow."""
    return Organization(
        slug="tsdt",
        kind=Kind.SUPPLEMENTARY,
        name="Муниципальное бюджетное учреждение дополнительного образования «Центр детского творчества»",
        short_name="Центр детского творчества",
        region="Республика Бурятия",
        address="г. Белоозёрск, пр. Творчества, д. 7",
        time_zone="Asia/Irkutsk",
        phone="8 (800) 000-07-07",
        email="tsdt@example.org",
        site="https://tsdt.example.org",
    )


def fill(cast: Cast) -> dict[str, Unit]:
    """Put the centre's people into `cast`; return its circles by name."""
    circles = cast.units(
        UnitData(UnitKind.CIRCLE, name, direction=direction) for name, (direction, _from, _to) in CIRCLES.items()
    )
    _hire(cast, circles)
    _enrol_children(cast, circles)
    rows = joined_before(cast, students_in(cast, circles["Шахматы"]), 9)
    single = [row for row in rows if sum(other.person is row.person for other in cast.enrolments) == 1]
    leave(cast, single[0], 9, "27-к")
    return circles


def _hire(cast: Cast, circles: dict[str, Unit]) -> None:
    founder = cast.known_staff(_FOUNDER, "методист", Role.ADMINISTRATOR, Role.TEACHER)
    director = draw_adult(cast.draw, POOLS, women=0)
    cast.staff(director, "директор", roles=(Role.HEAD,))
    successor = cast.known_staff(known.CENTRE_ADMINISTRATOR, "педагог-организатор", Role.TEACHER)
    hand_over(cast, founder, successor)
    remote = cast.known_staff(known.TEACHER_OF_TWO, "педагог дополнительного образования", Role.TEACHER)
    leaders: list[Person] = []
    for place, (name, circle) in enumerate(circles.items()):
        if "математика" in name:
            leader = remote
        elif place in (5, 9):
            leader = leaders[place - 4]  # leads a second circle
        else:
            adult = draw_adult(cast.draw, POOLS, women=0.7)
            leader = cast.staff(adult, "педагог дополнительного образования", joined=place != 6)
        leaders.append(leader)
        cast.enrol(leader, circle, Part.LEADER)
    cast.enrol(successor, circles["Школа вожатых"], Part.TEACHER)


_FOUNDER = known.Known("+79730000022", Name("Воробьёва", "Инна", "Павловна"), "методист")


def hand_over(cast: Cast, founder: Person, successor: Person) -> None:
    """The first administrator has handed the duty over, and the successor has accepted it (REG-6)."""
    accepted = cast.clock.at(HANDOVER_DAY, 15 * 60)
    cast.role(successor, Role.ADMINISTRATOR, since=accepted)
    held = next(row for row in cast.roles if row.person is founder and row.role == Role.ADMINISTRATOR)
    held.until = accepted
    cast.handovers.append(
        HandoverOffer(
            organization=cast.organization,
            from_person=founder,
            to_person=successor,
            created_at=cast.clock.at(HANDOVER_DAY + 1, 16 * 60),
            accepted_at=accepted,
        )
    )


def _enrol_children(cast: Cast, circles: dict[str, Unit]) -> None:
    families = Families(cast, Habits(POOLS, siblings=0.15, mothers_join=0.8, fathers_join=0.45))
    for _child in range(CHILDREN):
        years = cast.draw.randint(7, 17)
        fitting = [name for name, (_direction, least, most) in CIRCLES.items() if least <= years <= most]
        first, *others = cast.draw.sample(fitting, min(len(fitting), cast.draw.choice((1, 1, 1, 2, 2, 3))))
        joined = years >= ACCOUNT_FROM_YEARS and cast.draw.random() < 0.72
        born = cast.year.starts_on - timedelta(days=365 * years + 2 + cast.draw.randrange(365))
        pupil = Pupil(born, joined=joined, has_phone=years >= ACCOUNT_FROM_YEARS)
        child = families.child(families.household_for(str(years)), circles[first], str(years), pupil)
        for name in others:
            cast.enrol(child, circles[name], Part.STUDENT)
