"""The workbook and the sheet for the founder, read back (STAT-5, STAT-6)."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from pypdf import PdfReader

from orgs.models import Organization, Role, RoleAssignment, Unit
from orgs.services.structure import class_from_name, create_units
from orgs.vocabulary import vocabulary_of
from stats.catalogue import FIGURES
from stats.selectors.values import Overview
from stats.services.access import grant
from stats.services.rollup import roll_up
from stats.sheets.report import Report, maker_of, report_of
from stats.sheets.sheet import sheet_pdf
from stats.sheets.workbook import LONGEST_NAME, SheetNames, workbook
from tests.stats.papers import COUNTED, WEEK, report, thing, trend, unit_row, value, values
from tests.world import School, World

pytestmark = [pytest.mark.req("STAT-6"), pytest.mark.req("STAT-5")]


@pytest.fixture
def school(world: World) -> School:
    return world.a


def book_of(report: Report) -> Workbook:
    with time_machine.travel(COUNTED, tick=False):
        return load_workbook(BytesIO(workbook(report)))


def row_of(sheet: Worksheet, first: str) -> list[Any]:
    """The cells of the row that begins with `first`: the last such row."""
    return [list(row) for row in sheet.iter_rows() if row[0].value == first][-1]


def words_of(report: Report) -> list[str]:
    """The words of each page of the PDF, white space made single."""
    with time_machine.travel(COUNTED, tick=False):
        reader = PdfReader(BytesIO(sheet_pdf(report)))
    return [" ".join(page.extract_text().split()) for page in reader.pages]


# --- The workbook -----------------------------------------------------------------------------------------------------
def test_there_is_a_summary_and_a_sheet_for_each_figure(school: School) -> None:
    names = book_of(report(school)).sheetnames
    assert names[0] == "Сводка"
    assert len(names) == 1 + len(FIGURES)
    assert len({name.casefold() for name in names}) == len(names)
    assert all(len(name) <= LONGEST_NAME for name in names)


def test_the_summary_holds_numbers_that_can_be_reckoned_with(school: School) -> None:
    known = {
        "staff_active": value("staff_active", 30, 40, before=0.5, norm=80),
        "messages": value("messages", 1200, amount=1200, before=1500),
        "answer_time": value("answer_time", 12, amount=5400.0, before=9000.0),
    }
    sheet = book_of(report(school, known))["Сводка"]
    _name, shown, before, change, numerator, denominator, norm, met = row_of(sheet, "Активные педагоги")
    assert (shown.value, shown.number_format) == (0.75, "0.0%")
    assert (before.value, numerator.value, denominator.value) == (0.5, 30, 40)
    assert (change.value, change.number_format) == (25, '+0.0"\u00a0п. п.";-0.0"\u00a0п. п.";0.0"\u00a0п. п."')
    assert (norm.value, met.value) == (0.8, "нет")
    _name, shown, before, change, *_rest = row_of(sheet, "Сообщения")
    assert (shown.value, before.value, change.value) == (1200, 1500, -300)
    _name, shown, before, change, *_rest = row_of(sheet, str(known["answer_time"].figure.name))
    assert (shown.value, before.value) == (timedelta(minutes=90), timedelta(minutes=150))
    assert change.value == -60


def test_shares_are_cut_as_on_the_page(school: School) -> None:
    """Of 2999 of 4000 the page says 74.9 %: below a norm of 75 nobody shall read 75."""
    sheet = book_of(report(school, {"staff_active": value("staff_active", 2999, 4000, norm=75)}))["Сводка"]
    assert row_of(sheet, "Активные педагоги")[1].value == 0.749
    assert row_of(sheet, "Активные педагоги")[7].value == "нет"


def test_it_says_of_what_as_of_when_and_who_made_it(school: School) -> None:
    book = book_of(report(school, {"staff_active": value("staff_active", 30, 40)}))
    for name in book.sheetnames:
        words = "\n".join(str(cell.value) for row in book[name].iter_rows() for cell in row if cell.value)
        for part in ("Средняя школа № 1", "16–22 ноября 2026", "16.11.2026 – 22.11.2026", "на 10:05",
                     "Главный Глеб Георгиевич, директор, 23.11.2026 10:30", "09.11.2026 – 15.11.2026"):  # fmt: skip
            assert part in words, (name, part)


def test_each_sheet_explains_its_figure(school: School) -> None:
    book = book_of(report(school, {"staff_active": value("staff_active", 30, 40)}))
    explained = {row[0].value: row[1].value for row in book["Активные педагоги"].iter_rows(max_row=5)}
    figure = next(figure for figure in FIGURES if figure.key == "staff_active")
    assert explained["Как считается"] == str(figure.formula)
    assert str(explained["Числитель"]).casefold() == str(figure.numerator)
    assert str(explained["Знаменатель"]).casefold() == str(figure.denominator)
    assert explained["Кто не учитывается"] == str(figure.left_out)


def test_weeks_stand_on_the_sheets_of_figures_that_have_them(school: School) -> None:
    known = {"staff_active": value("staff_active", 30, 40), "attendance": value("attendance", 3, 4)}
    book = book_of(report(school, known, trend=trend()))
    rows = [[cell.value for cell in row[:2]] for row in book["Активные педагоги"].iter_rows()]
    start = rows.index(["Неделя с", "Значение"])
    weeks = rows[start + 1 : start + 13]
    assert weeks[0][1] == "—"
    assert [f"{weeks[-1][0]:%d.%m.%Y}", weeks[-1][1]] == ["16.11.2026", 1]
    assert ["По неделям", None] not in [[cell.value for cell in row[:2]] for row in book["Явка на события"].iter_rows()]


def test_units_and_things_stand_on_their_sheets(school: School) -> None:
    known = {key: value(key, 1, 2) for key in ("families_joined", "reading_reach")}
    units = [unit_row(school.units["5А"], families_joined=value("families_joined", 12, 25))]
    things = {"reading_reach": [thing("Приказ № 12", 40, 30, median_seconds=3600)]}
    book = book_of(report(school, known, units=units, things=things))
    cells = row_of(book["Подключено семей"], "5А")
    assert [cell.value for cell in cells[1:4]] == [0.48, 12, 25]
    figure = next(figure for figure in FIGURES if figure.key == "reading_reach")
    [line] = [row for row in book[str(figure.name)[:LONGEST_NAME].strip()].iter_rows() if row[1].value == "Приказ № 12"]
    assert [cell.value for cell in line[2:6]] == [40, 30, 0.75, timedelta(hours=1)]


def test_hidden_cells_tell_no_number(school: School) -> None:
    known = {"parents_active": value("parents_active", is_hidden=True, before=0.25, norm=50)}
    known["attendance"] = value("attendance", 30, 40)
    units = [unit_row(school.units["5А"], parents_active=value("parents_active", is_hidden=True))]
    book = book_of(report(school, known, units=units, things={"attendance": [thing("Совет", 0, 0, is_hidden=True)]}))
    for name, first in (("Сводка", "Активные родители"), ("Активные родители", "5А")):
        cells = [cell.value for cell in row_of(book[name], first)]
        assert cells[1] == "скрыто"
        assert not [cell for cell in cells[2:] if isinstance(cell, int | float)]
    [line] = [row for row in book["Явка на события"].iter_rows() if row[1].value == "Совет"]
    assert [cell.value for cell in line[2:6]] == ["скрыто", None, None, None]
    assert "узнать, кто это" in str(list(book["Сводка"].iter_rows())[-1][0].value)


@pytest.mark.parametrize("sign", ["=", "+", "-", "@"])
def test_text_is_never_a_formula(school: School, sign: str) -> None:
    name = f"{sign}HYPERLINK(1)"
    Unit.objects.filter(pk=school.units["5А"].pk).update(name=name)
    unit = Unit.objects.get(pk=school.units["5А"].pk)
    things = {"reading_reach": [thing(name, 9, 9)]}
    known = {"reading_reach": value("reading_reach", 9, 9), "messages": value("messages", 9, amount=9)}
    book = book_of(report(school, known, units=[unit_row(unit)], things=things, maker=name))
    found = [cell for sheet in book for row in sheet.iter_rows() for cell in row if str(cell.value).startswith(name)]
    assert len(found) >= 2
    assert {cell.data_type for cell in found} == {"s"}
    assert all(cell.quotePrefix for cell in found)


def test_names_of_sheets_are_short_and_free() -> None:
    names = SheetNames()
    assert names.take("Отчёт: а/б [в]?*\\") == "Отчёт  а б  в"
    assert names.take("Сводка") == "Сводка"
    assert names.take("СВОДКА") == "СВОДКА 2"
    assert names.take("Сводка") == "Сводка 3"
    long = [names.take("Очень длинное название показателя, которое не помещается") for _number in range(11)]
    assert len(set(long)) == 11
    assert all(len(name) <= LONGEST_NAME for name in long)
    assert names.take("''") == "1"


def test_a_kindergarten_counts_no_children_as_users(school: School) -> None:
    Organization.objects.filter(pk=school.organization.pk).update(kind="kindergarten")
    words = vocabulary_of(Organization.objects.get(pk=school.organization.pk))
    made = report(school, words=words, trend=trend(), units=[unit_row(school.units["5А"])])
    assert not [name for name in book_of(made).sheetnames if "бучающи" in name]
    assert "Подключено обучающихся" not in " ".join(words_of(made))


# --- The sheet --------------------------------------------------------------------------------------------------------
def test_the_sheet_tells_what_is_handed_to_the_founder(school: School) -> None:
    known = {
        "staff_active": value("staff_active", 30, 40, before=0.5, norm=80),
        "parents_active": value("parents_active", is_hidden=True),
    }
    units = [unit_row(school.units["5А"], families_joined=value("families_joined", 12, 25))]
    text = " ".join(words_of(report(school, known, trend=trend(), units=units)))
    for words in (
        "Средняя школа № 1",
        "Сведения об использовании платформы",
        "Период: 16–22 ноября 2026 (16.11.2026 – 22.11.2026)",
        "Данные: на 10:05",
        "Составил(а): Главный Глеб Георгиевич, директор, 23.11.2026 10:30",
        "Активные педагоги 75 % 30 из 40 50 % 80 %, не выполнена",
        "скрыто",
        "Кто подключён",
        "5А — — 12 из 25 (48 %)",
        "По неделям",
        "16.11.2026 100 %",
        "Как посчитаны показатели",
        "/ Главный Глеб Георгиевич /",
        "стр. 1 из",
    ):
        assert words in text, (words, text[:3000])


def test_formulas_are_found_by_their_numbers(school: School) -> None:
    text = " ".join(words_of(report(school)))
    for number, figure in enumerate(FIGURES, start=1):
        assert f"{number}. {figure.name}. {figure.formula}" in text


def test_without_one_head_the_line_is_left_for_the_name(school: School) -> None:
    assert "/ ______________________________ /" in words_of(report(school, {}, head=""))[-1]


def test_sixty_units_and_long_names_fill_pages_with_a_head_each(world: World, school: School) -> None:
    name = "Муниципальное бюджетное общеобразовательное учреждение " * 6
    school.organization.name = name
    units = []
    for number in range(60):
        unit = Unit(pk=number, name=f"Кружок{number}" + "ОченьДлинногоНазвания" * 4)
        units.append(unit_row(unit, families_joined=value("families_joined", 12, 25)))
    pages = words_of(report(school, {}, units=units, trend=trend()))
    assert len(pages) > 3
    assert f"стр. {len(pages)} из {len(pages)}" in pages[-1]
    text = " ".join(pages).replace(" ", "")
    assert name.replace(" ", "") in text
    assert all(f"Кружок{number}Очень" in text for number in range(60))
    assert sum("Подключено семей" in page for page in pages) > 2


def test_names_with_markup_stay_names(school: School) -> None:
    school.organization.name = "Школа <b>&«Ко»"
    assert "Школа <b>&«Ко»" in words_of(report(school, {}, maker="<img src=x>, директор"))[0]


# --- What it is made of -----------------------------------------------------------------------------------------------
def test_who_made_it_is_named_with_the_position_or_role(school: School) -> None:
    head = school.actor("head")
    assert maker_of(head) == "Главный Глеб Георгиевич, директор"
    head.person.position = "директор школы"
    assert maker_of(head) == "Главный Глеб Георгиевич, директор школы"
    assert maker_of(school.actor("administrator")).endswith(", администратор")


def test_two_heads_sign_by_hand(school: School) -> None:
    assert report_of(school.actor("head"), WEEK).head == "Главный Глеб Георгиевич"
    RoleAssignment.objects.create(organization=school.organization, person=school.people["teacher"], role=Role.HEAD)
    assert report_of(school.actor("head"), WEEK).head == ""


def test_statements_do_not_grow_with_units(school: School) -> None:
    counts = []
    actor = school.actor("head")
    for _round in range(2):
        with CaptureQueriesContext(connection) as captured:
            report_of(actor, WEEK)
        counts.append(len(captured))
        names = [class_from_name(f"{number}В") for number in range(1, 12)]
        if _round == 0:
            create_units(organization=school.organization, actor=None, units=names)
    assert counts[0] == counts[1]
    assert counts[0] <= 25


def test_without_anything_counted_it_says_so(school: School) -> None:
    made = report(school, overview=Overview(WEEK, None, True, None, values()))
    text = words_of(made)[0]
    assert "Данные: ещё не посчитаны" in text
    assert "Сомнительные сообщения: не учитываются" in text


# --- The addresses ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("route", "content_type"),
    [("statistics.xlsx", "application/vnd.openxmlformats"), ("founder.pdf", "application/pdf")],
)
def test_files_are_given_to_those_who_see_the_figures(
    school: School, browse: Any, route: str, content_type: str
) -> None:
    url = f"/o/a/statistics/{route}?period=month&on=2026-03-05"
    answer = browse(school.user("head")).get(url)
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith(content_type)
    assert "2026" in answer["Content-Disposition"]
    assert "no-store" in answer["Cache-Control"]
    assert browse(school.user("teacher")).get(url).status_code == 403


def test_the_workbook_of_one_unit(school: School, browse: Any, world: World) -> None:
    client = browse(school.user("head"))
    answer = client.get(f"/o/a/statistics/statistics.xlsx?unit={school.units['5А'].pk}")
    book = load_workbook(BytesIO(answer.content))
    assert len(book.sheetnames) == 1 + sum(figure.by_unit for figure in FIGURES)
    assert "Класс: 5А" in [row[0].value for row in book["Сводка"].iter_rows()]
    foreign = world.b.units["5А"].pk
    assert client.get(f"/o/a/statistics/statistics.xlsx?unit={foreign}").status_code == 404


def test_whom_the_head_lets_see_gets_figures_and_no_names(school: School, browse: Any) -> None:
    grant(actor=school.actor("head"), person=school.people["leader"])
    client = browse(school.user("leader"))
    assert client.get("/o/a/statistics/founder.pdf").status_code == 200
    assert client.get("/o/a/statistics/staff.csv").status_code == 403
    # Five on the staff, four of them connected: one is missing, and everybody would know who.
    roll_up([school.organization.pk])
    book = load_workbook(BytesIO(client.get("/o/a/statistics/statistics.xlsx").content))
    assert row_of(book["Сводка"], "Подключено педагогов")[1].value == "скрыто"
    book = load_workbook(BytesIO(browse(school.user("head")).get("/o/a/statistics/statistics.xlsx").content))
    assert row_of(book["Сводка"], "Подключено педагогов")[1].value == 0.8
    assert [cell.value for cell in row_of(book["Подключено семей"], "5А")[1:4]] == [0.5, 1, 2]
