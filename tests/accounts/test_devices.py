"""Browsers that show notifications: whose they are, until when, and that nobody reads another's."""

import datetime as dt
from functools import partial

import pytest
import time_machine
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from accounts import push
from accounts.models import PushDevice, User
from accounts.selectors import device_ids_of, devices_of, users_with_devices
from accounts.services import (
    DEVICES_PER_USER,
    clear_sessions,
    create_api_key,
    end_other_sessions,
    ensure_user,
    register_device,
    remove_device,
    send_trial,
    set_digest,
)
from accounts.services.rules import accept_rules
from common.errors import DomainError
from outbox import delivery
from outbox.models import Message, Status
from tests.accounts.devices import CHROME, add_device, subscription
from tests.accounts.door import OTHER_PHONE, sign_in
from tests.api.client import CheckedClient
from tests.outbox.push_service import Browser, running_push_service
from tests.threads import at_once

pytestmark = [pytest.mark.django_db]
ADDRESS = "/api/v1/me/devices/"


@pytest.fixture
def user(user: User) -> User:
    """Whoever has keys has accepted the rules of use."""
    accept_rules(user, settings.RULES_VERSION)
    return user


@pytest.fixture
def other(user: User) -> User:
    return ensure_user(OTHER_PHONE, "Пётр Ильин")


def body_of(endpoint: str = "") -> dict:
    """What `PushSubscription.toJSON()` gives."""
    made = subscription(endpoint)
    return {
        "endpoint": made.endpoint,
        "expirationTime": None,
        "keys": {"p256dh": made.p256dh, "auth": made.auth},
    }


def post(client: Client, body: dict):
    return client.post(ADDRESS, body, content_type="application/json")


# --- Switching on and off ---------------------------------------------------------------------------------------------
@pytest.mark.req("ACC-6")
def test_a_browser_is_switched_on_listed_and_switched_off(client, user):
    sign_in(client)
    made = post(client, body_of()).json()
    assert client.get(ADDRESS).json()["results"] == [made]
    assert made["is_current"] is True
    assert client.delete(f"{ADDRESS}{made['id']}/").status_code == 204
    assert client.get(ADDRESS).json()["results"] == []
    assert client.delete(f"{ADDRESS}{made['id']}/").status_code == 404


@pytest.mark.req("INT-1")
def test_the_answers_are_those_of_the_description(user):
    client = CheckedClient()
    client.force_login(user, backend="accounts.backends.AuthenticationBackend")
    made = client.post(ADDRESS, body_of(), format="json").json()
    push.delivered(str(made["id"]))
    push.failed(str(made["id"]))
    assert client.get(ADDRESS).json()["results"][0]["failed_at"]
    assert client.post(ADDRESS, {}, format="json").status_code == 400
    assert client.get(f"{ADDRESS}push-key/").status_code == 200
    assert client.patch("/api/v1/me/", {"digest": "none"}, format="json").status_code == 200
    assert client.delete(f"{ADDRESS}{made['id']}/").status_code == 204
    assert client.delete(f"{ADDRESS}0/").status_code == 404


def test_a_device_is_called_as_people_call_it(user):
    assert str(add_device(user)) == "Chrome на Windows"
    assert str(add_device(user, user_agent="")) == "Неизвестное устройство"


def test_the_same_browser_again_is_the_same_device(client, user):
    sign_in(client)
    first = post(client, body_of()).json()
    second = post(client, body_of()).json()
    assert first["id"] == second["id"]
    assert PushDevice.objects.count() == 1
    again = Client()
    sign_in(again)
    endpoint = PushDevice.objects.get().endpoint
    assert post(again, body_of(endpoint)).json()["id"] == first["id"]
    assert client.get(ADDRESS).json()["results"][0]["is_current"] is False


@pytest.mark.req("ACC-4")
def test_a_browser_that_somebody_else_signed_in_with_is_theirs(user, other):
    old = add_device(user, "https://fcm.googleapis.com/fcm/send/shared")
    new = add_device(other, "https://fcm.googleapis.com/fcm/send/shared")
    # Another number: what waits in the outbox for the first owner finds nobody.
    assert old.pk != new.pk
    assert push.find(str(old.pk)) is None
    assert device_ids_of([user.pk, other.pk]) == {other.pk: [new.pk]}


def test_the_oldest_device_goes_when_there_are_too_many(user, other):
    theirs = add_device(other)
    devices = [add_device(user) for _n in range(DEVICES_PER_USER + 2)]
    kept = set(PushDevice.objects.values_list("pk", flat=True))
    assert kept == {theirs.pk, *(device.pk for device in devices[2:])}


@pytest.mark.req("ACC-4")
def test_anothers_device_is_not_there(client, user, other):
    theirs = add_device(other)
    sign_in(client)
    assert client.get(ADDRESS).json()["results"] == []
    for answer in (
        client.delete(f"{ADDRESS}{theirs.pk}/"),
        client.post(f"/account/notifications/{theirs.pk}/off/"),
        client.post(f"/account/notifications/{theirs.pk}/try/"),
    ):
        assert answer.status_code == 404
    assert PushDevice.objects.get() == theirs
    assert not Message.objects.filter(channel="push").exists()


def test_a_key_neither_adds_nor_removes_devices(user):
    device = add_device(user)
    _key, raw = create_api_key(user, "x")
    bearer = Client(HTTP_AUTHORIZATION=f"Bearer {raw}")
    assert post(bearer, body_of()).json()["code"] == "session_required"
    assert bearer.delete(f"{ADDRESS}{device.pk}/").status_code == 403
    assert bearer.get(ADDRESS).json()["results"][0]["id"] == device.pk


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"endpoint": "https://10.0.0.1/"}, "endpoint_refused"),
        ({"endpoint": "http://localhost/"}, "endpoint_refused"),
        ({"endpoint": "x" * 1001}, "invalid"),
        ({"endpoint": None}, "invalid"),
        ({"keys": {"p256dh": "AAAA", "auth": "AAAA"}}, "subscription_invalid"),
        ({"keys": {"p256dh": "x" * 500, "auth": "AAAA"}}, "invalid"),
        ({"keys": "x"}, "invalid"),
        ({"keys": {}}, "invalid"),
    ],
)
def test_what_is_no_subscription_is_refused(client, user, change, code):
    sign_in(client)
    answer = post(client, body_of() | change)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert not PushDevice.objects.exists()


def test_without_a_key_of_the_platform_nothing_is_offered(client, user, settings):
    device = add_device(user)
    sign_in(client)
    settings.VAPID_PRIVATE_KEY = ""
    assert post(client, body_of()).json()["code"] == "push_not_offered"
    assert client.get(f"{ADDRESS}push-key/").json()["public_key"] == ""
    assert users_with_devices([user.pk]) == set()
    # An old one can still be taken off the list.
    assert list(devices_of(user)) == [device]


def test_a_service_worker_gets_what_it_needs(user):
    client = Client(enforce_csrf_checks=True)
    client.force_login(user, backend="accounts.backends.AuthenticationBackend")
    key = client.get(f"{ADDRESS}push-key/").json()
    assert len(key["public_key"]) == 87
    assert post(client, body_of()).status_code == 403
    answer = client.post(
        ADDRESS, body_of(), content_type="application/json", headers={"X-CSRFToken": key["csrf_token"]}
    )
    assert answer.status_code == 201


# --- Signing out ------------------------------------------------------------------------------------------------------
@pytest.mark.req("ACC-1")
def test_after_signing_out_nothing_comes(client, user):
    sign_in(client)
    made = post(client, body_of()).json()
    assert push.find(str(made["id"]))
    client.post("/signout/")
    assert push.find(str(made["id"])) is None
    assert not PushDevice.objects.exists()


@pytest.mark.req("ACC-1")
def test_signing_out_everywhere_else_ends_their_notifications(client, user, other):
    theirs = add_device(other)
    lost = Client()
    sign_in(lost)
    post(lost, body_of())
    sign_in(client)
    mine = post(client, body_of()).json()["id"]
    client.post("/account/sessions/end-others/")
    assert set(PushDevice.objects.values_list("pk", flat=True)) == {mine, theirs.pk}
    end_other_sessions(user, None)
    assert device_ids_of([user.pk, other.pk]) == {other.pk: [theirs.pk]}


def test_a_session_that_is_over_reads_nothing(user):
    device, living = add_device(user), add_device(user)
    Session.objects.filter(session_key=device.session_key).update(expire_date=timezone.now())
    assert push.find(str(device.pk)) is None
    assert list(devices_of(user)) == [living]
    assert device_ids_of([user.pk]) == {user.pk: [living.pk]}
    clear_sessions(timezone.now())
    assert list(PushDevice.objects.all()) == [living]


def test_a_closed_account_reads_nothing(user):
    device = add_device(user)
    User.objects.update(is_active=False)
    assert push.find(str(device.pk)) is None
    assert users_with_devices([user.pk]) == set()


# --- Finding ----------------------------------------------------------------------------------------------------------
def test_devices_of_many_take_one_query(user, other, django_assert_num_queries):
    mine = [add_device(user).pk for _n in range(3)]
    theirs = add_device(other).pk
    with django_assert_num_queries(1):
        assert device_ids_of([user.pk, other.pk, 0]) == {user.pk: mine, other.pk: [theirs]}
    with django_assert_num_queries(1):
        assert users_with_devices(User.objects.filter(pk=user.pk).values("pk")) == {user.pk}


# --- What the outbox tells --------------------------------------------------------------------------------------------
@pytest.mark.req("ACC-6")
def test_a_push_reaches_the_device_and_is_remembered(user, settings):
    settings.PUSH_ADAPTER, settings.PUSH_LOOPBACK = "webpush", True
    browser = Browser()
    with running_push_service() as service:
        device = register_device(
            user=user,
            session_key=add_device(user).session_key,
            subscription=browser.subscribe(f"{service.url}/send"),
        )
        send_trial(device, timezone.now())
        delivery.deliver(Message.objects.get(channel="push").pk)
        shown = browser.read(service.requests[0][2])
        assert shown["title"] == "Уведомления работают"
        assert shown["url"] == "/account/notifications/"
        device.refresh_from_db()
        assert device.last_used_at
        service.status = 410
        send_trial(device, timezone.now() + dt.timedelta(minutes=1))
        delivery.deliver(Message.objects.latest("pk").pk)
    assert Message.objects.latest("pk").status == Status.FAILED
    assert not PushDevice.objects.exists()


def test_use_is_written_once_an_hour_and_failures_since_the_first(user, django_assert_num_queries):
    device = add_device(user)
    number = str(device.pk)

    def seen() -> PushDevice:
        return PushDevice.objects.get()

    with time_machine.travel(timezone.now(), tick=False) as clock:
        push.delivered(number)
        first = seen().last_used_at
        clock.shift(600)
        push.delivered(number)
        assert seen().last_used_at == first
        push.failed(number)
        since = seen().failed_at
        clock.shift(600)
        push.failed(number)
        assert seen().failed_at == since
        push.delivered(number)
        assert seen().failed_at is None
        assert seen().last_used_at > first


def test_a_trial_is_sent_once_a_minute(user):
    device, now = add_device(user), timezone.now().replace(second=0)
    for seconds in (0, 1, 59, 60):
        send_trial(device, now + dt.timedelta(seconds=seconds))
    assert Message.objects.filter(channel="push", recipient=str(device.pk)).count() == 2


def test_a_device_is_removed_for_good(user):
    device = add_device(user)
    remove_device(device)
    remove_device(device)
    assert push.find(str(device.pk)) is None


# --- The letter -------------------------------------------------------------------------------------------------------
def test_the_letter_is_chosen_over_the_api(client, user):
    sign_in(client)
    assert client.get("/api/v1/me/").json()["digest"] == "daily"
    answer = client.patch("/api/v1/me/", {"digest": "none"}, content_type="application/json")
    assert answer.json()["digest"] == "none"
    assert User.objects.get(pk=user.pk).digest == "none"
    answer = client.patch("/api/v1/me/", {"digest": "hourly"}, content_type="application/json")
    assert (answer.status_code, "digest" in answer.json()["fields"]) == (400, True)
    with pytest.raises(DomainError):
        set_digest(user, "hourly")


# --- Races ------------------------------------------------------------------------------------------------------------
@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_eight_tabs_at_once_are_one_device():
    user = ensure_user("+79120000001")
    session_key = add_device(user).session_key
    PushDevice.objects.all().delete()
    made = subscription()
    one = partial(register_device, user=user, session_key=session_key, subscription=made, user_agent=CHROME)
    outcomes = at_once([one] * 8)
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert PushDevice.objects.count() == 1


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_one_browser_never_belongs_to_two():
    users = [ensure_user(f"+7912000001{number}") for number in range(4)]
    keys = [add_device(user).session_key for user in users]
    made = subscription()
    register = partial(register_device, subscription=made)
    at_once([partial(register, user=user, session_key=key) for user, key in zip(users, keys, strict=True)])
    assert PushDevice.objects.filter(endpoint=made.endpoint).count() == 1
