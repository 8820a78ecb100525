"""The letter to the head on Monday morning: what changed, when, once, in which words (STAT-6)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from orgs.models import Organization, Person, RoleAssignment
from outbox.models import Message
from outbox.rendering import Obsolete, Rendered
from stats import letters, tasks
from stats.letters import part_of_people, stats_weekly
from stats.models import Norm, RollupState, StatsRules
from stats.selectors.changed import changed_most, weight
from stats.selectors.values import Overview, Value
from stats.services.rollup import roll_up
from stats.services.weekly import send_weekly_letters
from tests.stats.cast import came
from tests.stats.papers import WEEK, settled, value, values
from tests.world import School, World

pytestmark = pytest.mark.req("STAT-6")
# Monday after the week of 16 November, 8:20 in Moscow.
MONDAY = datetime(2026, 11, 23, 5, 20, tzinfo=UTC)


@pytest.fixture
def school(world: World) -> School:
    """Its head has an address, and everything up to Monday has been counted."""
    counted(world.a)
    Person.objects.filter(pk=world.a.people["head"].pk).update(email="head@example.org")
    return world.a


def counted(school: School, moment: datetime = MONDAY - timedelta(minutes=5)) -> None:
    RollupState.objects.update_or_create(organization=school.organization, defaults={"counted_at": moment})


def move_to(school: School, zone: str) -> None:
    Organization.objects.filter(pk=school.organization.pk).update(time_zone=zone)


def queued() -> list[Message]:
    return list(Message.objects.filter(template="stats_weekly").order_by("pk"))


# --- When and to whom -------------------------------------------------------------------------------------------------
def test_on_monday_morning_the_head_gets_one_letter(school: School) -> None:
    assert send_weekly_letters(MONDAY) == 1
    [letter] = queued()
    assert letter.recipient == "head@example.org"
    assert letter.organization_id == school.organization.pk
    assert letter.context == {"person": school.people["head"].pk, "monday": "2026-11-16"}


def test_however_often_the_job_runs_one_letter_a_week(school: School) -> None:
    with time_machine.travel(MONDAY, tick=False):
        assert tasks.send_weekly_letters() == 1
    for hours in range(1, 40):
        assert send_weekly_letters(MONDAY + timedelta(hours=hours)) == 0
    counted(school, MONDAY + timedelta(days=7, minutes=-5))
    assert send_weekly_letters(MONDAY + timedelta(days=7)) == 1
    assert [one.context["monday"] for one in queued()] == ["2026-11-16", "2026-11-23"]


@pytest.mark.parametrize(
    ("zone", "moment", "is_due"),
    [
        # It is eight in Kamchatka (UTC+12) at 20:00 of Sunday in Greenwich, in Kaliningrad (UTC+2) at 6:00 of Monday.
        ("Asia/Kamchatka", datetime(2026, 11, 22, 19, 59, tzinfo=UTC), False),
        ("Asia/Kamchatka", datetime(2026, 11, 22, 20, 0, tzinfo=UTC), True),
        ("Europe/Kaliningrad", datetime(2026, 11, 23, 5, 59, tzinfo=UTC), False),
        ("Europe/Kaliningrad", datetime(2026, 11, 23, 6, 0, tzinfo=UTC), True),
        # After a standstill: until six on Tuesday evening, by the same clock.
        ("Europe/Kaliningrad", datetime(2026, 11, 24, 15, 59, tzinfo=UTC), True),
        ("Europe/Kaliningrad", datetime(2026, 11, 24, 16, 0, tzinfo=UTC), False),
        ("Asia/Kamchatka", datetime(2026, 11, 24, 6, 0, tzinfo=UTC), False),
        ("Europe/Moscow", datetime(2026, 11, 25, 5, 20, tzinfo=UTC), False),
        ("Europe/Moscow", datetime(2026, 11, 22, 12, 0, tzinfo=UTC), False),
    ],
)
def test_each_school_has_its_own_monday(school: School, zone: str, moment: datetime, is_due: bool) -> None:
    move_to(school, zone)
    counted(school, moment)
    assert send_weekly_letters(moment) == int(is_due)
    assert [one.context["monday"] for one in queued()] == ["2026-11-16"] * is_due


def test_it_waits_until_all_of_the_week_has_been_counted(school: School) -> None:
    """The week ends at midnight of Moscow, 21:00 of Sunday in Greenwich."""
    counted(school, datetime(2026, 11, 22, 20, 59, 59, tzinfo=UTC))
    assert send_weekly_letters(MONDAY) == 0
    counted(school, datetime(2026, 11, 22, 21, 0, tzinfo=UTC))
    assert send_weekly_letters(MONDAY) == 1


def test_never_counted_no_letter(school: School) -> None:
    RollupState.objects.filter(organization=school.organization).update(counted_at=None)
    assert send_weekly_letters(MONDAY) == 0


def test_switched_off_no_letter(school: School) -> None:
    rules = StatsRules.objects.create(organization=school.organization, weekly_letter=False)
    assert send_weekly_letters(MONDAY) == 0
    rules.weekly_letter = True
    rules.save()
    assert send_weekly_letters(MONDAY) == 1


def test_heads_without_an_address_or_account_and_former_heads_get_none(school: School) -> None:
    head = Person.objects.filter(pk=school.people["head"].pk)
    head.update(email="")
    assert send_weekly_letters(MONDAY) == 0
    head.update(email="head@example.org", user=None)
    assert send_weekly_letters(MONDAY) == 0
    head.update(user=school.user("head"))
    RoleAssignment.objects.filter(person=school.people["head"]).update(until=MONDAY)
    assert send_weekly_letters(MONDAY) == 0


def test_each_head_of_each_school_gets_the_own(world: World, school: School) -> None:
    counted(world.b)
    Person.objects.filter(pk=world.b.people["head"].pk).update(email="other@example.org")
    RoleAssignment.objects.create(organization=school.organization, person=school.people["teacher"], role="head")
    Person.objects.filter(pk=school.people["teacher"].pk).update(email="second@example.org")
    assert send_weekly_letters(MONDAY) == 3
    assert {(one.recipient, one.organization_id) for one in queued()} == {
        ("head@example.org", school.organization.pk),
        ("second@example.org", school.organization.pk),
        ("other@example.org", world.b.organization.pk),
    }


def test_as_many_statements_for_two_schools_as_for_one(world: World, school: School) -> None:
    counts = []
    for week in range(2):
        moment = MONDAY + timedelta(days=7 * week)
        counted(school, moment)
        with CaptureQueriesContext(connection) as captured:
            assert send_weekly_letters(moment) == 1 + week
        counts.append(len(captured))
        counted(world.b, moment + timedelta(days=7))
        Person.objects.filter(pk=world.b.people["head"].pk).update(email="other@example.org")
    assert counts[0] == counts[1]


# --- What changed most ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("one", "is_told"),
    [
        (value("staff_active", 30, 40, before=0.5), True),
        (value("staff_active", 30, 40, before=0.71), False),
        # Two of forty are five points: the least that is told; one of ten is ten points and one person.
        (value("staff_active", 30, 40, before=0.7), True),
        (value("staff_active", 7, 10, before=0.6), False),
        (value("messages", 2, amount=2, before=1), False),
        (value("messages", 120, amount=120, before=100), True),
        (value("messages", 119, amount=119, before=100), False),
        (value("posts", 5, amount=5, before=0), True),
        (value("posts", 4, amount=4, before=0), False),
        (value("answer_time", 5, amount=7200.0, before=3600.0), True),
        (value("answer_time", 4, amount=7200.0, before=3600.0), False),
        (value("answer_time", 50, amount=700.0, before=400.0), False),
        # Nobody can tell whether more events are better.
        (value("events", 50, amount=50, before=5), False),
        (value("parents_active", 0, 0, before=0.5), False),
        (value("parents_active", 9, 10, before=0.1, is_hidden=True), False),
        (value("parents_active", 9, 10), False),
    ],
)
def test_chance_is_not_told_as_a_change(one: Value, is_told: bool) -> None:
    assert bool(weight(one)) is is_told


def test_an_unmet_norm_comes_first_then_the_largest_of_each_part() -> None:
    found = changed_most(
        [
            value("staff_joined", 30, 40, before=0.5),
            value("families_joined", 70, 100, before=0.1),
            value("staff_active", 20, 40, before=0.6, norm=75),
            value("staff_acted", 40, 40, before=0.0),
            value("messages", 300, amount=300, before=200),
        ]
    )
    assert [one.figure.key for one in found] == ["staff_active", "families_joined", "messages"]


def test_one_part_fills_the_letter_when_nothing_else_changed() -> None:
    found = changed_most([value("staff_active", 30, 40, before=0.5), value("staff_acted", 30, 40, before=0.1)])
    assert [one.figure.key for one in found] == ["staff_acted", "staff_active"]


# --- Words ------------------------------------------------------------------------------------------------------------
@pytest.fixture
def figures(monkeypatch: pytest.MonkeyPatch) -> dict[str, Value]:
    """What the selector finds; a test puts its figures in."""
    known: dict[str, Value] = values()

    def overview(*_args: Any, **_more: Any) -> Overview:
        return Overview(WEEK, None, False, MONDAY - timedelta(minutes=15), known)

    monkeypatch.setattr(letters, "overview", overview)
    return known


def letter_to(school: School, name: str = "head") -> Rendered:
    with time_machine.travel(MONDAY, tick=False):
        return stats_weekly({"person": school.people[name].pk, "monday": "2026-11-16"}, "")


def test_the_letter_tells_what_changed_as_of_when_and_where_more_is(school: School, figures: dict[str, Value]) -> None:
    figures["staff_active"] = value("staff_active", 15, 21, before=0.5, norm=75)
    figures["messages"] = value("messages", 1200, amount=1200, before=1500)
    figures["answer_time"] = value("answer_time", 12, amount=5400.0, before=9000.0)
    told = letter_to(school)
    assert told.subject == "Школа № 1: неделя в цифрах"
    for text in (told.text, told.html):
        plain = text.replace("\u00a0", " ")
        for part in (
            "Здравствуйте, Глеб Георгиевич!",
            "за неделю 16–22 ноября 2026",
            "15 из 21 педагога",
            "неделей раньше: 50 %; выше на 21,4 п. п.; норма 75 % не выполнена",
            "неделей раньше: 1 500",
            "меньше на 20 %",
            "на 08:05",
        ):
            assert part in plain, (part, plain)
        assert "/o/a/statistics/?period=week" in text
        assert "on=2026-11-16" in text
    assert told.text.count("\n— ") == 3


def test_a_week_without_changes_is_told_calmly(school: School, figures: dict[str, Value]) -> None:
    figures["staff_active"] = value("staff_active", 15, 21, before=15 / 21)
    told = letter_to(school)
    assert "прошла без заметных изменений" in told.text
    assert "Что изменилось" not in told.html


def test_names_cannot_break_out_of_the_letter(school: School, figures: dict[str, Value]) -> None:
    figures["staff_active"] = value("staff_active", 15, 21, before=0.1)
    Organization.objects.filter(pk=school.organization.pk).update(short_name="<b>Школа\r\nBcc: a@b.ru")
    told = letter_to(school)
    assert "\n" not in told.subject
    assert "<b>" not in told.html


def test_what_is_no_longer_true_is_not_sent(school: School, figures: dict[str, Value]) -> None:
    with pytest.raises(Obsolete, match="посчитано"):
        letter_to(school)
    figures["staff_active"] = value("staff_active", 15, 21, before=0.1)
    with pytest.raises(Obsolete, match="руководит"):
        letter_to(school, "teacher")
    StatsRules.objects.create(organization=school.organization, weekly_letter=False)
    with pytest.raises(Obsolete, match="выключено"):
        letter_to(school)


def test_the_real_figures_are_asked_by_the_rules_of_the_school(school: School) -> None:
    """Three of five came in the week, none of the staff in the week before; the roster has not changed."""
    Norm.objects.create(organization=school.organization, figure="staff_active", percent=75, is_on=True)
    settled(school)
    for name in ("leader", "teacher", "administrator"):
        came(school, name, MONDAY - timedelta(days=3))
    came(school, "parent", MONDAY - timedelta(days=14))
    with time_machine.travel(MONDAY, tick=False):
        roll_up([school.organization.pk])
    told = letter_to(school).text.replace("\u00a0", " ")
    assert "Активные педагоги: 60 % (3 из 5 педагогов)" in told
    assert "неделей раньше: 0 %; выше на 60 п. п.; норма 75 % не выполнена" in told


def test_before_the_first_counting_there_is_nothing_to_tell(school: School) -> None:
    RollupState.objects.filter(organization=school.organization).update(counted_at=None)
    with pytest.raises(Obsolete):
        letter_to(school)


@pytest.mark.parametrize(
    ("key", "whole", "words"),
    [
        ("staff_active", 1, "1 из 1 педагога"),
        ("staff_active", 2, "1 из 2 педагогов"),
        ("staff_active", 5, "1 из 5 педагогов"),
        ("staff_active", 11, "1 из 11 педагогов"),
        ("staff_joined", 21, "1 из 21 педагога"),
        ("families_joined", 101, "1 из 101 семьи"),
        ("families_joined", 25, "1 из 25 семей"),
        ("students_joined", 31, "1 из 31 обучающегося"),
        ("students_active", 30, "1 из 30 обучающихся"),
        ("parents_active", 41, "1 из 41 родителя"),
        ("parents_active", 44, "1 из 44 родителей"),
        # Of messages, not of teachers.
        ("quiet_messages", 21, "1 из 21"),
        ("reading_reach", 21, "1 из 21"),
    ],
)
def test_people_are_declined_by_their_number(key: str, whole: int, words: str) -> None:
    with translation.override("ru"):
        assert part_of_people(value(key, 1, whole)) == words
