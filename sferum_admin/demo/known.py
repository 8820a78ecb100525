"""The people of the demonstration whom one tries the platform as: fixed names and easy phones.

The code 973 is assigned to nobody, so no demonstration number can be somebody's real one.
"""

from dataclasses import dataclass

from sferum_admin.demo.names import Name


@dataclass(frozen=True)
class Known:
    """A person with a fixed phone, and what to say about the person to whoever tries the platform."""

    phone: str
    name: Name
    description: str


def _known(number: int, last: str, first: str, patronymic: str, description: str) -> Known:
    return Known(f"+797300000{number:02}", Name(last, first, patronymic), description)


SCHOOL_ADMINISTRATOR = _known(1, "Соловьёва", "Ольга", "Викторовна", "администратор школы")
DIRECTOR = _known(2, "Белозёров", "Пётр", "Алексеевич", "директор школы")
CLASS_LEADER = _known(3, "Ковалёва-Рождественская", "Анна", "Сергеевна", "учитель, классный руководитель 5А")
PARENT_OF_TWO = _known(4, "Фёдорова", "Мария", "Игоревна", "родитель двух детей: 2Б и 5А")
STUDENT = _known(5, "Галиуллина", "Алия", "Рустамовна", "ученица 9Б")
EDUCATOR = _known(6, "Ахметова", "Гузель", "Ильдаровна", "воспитатель детского сада")
KINDERGARTEN_HEAD = _known(7, "Тимофеева", "Людмила", "Петровна", "заведующая детским садом")
CENTRE_ADMINISTRATOR = _known(8, "Цыренова", "Сэсэг", "Баировна", "администратор центра творчества")
TEACHER_OF_TWO = _known(9, "Громов", "Илья", "Андреевич", "учитель школы и руководитель кружка в центре")
OPERATOR = _known(10, "Дежурный", "Оператор", "", "оператор платформы (страница /admin/)")
FAMILY_OF_TWO = _known(11, "Кузнецова-Ёлкина", "Светлана", "Юрьевна", "родитель: школа и детский сад")
TEACHER_AND_PARENT = _known(12, "Морозова", "Елена", "Николаевна", "учитель и родитель ученика той же школы")
CURATOR = _known(13, "Орлова", "Тамара", "Борисовна", "муниципальный куратор (страница /curator/)")

EVERYBODY = (
    SCHOOL_ADMINISTRATOR,
    DIRECTOR,
    CLASS_LEADER,
    PARENT_OF_TWO,
    STUDENT,
    EDUCATOR,
    KINDERGARTEN_HEAD,
    CENTRE_ADMINISTRATOR,
    TEACHER_OF_TWO,
    FAMILY_OF_TWO,
    TEACHER_AND_PARENT,
    CURATOR,
    OPERATOR,
)


def spaced(phone: str) -> str:
    """Return +79730000001 as +7 973 000-00-01."""
    return f"{phone[:2]} {phone[2:5]} {phone[5:8]}-{phone[8:10]}-{phone[10:]}"
