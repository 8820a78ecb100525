"""The organizations of the five regulations: facts from the documents, invented people.

S0 … S4 are the documents in `docs/regulations.md`; names and phones are nobody's (the code 973 is not assigned).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Human:
    """Somebody who takes part."""

    last: str
    first: str
    patronymic: str
    phone: str

    @property
    def full_name(self) -> str:
        return " ".join(filter(None, (self.last, self.first, self.patronymic)))


@dataclass(frozen=True)
class Place:
    """One organization as its regulation describes it."""

    seed: str
    kind: str
    name: str
    short_name: str
    region: str
    address: str
    time_zone: str
    # Hours from UTC, said apart from the zone's name so that a wrong zone is seen.
    utc_offset: int
    unit_kind: str
    # Name → age group of a group, direction of a circle.
    units: dict[str, str]
    staff_unit: str
    teacher: str
    leader: str
    # Words the document uses in place of the kind's own ones.
    own_words: dict[str, str] = field(default_factory=dict)
    # The document calls the staff unit by another name than its kind does.
    renames_staff_unit: bool = False

    def human(self, number: int, last: str, first: str, patronymic: str) -> Human:
        """Return somebody of this organization with a phone of the organization's own."""
        return Human(last, first, patronymic, f"+79739{self.seed[1]}0{number:04}")

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


HARAASGAI = Place(
    seed="S0",
    kind="kindergarten",
    name="Муниципальное бюджетное дошкольное образовательное учреждение Аллинский детский сад «Хараасгай»",
    short_name="Детский сад «Хараасгай»",
    region="Республика Бурятия",
    address="Курумканский район, с. Алла",
    time_zone="Asia/Irkutsk",
    utc_offset=8,
    unit_kind="group",
    units={"Разновозрастная": "3–7 лет", "Малышок": "1,5–3 года"},
    staff_unit="Сотрудники",
    teacher="воспитатель",
    leader="воспитатель группы",
)
BALAKHNA = Place(
    seed="S1",
    kind="supplementary",
    name="Муниципальное бюджетное учреждение дополнительного образования «Центр детского творчества» г. Балахна",
    short_name="ЦДТ г. Балахна",
    region="Нижегородская область",
    address="г. Балахна",
    time_zone="Europe/Moscow",
    utc_offset=3,
    unit_kind="circle",
    units={"Робототехника": "техническая", "Хореография": "художественная", "Юный журналист": "социально-гуманитарная"},
    staff_unit="Педагоги",
    teacher="педагог",
    leader="руководитель кружка",
)
PERM = Place(
    seed="S2",
    kind="kindergarten",
    name="Муниципальное автономное дошкольное образовательное учреждение города Перми",
    short_name="Детский сад г. Перми",
    region="Пермский край",
    address="г. Пермь",
    time_zone="Asia/Yekaterinburg",
    utc_offset=5,
    unit_kind="group",
    units={"Старшая А": "5–6 лет", "Подготовительная": "6–7 лет"},
    staff_unit="Педагоги",
    teacher="учитель",
    leader="воспитатель группы",
    own_words={"teacher": "учитель", "teachers": "учителя"},
    renames_staff_unit=True,
)
PUGACHEVSKY = Place(
    seed="S3",
    kind="kindergarten",
    name="Муниципальное дошкольное образовательное учреждение «Детский сад п. Пугачевский Пугачевского района»",
    short_name="Детский сад п. Пугачевский",
    region="Саратовская область",
    address="Пугачевский район, п. Пугачевский",
    time_zone="Europe/Saratov",
    utc_offset=4,
    unit_kind="group",
    units={"Младшая": "3–4 года", "Старшая": "5–7 лет"},
    staff_unit="Сотрудники",
    teacher="сотрудник",
    leader="воспитатель группы",
    own_words={"teacher": "сотрудник", "teachers": "сотрудники"},
)
ORENBURG = Place(
    seed="S4",
    kind="kindergarten",
    name="Муниципальное дошкольное образовательное автономное учреждение «Детский сад № 111»",
    short_name="Детский сад № 111",
    region="Оренбургская область",
    address="г. Оренбург, ул. Волгоградская, д. 8/1",
    time_zone="Asia/Yekaterinburg",
    utc_offset=5,
    unit_kind="group",
    units={"Ягодка": "3–4 года", "Солнышко": "4–5 лет"},
    staff_unit="Сотрудники",
    teacher="учитель",
    leader="воспитатель группы",
    own_words={"teacher": "учитель", "teachers": "учителя"},
)
