"""The jobs: late, twice, or never — nothing wrong can happen (INV-4)."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from common.errors import DomainError
from invitations.models import Invitation
from invitations.selectors import Answer, present
from invitations.services import JoinAnswers, Recipient, ensure_codes, lifecycle, redeem, send_codes, send_link
from invitations.tasks import expire_invitations, remind_before_expiry
from invitations.tokens import make_token
from orgs.models import AuditEvent, Person, Role
from outbox.models import Message
from tests.invitations.conftest import link_of
from tests.world import World, make_user

WEEK = timedelta(days=7)


@pytest.fixture
def owner_with_mail(world: World) -> Person:
    owner = world.a.people["administrator"]
    Person.objects.filter(pk=owner.pk).update(email="admin@example.ru")
    return owner


@pytest.mark.req("INV-4", "INV-11")
def test_a_week_without_a_worker_lets_nobody_in(world: World, parent_link: Invitation, owner_with_mail: Person) -> None:
    user = make_user("+79169990001")
    answers = JoinAnswers("Новая", "Нина", child_name="Зайцева Зоя")
    with time_machine.travel(parent_link.expires_at + WEEK):
        assert present(make_token(parent_link.pk, 1)).answer is Answer.EXPIRED
        with pytest.raises(DomainError) as refusal:
            redeem(user=user, invitation=parent_link, generation=1, answers=answers)
        assert refusal.value.code == "link_expired"
        assert not AuditEvent.objects.filter(action="invitation.expired").exists()
        assert expire_invitations() == 1
        assert expire_invitations() == 0
        assert AuditEvent.objects.filter(action="invitation.expired").count() == 1
        assert Message.objects.filter(template="invitations_expired", recipient="admin@example.ru").count() == 1
    parent_link.refresh_from_db()
    assert parent_link.uses == 0


@pytest.mark.req("INV-4")
def test_expired_links_stay_and_are_told_in_one_letter(world: World, owner_with_mail: Person) -> None:
    links = [link_of(world.a) for _each in range(5)]
    used_up = link_of(world.a, uses=1)
    Invitation.objects.filter(pk=used_up.pk).update(uses=1)
    with time_machine.travel(links[0].expires_at + WEEK):
        assert expire_invitations() == 6
    assert Invitation.objects.count() == 6
    assert AuditEvent.objects.filter(action="invitation.expired").count() == 5
    letter = Message.objects.get(template="invitations_expired")
    assert sorted(letter.context["invitations"]) == [link.pk for link in links]


@pytest.mark.req("INV-4")
def test_many_expired_links_are_recorded_in_batches(world: World, monkeypatch: Any) -> None:
    monkeypatch.setattr(lifecycle, "BATCH", 2)
    links = [link_of(world.a) for _each in range(5)]
    with time_machine.travel(links[0].expires_at + WEEK):
        assert expire_invitations() == 5
    assert not Invitation.objects.filter(expiry_recorded_at=None).exists()


def test_recording_costs_the_same_for_three_and_thirty(world: World, django_assert_max_num_queries: Any) -> None:
    for count in (3, 30):
        links = [link_of(world.a) for _each in range(count)]
        with time_machine.travel(links[0].expires_at + WEEK), django_assert_max_num_queries(12):
            assert expire_invitations() == count


@pytest.mark.req("INV-5")
def test_a_code_reminds_once_and_only_whoever_was_sent_it(world: World) -> None:
    leader = world.a.actor("leader")
    Person.objects.filter(pk=world.a.people["waiting_parent"].pk).update(email="zahar@example.ru")
    codes = ensure_codes(actor=leader, unit=world.a.units["5А"], role=Role.PARENT)
    send_codes(actor=leader, invitations=codes)
    common = link_of(world.a)
    send_link(actor=leader, invitation=common, recipients=[Recipient("email", "x@example.ru")])
    assert remind_before_expiry() == 0
    with time_machine.travel(codes[0].expires_at - timedelta(days=1)):
        assert remind_before_expiry() == 1
        assert remind_before_expiry() == 0
    reminder = Message.objects.get(template="invitation_reminder")
    assert reminder.recipient == "zahar@example.ru"


@pytest.mark.req("INV-5")
def test_whoever_has_joined_is_not_reminded(world: World) -> None:
    leader = world.a.actor("leader")
    code = ensure_codes(actor=leader, unit=world.a.units["5А"], role=Role.STUDENT)[0]
    send_link(actor=leader, invitation=code, recipients=[Recipient("sms", "+79161234567")])
    redeem(user=make_user("+79161234567"), invitation=code, generation=1, answers=JoinAnswers())
    with time_machine.travel(code.expires_at - timedelta(days=1)):
        assert remind_before_expiry() == 0


def test_the_jobs_have_limits_and_names_of_the_schedule(settings: Any) -> None:
    scheduled = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    for task in (expire_invitations, remind_before_expiry):
        assert task.name in scheduled
        assert task.time_limit
        assert task.soft_time_limit < task.time_limit


@pytest.mark.req("ACC-4")
def test_a_job_touches_the_other_school_only_by_its_own_links(world: World) -> None:
    link = link_of(world.a)
    with time_machine.travel(link.expires_at + WEEK):
        expire_invitations()
    assert not AuditEvent.objects.filter(
        organization_id=world.b.organization.pk, action__startswith="invitation"
    ).exists()
    assert timezone.now() < link.expires_at
