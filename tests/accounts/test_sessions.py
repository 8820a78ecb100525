"""Where I am signed in."""

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from accounts.services import clear_sessions, ensure_user
from tests.accounts.door import OTHER_PHONE, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.req("ACC-1")]
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1"


def test_the_list_shows_each_device(client, user):
    sign_in(client)
    sign_in(Client(HTTP_USER_AGENT=IPHONE))
    page = client.get("/account/sessions/").content.decode()
    assert "Safari на iPhone" in page
    assert "это устройство" in page


def test_one_device_is_signed_out(client, user):
    other = Client(HTTP_USER_AGENT=IPHONE)
    sign_in(client)
    sign_in(other)
    session = UserSession.objects.get(user_agent=IPHONE)
    client.post(f"/account/sessions/{session.pk}/end/")
    assert client.get("/account/").status_code == 200
    assert other.get("/account/").status_code == 302


def test_sign_out_everywhere_else(client, user):
    others = [Client(), Client()]
    for each in (client, *others):
        sign_in(each)
    client.post("/account/sessions/end-others/")
    assert client.get("/account/").status_code == 200
    assert [each.get("/account/").status_code for each in others] == [302, 302]
    assert UserSession.objects.count() == 1


@pytest.mark.req("ACC-4")
def test_nobody_ends_anothers_session(client, user):
    stranger = Client()
    ensure_user(OTHER_PHONE)
    sign_in(stranger, OTHER_PHONE)
    sign_in(client)
    theirs = UserSession.objects.get(user__phone=OTHER_PHONE)
    assert client.post(f"/account/sessions/{theirs.pk}/end/").status_code == 404
    client.post("/account/sessions/end-others/")
    assert stranger.get("/account/").status_code == 200


def test_the_list_costs_the_same_for_many(client, user, django_assert_max_num_queries):
    sign_in(client)
    for _n in range(5):
        sign_in(Client())
    with django_assert_max_num_queries(4):
        client.get("/account/sessions/")


def test_last_seen_is_written_once_an_hour(client, user):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        sign_in(client)
        first = UserSession.objects.get().last_seen_at
        clock.shift(600)
        client.get("/account/")
        assert UserSession.objects.get().last_seen_at == first
        clock.shift(3600)
        client.get("/account/", REMOTE_ADDR="10.0.0.7")
        session = UserSession.objects.get()
        assert session.last_seen_at > first
        assert session.ip == "10.0.0.7"


def test_sessions_that_are_over_are_cleared(client, user):
    sign_in(client)
    sign_in(Client())
    Session.objects.exclude(session_key=client.session.session_key).update(expire_date=timezone.now())
    clear_sessions(timezone.now())
    assert Session.objects.count() == UserSession.objects.count() == 1
