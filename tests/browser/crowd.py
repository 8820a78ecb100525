"""A school with everything that a page can show: a full class, long names, links in each state, a journal."""

from typing import Any

LONG_NAME = "Константинопольская-Верхнеуральская Александра-Виктория Вячеславовна-Станиславовна"
LONG_SCHOOL = (
    "Муниципальное автономное общеобразовательное учреждение «Верхнеуральская средняя школа имени А. С. Пушкина»"
)
_LAST = ["Иванов", "Петров", "Сидоров", "Кузнецов", "Смирнов", "Ёлкин", "Орлов", "Соколов", "Лебедев", "Морозов"]
_FIRST = ["Артём", "Борис", "Виктор", "Глеб", "Денис", "Егор", "Захар", "Илья", "Кирилл", "Лев", "Макар", "Никита"]


def names(count: int, patronymic: str) -> list[str]:
    """So many different full names."""
    return [f"{_LAST[n % 10]} {_FIRST[(n // 10 + n) % 12]} {patronymic}" for n in range(count)]


def crowded_school() -> dict[str, Any]:
    """More than sixty people; returns the slug, the full class, a phone of each role."""
    from tests.browser import data

    school = data.organization("Верхнеуральская школа имени А. С. Пушкина", name=LONG_SCHOOL)
    slug = school["slug"]
    data.details(slug, diary_url="https://diary.example/", phone="+7 35164 2-00-00", email="school@example.ru")
    units = data.units(slug, ["1А", "5А", "5Б", "9В", "11Г"])
    full = units["5А"]
    teacher = data.person(slug, LONG_NAME, ["teacher"], position="Учитель русского языка и литературы")
    data.enrolment(full, teacher["id"], "leader")
    pupils = _pupils(data, slug, full)
    student = data.person(slug, "Яковлева Анастасия Сергеевна", ["student"])
    data.enrolment(full, student["id"])
    parent = data.person(slug, "Яковлева Ольга Игоревна", ["parent"])
    for child in (student["id"], pupils[0]):
        data.family(parent["id"], child)
    for name in names(12, "Павлович"):
        data.person(slug, name, ["teacher"], joined=False, position="Учитель")
    for name in names(20, "Андреевич"):
        data.enrolment(units["9В"], data.person(slug, name, ["student"], joined=False)["id"])
    links = _links(data, slug, full)
    return {
        "slug": slug,
        "unit": full,
        "staff": teacher["id"],
        "links": links,
        "administrator": school["administrator"],
        "teacher": teacher["phone"],
        "parent": parent["phone"],
        "student": student["phone"],
    }


def _pupils(data: Any, slug: str, unit: int) -> list[int]:
    """A class of thirty; every third has joined, every second has a parent."""
    pupils = []
    for number, name in enumerate(names(29, "Олегович")):
        pupil = data.person(slug, name, ["student"], joined=number % 3 == 0)
        data.enrolment(unit, pupil["id"])
        pupils.append(pupil["id"])
        if number % 2:
            parent = data.person(slug, f"{name.split()[0]} Олег Юрьевич", ["parent"], joined=number % 4 == 1)
            data.family(parent["id"], pupil["id"])
    return pupils


def _links(data: Any, slug: str, unit: int) -> dict[str, str]:
    """A link in each state; the addresses by the state."""
    active = data.link(slug, unit)
    data.join(active["id"], "Гагарина Светлана Юрьевна", child="Гагарин Юрий")
    expired, revoked = data.link(slug, unit, "student"), data.link(slug, unit)
    used_up = data.link(slug, unit, max_uses=1)
    data.join(used_up["id"], "Титова Вера Павловна", child="Титов Герман")
    data.expire_invitation(expired["id"])
    data.revoke_link(slug, revoked["id"])
    renewed = data.link(slug, unit)
    data.renew_link(slug, renewed["id"])
    found = {"active": active, "expired": expired, "revoked": revoked, "used_up": used_up, "renewed": renewed}
    return {state: link["url"] for state, link in found.items()}
