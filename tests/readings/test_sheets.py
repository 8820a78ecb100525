"""The acknowledgement sheet, read back (CHAN-4, DOC-1)."""

from datetime import UTC, datetime
from io import BytesIO

import pytest
import time_machine
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from pypdf import PdfReader

from orgs.models import Audience, Enrolment, Organization, Part, Person
from orgs.services.structure import end_enrolment
from orgs.vocabulary import vocabulary_of
from readings.models import ParentsConfirm, Reading
from readings.selectors.rows import rows_of
from readings.services import confirming
from readings.sheets import Sheet, sheet_pdf, sheet_xlsx
from tests.readings.cast import HASH, given, second_parent
from tests.readings.test_progress import crowd
from tests.world import School

pytestmark = pytest.mark.req("CHAN-4", "DOC-1")
EVENING = datetime(2026, 11, 21, 20, 30, tzinfo=UTC)  # 23:30 in Moscow, already the 22nd in Vladivostok


def sheet_of(reading: Reading, key: str = "") -> Sheet:
    reading = Reading.objects.select_related("organization").get(pk=reading.pk)
    school = Organization.objects.get(pk=reading.organization_id)
    return Sheet(reading, rows_of(reading, vocabulary_of(school)), key)


def pages(reading: Reading, key: str = "") -> list[str]:
    """The words of each page of the PDF, white space made single."""
    reader = PdfReader(BytesIO(sheet_pdf(sheet_of(reading, key))))
    return [" ".join(page.extract_text().split()) for page in reader.pages]


def table(reading: Reading, key: str = "") -> Worksheet:
    return load_workbook(BytesIO(sheet_xlsx(sheet_of(reading, key)))).active


@pytest.fixture
def reading(school: School) -> Reading:
    """The mother confirmed here late in the evening, the other family's father signed on paper."""
    with time_machine.travel(EVENING, tick=False):
        reading = given(school, (Audience.PARENTS, school.units["5А"].pk), due_in=4)
        confirming.confirm(actor=school.actor("parent"), reading=reading)
        father, administrator = school.people["waiting_parent"], school.actor("administrator")
        confirming.note_on_paper(actor=administrator, reading=reading, person=father)
    second_parent(school)
    return reading


def test_the_paper_tells_what_was_read_and_who_has(school: School, reading: Reading) -> None:
    [text] = pages(reading)
    for words in (
        "Средняя школа № 1",
        "Лист ознакомления",
        "Документ: Приказ № 12",
        "Версия: 1",
        HASH,
        "Срок: 25.11.2026",
        "Ознакомились: 2 из 3",
        "№ ФИО Должность / ребёнок Дата Отметка",
        "1 Ёжиков Илья Петрович Ёжиков Пётр Ильич, 5А",
        "2 Ёжикова Роза Павловна Ёжиков Пётр Ильич, 5А 21.11.2026 подтверждено",
        "3 Зайцев Захар Львович Зайцева Зоя Захаровна, 5А 21.11.2026 подпись на бумаге",
        "стр. 1 из 1",
    ):
        assert words in text, words


def test_days_are_those_of_the_school(school: School, reading: Reading) -> None:
    Organization.objects.filter(pk=school.organization.pk).update(time_zone="Asia/Vladivostok")
    with time_machine.travel(EVENING, tick=False):
        [text] = pages(reading)
    assert "22.11.2026 подпись на бумаге" in text
    assert "Распечатано: 22.11.2026 06:30" in text


def test_a_family_has_one_line(school: School) -> None:
    second_parent(school)
    reading = given(school, (Audience.PARENTS, school.units["5А"].pk), parents=ParentsConfirm.FAMILY)
    [text] = pages(reading)
    assert "Ёжиков Илья Петрович, Ёжикова Роза Павловна" in text
    assert "Ознакомились: 0 из 2" in text
    confirming.confirm(actor=school.actor("parent"), reading=reading)
    [text] = pages(reading)
    assert "Ёжиков Илья Петрович" not in text


def test_who_confirmed_and_left_stands_below(school: School, reading: Reading) -> None:
    enrolment = Enrolment.objects.get(person=school.people["student"], part=Part.STUDENT)
    end_enrolment(actor=school.actor("administrator"), enrolment=enrolment)
    [text] = pages(reading)
    assert "Ознакомились раньше и выбыли" in text
    assert text.index("Зайцев Захар") < text.index("выбыли") < text.index("Ёжикова Роза")


def test_five_hundred_people_fill_pages_with_a_head_each(school: School) -> None:
    crowd(school, 520)
    Person.objects.filter(last_name="Много").update(patronymic="Очень-Длинное-Отчество" * 3)
    found = pages(given(school, (Audience.PARENTS, school.units["5А"].pk)))
    assert len(found) > 10
    assert all("Должность / ребёнок" in text for text in found[:-1])
    assert f"стр. {len(found)} из {len(found)}" in found[-1]


def test_one_group_alone(school: School) -> None:
    reading = given(school, (Audience.EVERYONE, None))
    [text] = pages(reading, str(school.units["5Б"].pk))
    assert "Кому: 5Б" in text
    assert "Обоева Ольга" in text
    assert "Ёжикова" not in text
    [nobody] = pages(reading, "nonsense")
    assert "Сейчас знакомиться некому." in nobody


def test_names_with_markup_stay_names(school: School) -> None:
    Person.objects.filter(pk=school.people["parent"].pk).update(last_name="<b>&Ко", patronymic="<img src=x>")
    reading = given(school, (Audience.PARENTS, None), title="Приказ <script> & «Ко»")
    [text] = pages(reading)
    assert "<b>&Ко" in text
    assert "Приказ <script> & «Ко»" in text


# --- The table --------------------------------------------------------------------------------------------------------
def test_the_table_holds_real_moments_and_prints_well(school: School, reading: Reading) -> None:
    sheet = table(reading)
    [head] = [row for row in sheet.iter_rows() if row[0].value == "№"]
    number = head[0].row
    assert [cell.value for cell in head] == ["№", "ФИО", "Должность / ребёнок", "Дата", "Отметка"]
    lines = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=number + 1)]
    night = datetime(2026, 11, 21, 23, 30)
    assert lines == [
        [1, "Ёжиков Илья Петрович", "Ёжиков Пётр Ильич, 5А", None, None],
        [
            2,
            "Ёжикова Роза Павловна",
            "Ёжиков Пётр Ильич, 5А",
            datetime(2026, 11, 21, 23, 30),
            "подтверждено на платформе",
        ],
        [3, "Зайцев Захар Львович", "Зайцева Зоя Захаровна, 5А", night, "подпись на бумаге"],
    ]
    assert sheet.freeze_panes == f"A{number + 1}"
    assert sheet.print_title_rows == f"${number}:${number}"
    assert sheet.column_dimensions["B"].width > 30
    words = [str(row[0].value) for row in sheet.iter_rows(max_row=number - 1)]
    assert f"Контрольная сумма (SHA-256): {HASH}" in words
    assert "Организация: Средняя школа № 1" in words


@pytest.mark.parametrize("sign", ["=", "+", "-", "@"])
def test_a_name_is_never_a_formula(school: School, sign: str) -> None:
    name = f"{sign}HYPERLINK(1)"
    Person.objects.filter(pk=school.people["parent"].pk).update(last_name=name)
    reading = given(school, title=f"{sign}1+1")
    sheet = table(reading)
    [cell] = [row[1] for row in sheet.iter_rows() if str(row[1].value or "").startswith(name)]
    assert cell.data_type == "s"
    assert cell.quotePrefix
