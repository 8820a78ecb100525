"""Messages: queued once, sent once, tried again, forgotten secrets."""

import datetime as dt
import http.server
import itertools
import json
import threading
from types import SimpleNamespace

import pytest
import time_machine
from django.core import mail
from django.db import transaction
from django.utils import timezone

from outbox import delivery, rendering
from outbox.adapters import ADAPTERS
from outbox.adapters.http import SmsGateway, gateway_url
from outbox.models import Message, Status
from outbox.rendering import Obsolete, Rendered
from outbox.selectors import delivery_of
from outbox.services import Draft, queue, queue_many, send_again

pytestmark = [pytest.mark.django_db, pytest.mark.req("INV-5")]
SMS = {"channel": "sms", "recipient": "+79123456789", "template": "test"}


class Recorder:
    """An adapter that remembers, or fails as told."""

    keeps = False
    parallel = 1

    def __init__(self) -> None:
        self.sent: list[tuple[str, Rendered]] = []
        self.error: Exception | None = None
        self.during = lambda: None

    def __call__(self) -> "Recorder":
        return self

    def __enter__(self) -> "Recorder":
        return self

    def __exit__(self, *_details: object) -> None:
        return None

    def send(self, recipient: str, words: Rendered) -> None:
        self.during()
        if self.error:
            raise self.error
        self.sent.append((recipient, words))


def words(context: dict, secret: str) -> Rendered:
    if context.get("annulled"):
        raise Obsolete("Приглашение отозвано.")
    return Rendered("Тема", f"Код {secret}")


@pytest.fixture
def way(settings, monkeypatch) -> Recorder:
    recorder = Recorder()
    monkeypatch.setitem(ADAPTERS, "test", recorder)
    monkeypatch.setattr(rendering, "_renderer", lambda _template: words)
    settings.SMS_ADAPTER = settings.EMAIL_ADAPTER = "test"
    return recorder


def test_a_message_is_sent_and_its_secret_forgotten(way):
    message = queue(**SMS, context={}, secret="123456")
    assert "123456" not in message.secret
    delivery.deliver(message.pk)
    message.refresh_from_db()
    assert way.sent == [("+79123456789", Rendered("Тема", "Код 123456"))]
    assert (message.status, message.secret) == (Status.SENT, "")
    assert message.finished_at


def test_delivering_twice_sends_once(way):
    message = queue(**SMS, context={})
    delivery.deliver(message.pk)
    delivery.deliver(message.pk)
    delivery.deliver_due()
    assert len(way.sent) == 1


def test_a_second_worker_leaves_a_claimed_message_alone(way):
    message = queue(**SMS, context={})
    way.during = lambda: delivery.deliver(message.pk) or delivery.deliver_due()
    delivery.deliver(message.pk)
    assert len(way.sent) == 1


def test_a_message_whose_worker_died_is_sent_when_the_lease_ends(way):
    message = queue(**SMS, context={})
    assert delivery._claim(message.pk, timezone.now())
    assert delivery.deliver_due() == 0
    with time_machine.travel(timezone.now() + delivery.LEASE + dt.timedelta(seconds=10)):
        assert delivery.deliver_due() == 1
    assert len(way.sent) == 1


def test_failures_are_tried_again_with_growing_delays_and_end(way):
    way.error = OSError("шлюз не отвечает")
    message = queue(**SMS, context={}, secret="123456")
    tries = []
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _n in range(60):
            before = Message.objects.get().attempts
            delivery.deliver_due()
            if Message.objects.get().attempts > before:
                tries.append(timezone.now())
            clock.shift(30)
    gaps = [(later - earlier).total_seconds() for earlier, later in itertools.pairwise(tries)]
    assert gaps == [30, 60, 120, 240, 480]
    message.refresh_from_db()
    assert (message.status, message.attempts, message.secret) == (Status.FAILED, 6, "")
    assert "шлюз не отвечает" in message.last_error


def test_a_failure_says_why_but_not_the_code(way):
    way.error = OSError("refused: Код 123456")
    message = queue(**SMS, context={}, secret="123456")
    delivery.deliver(message.pk)
    message.refresh_from_db()
    assert message.status == Status.QUEUED
    assert message.last_error == "OSError: refused: Код …"


def test_after_a_failure_it_may_succeed(way):
    way.error = OSError("x")
    message = queue(**SMS, context={})
    delivery.deliver(message.pk)
    way.error = None
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=1)):
        delivery.deliver_due()
    message.refresh_from_db()
    assert (message.status, message.last_error) == (Status.SENT, "")


def test_what_is_no_longer_true_is_not_sent(way):
    message = queue(**SMS, context={"annulled": True})
    delivery.deliver(message.pk)
    message.refresh_from_db()
    assert (message.status, message.last_error) == (Status.FAILED, "Приглашение отозвано.")
    assert way.sent == []


def test_the_same_key_is_queued_once_and_the_transaction_lives_on(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks, transaction.atomic():
        assert queue(**SMS, context={}, dedupe_key="a")
        assert queue(**SMS, context={}, dedupe_key="a") is None
        assert queue(**SMS, context={}, dedupe_key="b")
    assert Message.objects.count() == 2
    assert len(callbacks) == 2


def test_many_are_queued_at_once(django_assert_num_queries, django_capture_on_commit_callbacks):
    queue(**SMS, context={}, dedupe_key="0")
    drafts = [Draft(**SMS, context={"n": n}, dedupe_key=str(n)) for n in range(30)]
    with django_assert_num_queries(2), django_capture_on_commit_callbacks() as callbacks:
        assert queue_many([*drafts, drafts[3]]) == 29
    assert len(callbacks) == 1
    assert Message.objects.count() == 30
    assert queue_many(drafts) == 0


def test_a_message_that_was_rolled_back_is_not_sent(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks, transaction.atomic():
        queue(**SMS, context={})
        transaction.set_rollback(True)
    assert not callbacks
    assert not Message.objects.exists()


def test_a_large_batch_leaves_in_one_go(way):
    queue_many([Draft(**SMS, context={}) for _n in range(delivery.BATCH + 5)])
    assert delivery.deliver_due() == delivery.BATCH + 5


def test_where_messages_stand_takes_one_query(way, django_assert_num_queries):
    first = queue(**SMS, context={}, reference="invitation:1")
    queue(**SMS, context={}, reference="invitation:1")
    delivery.deliver(first.pk)
    with django_assert_num_queries(1):
        states = delivery_of(["invitation:1", "invitation:2"])
    assert [state.status for state in states["invitation:1"]] == [Status.SENT, Status.QUEUED]
    assert states["invitation:2"] == []


def test_a_code_that_left_cannot_be_sent_again(client, settings):
    message = queue(
        channel="sms",
        recipient="+79123456789",
        template="sign_in_code",
        context={"valid_until": "2020-01-01T00:00:00+00:00"},
    )
    Message.objects.update(status=Status.SENT, finished_at=timezone.now())
    assert send_again([message.pk]) == 1
    delivery.deliver(message.pk)
    message.refresh_from_db()
    assert message.status == Status.FAILED


def test_letters_leave_by_mail(settings, way):
    settings.EMAIL_ADAPTER = "smtp"
    message = queue(channel="email", recipient="anna@example.org", template="test", context={})
    delivery.deliver(message.pk)
    assert [(letter.to, letter.subject) for letter in mail.outbox] == [(["anna@example.org"], "Тема")]


def test_sms_leave_by_the_gateway(settings):
    seen = {}

    class Gateway(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            seen.update(json.loads(body), token=self.headers["Authorization"])
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            return None

    with http.server.HTTPServer(("127.0.0.1", 0), Gateway) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        settings.SMS_GATEWAY_URL = f"http://127.0.0.1:{server.server_port}/send"
        settings.SMS_GATEWAY_TOKEN = "secret"
        SmsGateway().send("+79123456789", Rendered("", "Код 1"))
    assert seen == {"to": "+79123456789", "text": "Код 1", "token": "Bearer secret"}


@pytest.mark.parametrize("url", ["http://sms.example.org/", "file:///etc/passwd", ""])
def test_the_gateway_is_reached_safely_or_not_at_all(settings, url):
    settings.SMS_GATEWAY_URL = url
    with pytest.raises(Exception, match="SMS_GATEWAY_URL"):
        gateway_url()


def test_the_developers_page_shows_codes_and_links(client, settings, monkeypatch):
    monkeypatch.setattr(
        rendering, "_renderer", lambda _t: lambda _c, _s: Rendered("Тема", "https://school.example/join/1/")
    )
    queue(**SMS, context={}, secret="123456")
    page = client.get("/dev/outbox/").content.decode()
    assert "123456" in page
    assert 'href="https://school.example/join/1/"' in page
    assert "<html" not in client.get("/dev/outbox/", HTTP_HX_REQUEST="true").content.decode()
    settings.DEVELOPER_PAGES = False
    assert client.get("/dev/outbox/").status_code == 404


def test_kept_messages_keep_their_code_for_that_page(settings, monkeypatch):
    monkeypatch.setattr(rendering, "_renderer", lambda _template: words)
    message = queue(**SMS, context={}, secret="123456")
    delivery.deliver(message.pk)
    message.refresh_from_db()
    assert message.status == Status.KEPT
    assert rendering.open_secret(message) == "123456"


def test_a_secret_under_another_key_is_empty_not_an_error(settings):
    message = queue(**SMS, context={}, secret="123456")
    settings.OUTBOX_KEY = "another"
    assert rendering.open_secret(message) == ""
    assert rendering.open_secret(SimpleNamespace(secret="")) == ""
