"""What happens in one school leaves the rows of the other identical."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

from accounts.models import User
from channels_app.models import Post
from channels_app.services import publishing
from channels_app.services.posts import PostDraft
from channels_app.services.posts import write as write_post
from chats.models import Chat, Template
from chats.models import Message as ChatMessage
from chats.services import safety, system, upkeep
from files.models import StoredFile
from files.services import upload
from invitations import services as invitations
from invitations.models import Invitation, JoinRequest
from invitations.services import JoinAnswers, LinkTerms, Recipient, redeem
from invitations.services.deciding import Decision
from invitations.services.deciding import accept as accept_request
from invitations.services.deciding import reject as reject_request
from invitations.services.rules import change_join_rules
from invitations.services.verification import withdraw_confirmation
from meetings.models import Event, EventKind
from meetings.services import broadcasting
from movement.services import notices
from movement.services.consents import ConsentData, record_for_unit
from movement.services.plan import What
from orgs.models import Organization, Role
from orgs.services import administration, organization, people, structure
from outbox.models import Message
from readings.models import Reading
from registration.services.deleting import plan_deletion
from registration.services.removing import delete_organization
from roster.models import Load
from stats.models import Presence
from stats.periods import PeriodKind, days_of
from stats.services import access, rebuilding, reconciling, rollup
from stats.services.reminding import remind
from stats.services.rules import set_rules as set_stats_rules
from tests.channels_app.cast import general as general_channel
from tests.channels_app.cast import publish as publish_post
from tests.chats.cast import chat_of, say
from tests.files.samples import upload_of
from tests.invitations.applicants import ask
from tests.invitations.conftest import link_of
from tests.matrix_chats import ChatThings
from tests.meetings.cast import broadcast_in, event_in
from tests.movement.cast import consent_of, notice_of
from tests.movement.test_moving import go as move_people
from tests.movement.test_moving import undo as undo_movement
from tests.readings.cast import given as give_reading
from tests.roster.engine_cast import brought_in, load_of, parent, student
from tests.world import School, World, make_user

# Six in the evening in Moscow, where school a is: the hour of the daily letters.
EVENING = datetime(2026, 11, 20, 15, 5, tzinfo=UTC)
# Jobs for which `make_everything_due` leaves something to do in school a.
DUE = {
    "channels_app.tasks.publish_due",
    "channels_app.tasks.remove_deleted",
    "meetings.tasks.end_broadcasts",
    "meetings.tasks.remind",
    "readings.tasks.remind",
    "roster.tasks.forget_files",
    "chats.tasks.remove_old_messages",
    "files.tasks.remove_unclaimed",
    "invitations.tasks.expire_invitations",
    "invitations.tasks.tend_requests",
    "orgs.tasks.send_digests",
    "outbox.tasks.deliver_due",
    "stats.tasks.reconcile",
    "stats.tasks.roll_up",
}


def rows_of(school: School) -> dict[str, list[dict[str, Any]]]:
    """Every row of the school in every table that knows organizations."""
    tables = {}
    for model in apps.get_models():
        if "organization_id" in {field.attname for field in model._meta.concrete_fields}:
            rows = model._default_manager.filter(organization_id=school.organization.pk).order_by("pk")
            tables[model._meta.label] = list(rows.values())
    return tables


def make_everything_due(world: World) -> None:
    """In both schools: a link that lives, with messages waiting; then in school a alone all is long past."""
    for school in (world.a, world.b):
        actor = school.actor("administrator")
        link = link_of(school)
        invitations.send_link(actor=actor, invitation=link, recipients=[Recipient("email", "x@example.org")])
        invitations.ensure_codes(actor=actor, unit=school.units["5А"], role=Role.PARENT)
        upload(actor=actor, upload=upload_of(b"hello", "a.txt"))
        let_talk(school)
    # There it is one in the morning, and what was written is not old yet.
    Organization.objects.filter(pk=world.b.organization.pk).update(time_zone="Asia/Vladivostok")
    Chat.objects.filter(organization=world.b.organization).update(retention_days=3650)
    past = timezone.now() - timedelta(days=1)
    of_a = Invitation.objects.filter(organization=world.a.organization)
    of_a.update(created_at=past - timedelta(days=30), expires_at=past)
    StoredFile.objects.filter(organization=world.a.organization).update(uploaded_at=past)
    make_this_floor_due(world)
    future = timezone.now() + timedelta(days=1)
    Message.objects.filter(organization_id=world.b.organization.pk).update(next_attempt_at=future)
    User.objects.create(phone="+79005550000", date_joined=timezone.now() - timedelta(days=9))


def make_this_floor_due(world: World) -> None:
    """In both schools a planned post, a removed one, a reading, a running broadcast; in school a their time is over."""
    for school in (world.a, world.b):
        actor, channel = school.actor("administrator"), general_channel(school)
        removed = publish_post(school, channel)
        publishing.delete(actor=actor, post=removed)
        later = timezone.now() + timedelta(days=5)
        publishing.plan(actor=actor, post=write_post(actor=actor, channel=channel, draft=PostDraft("Скоро")), at=later)
        give_reading(school, due_in=30)
        load_of(school)
        event_in(school, "administrator", starts_at=later, ends_at=later + timedelta(hours=1))
        ask(school, Role.TEACHER, "Новиков Нил", user=make_user(f"+7918{school.organization.pk:07d}"))
        broadcasting.go_on_air(actor=actor, event=broadcast_in(school, by="administrator"))
    past = timezone.now() - timedelta(days=40)
    ours = world.a.organization.pk
    JoinRequest.objects.filter(organization=ours).update(created_at=past)
    Load.objects.filter(organization=ours).update(created_at=past)
    Post.objects.filter(organization=ours, publish_at__isnull=False).update(publish_at=past)
    Post.objects.filter(organization=ours, deleted_at__isnull=False).update(deleted_at=past)
    Reading.objects.filter(organization=ours).update(due_on=timezone.localdate() + timedelta(days=2), opened_at=past)
    soon = timezone.now() + timedelta(hours=20)
    coming = Event.objects.filter(organization=ours).exclude(kind=EventKind.BROADCAST)
    coming.update(starts_at=soon, ends_at=soon + timedelta(hours=1), created_at=past)
    running = Event.objects.filter(organization=ours, kind=EventKind.BROADCAST)
    running.update(starts_at=past, ends_at=past + timedelta(hours=1))


def count_everything(world: World) -> None:
    """Both schools are counted and checked; then in school a alone somebody comes."""
    assert reconciling.reconcile() == 0
    person = world.a.people["teacher"]
    day = timezone.localdate(timezone=world.a.organization.zone)
    Presence.objects.create(organization=world.a.organization, person=person, day=day)


def let_talk(school: School) -> None:
    """An old message and one of today, unread by a parent who can be reached by e-mail; kept for 30 days."""
    rules = {"switched_on": [Template.UNIT_PARENTS], "retention_days": 30}
    system.change_rules(actor=school.actor("administrator"), rules=rules)
    chat = chat_of(school, Template.UNIT_PARENTS)
    User.objects.filter(pk=school.user("parent").pk).update(email=f"{school.slug}@example.org")
    with time_machine.travel(EVENING - timedelta(days=40), tick=False):
        say(school, "leader", chat, "С первым сентября!")
    say(school, "leader", chat, "Завтра собрание")


@pytest.mark.req("ACC-4", "REG-3")
@time_machine.travel(EVENING, tick=False)
@pytest.mark.parametrize("entry", settings.CELERY_BEAT_SCHEDULE.values(), ids=lambda entry: entry["task"])
def test_a_scheduled_job_of_one_school_leaves_the_other_alone(world: World, entry: dict[str, Any]) -> None:
    task, arguments = entry["task"], entry.get("kwargs", {})
    make_everything_due(world)
    if task.startswith("stats."):
        count_everything(world)
    ours, theirs = rows_of(world.a), rows_of(world.b)
    assert any(theirs.values())
    import_string(task)(**arguments)
    import_string(task)(**arguments)
    assert (rows_of(world.a) != ours) is (task in DUE)
    assert rows_of(world.b) == theirs


Deed = Callable[[World], object]


def decide_a_report(world: World) -> None:
    chats = ChatThings(world.a)
    verdict = safety.Verdict("muted", "Так нельзя")
    safety.decide(actor=world.a.actor("head"), report=chats.report, verdict=verdict)


def keep_messages_for_a_day(world: World) -> None:
    chats = ChatThings(world.a)
    ChatMessage.objects.filter(chat=chats.unit).update(created_at=timezone.now() - timedelta(days=2))
    system.change_rules(actor=world.a.actor("administrator"), rules={"retention_days": 1})
    assert upkeep.remove_old_messages() > 0


DEEDS: dict[str, Deed] = {
    "details": lambda w: organization.update_organization(
        actor=w.a.actor("administrator"), details={"short_name": "Иная"}
    ),
    "own words": lambda w: organization.update_labels(actor=w.a.actor("administrator"), labels={"unit": "отряд"}),
    "roles": lambda w: people.set_roles(
        actor=w.a.actor("administrator"), person=w.a.people["leader"], roles=[Role.HEAD]
    ),
    "archive": lambda w: structure.archive_unit(actor=w.a.actor("administrator"), unit=w.a.units["5А"]),
    "appoint": lambda w: administration.appoint_administrator(
        actor=w.a.actor("administrator"), person=w.a.people["leader"]
    ),
    "join": lambda w: redeem(
        user=make_user("+79005550001"),
        invitation=link_of(w.a),
        generation=1,
        answers=JoinAnswers("Н", "Н", child_name="Зайцева Зоя"),
    ),
    "the parent of both leaves one": lambda w: people.end_role(
        actor=w.a.actor("administrator"), person=w.a.people["both"], role=Role.PARENT
    ),
    "a request accepted": lambda w: accept_request(
        actor=w.a.actor("administrator"),
        request=ask(w.a, Role.STUDENT, "Зайцева Зоя", unit="5А"),
        decision=Decision(Role.STUDENT, w.a.units["5А"], person=w.a.people["classmate"]),
    ),
    "a request rejected": lambda w: reject_request(
        actor=w.a.actor("administrator"), request=ask(w.a, Role.TEACHER, user=w.both), reason="Нет"
    ),
    "rules of joining": lambda w: change_join_rules(actor=w.a.actor("administrator"), rules={"is_open": False}),
    "a confirmation withdrawn": lambda w: withdraw_confirmation(
        actor=w.a.actor("administrator"), person=w.a.people["leader"], reason="Уволена"
    ),
    "annul all": lambda w: invitations.revoke_unclaimed(actor=w.a.actor("administrator")),
    "chats": lambda w: ChatThings(w.a),
    "a report decided": decide_a_report,
    "chats switched off": lambda w: (
        ChatThings(w.a),
        system.change_rules(actor=w.a.actor("administrator"), rules={"switched_on": []}),
    ),
    "old messages": keep_messages_for_a_day,
    "statistics counted": lambda w: rollup.roll_up([w.a.organization.pk]),
    "statistics counted anew": lambda w: rebuilding.rebuild(w.a.organization),
    "statistics granted": lambda w: access.grant(actor=w.a.actor("head"), person=w.a.people["leader"]),
    "statistics by role no more": lambda w: set_stats_rules(actor=w.a.actor("head"), administrators_see=False),
    "a curator": lambda w: access.appoint_curator(user=w.operator, organization=w.a.organization, authority="Совет"),
    "people reminded": lambda w: remind(
        actor=w.a.actor("head"),
        figure="families_joined",
        days=days_of(PeriodKind.WEEK, timezone.localdate()),
    ),
    "a movement": lambda w: move_people(w.a, What.LEAVE, "student"),
    "a movement undone": lambda w: undo_movement(w.a, move_people(w.a, What.LEAVE, "leader")),
    "a notice carried out": lambda w: notices.carry_out(actor=w.a.actor("administrator"), notice=notice_of(w.a)),
    "consents of a class": lambda w: (
        consent_of(w.a, decision="refusal"),
        record_for_unit(
            actor=w.a.actor("leader"), unit=w.a.units["5А"], children=None, data=ConsentData(decision="consent")
        ),
    ),
    "a file brought in": lambda w: brought_in(
        w.a,
        [student(2, "Зайцева Зоя", "5Б", parents=(parent("Зайцев Захар", "+79005550003"),)), student(3, "Н Н", "9Я")],
    ),
    "deleted with everything": lambda w: delete_organization(
        plan_deletion(actor=w.a.actor("administrator"), typed_name=w.a.organization.short_name)
    ),
    "renew": lambda w: invitations.renew(actor=w.a.actor("administrator"), invitation=link_of(w.a), terms=LinkTerms()),
}


@pytest.mark.req("ACC-4", "REG-3")
@pytest.mark.parametrize("deed", sorted(DEEDS))
def test_a_deed_in_one_school_leaves_the_other_alone(world: World, deed: str) -> None:
    link_of(world.b)
    ChatThings(world.b)
    before = rows_of(world.b)
    DEEDS[deed](world)
    assert rows_of(world.b) == before
