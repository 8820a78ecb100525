"""The link into a chat: only the organization's own people come in by it."""

import pytest
from django.test import Client
from django.utils import timezone

from chats.addresses import link_url
from chats.models import Chat, ChatLink
from chats.selectors.chats import chats_of
from chats.services.members import make_link, revoke_link
from tests.chats.pages import ChatVisitor, free_chat, words
from tests.world import School, World


def link_into(school: School, chat: Chat) -> str:
    """The address of a new link, without the host."""
    link = make_link(actor=school.actor("leader"), chat=chat)
    return "/o/" + link_url(link, school.slug).partition("/o/")[2]


def is_in(school: School, name: str, chat: Chat) -> bool:
    return chats_of(school.actor(name)).filter(pk=chat.pk).exists()


@pytest.mark.req("INV-10")
def test_the_owner_makes_renews_and_annuls_a_link(world: World) -> None:
    chat = free_chat(world.a, purpose="Собираем деньги на билеты")
    leader = ChatVisitor(world.a, "leader")
    assert "Создать ссылку" in leader.see("link", chat_id=chat.pk)
    page = leader.client.post(leader.url("link", chat_id=chat.pk), {"days": "7"}, follow=True)
    first = ChatLink.objects.get(chat=chat, revoked_at=None)
    assert link_url(first, "a") in page.content.decode()
    assert first.expires_at > timezone.now() + timezone.timedelta(days=6)
    leader.post("link", {"days": "14"}, chat_id=chat.pk)
    second = ChatLink.objects.get(chat=chat, revoked_at=None)
    assert second != first
    assert leader.post("link", {"days": "9999"}, chat_id=chat.pk).status_code == 422
    leader.post("link_revoke", chat_id=chat.pk)
    assert not ChatLink.objects.filter(chat=chat, revoked_at=None).exists()
    assert ChatVisitor(world.a, "parent").get("link", chat_id=chat.pk).status_code == 403


@pytest.mark.req("INV-10")
def test_whoever_opens_it_reads_what_the_chat_is_and_comes_in(world: World) -> None:
    chat = free_chat(world.a, purpose="Собираем деньги на билеты")
    address = link_into(world.a, chat)
    teacher = ChatVisitor(world.a, "teacher")
    page = words(teacher.client.get(address))
    assert "Поездка в музей" in page
    assert "Собираем деньги на билеты" in page
    assert "Ведущая Вера Викторовна" in page
    assert not is_in(world.a, "teacher", chat)
    assert teacher.client.post(address)["Location"] == f"/o/a/chats/{chat.pk}/"
    assert is_in(world.a, "teacher", chat)
    # Opened again it simply leads there.
    assert teacher.client.get(address)["Location"] == f"/o/a/chats/{chat.pk}/"
    assert ChatLink.objects.get(chat=chat).uses == 1


@pytest.mark.req("INV-10")
def test_nobody_of_another_organization_comes_in(world: World) -> None:
    chat = free_chat(world.a)
    address = link_into(world.a, chat)
    for stranger in (world.b.user("administrator"), world.operator):
        client = Client()
        client.force_login(stranger, backend="accounts.backends.AuthenticationBackend")
        assert client.get(address).status_code == 404
        assert client.post(address).status_code == 404
        # Under the own organization's address it opens nothing either.
        assert client.post(address.replace("/o/a/", "/o/b/")).status_code == 404


@pytest.mark.req("INV-10")
def test_a_stranger_signs_in_and_comes_back(world: World) -> None:
    address = link_into(world.a, free_chat(world.a))
    assert Client().get(address)["Location"] == f"/signin/?next={address}"


@pytest.mark.req("INV-10")
@pytest.mark.parametrize("how", ["expired", "annulled", "renewed", "archived"])
def test_a_dead_link_is_answered_kindly(world: World, how: str) -> None:
    chat = free_chat(world.a)
    address = link_into(world.a, chat)
    if how == "expired":
        ChatLink.objects.filter(chat=chat).update(expires_at=timezone.now())
    elif how == "annulled":
        revoke_link(actor=world.a.actor("leader"), chat=chat)
    elif how == "renewed":
        link_into(world.a, chat)
    else:
        Chat.objects.filter(pk=chat.pk).update(archived_at=timezone.now())
    teacher = ChatVisitor(world.a, "teacher")
    for answer in (teacher.client.get(address), teacher.client.post(address)):
        assert answer.status_code == 410
        assert "Попросите новую" in words(answer)
        assert "Поездка" not in words(answer)
    assert not is_in(world.a, "teacher", chat)
    # Who is in already is not turned away by an old link.
    parent = ChatVisitor(world.a, "parent")
    assert parent.client.get(address)["Location"] == f"/o/a/chats/{chat.pk}/"


@pytest.mark.req("INV-10")
@pytest.mark.parametrize("token", ["1-подделка", "1-AAAA", "-", "1", "999999-x", "x" * 500])
def test_a_forged_link_is_not_there(world: World, token: str) -> None:
    link_into(world.a, free_chat(world.a))
    teacher = ChatVisitor(world.a, "teacher")
    assert teacher.get("join", token=token).status_code == 404
    assert teacher.post("join", token=token).status_code == 404
