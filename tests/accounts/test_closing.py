"""Deleting the account, «hacked», archives of data: for the person, in every organization (ACC-2, ACC-3)."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.utils import timezone

from accounts.models import AccountDeletion, ApiKey, DataExport, ExportState, User
from accounts.services import create_api_key
from accounts.services.deletion import SETTLES, ask_deletion, call_off_deletion, delete_due_accounts
from accounts.services.exporting import make_export, remove_expired_exports, write_archive
from accounts.services.hacked import report_hacked
from chats.models import Chat, Template
from chats.services.chats import ChatData, create_chat
from chats.shapes import person_shape
from common.errors import DomainError
from invitations.models import Invitation
from orgs.models import AuditEvent, Person, Role
from orgs.services.accounts import sever_account
from orgs.services.people import link_account
from outbox.models import Message as Letter
from tests.accounts.devices import add_device
from tests.accounts.door import ask_for_code, last_code, sign_in, type_code
from tests.accounts.exports import ready_export
from tests.chats.cast import chat_of, say, switch_on
from tests.invitations.conftest import link_of
from tests.world import World

pytestmark = [pytest.mark.django_db]
Browse = Callable[[User | None], Client]


def _at_the_door(user: User) -> Client:
    """A browser that signed in by a code, as people do."""
    client = Client()
    sign_in(client, str(user.phone))
    return client


def _carry_out(user: User) -> int:
    """Let the delay, and the minutes after it, be over."""
    row = AccountDeletion.objects.get(user=user)
    delete_due_accounts(row.due_at)
    return delete_due_accounts(row.due_at + SETTLES)


# --- Deleting -------------------------------------------------------------------------------------------------------
@pytest.mark.req("ACC-2")
def test_an_account_goes_after_its_delay_in_both_schools(world: World, browse: Browse) -> None:
    user = world.both
    here = browse(user)
    add_device(user)
    create_api_key(user, "x")
    page = here.get("/account/delete/").content.decode()
    assert world.a.organization.short_name in page
    assert world.b.organization.short_name in page
    assert here.post("/account/delete/", {}).status_code == 422
    assert here.post("/account/delete/", {"agreed": "on"}).status_code == 302
    assert delete_due_accounts(timezone.now() + timedelta(days=13)) == 0
    assert User.objects.get(pk=user.pk).is_active
    phone, pk = user.phone, user.pk
    assert _carry_out(user) == 1
    assert not User.objects.filter(pk=pk).exists()
    assert not Letter.objects.filter(recipient=phone).exists()
    for school in (world.a, world.b):
        person = Person.objects.get(pk=school.people["both"].pk)
        assert (person.user_id, person.joined_at) == (None, None)
        assert person.full_name.startswith("Обоева")
        assert person.author_name == "Удалённый участник"
        assert person_shape(person) == {"id": person.pk, "name": "Удалённый участник"}
        assert person.roles.filter(until=None, role=Role.PARENT).exists()
        assert AuditEvent.objects.filter(person_id=person.pk, action="account.deleted").count() == 1
    assert here.get("/account/").status_code == 302
    assert delete_due_accounts(timezone.now() + timedelta(days=99)) == 0


@pytest.mark.req("ACC-2")
def test_the_delay_has_two_steps(world: World) -> None:
    """Whoever is coming in at that moment has come in, or was turned away, before the row goes."""
    user = world.a.user("parent")
    row = ask_deletion(user)
    assert delete_due_accounts(row.due_at) == 0
    user.refresh_from_db()
    assert not user.is_active
    with pytest.raises(DomainError, match="deletion_over"):
        call_off_deletion(user)
    assert delete_due_accounts(row.due_at + SETTLES - timedelta(seconds=1)) == 0
    assert delete_due_accounts(row.due_at + SETTLES) == 1


@pytest.mark.req("ACC-2")
def test_it_is_called_off_by_signing_in(world: World, client: Client) -> None:
    user = world.a.user("parent")
    ask_deletion(user)
    with pytest.raises(DomainError, match="deletion_pending"):
        ask_deletion(user)
    ask_for_code(client, user.phone)
    type_code(client, last_code(user.phone))
    page = client.get("/account/").content.decode()
    assert "/account/delete/cancel/" in page
    client.post("/account/delete/cancel/")
    assert not AccountDeletion.objects.exists()
    assert delete_due_accounts(timezone.now() + timedelta(days=99)) == 0
    assert client.post("/account/delete/cancel/").status_code == 302


@pytest.mark.req("ACC-2")
def test_the_last_administrator_hands_over_first(world: World, browse: Browse) -> None:
    user = world.a.user("administrator")
    here = browse(user)
    answer = here.post("/account/delete/", {"agreed": "on"})
    assert answer.status_code == 422
    assert f"/o/{world.a.slug}/settings/administrators/" in answer.content.decode()
    assert here.post("/api/v1/me/deletion/").json()["code"] == "last_administrator"
    assert not AccountDeletion.objects.exists()


@pytest.mark.req("ACC-2")
def test_who_became_the_last_administrator_meanwhile_stays(world: World) -> None:
    user = world.a.user("administrator")
    now = timezone.now()
    AccountDeletion.objects.create(user=user, asked_at=now, due_at=now + timedelta(days=1))
    assert _carry_out(user) == 0
    user.refresh_from_db()
    assert user.is_active
    assert Person.objects.get(pk=world.a.people["administrator"].pk).user_id == user.pk
    assert AccountDeletion.objects.get(user=user).closed_at is None


@pytest.mark.req("ACC-2")
def test_links_and_chats_of_the_gone_find_somebody(world: World) -> None:
    leader, administrator = world.a.people["leader"], world.a.people["administrator"]
    link = link_of(world.a)
    Invitation.objects.filter(pk=link.pk).update(owner=leader)
    data = ChatData(people=[world.a.people["teacher"].pk], title="Разное")
    chat = create_chat(actor=world.a.actor("leader"), data=data)
    ask_deletion(leader.user)
    assert _carry_out(leader.user) == 1
    assert Invitation.objects.get(pk=link.pk).owner_id == administrator.pk
    assert Chat.objects.get(pk=chat.pk).owner_id == administrator.pk


@pytest.mark.req("ACC-2")
def test_whoever_comes_back_has_a_name_again(world: World) -> None:
    person = world.a.people["parent"]
    ask_deletion(person.user)
    _carry_out(person.user)
    assert link_account(person=person, user_id=User.objects.create(phone="+79005557777").pk)
    assert Person.objects.get(pk=person.pk).author_name == person.full_name


@pytest.mark.req("ACC-2")
def test_an_administrator_takes_an_account_off_here_only(world: World, browse: Browse) -> None:
    person, actor = world.a.people["both"], world.a.actor("administrator")
    here = _at_the_door(world.both)
    sever_account(actor=actor, person=person, delete=True)
    found = Person.objects.get(pk=person.pk)
    assert (found.user_id, found.author_name) == (None, found.full_name)
    assert Person.objects.get(pk=world.b.people["both"].pk).user_id == world.both.pk
    assert not AccountDeletion.objects.exists(), "it is used elsewhere"
    assert here.get("/account/").status_code == 302
    with pytest.raises(DomainError, match="no_account"):
        sever_account(actor=actor, person=found)
    with pytest.raises(DomainError, match="own_account"):
        sever_account(actor=actor, person=world.a.people["administrator"])
    alone = world.a.people["parent"]
    sever_account(actor=actor, person=alone, delete=True)
    assert AccountDeletion.objects.filter(user=world.a.user("parent")).exists()


@pytest.mark.req("ACC-2")
@pytest.mark.parametrize("what", ["sever", "delete", "hacked", ""])
def test_the_page_of_an_account(world: World, browse: Browse, what: str) -> None:
    person = world.a.people["teacher"]
    here = browse(world.a.user("administrator"))
    path = f"/o/{world.a.slug}/people/{person.pk}/account/"
    assert here.get(path).status_code == 200
    answer = here.post(path, {"do": what})
    assert answer["Location"] == (path if not what else f"/o/{world.a.slug}/people/{person.pk}/")
    assert (Person.objects.get(pk=person.pk).user_id is None) is (what in ("sever", "delete"))


# --- Hacked ---------------------------------------------------------------------------------------------------------
@pytest.mark.req("ACC-3")
def test_everything_of_the_stranger_ends(world: World, browse: Browse, client: Client) -> None:
    user = world.both
    for school in (world.a, world.b):
        address = f"admin-{school.slug}@example.com"
        Person.objects.filter(pk=school.people["administrator"].pk).update(email=address)
    mine, strangers = _at_the_door(user), _at_the_door(user)
    _key, raw = create_api_key(user, "x")
    ask_for_code(client, user.phone)
    code = last_code(user.phone)
    answer = mine.post("/account/hacked/")
    assert answer.status_code == 200
    assert mine.get("/account/").status_code == 200
    assert strangers.get("/account/").status_code == 302
    assert client.get("/api/v1/me/", headers={"authorization": f"Bearer {raw}"}).status_code == 401
    assert ApiKey.objects.get().revoked_at is not None
    assert type_code(client, code).status_code == 200, "the code does not fit any more"
    for school in (world.a, world.b):
        assert AuditEvent.objects.filter(organization_id=school.organization.pk, action="account.hacked").count() == 1
        told = Letter.objects.filter(template="account_hacked", organization_id=school.organization.pk)
        assert told.count() == 1
        home = browse(school.user("administrator")).get(f"/o/{school.slug}/").content.decode()
        assert "Обоева Ольга" in home


@pytest.mark.req("ACC-3")
def test_whoever_cannot_get_in_comes_by_a_code(client: Client, world: World) -> None:
    assert "/signin/?next=/account/hacked/" in client.get("/signin/").content.decode()
    user = world.a.user("parent")
    ask_for_code(client, user.phone, next="/account/hacked/")
    answer = type_code(client, last_code(user.phone), next="/account/hacked/")
    assert answer["Location"] == "/account/hacked/"


@pytest.mark.req("ACC-3")
def test_links_made_lately_end_and_old_ones_stay(world: World) -> None:
    person = world.a.people["leader"]
    old, fresh = link_of(world.a), link_of(world.a)
    Invitation.objects.filter(pk__in=[old.pk, fresh.pk]).update(owner=person)
    Invitation.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=60))
    report_hacked(person.user, None)
    assert Invitation.objects.get(pk=fresh.pk).revoked_at is not None
    assert Invitation.objects.get(pk=old.pk).revoked_at is None


@pytest.mark.req("ACC-3")
def test_it_cannot_be_done_all_day(world: World, browse: Browse) -> None:
    here = browse(world.a.user("parent"))
    answers = [here.post("/account/hacked/").status_code for _ in range(6)]
    assert answers == [200] * 5 + [429]
    assert here.post("/api/v1/me/hacked/").json()["code"] == "too_often"


@pytest.mark.req("ACC-3")
def test_an_administrator_signs_the_person_out_everywhere(world: World, browse: Browse) -> None:
    person = world.a.people["parent"]
    here = _at_the_door(person.user)
    browse(world.a.user("administrator")).post(f"/o/{world.a.slug}/people/{person.pk}/account/", {"do": "hacked"})
    assert here.get("/account/").status_code == 302
    assert not UserSession.objects.filter(user=person.user).exists()
    assert AuditEvent.objects.get(action="account.hacked").actor_name == world.a.people["administrator"].full_name


# --- Archives -------------------------------------------------------------------------------------------------------
def _opened(user: User) -> ZipFile:
    made = BytesIO()
    write_archive(user, made)
    return ZipFile(made)


@pytest.mark.req("ACC-2")
def test_the_archive_holds_mine_and_nothing_of_others(world: World) -> None:
    user, other = world.a.user("parent"), world.a.user("leader")
    create_api_key(user, "my key")
    switch_on(world.a)
    chat = chat_of(world.a, Template.UNIT_PARENTS)
    for author, text in (("parent", "моё слово"), ("leader", "чужое слово")):
        say(world.a, author, chat, text)
    archive = _opened(user)
    assert archive.testzip() is None
    words = "\n".join(archive.read(name).decode() for name in archive.namelist())
    assert user.phone in words
    assert "моё слово" in words
    assert "чужое слово" not in words
    assert str(other.phone) not in words
    assert "key_hash" not in words
    assert "password" not in words
    assert "orgs.person.json" in archive.read("README.txt").decode()
    for name in archive.namelist():
        if name.endswith(".json"):
            assert json.loads(archive.read(name)), name


@pytest.mark.req("ACC-2")
def test_an_archive_is_made_once_told_and_fetched_by_its_person(
    world: World, browse: Browse, sent_jobs: list[tuple[str, dict[str, Any]]], django_capture_on_commit_callbacks: Any
) -> None:
    user = world.a.user("parent")
    here = browse(user)
    with django_capture_on_commit_callbacks(execute=True):
        here.post("/account/data/ask/")
        here.post("/account/data/ask/")
    export = DataExport.objects.get()
    assert [job for job in sent_jobs if job[0] == "accounts.tasks.make_export"] == [
        ("accounts.tasks.make_export", {"export_id": export.pk})
    ]
    assert 'hx-trigger="every 5s"' in here.get("/account/data/").content.decode()
    make_export(export.pk)
    make_export(export.pk)
    export.refresh_from_db()
    assert export.state == ExportState.READY
    assert Letter.objects.filter(reference=f"user:{user.pk}", template="security_notice").count() == 1
    answer = here.get(f"/account/data/{export.pk}/")
    assert ZipFile(BytesIO(b"".join(answer.streaming_content))).testzip() is None
    assert browse(world.a.user("administrator")).get(f"/account/data/{export.pk}/").status_code == 404
    assert remove_expired_exports(timezone.now()) == 0
    assert remove_expired_exports(export.expires_at) == 1
    assert not export.file.storage.exists(export.file.name)
    assert here.get(f"/account/data/{export.pk}/").status_code == 404


@pytest.mark.req("ACC-2")
def test_archives_are_not_asked_for_all_day(world: World, browse: Browse) -> None:
    here = browse(world.a.user("parent"))
    for _ in range(3):
        assert here.post("/api/v1/me/exports/").status_code == 201
        DataExport.objects.update(state=ExportState.FAILED)
    assert here.post("/api/v1/me/exports/").json()["code"] == "too_often"


@pytest.mark.req("ACC-2")
def test_an_archive_goes_with_its_account(world: World, django_capture_on_commit_callbacks: Any) -> None:
    user = world.a.user("parent")
    export = ready_export(user)
    ask_deletion(user)
    with django_capture_on_commit_callbacks(execute=True):
        _carry_out(user)
    assert not export.file.storage.exists(export.file.name)
