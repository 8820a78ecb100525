"""Requests nobody answers, and the letters about requests (INV-6)."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from invitations import letters
from invitations.models import JoinRequest, RequestState
from invitations.services import upkeep
from invitations.services.deciding import Decision, accept, reject
from invitations.services.rules import change_join_rules
from invitations.tasks import tend_requests
from orgs.models import AuditEvent, Person, Role, Verification
from outbox.models import Message
from outbox.rendering import Obsolete
from tests.invitations.applicants import ask
from tests.world import World

PARENT = {"unit": "5А", "child_name": "Зайцева Зоя"}


def age(request: JoinRequest, days: int) -> JoinRequest:
    JoinRequest.objects.filter(pk=request.pk).update(created_at=timezone.now() - timedelta(days=days, hours=1))
    request.refresh_from_db()
    return request


def told(template: str) -> list[str]:
    return sorted(Message.objects.filter(template=template).values_list("recipient", flat=True))


@pytest.mark.req("INV-6")
def test_those_who_decide_are_reminded_once(world: World) -> None:
    for who in ("administrator", "leader", "teacher"):
        Person.objects.filter(pk=world.a.people[who].pk).update(email=f"{who}@example.org")
    request = age(ask(world.a, Role.PARENT, **PARENT), 4)
    age(ask(world.a, Role.TEACHER, "Новиков Нил"), 2)
    assert tend_requests() == 1
    assert told("requests_waiting") == ["administrator@example.org", "leader@example.org"]
    assert tend_requests() == 0
    request.refresh_from_db()
    assert request.reminded_at is not None
    assert request.is_pending


@pytest.mark.req("INV-6")
def test_a_request_goes_stale_and_the_applicant_may_send_again(world: World) -> None:
    old = age(ask(world.a, Role.PARENT, **PARENT), 14)
    young = age(ask(world.a, Role.PARENT, **PARENT), 13)
    assert upkeep.mark_stale(timezone.now()) == 1
    assert upkeep.mark_stale(timezone.now()) == 0
    old.refresh_from_db()
    young.refresh_from_db()
    assert (old.state, young.state) == (RequestState.STALE, RequestState.PENDING)
    assert told("request_stale") == [old.user.phone]
    assert AuditEvent.objects.filter(action="request.stale").count() == 1
    assert ask(world.a, Role.PARENT, user=old.user, **PARENT).is_pending


@pytest.mark.req("INV-6")
def test_the_term_is_the_organizations_own(world: World) -> None:
    change_join_rules(actor=world.a.actor("administrator"), rules={"days_until_stale": 5})
    ours, theirs = age(ask(world.a, Role.PARENT, **PARENT), 6), age(ask(world.b, Role.PARENT, **PARENT), 6)
    upkeep.mark_stale(timezone.now())
    ours.refresh_from_db()
    theirs.refresh_from_db()
    assert (ours.state, theirs.state) == (RequestState.STALE, RequestState.PENDING)


@pytest.mark.req("INV-9")
def test_a_members_review_ends_with_the_stale_request(world: World) -> None:
    age(ask(world.a, Role.TEACHER, user=world.a.user("parent")), 15)
    tend_requests()
    person = Person.objects.get(pk=world.a.people["parent"].pk)
    assert person.verification == Verification.NOT_CONFIRMED


@pytest.mark.req("INV-6")
def test_an_applicant_with_an_e_mail_gets_a_letter_instead_of_an_sms(world: World) -> None:
    request = ask(world.a, Role.TEACHER, "Новиков Нил")
    User.objects.filter(pk=request.user_id).update(email="novikov@example.org")
    request.user.refresh_from_db()
    accept(actor=world.a.actor("administrator"), request=request, decision=Decision(Role.TEACHER))
    message = Message.objects.get(template="request_accepted")
    assert (message.channel, message.recipient) == ("email", "novikov@example.org")
    letter = letters.request_accepted(message.context, "")
    assert letter.subject == "Школа № 1: вашу заявку приняли"
    assert "/o/a/" in letter.text


@pytest.mark.req("INV-6")
def test_an_sms_of_a_refusal_fits_and_keeps_the_address(world: World) -> None:
    request = ask(world.a, Role.TEACHER, "Новиков Нил")
    reject(actor=world.a.actor("administrator"), request=request, reason="Мы вас не нашли. " * 15)
    text = letters.request_rejected(Message.objects.get(template="request_rejected").context, "").text
    assert len(text) <= letters.SMS_LENGTH
    assert text.endswith("/o/a/apply/status/")


@pytest.mark.req("INV-6")
@pytest.mark.parametrize("template", ["request_accepted", "request_rejected", "request_stale"])
def test_an_answer_that_has_changed_is_not_told(world: World, template: str) -> None:
    request = ask(world.a, Role.TEACHER, "Новиков Нил")
    with pytest.raises(Obsolete):
        getattr(letters, template)({"request": request.pk, "channel": "sms"}, "")


@pytest.mark.req("INV-6")
def test_the_reminder_counts_what_the_reader_answers(world: World, settings: Any) -> None:
    ask(world.a, Role.PARENT, **PARENT)
    ask(world.a, Role.TEACHER, "Новиков Нил")
    context = {"organization": world.a.organization.pk, "letter": True}
    subjects = {
        who: letters.requests_waiting({**context, "person": world.a.people[who].pk}, "").subject
        for who in ("administrator", "leader")
    }
    assert subjects == {"administrator": "Заявки ждут ответа: 2", "leader": "Заявки ждут ответа: 1"}
    with pytest.raises(Obsolete):
        letters.requests_waiting({**context, "person": world.a.people["teacher"].pk}, "")
