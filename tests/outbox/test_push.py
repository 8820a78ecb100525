"""Pushes: encrypted for one browser, signed by us, posted where a push service is and nowhere else."""

import datetime as dt
import re
import socket
from collections.abc import Iterator

import pytest
import time_machine
from cryptography.exceptions import InvalidTag
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.utils import timezone

from common.errors import DomainError
from outbox import delivery, push, rendering, vapid
from outbox.adapters import base, webpush
from outbox.adapters.webpush import MAX_PAYLOAD, WebPushService, payload_of, topic_of
from outbox.models import Channel, Message, Status
from outbox.push import Subscription, check_endpoint, check_subscription
from outbox.rendering import Rendered
from outbox.services import Draft, forget_old_pushes, queue, queue_many
from tests.outbox.push_service import Browser, PushService, claims_of, running_push_service

pytestmark = [pytest.mark.django_db]
PUSH = {"channel": Channel.PUSH, "recipient": "7", "template": "test"}
WORDS = Rendered("5А", "Анна Ивановна: завтра экскурсия, не забудьте бутерброды", url="/o/a/chats/3/", tag="chat-3")


class Keeper:
    """The floor that keeps subscriptions, here one or none."""

    def __init__(self, subscription: Subscription | None) -> None:
        self.subscription = subscription
        self.told: list[tuple[str, str]] = []

    def find(self, recipient: str) -> Subscription | None:
        return self.subscription

    def delivered(self, recipient: str) -> None:
        self.told.append(("delivered", recipient))

    def failed(self, recipient: str) -> None:
        self.told.append(("failed", recipient))

    def forget(self, recipient: str) -> None:
        self.told.append(("forget", recipient))


@pytest.fixture
def service() -> Iterator[PushService]:
    with running_push_service() as service:
        yield service


@pytest.fixture
def browser() -> Browser:
    return Browser()


@pytest.fixture
def keeper(settings, monkeypatch, service: PushService, browser: Browser) -> Keeper:
    settings.PUSH_ADAPTER = "webpush"
    settings.PUSH_LOOPBACK = True
    settings.DEFAULT_FROM_EMAIL = "Школа № 5 <school@example.org>"
    keeper = Keeper(browser.subscribe(f"{service.url}/send/abc"))
    monkeypatch.setattr(webpush, "subscriptions", lambda: keeper)
    monkeypatch.setattr(rendering, "_renderer", lambda _template: lambda _context, _secret: WORDS)
    return keeper


def delivered() -> Message:
    """Queue a push, send it, and return its row."""
    message = queue(**PUSH, context={})
    assert message
    delivery.deliver(message.pk)
    message.refresh_from_db()
    return message


# --- What leaves ------------------------------------------------------------------------------------------------------
@pytest.mark.req("ACC-6")
def test_only_the_browser_reads_what_is_sent(service, browser, keeper):
    assert delivered().status == Status.SENT
    [(path, headers, body)] = service.requests
    assert path == "/send/abc"
    assert browser.read(body) == {"title": "5А", "body": WORDS.text, "url": "/o/a/chats/3/", "tag": "chat-3"}
    assert "экскурсия".encode() not in body
    assert (headers["content-encoding"], headers["ttl"], headers["urgency"]) == ("aes128gcm", "86400", "high")
    assert headers["topic"] == topic_of("chat-3")
    assert keeper.told == [("delivered", "7")]


def test_another_browser_cannot_read_it(service, keeper):
    delivered()
    with pytest.raises(InvalidTag):
        Browser().read(service.requests[0][2])


def test_the_platform_signs_with_its_own_key(service, keeper):
    delivered()
    claims, key = claims_of(service.requests[0][1]["authorization"])
    assert key == push.public_key()
    assert claims["sub"] == "mailto:school@example.org"
    assert claims["aud"] == "http://127.0.0.1"
    left = claims["exp"] - timezone.now().timestamp()
    assert 3600 < left <= 24 * 3600


def test_two_pushes_are_never_encrypted_alike(service, keeper):
    delivered()
    delivered()
    assert service.requests[0][2][:100] != service.requests[1][2][:100]


@pytest.mark.parametrize(
    "text", ["я" * 100_000, '"\n\\' * 50_000, "\x00\x1f" * 50_000, "👩‍👩‍👧" * 20_000, "\ud800" * 5_000, "", "да"]
)
def test_a_payload_is_never_too_large(text):
    payload = payload_of(Rendered("т" * 300, text, url="/o/школа/chats/3/?message=12", tag="chat-3"))
    assert len(payload) <= MAX_PAYLOAD
    if len(text) < 10:
        assert text.encode() in payload
    else:
        assert len(payload) > MAX_PAYLOAD * 0.8
        assert "…".encode() in payload


def test_a_large_push_is_still_one_record(service, browser, keeper, monkeypatch):
    monkeypatch.setattr(rendering, "_renderer", lambda _t: lambda _c, _s: Rendered("Тема", "я" * 9000))
    assert delivered().status == Status.SENT
    assert len(service.requests[0][2]) <= 4096
    assert browser.read(service.requests[0][2])["body"].endswith("…")
    assert "topic" not in service.requests[0][1]


def test_an_address_that_fits_nowhere_fails_and_ends(keeper, monkeypatch):
    monkeypatch.setattr(rendering, "_renderer", lambda _t: lambda _c, _s: Rendered("Тема", "x", url="/" + "x" * 4000))
    assert "too long" in delivered().last_error


def test_the_topic_has_the_form_services_take():
    assert re.fullmatch(r"[\w-]{32}", topic_of("чат 3"))
    assert topic_of("a") != topic_of("b")


# --- What push services answer ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("status", [404, 410])
def test_a_subscription_that_is_gone_is_forgotten(service, keeper, status):
    service.status = status
    message = delivered()
    assert (message.status, message.attempts) == (Status.FAILED, 1)
    assert message.last_error == "Устройство больше не принимает уведомления."
    assert keeper.told == [("forget", "7")]


@pytest.mark.parametrize("status", [429, 500, 503, 403, 302, 307])
def test_a_service_that_takes_nothing_now_is_asked_again(service, keeper, status):
    service.status = status
    message = delivered()
    assert (message.status, message.attempts) == (Status.QUEUED, 1)
    assert message.next_attempt_at > timezone.now() + dt.timedelta(seconds=20)
    assert str(status) in message.last_error
    assert keeper.told == [("failed", "7")]
    # A redirect is not followed.
    assert [path for path, _headers, _body in service.requests] == ["/send/abc"]
    service.status = 201
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=1)):
        delivery.deliver(message.pk)
    message.refresh_from_db()
    assert message.status == Status.SENT


def test_a_service_that_hangs_is_left_alone(service, keeper, monkeypatch):
    monkeypatch.setattr(base, "TIMEOUT_SECONDS", 0.2)
    service.delay = 1
    before = timezone.now()
    message = delivered()
    assert timezone.now() - before < dt.timedelta(seconds=0.9)
    assert message.status == Status.QUEUED
    assert keeper.told == [("failed", "7")]


def test_a_service_that_is_away_is_asked_again(keeper, browser):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        keeper.subscription = browser.subscribe(f"http://127.0.0.1:{free.getsockname()[1]}/")
    assert delivered().status == Status.QUEUED


def test_a_device_that_was_switched_off_gets_nothing(service, keeper):
    keeper.subscription = None
    message = delivered()
    assert (message.status, message.attempts) == (Status.FAILED, 1)
    assert service.requests == []


def test_an_address_that_is_no_longer_allowed_is_not_posted_to(service, keeper, settings):
    settings.PUSH_LOOPBACK = False
    assert delivered().status == Status.FAILED
    assert service.requests == []


def test_a_missing_key_holds_up_no_letter(keeper, settings, mailoutbox, monkeypatch):
    settings.VAPID_PRIVATE_KEY = ""
    settings.EMAIL_ADAPTER = "smtp"
    # Several at once need a transaction of their own (test_races.py).
    monkeypatch.setattr(WebPushService, "parallel", 1)
    message = queue(**PUSH, context={})
    queue(channel="email", recipient="anna@example.org", template="test", context={})
    assert delivery.deliver_due() == 2
    assert len(mailoutbox) == 1
    message.refresh_from_db()
    assert message.status == Status.QUEUED
    assert "VAPID_PRIVATE_KEY" in message.last_error


def test_without_a_push_service_pushes_are_kept_and_shown(client, settings, monkeypatch):
    monkeypatch.setattr(rendering, "_renderer", lambda _t: lambda _c, _s: WORDS)
    assert settings.PUSH_ADAPTER == "kept"
    assert delivered().status == Status.KEPT
    page = client.get("/dev/outbox/").content.decode()
    assert "Устройство № 7" in page
    assert WORDS.subject in page
    assert WORDS.text in page
    assert 'href="/o/a/chats/3/"' in page


# --- Where a push may go ----------------------------------------------------------------------------------------------
GOOD = [
    "https://fcm.googleapis.com/fcm/send/abc:def",
    "https://FCM.googleapis.com:443/wp/abc",
    "https://updates.push.services.mozilla.com/wpush/v2/gAAA",
    "https://wns2-par02p.notify.windows.com/w/?token=BQYA%2f",
    "https://web.push.apple.com/QGd9",
]
BAD = [
    "",
    "fcm.googleapis.com",
    "http://fcm.googleapis.com/fcm/send/abc",
    "https://fcm.googleapis.com:8443/x",
    "https://fcm.googleapis.com:x/",
    "https://user@fcm.googleapis.com/",
    "https://fcm.googleapis.com@127.0.0.1/",
    "https://fcm.googleapis.com.evil.example/",
    "https://evilfcm.googleapis.com/",
    "https://notify.windows.com/",
    "https://xnotify.windows.com/",
    "https://127.0.0.1/",
    "https://[::1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://2130706433/",
    "https://169.254.169.254/latest/meta-data/",
    "https://10.0.0.1/",
    "https://localhost/",
    "http://localhost/",
    "http://127.0.0.1:6379/",
    "https://postgres/",
    "https://школа.рф/",
    "https://fcm.googleapis.com\\@10.0.0.1/",
    "https://fcm.googleapis.com /x",
    "https://fcm.googleapis.com/\nHost: evil",
    "file:///etc/passwd",
    "ftp://fcm.googleapis.com/",
    "javascript:alert(1)",
    "https://[fcm.googleapis.com/",
    f"https://fcm.googleapis.com/{'x' * 1000}",
]


@pytest.mark.parametrize("endpoint", GOOD)
def test_push_services_are_known(endpoint):
    check_endpoint(endpoint)


@pytest.mark.parametrize("endpoint", BAD, ids=lambda endpoint: endpoint[:40])
def test_our_worker_posts_nowhere_else(endpoint):
    with pytest.raises(DomainError) as refused:
        check_endpoint(endpoint)
    assert (refused.value.code, refused.value.status) == ("endpoint_refused", 400)
    assert "endpoint" in refused.value.fields


def test_more_hosts_can_be_allowed(settings):
    settings.PUSH_HOSTS = ["*.push.example.org"]
    check_endpoint("https://a.b.push.example.org/")
    for endpoint in ("https://push.example.org/", GOOD[0]):
        with pytest.raises(DomainError):
            check_endpoint(endpoint)


def test_keys_that_nobody_could_decrypt_with_are_refused(browser):
    fine = browser.subscribe(GOOD[0])
    check_subscription(fine)
    off_the_curve = fine.p256dh[:-4] + "AAAA"
    for p256dh, auth in [
        (off_the_curve, fine.auth),
        (fine.p256dh[:40], fine.auth),
        ("", fine.auth),
        ("ключ", fine.auth),
        (fine.p256dh, fine.auth[:-6]),
        (fine.p256dh, ""),
        (fine.p256dh, "!" * 22),
    ]:
        with pytest.raises(DomainError) as refused:
            check_subscription(Subscription(fine.endpoint, p256dh, auth))
        assert refused.value.code == "subscription_invalid"


# --- Our own key ------------------------------------------------------------------------------------------------------
def test_a_new_key_works(capsys, settings, service, browser, keeper):
    call_command("make_vapid_keys")
    line, remark = capsys.readouterr().out.splitlines()
    name, _equals, settings.VAPID_PRIVATE_KEY = line.partition("=")
    assert name == "VAPID_PRIVATE_KEY"
    assert remark.endswith(push.public_key())
    delivered()
    assert claims_of(service.requests[0][1]["authorization"])[1] == push.public_key()


@pytest.mark.parametrize("text", ["x", "", "A" * 43, "ключ", "A" * 86, "/" * 43])
def test_what_is_no_key_is_called_so(text):
    with pytest.raises(ImproperlyConfigured, match="make_vapid_keys"):
        vapid.load_key(text)


def test_without_a_key_pushes_are_not_offered(settings):
    assert push.is_offered()
    settings.VAPID_PRIVATE_KEY = ""
    assert not push.is_offered()
    assert push.public_key() == ""


# --- Later, and no longer ---------------------------------------------------------------------------------------------
def test_nothing_leaves_before_its_time(keeper, service, sent_jobs, django_capture_on_commit_callbacks):
    morning = timezone.now() + dt.timedelta(hours=8)
    with django_capture_on_commit_callbacks(execute=True):
        message = queue(**PUSH, context={}, not_before=morning)
        queue_many([Draft(**PUSH, not_before=morning)])
    assert sent_jobs == []
    delivery.deliver(message.pk)
    assert delivery.deliver_due() == 0
    with time_machine.travel(morning - dt.timedelta(minutes=1)):
        delivery.deliver(message.pk)
        assert delivery.deliver_due() == 0
    assert service.requests == []
    with time_machine.travel(morning + dt.timedelta(seconds=1)):
        delivery.deliver(message.pk)
    assert len(service.requests) == 1


def test_the_sweep_finds_what_has_to_leave_now(way_of_sms, sent_jobs):
    morning = timezone.now() + dt.timedelta(hours=8)
    queue(channel="sms", recipient="+79123456789", template="test", context={}, not_before=morning)
    with time_machine.travel(morning + dt.timedelta(seconds=1)):
        assert delivery.deliver_due() == 1


@pytest.fixture
def way_of_sms(monkeypatch) -> None:
    monkeypatch.setattr(rendering, "_renderer", lambda _t: lambda _c, _s: WORDS)


def test_a_time_that_is_over_is_now(sent_jobs, django_capture_on_commit_callbacks):
    past = timezone.now() - dt.timedelta(hours=1)
    with django_capture_on_commit_callbacks(execute=True):
        queue(**PUSH, context={}, not_before=past)
        queue_many([Draft(**PUSH, not_before=past), Draft(**PUSH, not_before=timezone.now() + dt.timedelta(hours=1))])
    assert [name for name, _arguments in sent_jobs] == ["outbox.tasks.deliver", "outbox.tasks.deliver_due"]


def test_old_pushes_are_forgotten_and_nothing_else():
    week, now = dt.timedelta(days=7), timezone.now()
    for channel, age, status in [
        ("push", week * 2, Status.SENT),
        ("push", week * 2, Status.FAILED),
        ("push", week * 2, Status.QUEUED),
        ("push", week / 2, Status.SENT),
        ("email", week * 2, Status.SENT),
        ("sms", week * 2, Status.SENT),
    ]:
        finished = None if status == Status.QUEUED else now - age
        Message.objects.create(
            channel=channel, recipient="7", template="test", created_at=now - age, status=status, finished_at=finished
        )
    assert forget_old_pushes(now) == 2
    assert forget_old_pushes(now) == 0
    assert Message.objects.count() == 4
