"""Letters and SMS about links: true when they are sent, or not sent (INV-5, INV-11)."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone, translation

from invitations.addresses import code_of, join_url
from invitations.letters import SMS_LENGTH, invitation, invitation_reminder, invitations_expired
from invitations.models import Invitation
from invitations.services import LinkTerms, Recipient, ensure_codes, renew, revoke, send_link
from orgs.models import Organization, Role
from outbox.models import Message
from outbox.rendering import Obsolete, render
from tests.invitations.conftest import link_of
from tests.world import World


def context_of(link: Invitation, **more: Any) -> dict[str, Any]:
    return {"invitation": link.pk, "generation": link.generation, **more}


@pytest.mark.req("INV-5")
def test_the_letter_says_where_as_whom_and_until_when(world: World, parent_link: Invitation) -> None:
    Organization.objects.filter(slug="a").update(phone="+7 495 123-45-67")
    with translation.override("en"):
        words = invitation(context_of(parent_link), "")
    assert words.subject == "Школа № 1 приглашает вас: 5А"
    for part in (words.text, words.html):
        assert join_url(parent_link) in part
        assert code_of(parent_link) in part
        assert "родитель" in part
        assert "+7 495 123-45-67" in part
        assert "включительно" in part


@pytest.mark.req("INV-5")
@pytest.mark.parametrize(
    "name", ["Школа № 1", "МАОУ «Средняя общеобразовательная школа имени героев-космонавтов» " * 2]
)
def test_an_sms_fits_into_two(world: World, parent_link: Invitation, settings: Any, name: str) -> None:
    settings.SITE_URL = "https://school.example.ru"
    Organization.objects.filter(slug="a").update(short_name=name[:120])
    for render_it in (invitation, invitation_reminder):
        text = render_it(context_of(parent_link, channel="sms"), "").text
        assert len(text) <= SMS_LENGTH
        assert join_url(parent_link) in text
        assert "5А" in text


def test_names_cannot_break_out_of_the_letter(world: World, parent_link: Invitation) -> None:
    Organization.objects.filter(slug="a").update(name="<script>alert(1)</script>", short_name="Школа\r\nBcc: a@b.ru")
    words = invitation(context_of(parent_link), "")
    assert "<script>" not in words.html
    assert "\n" not in words.subject


@pytest.mark.req("INV-4", "INV-11")
def test_a_letter_about_a_dead_link_is_not_sent(world: World, parent_link: Invitation) -> None:
    actor = world.a.actor("administrator")
    old = context_of(parent_link)
    renewed = renew(actor=actor, invitation=parent_link, terms=LinkTerms())
    with pytest.raises(Obsolete, match="обновили"):
        invitation(old, "")
    with time_machine.travel(renewed.expires_at + timedelta(seconds=1)), pytest.raises(Obsolete, match="истекла"):
        invitation_reminder(context_of(renewed), "")
    revoke(actor=actor, invitation=renewed)
    with pytest.raises(Obsolete, match="аннулирована"):
        invitation(context_of(renewed), "")
    with pytest.raises(Obsolete):
        invitation({"invitation": 10**9, "generation": 1}, "")


@pytest.mark.req("INV-11")
def test_the_outbox_holds_no_token(world: World, parent_link: Invitation) -> None:
    send_link(
        actor=world.a.actor("administrator"), invitation=parent_link, recipients=[Recipient("email", "a@example.ru")]
    )
    row = Message.objects.values().get()
    proof = join_url(parent_link).rstrip("/").rpartition("-")[2]
    assert proof not in str(row)
    assert proof in render(Message.objects.get()).text


@pytest.mark.req("INV-8", "ORG-10")
def test_a_family_letter_names_the_child(world: World) -> None:
    links = ensure_codes(actor=world.a.actor("leader"), unit=world.a.units["5А"], role=Role.PARENT)
    link = next(link for link in links if link.student == world.a.people["classmate"])
    assert "Ребёнок: Зоя Захаровна" in invitation(context_of(link), "").text


@pytest.mark.req("INV-4")
def test_the_owner_is_told_what_expired(world: World, parent_link: Invitation) -> None:
    other = link_of(world.a, role=Role.STUDENT, unit="5Б")
    context = {"invitations": [parent_link.pk, other.pk]}
    with pytest.raises(Obsolete):
        invitations_expired(context, "")
    with time_machine.travel(timezone.now() + timedelta(days=20)):
        words = invitations_expired(context, "")
        assert words.subject == "Истекли приглашения: 2"
        assert "5А, родитель: вошли 0 из 10" in words.text
        assert "/o/a/invitations/?state=expired" in words.text
        assert "5Б" in words.html
        revoke(actor=None, invitation=other)
        assert invitations_expired(context, "").subject == "Истекли приглашения: 1"


def test_a_long_list_of_expired_links_is_cut(world: World) -> None:
    links = [link_of(world.a) for _each in range(23)]
    with time_machine.travel(timezone.now() + timedelta(days=20)):
        words = invitations_expired({"invitations": [link.pk for link in links]}, "")
    assert words.text.count("— 5А") == 20
    assert "и ещё 3" in words.text
