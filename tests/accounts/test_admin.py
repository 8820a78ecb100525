"""The operator's view of users, keys and messages."""

import pytest

from accounts.models import User
from accounts.services import create_api_key
from outbox.models import Message, Status
from outbox.services import queue
from tests.accounts.door import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.req("INT-1")]


@pytest.fixture
def operator(client, user):
    User.objects.filter(pk=user.pk).update(is_staff=True, is_superuser=True)
    sign_in(client)
    return client


@pytest.mark.parametrize("query", ["8 (912)", "912345", "ильина", "АННА"])
def test_users_are_found_by_phone_and_name(operator, query):
    assert "Анна Ильина" in operator.get("/admin/accounts/user/", {"q": query}).content.decode()


def test_a_user_can_be_opened_and_added(operator, user):
    page = operator.get(f"/admin/accounts/user/{user.pk}/change/").content.decode()
    assert "password" not in page
    operator.post("/admin/accounts/user/add/", {"phone": "8 916 000-00-01", "display_name": "Новый", "is_active": "on"})
    assert not User.objects.get(phone="+79160000001").has_usable_password()


def test_messages_never_show_a_secret(operator):
    message = Message.objects.get(template="sign_in_code")
    page = operator.get(f"/admin/outbox/message/{message.pk}/change/").content.decode()
    assert message.secret
    assert message.secret not in page


def test_messages_are_sent_again(operator, django_capture_on_commit_callbacks):
    message = queue(channel="sms", recipient="+79160000001", template="security_notice", context={})
    Message.objects.filter(pk=message.pk).update(status=Status.FAILED, attempts=6, finished_at=message.created_at)
    with django_capture_on_commit_callbacks() as callbacks:
        operator.post("/admin/outbox/message/", {"action": "action_send_again", "_selected_action": [message.pk]})
    message.refresh_from_db()
    assert (message.status, message.attempts, len(callbacks)) == (Status.QUEUED, 0, 1)


def test_keys_are_revoked(operator, user):
    key, _raw = create_api_key(user, "x")
    operator.post("/admin/accounts/apikey/", {"action": "action_revoke", "_selected_action": [key.pk]})
    key.refresh_from_db()
    assert key.revoked_at


def test_others_do_not_get_in(client, user):
    sign_in(client)
    assert client.get("/admin/").status_code in (302, 403)
    assert client.get("/admin/login/").status_code == 403
