"""The journal that people read: filters, pages, the file (ORG-12)."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.http import StreamingHttpResponse
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from orgs.audit import Action, Deed, Order, event_of, sentence_of, title_of
from orgs.models import AuditEvent, Organization
from orgs.selectors import journal as selectors
from orgs.selectors.journal import GROUPS, JournalFilter, actions_of, filter_journal
from orgs.vocabulary import vocabulary_of
from tests.orgs.pages import Visitor
from tests.world import School, World

pytestmark = [pytest.mark.django_db, pytest.mark.req("ORG-12")]


@pytest.fixture
def reader(world: World) -> Visitor:
    return Visitor(world.a, "administrator")


def write(school: School, action: Action = Action.ORGANIZATION_CHANGED, **fields: Any) -> AuditEvent:
    """One line of the journal with any values."""
    details = fields.pop("details", {"fields": ["name"]})
    actor = fields.pop("actor", school.people["administrator"])
    deed = Deed(action, fields.pop("person", None), fields.pop("unit", None), fields.pop("order", Order()), details)
    event = event_of(school.organization, actor, deed)
    for name, value in fields.items():
        setattr(event, name, value)
    event.save(force_insert=True)
    return event


def many(school: School, count: int) -> None:
    rows = []
    for number in range(count):
        person = list(school.people.values())[number % 6]
        unit = list(school.units.values())[number % 2]
        deed = Deed(Action.ENROLLED, person, unit, Order(f"{number}-к"), {"part": "student"})
        rows.append(event_of(school.organization, school.people["head" if number % 3 else "administrator"], deed))
    AuditEvent.objects.bulk_create(rows)


def lines_of(response: Any) -> list[list[str]]:
    assert isinstance(response, StreamingHttpResponse)
    text = b"".join(response.streaming_content).decode()  # type: ignore[arg-type]
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=";"))


def found(world: World, **wanted: Any) -> list[str]:
    return [event.action for event in filter_journal(world.a.actor("administrator"), JournalFilter(**wanted))]


def markup(reader: Visitor, data: dict[str, str] | None = None) -> str:
    """The page with its tags: addresses and values of fields."""
    response = reader.client.get(reader.url("journal"), data or {})
    assert response.status_code == 200
    return response.content.decode()


# --- Filters ---------------------------------------------------------------------------------------------------------
def test_every_action_stands_in_a_group() -> None:
    """A new action without a chip would be found by nobody."""
    grouped = frozenset().union(*(actions_of(group) for group in GROUPS))
    assert set(Action.values) - grouped == set()
    assert all(actions_of(group) for group in GROUPS)
    assert actions_of("nonsense") == frozenset()


def test_every_action_has_a_title_and_no_gap(world: World) -> None:
    for action in Action:
        assert len(title_of(action)) > 3, action
        assert "%(" not in title_of(action)


def test_the_chips_show_movement_as_one_kind(world: World, reader: Visitor) -> None:
    page = markup(reader, {"about": "movement"})
    assert "Зачисление: Ёжиков" in page
    assert "Назначена роль" not in page.split("<tbody>")[1]


def test_the_filters_narrow_together(world: World) -> None:
    a, head = world.a, world.a.people["head"]
    write(a, Action.UNIT_CHANGED, unit=a.units["5А"])
    write(a, Action.UNIT_ARCHIVED, unit=a.units["5Б"], actor=head)
    write(a, Action.ENROLLED, person=a.people["student"], unit=a.units["5А"], order=Order("12-к", date(2026, 9, 1)))
    unit_id = a.units["5А"].pk
    assert found(world, group="unit", unit_id=unit_id)[0] == Action.UNIT_CHANGED
    assert found(world, actor_id=head.pk) == [Action.UNIT_ARCHIVED]
    assert found(world, order=" № 12-к ") == [Action.ENROLLED]
    assert found(world, order="12") == []
    assert found(world, action=Action.UNIT_ARCHIVED, unit_id=unit_id) == []
    assert Action.ORGANIZATION_CREATED in found(world, by_platform=True)
    assert found(world, person_id=head.pk)[0] == Action.UNIT_ARCHIVED
    assert found(world, text="ежиков", order="12-к") == [Action.ENROLLED]


def test_the_period_is_of_the_organization_s_own_days(world: World, reader: Visitor) -> None:
    Organization.objects.filter(pk=world.a.organization.pk).update(time_zone="Asia/Kamchatka")
    with time_machine.travel(datetime(2026, 11, 21, 12, 30, tzinfo=timezone.get_fixed_timezone(0)), tick=False):
        reader = Visitor(world.a, "administrator")
        now = timezone.now()
        # Half past midnight in Kamchatka: a quarter of an hour ago it was today there, an hour ago yesterday.
        write(world.a, Action.CHAT_CREATED, details={"chat": "Сегодня"}, at=now - timedelta(minutes=15))
        write(world.a, Action.CHAT_CREATED, details={"chat": "Вчера"}, at=now - timedelta(hours=1))
        write(world.a, Action.CHAT_CREATED, details={"chat": "Давно"}, at=now - timedelta(days=20))
        write(world.a, Action.CHAT_CREATED, details={"chat": "Весной"}, at=now - timedelta(days=200))
        shown = {
            period: [name for name in ("Сегодня", "Вчера", "Давно", "Весной") if f"«{name}»" in page]
            for period in ("", "today", "week", "month", "year", "nonsense")
            for page in [reader.see("journal", {"period": period, "about": "chat"})]
        }
        assert shown["today"] == ["Сегодня"]
        assert shown["week"] == ["Сегодня", "Вчера"]
        assert shown["month"] == shown["year"] == ["Сегодня", "Вчера", "Давно"]
        assert shown[""] == shown["nonsense"] == ["Сегодня", "Вчера", "Давно", "Весной"]
        own = {"period": "own", "since": "2026-11-21", "until": "2026-11-21", "about": "chat"}
        page = reader.see("journal", own)
        assert "«Вчера»" in page
        assert "«Сегодня»" not in page
        backwards = reader.see("journal", own | {"since": "2026-11-30", "until": "2026-11-21"})
        assert "«Вчера»" in backwards


@pytest.mark.parametrize(
    "nonsense",
    [
        {"about": "x", "action": "x", "unit": "x", "by": "x", "person": "-1", "page": "x"},
        {"period": "own", "since": "31.02.2026", "until": "2026-02-31"},
        {"period": "own", "since": "9999-12-31", "until": "0001-01-01"},
        {"page": "b" + "9" * 30, "person": "9" * 30, "order": "№", "q": "\x00"},
    ],
)
def test_nonsense_in_the_address_narrows_nothing(reader: Visitor, nonsense: dict[str, str]) -> None:
    assert "Организация создана" in reader.see("journal", {**nonsense, "q": ""} if "q" in nonsense else nonsense)


def test_everything_stays_in_the_address(world: World, reader: Visitor) -> None:
    unit = world.a.units["5А"].pk
    page = markup(reader, {"about": "person", "unit": str(unit), "period": "month", "order": "1-к"})
    assert f'href="?about=person&amp;unit={unit}&amp;period=today&amp;order=1-%D0%BA"' in page
    assert f'<input type="hidden" name="unit" value="{unit}">' in page
    assert '<option value="' + str(unit) + '" selected>' in page
    assert 'value="1-к"' in page
    assert "<details" in page
    assert 'class="more-filters" open' in page


def test_nothing_found_says_why_and_leads_out(world: World, reader: Visitor) -> None:
    page = markup(reader, {"order": "нет такого"})
    assert "Ничего не найдено" in page
    assert "Снимите один из них" in page
    assert f'href="{reader.url("journal")}"' in page


def test_what_is_gone_is_told_and_leads_nowhere(world: World, reader: Visitor) -> None:
    event = write(world.a, Action.PERSON_CHANGED, person=world.a.people["classmate"], details={"fields": ["phone"]})
    page = markup(reader, {"person": str(event.person_id)})
    assert reader.url("person", pk=event.person_id) in page
    stranger = world.b.people["student"].pk
    assert "человек, которого здесь больше нет" in markup(reader, {"person": str(stranger)})
    assert "подразделение, которого здесь больше нет" in markup(reader, {"unit": str(world.b.units["5А"].pk)})
    AuditEvent.objects.bulk_create([event_of(world.a.organization, None, Deed(Action.PERSON_CHANGED, details={}))])


def test_lines_lead_to_pages_that_open(world: World, reader: Visitor) -> None:
    gone = write(world.a, Action.PERSON_CHANGED, person_id=10**9, person_name="Стёртая Стелла")
    page = markup(reader)
    assert "Стёртая Стелла" in page
    assert str(gone.person_id) not in page


def test_the_journal_of_the_other_school_stays_there(world: World, reader: Visitor) -> None:
    write(world.b, Action.CHAT_CREATED, details={"chat": "Чужой чат"})
    ours = write(world.a, Action.CHAT_CREATED, details={"chat": "Наш чат"})
    page = reader.see("journal", {"q": ""})
    assert "Чужой чат" not in page
    for name, value in (("unit", world.b.units["5А"].pk), ("by", world.b.people["head"].pk)):
        assert "Чужой чат" not in reader.see("journal", {name: str(value)})
    lines = lines_of(reader.client.get(reader.url("journal_file")))
    assert any("Наш чат" in line[2] for line in lines)
    assert not any("Чужой чат" in line[2] for line in lines)
    assert lines[1][-1] == str(ours.pk)


# --- Pages -----------------------------------------------------------------------------------------------------------
def test_the_pages_lead_there_and_back(world: World, reader: Visitor) -> None:
    many(world.a, 120)
    newest = AuditEvent.objects.filter(organization_id=world.a.organization.pk).order_by("-pk")
    numbers = list(newest.values_list("pk", flat=True))
    first = markup(reader)
    assert f"page=b{numbers[49]}" in first
    assert "К самым новым" not in first
    second = markup(reader, {"page": f"b{numbers[49]}"})
    assert f"page=a{numbers[50]}" in second
    assert f"page=b{numbers[99]}" in second
    back = markup(reader, {"page": f"a{numbers[50]}"})
    assert back.split("<tbody>")[1].split("</tbody>")[0] == first.split("<tbody>")[1].split("</tbody>")[0]
    last = markup(reader, {"page": f"b{numbers[-1]}"})
    assert "Дальше записей нет" in last
    assert markup(reader, {"page": "a999999999"})


def test_the_count_is_exact_until_it_would_cost(world: World, reader: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    page = reader.see("journal", {"action": Action.ORGANIZATION_CREATED.value})
    assert "1 запись" in page
    many(world.a, 30)
    monkeypatch.setattr(selectors, "MOST_COUNTED", 20)
    monkeypatch.setattr("orgs.views.journal.MOST_COUNTED", 20)
    assert "Больше 20 записей" in reader.see("journal")


def test_the_number_of_queries_does_not_grow(world: World, reader: Visitor) -> None:
    def queries(**data: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            reader.see("journal", data)
        return len(asked)

    many(world.a, 3)
    few = [queries(), queries(about="movement", order="1-к"), queries(q="ежиков")]
    many(world.a, 300)
    assert [queries(), queries(about="movement", order="1-к"), queries(q="ежиков")] == few
    assert few == [10, 10, 10]


# --- The file --------------------------------------------------------------------------------------------------------
def test_the_file_holds_what_the_page_was_narrowed_to(world: World, reader: Visitor) -> None:
    unit = world.a.units["5А"]
    write(world.a, Action.ENROLLED, person=world.a.people["student"], unit=unit, order=Order("12-к", date(2026, 9, 1)))
    response = reader.client.get(reader.url("journal_file"), {"order": "12-к"})
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert ".csv" in response["Content-Disposition"]
    head, line = lines_of(response)
    assert head == [
        *("День", "Время", "Что", "Кто", "О ком", "Класс"),
        *("Номер приказа", "Дата приказа", "Номер записи"),
    ]
    assert line[3:8] == ["Админова Анна Аркадьевна", "Ёжиков Пётр Ильич", "5А", "12-к", "01.09.2026"]
    assert line[2] == reader_sentence(world, line[-1])


def reader_sentence(world: World, number: str) -> str:
    text = sentence_of(AuditEvent.objects.get(pk=number), vocabulary_of(world.a.organization))
    return text[:1].upper() + text[1:]


def test_the_file_begins_no_formula(world: World, reader: Visitor) -> None:
    write(world.a, Action.CHAT_CREATED, details={"chat": 'x"; =1+1'}, actor_name="=HYPERLINK(1)", person_name="@x")
    write(world.a, Action.CHAT_CREATED, details={"chat": "x"}, actor_name="\t=1", unit_name="+1", order_number="-2")
    texts = [cell for line in lines_of(reader.client.get(reader.url("journal_file")))[1:] for cell in line]
    assert "'=HYPERLINK(1)" in texts
    assert not [cell for cell in texts if cell[:1] in "=+-@\t" and cell]


def test_the_file_is_written_while_it_is_read(world: World, reader: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    many(world.a, 95)
    monkeypatch.setattr(selectors.in_batches, "__defaults__", (10,))
    total = AuditEvent.objects.filter(organization_id=world.a.organization.pk).count()
    response = reader.client.get(reader.url("journal_file"))
    with CaptureQueriesContext(connection) as asked:
        lines = lines_of(response)
    assert len(lines) == total + 1
    assert len({line[-1] for line in lines}) == total + 1
    assert len(asked) == total // 10 + 1


@pytest.mark.parametrize("who", ["leader", "teacher", "student", "parent"])
def test_the_file_is_for_those_who_read_the_journal(world: World, who: str) -> None:
    visitor = Visitor(world.a, who)
    assert visitor.client.get(visitor.url("journal_file")).status_code == 403
