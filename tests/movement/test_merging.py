"""Two rows of one human become one, and two again (ORG-7)."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from chats.models import Chat, Message, Template
from chats.services.chats import personal_chat
from common.errors import DomainError
from invitations import services as invitations
from movement.services.merging import merge, shares_of
from orgs.models import AuditEvent, Enrolment, Guardianship, Part, Person, Role, RoleAssignment, Verification
from orgs.services.people import PersonData, add_person, tie_parent
from orgs.services.structure import enrol
from tests.chats.cast import say
from tests.matrix_chats import ChatThings
from tests.works.rows import rows_of
from tests.world import School, World, make_user
from works.models import Work
from works.services import undoing

pytestmark = pytest.mark.req("ORG-7")


@pytest.fixture
def school(world: World) -> School:
    return world.a


def second(school: School, name: str = "Ёжиков", **values: Any) -> Person:
    """Another row of the student, in the same class, without an account."""
    data = PersonData(name, "Петр", "Ильич", **values)
    person = add_person(organization=school.organization, actor=None, data=data, roles=[])
    enrol(actor=None, people=[person], unit=school.units["5А"], part=Part.STUDENT)
    return person


def merged(school: School, kept: Person, gone: Person, **from_gone: bool) -> Work:
    return merge(actor=school.actor("administrator"), kept=kept, gone=gone, from_gone=from_gone)


def take_back(school: School, work: Work) -> None:
    undoing.undo(actor=school.actor("administrator"), work=work)


def test_everything_of_one_is_the_others(school: School) -> None:
    kept, gone = school.people["student"], second(school, email="petr@example.org")
    tie_parent(actor=None, parent=school.people["waiting_parent"], child=gone)
    enrol(actor=None, people=[gone], unit=school.units["5Б"], part=Part.STUDENT)
    work = merged(school, kept, gone)
    kept.refresh_from_db()
    gone.refresh_from_db()
    assert (gone.merged_into, kept.email, kept.first_name) == (kept, "petr@example.org", "Пётр")
    units = Enrolment.objects.filter(person=kept, until=None).values_list("unit__name", flat=True)
    assert sorted(units) == ["5А", "5Б"]
    parents = Guardianship.objects.filter(child=kept, until=None).values_list("parent__last_name", flat=True)
    assert set(parents) == {"Ёжикова", "Зайцев"}
    # What both had is the other's already; that of the past row is closed.
    assert not RoleAssignment.objects.filter(person=gone, until=None).exists()
    assert not Enrolment.objects.filter(person=gone, until=None).exists()
    assert work.outcome["stayed"] == {"orgs.roleassignment": 1, "orgs.enrolment": 1}
    told = AuditEvent.objects.filter(action="person.merged").get()
    assert (told.person_id, told.details["other"]) == (kept.pk, "Ёжиков Петр Ильич")


def test_what_stays_is_chosen_field_by_field(school: School) -> None:
    kept, gone = school.people["classmate"], second(school, "Зайцева-Белова", phone="+79001112233")
    merged(school, kept, gone, last_name=True)
    kept.refresh_from_db()
    assert (kept.full_name, kept.phone) == ("Зайцева-Белова Зоя Захаровна", "+79001112233")
    assert kept.search_name == "зайцева-белова зоя захаровна"


def test_the_account_moves_to_whoever_has_none(school: School) -> None:
    kept, gone = second(school), school.people["student"]
    user = gone.user
    work = merged(school, kept, gone)
    kept.refresh_from_db()
    assert kept.user == user
    assert kept.joined_at is not None
    take_back(school, work)
    kept.refresh_from_db()
    gone.refresh_from_db()
    assert (kept.user, gone.user, gone.merged_into) == (None, user, None)


def test_two_accounts_are_refused_unless_one_is_not_confirmed(school: School) -> None:
    kept, gone = school.people["student"], second(school)
    gone.user = make_user("+79005551234")
    gone.save()
    before = rows_of()
    with pytest.raises(DomainError, match="both_have_accounts"):
        merged(school, kept, gone)
    assert rows_of() == before
    User.objects.filter(pk=gone.user.pk).update(phone_verified_at=None)
    gone = Person.objects.get(pk=gone.pk)
    merged(school, kept, gone)
    kept.refresh_from_db()
    assert kept.user == school.user("student")


def test_parent_and_child_are_two(school: School) -> None:
    with pytest.raises(DomainError, match="relatives"):
        merged(school, school.people["parent"], school.people["student"])


def test_nobody_is_merged_twice_or_with_oneself(school: School, world: World) -> None:
    kept, gone = school.people["student"], second(school)
    with pytest.raises(DomainError, match="same_person"):
        merged(school, kept, kept)
    with pytest.raises(DomainError, match="same_person"):
        merged(school, kept, world.b.people["student"])
    merged(school, kept, gone)
    with pytest.raises(DomainError, match="merged_already"):
        merged(school, school.people["classmate"], Person.objects.get(pk=gone.pk))


def test_a_confirmed_status_is_kept(school: School) -> None:
    kept, gone = school.people["waiting_teacher"], school.people["teacher"]
    Person.objects.filter(pk=gone.pk).update(verification=Verification.CONFIRMED, verified_at=timezone.now())
    merged(school, kept, Person.objects.get(pk=gone.pk))
    kept.refresh_from_db()
    assert kept.verification == Verification.CONFIRMED


def test_messages_and_codes_follow(school: School) -> None:
    things = ChatThings(school)
    invitations.ensure_codes(actor=school.actor("administrator"), unit=school.units["5А"], role=Role.STUDENT)
    kept, gone = second(school), school.people["student"]
    written = Message.objects.filter(author=gone).count()
    shares = {share.model: share for share in shares_of(gone, kept)}
    merged(school, kept, gone)
    assert written
    assert shares["chats.message"].moving == written
    assert Message.objects.filter(author=kept).count() == written
    assert things.unit.pk


def test_personal_chats_find_their_other_one(school: School) -> None:
    teacher, kept = school.people["leader"], school.people["teacher"]
    gone = school.people["waiting_teacher"]
    school.people["waiting_teacher"].user = make_user("+79005550099")
    gone.save()
    first = personal_chat(actor=school.actor("leader"), person=gone)
    say(school, "leader", first, "Здравствуйте!")
    Person.objects.filter(pk=gone.pk).update(user=None)
    merged(school, kept, Person.objects.get(pk=gone.pk))
    first.refresh_from_db()
    assert first.other_of(teacher.pk) == kept.pk
    assert first.other_of(kept.pk) == teacher.pk
    assert personal_chat(actor=school.actor("leader"), person=kept) == first


def test_with_whom_both_have_talked_there_are_two_chats(school: School) -> None:
    kept, gone = school.people["teacher"], school.people["waiting_teacher"]
    gone.user = make_user("+79005550099")
    gone.save()
    chats = [personal_chat(actor=school.actor("leader"), person=person) for person in (gone, kept)]
    Person.objects.filter(pk=gone.pk).update(user=None)
    work = merged(school, kept, Person.objects.get(pk=gone.pk))
    leader = school.people["leader"].pk
    for chat in Chat.objects.filter(template=Template.PERSONAL):
        assert (chat.other_of(leader), chat.other_of(kept.pk)) == (kept.pk, leader)
    assert personal_chat(actor=school.actor("leader"), person=kept) == chats[1]
    take_back(school, work)
    assert personal_chat(actor=school.actor("leader"), person=gone) == chats[0]


@pytest.mark.parametrize("which", [("student", None), (None, "student")])
def test_it_is_undone_as_if_it_had_not_been(school: School, which: tuple[str | None, str | None]) -> None:
    ChatThings(school)
    invitations.ensure_codes(actor=school.actor("administrator"), unit=school.units["5А"], role=Role.STUDENT)
    other = second(school, phone="+79001112233")
    tie_parent(actor=None, parent=school.people["waiting_parent"], child=other)
    kept, gone = (school.people[name] if name else other for name in which)
    Person.objects.filter(pk=gone.pk).update(record_number="К-7")
    gone.refresh_from_db()
    before = rows_of("orgs", "invitations", "chats", "channels_app", "polls", "readings", "files", "movement")
    work = merged(school, kept, gone, last_name=True, record_number=True)
    assert undoing.obstacles(work) == []
    take_back(school, work)
    after = rows_of("orgs", "invitations", "chats", "channels_app", "polls", "readings", "files", "movement")
    assert after == before
    assert AuditEvent.objects.filter(action="person.unmerged").count() == 1


def test_what_is_written_since_does_not_prevent_the_undoing(school: School) -> None:
    things = ChatThings(school)
    kept, gone = second(school), school.people["student"]
    work = merged(school, kept, gone)
    said = say(school, "leader", things.unit, "Привет")
    Message.objects.filter(pk=said.pk).update(author=kept)
    take_back(school, work)
    assert Message.objects.get(pk=said.pk).author == kept


def test_a_correction_made_since_prevents_it_and_is_named(school: School) -> None:
    kept, gone = school.people["student"], second(school, phone="+79001112233")
    work = merged(school, kept, gone, phone=True)
    Person.objects.filter(pk=kept.pk).update(phone="+79009998877")
    found = undoing.obstacles(work)
    assert [name for obstacle in found for name in obstacle.names] == ["Ёжиков Пётр Ильич"]
    with pytest.raises(DomainError, match="undo_prevented"):
        take_back(school, work)


def test_the_number_of_statements_does_not_depend_on_what_was_written(
    school: School, django_assert_max_num_queries: Any
) -> None:
    things = ChatThings(school)
    for number in range(30):
        say(school, "student", things.unit, f"Сообщение {number}")
    kept, gone = second(school), school.people["student"]
    with django_assert_max_num_queries(220):
        merged(school, kept, gone)
