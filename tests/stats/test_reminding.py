"""«Напомнить»: whom, how, once a day, in which words (STAT-6)."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chats.models import ChatRules
from common.errors import DomainError
from orgs.audit import sentence_of
from orgs.models import AuditEvent, Enrolment, Guardianship, Organization, Part, Person, Role, RoleAssignment
from orgs.vocabulary import vocabulary_of
from outbox.models import Channel, Message
from outbox.rendering import Obsolete, Rendered, render
from stats.catalogue import FIGURES
from stats.models import PersonDay, Presence
from stats.periods import PeriodKind, days_of
from stats.services.reminding import Reminded, remind
from tests.accounts.devices import add_device
from tests.world import School, World, make_user

pytestmark = pytest.mark.req("STAT-6")
# Noon in Moscow; the week before has ended.
NOON = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)
WEEK = days_of(PeriodKind.WEEK, date(2026, 11, 16))


@pytest.fixture
def school(world: World) -> School:
    """Of five on the staff nobody came in the week; four have joined, one only waits, without an address."""
    return world.a


def press(school: School, figure: str = "staff_active", now: datetime = NOON, by: str = "head") -> Reminded:
    return remind(actor=school.actor(by), figure=figure, days=WEEK, now=now)


def messages() -> list[Message]:
    return list(Message.objects.filter(reference__startswith="stats-reminder").order_by("pk"))


def with_email(school: School, *names: str) -> None:
    for name in names:
        Person.objects.filter(pk=school.people[name].pk).update(email=f"{name}@example.org")


def came(school: School, name: str, day: date) -> None:
    PersonDay.objects.create(
        organization=school.organization, person=school.people[name], day=day, is_staff=True, came=True
    )


def words(message: Message) -> Rendered:
    with time_machine.travel(NOON, tick=False):
        return render(message)


# --- Whom and how -----------------------------------------------------------------------------------------------------
def test_a_push_to_who_has_a_device_a_letter_to_who_has_an_address(school: School) -> None:
    device = add_device(school.user("leader"))
    with_email(school, "leader", "teacher", "waiting_teacher")
    assert press(school) == Reminded(told=3, already=0, unreachable=1)
    assert [(one.channel, one.recipient, one.template) for one in messages()] == [
        (Channel.PUSH, str(device.pk), "stats_reminder"),
        (Channel.EMAIL, "teacher@example.org", "stats_reminder"),
        (Channel.EMAIL, "waiting_teacher@example.org", "stats_join"),
    ]


def test_two_devices_of_one_person_are_one_reminder(school: School) -> None:
    add_device(school.user("leader"))
    add_device(school.user("leader"))
    assert press(school).told == 1
    assert press(school) == Reminded(told=0, already=1, unreachable=3)
    assert len(messages()) == 2


def test_who_came_in_the_period_or_is_here_today_is_left_alone(school: School) -> None:
    with_email(school, "leader", "teacher", "administrator")
    came(school, "leader", date(2026, 11, 17))
    # Not counted yet.
    Presence.objects.create(organization=school.organization, person=school.people["teacher"], day=TODAY)
    assert press(school) == Reminded(told=1, already=0, unreachable=1)
    assert [one.recipient for one in messages()] == ["administrator@example.org"]


def test_nobody_reminds_oneself(school: School) -> None:
    with_email(school, "head")
    assert press(school).told == 0
    assert press(school, by="administrator").told == 1


def test_of_a_family_its_parents_are_told(school: School) -> None:
    """Of 5А one family has come; the other's father has an address, of 5Б the mother has joined."""
    with_email(school, "waiting_parent", "classmate", "parent", "both")
    assert press(school, "families_joined") == Reminded(told=1, already=0, unreachable=0)
    [letter] = messages()
    assert (letter.recipient, letter.template) == ("waiting_parent@example.org", "stats_join")


def test_a_family_is_told_once_through_both_parents(school: School) -> None:
    mother = Person.objects.create(
        organization=school.organization, last_name="Зайцева", first_name="Ия", search_name="зайцева ия"
    )
    RoleAssignment.objects.create(organization=school.organization, person=mother, role=Role.PARENT)
    Guardianship.objects.create(organization=school.organization, parent=mother, child=school.people["classmate"])
    assert press(school, "families_joined") == Reminded(told=0, already=0, unreachable=1)
    with_email(school, "waiting_parent")
    assert press(school, "families_joined") == Reminded(told=1, already=0, unreachable=0)
    # The mother shares the father's address: there is nobody else to write to.
    Person.objects.filter(pk=mother.pk).update(email="waiting_parent@example.org")
    assert press(school, "families_joined") == Reminded(told=0, already=1, unreachable=0)
    assert len(messages()) == 1


def test_a_child_without_parents_cannot_be_reached(school: School) -> None:
    Guardianship.objects.filter(child=school.people["classmate"]).delete()
    assert press(school, "families_joined") == Reminded(told=0, already=0, unreachable=1)


def test_one_unit_alone(school: School) -> None:
    with_email(school, "leader", "teacher")
    found = remind(actor=school.actor("head"), figure="staff_active", days=WEEK, unit=school.units["5А"], now=NOON)
    assert found == Reminded(told=1, already=0, unreachable=0)
    assert [one.recipient for one in messages()] == ["leader@example.org"]


def test_another_school_is_not_reminded(world: World, school: School) -> None:
    with_email(world.b, "teacher", "leader")
    with_email(school, "teacher")
    press(school)
    assert {one.organization_id for one in messages()} == {school.organization.pk}


# --- Once -------------------------------------------------------------------------------------------------------------
def test_whatever_the_figure_once_a_day(school: School) -> None:
    with_email(school, "leader")
    assert press(school, "staff_active").told == 1
    assert press(school, "staff_acted") == Reminded(told=0, already=1, unreachable=3)
    assert press(school, "staff_active", NOON + timedelta(hours=11)).told == 0
    assert len(messages()) == 1


def test_a_device_that_came_later_is_no_second_reminder(school: School) -> None:
    with_email(school, "leader")
    press(school)
    add_device(school.user("leader"))
    assert press(school).told == 0


def test_the_next_day_by_the_clock_of_the_school(school: School) -> None:
    """In Kamchatka (UTC+12) the next day begins at noon of Greenwich."""
    Organization.objects.filter(pk=school.organization.pk).update(time_zone="Asia/Kamchatka")
    with_email(school, "leader")
    assert press(school, now=datetime(2026, 11, 23, 11, 59, tzinfo=UTC)).told == 1
    assert press(school, now=datetime(2026, 11, 23, 11, 59, 59, tzinfo=UTC)).told == 0
    assert press(school, now=datetime(2026, 11, 23, 12, 0, tzinfo=UTC)).told == 1


def test_at_night_all_of_it_waits_for_the_morning(school: School) -> None:
    ChatRules.objects.update_or_create(
        organization=school.organization, defaults={"quiet_from": time(21), "quiet_until": time(8)}
    )
    add_device(school.user("leader"))
    with_email(school, "teacher", "waiting_teacher")
    press(school, now=datetime(2026, 11, 23, 19, 0, tzinfo=UTC))
    assert {one.next_attempt_at for one in messages()} == {datetime(2026, 11, 24, 5, 0, tzinfo=UTC)}
    assert len(messages()) == 3


@pytest.mark.parametrize("figure", [one.key for one in FIGURES if not one.can_remind] + ["no_such_figure"])
def test_there_are_figures_nobody_is_reminded_of(school: School, figure: str) -> None:
    with pytest.raises(DomainError) as error:
        press(school, figure)
    assert error.value.code == "figure_not_reminded"
    assert messages() == []


def test_the_journal_tells_of_what_and_how_many(school: School) -> None:
    with_email(school, "leader", "teacher")
    press(school)
    press(school)
    event = AuditEvent.objects.get(action="statistics.reminded")
    assert event.actor_id == school.people["head"].pk
    sentence = sentence_of(event, vocabulary_of(school.organization))
    assert sentence == "отправлено напоминание по показателю «Активные педагоги»: 2"


def test_as_many_statements_for_60_as_for_3(school: School) -> None:
    counts = []
    for number, more in ((0, 3), (1, 60)):
        _crowd(school, more, number)
        with CaptureQueriesContext(connection) as captured:
            assert press(school, "families_joined", NOON + timedelta(days=number)).told >= more
        counts.append(len(captured))
    assert counts[0] == counts[1]


def _crowd(school: School, count: int, part: int) -> None:
    """Families of 5А with an address and without an account."""
    people = Person.objects.bulk_create(
        Person(
            organization=school.organization,
            last_name="Много",
            first_name=f"{number}",
            search_name=f"много {number}",
            email=f"p{part}-{number}@example.org",
        )
        for number in range(2 * count)
    )
    roles = zip(people, [Role.STUDENT, Role.PARENT] * count, strict=True)
    RoleAssignment.objects.bulk_create(
        RoleAssignment(organization=school.organization, person=person, role=role) for person, role in roles
    )
    Enrolment.objects.bulk_create(
        Enrolment(organization=school.organization, person=child, unit=school.units["5А"], part=Part.STUDENT,
                  since=date(2026, 9, 1))
        for child in people[::2]
    )  # fmt: skip
    Guardianship.objects.bulk_create(
        Guardianship(organization=school.organization, child=child, parent=parent)
        for child, parent in zip(people[::2], people[1::2], strict=True)
    )


def test_very_long_addresses_are_written_to_once_as_well(school: School) -> None:
    for name in ("leader", "teacher", "waiting_teacher"):
        address = f"{name}@{'x' * 60}.{'y' * 60}.example.org"
        Person.objects.filter(pk=school.people[name].pk).update(email=address)
    assert press(school).told == 3
    assert press(school) == Reminded(told=0, already=3, unreachable=1)
    assert len({one.dedupe_key for one in messages()}) == 3


# --- Words ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("figure", "name", "part"),
    [
        ("staff_active", "leader", "сообщения, новости и документы"),
        ("staff_acted", "leader", "ответьте на сообщения"),
        ("parents_active", "parent", "новости, объявления и сообщения"),
    ],
)
def test_each_figure_has_words_of_its_own(school: School, figure: str, name: str, part: str) -> None:
    with_email(school, name)
    add_device(school.user("both"))
    press(school, figure)
    letter = next(one for one in messages() if one.recipient.startswith(name))
    told = words(letter)
    assert told.subject == "Напоминание: Школа № 1"
    assert part in told.text
    assert "/o/a/" in told.text


def test_a_push_opens_the_home_page_and_replaces_the_one_before(school: School) -> None:
    add_device(school.user("leader"))
    press(school)
    told = words(messages()[0])
    assert told.url.endswith("/o/a/")
    assert told.tag == f"stats-{school.organization.pk}"


def test_the_letter_to_a_parent_names_who_gives_the_link_and_holds_none(school: School) -> None:
    Organization.objects.filter(pk=school.organization.pk).update(phone="+7 495 123-45-67", name="Школа <b> & Ко")
    with_email(school, "waiting_parent")
    press(school, "families_joined")
    told = words(messages()[0])
    assert told.subject == "Школа № 1 приглашает вас на платформу"
    for text in (told.text, told.html):
        assert "Здравствуйте, Захар Львович!" in text
        assert "5А: ссылку даёт классный руководитель, Ведущая Вера Викторовна." in text
        assert "+7 495 123-45-67" in text
        assert "/join" not in text
        assert "Зоя" not in text
    assert "Школа <b> & Ко рассказывает родителям" in told.text
    assert "<b>" not in told.html


def test_the_letter_to_staff_sends_to_the_administration(school: School) -> None:
    with_email(school, "waiting_teacher")
    press(school, "staff_joined")
    told = words(messages()[0])
    assert "Ссылку даёт администрация организации." in told.text
    assert "родителям" not in told.text


def test_what_is_no_longer_true_is_not_sent(school: School) -> None:
    with_email(school, "leader", "teacher", "waiting_teacher")
    press(school)
    sent = {one.recipient.partition("@")[0]: one for one in messages()}
    Presence.objects.create(organization=school.organization, person=school.people["leader"], day=TODAY)
    RoleAssignment.objects.filter(person=school.people["teacher"]).update(until=datetime.now(UTC))
    Person.objects.filter(pk=school.people["waiting_teacher"].pk).update(user=make_user("+79005555555"))
    for name in ("leader", "teacher", "waiting_teacher"):
        with pytest.raises(Obsolete):
            words(sent[name])
