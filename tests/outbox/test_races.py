"""Two workers, one message: proven with real threads."""

from collections.abc import Iterator
from functools import partial
from types import SimpleNamespace

import pytest

from outbox import delivery, rendering
from outbox.adapters import ADAPTERS, webpush
from outbox.models import Message, Status
from outbox.services import Draft, queue, queue_many
from tests.outbox.push_service import Browser, PushService, running_push_service
from tests.outbox.test_outbox import SMS, Recorder, words
from tests.threads import at_once

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True), pytest.mark.req("INV-5")]


@pytest.fixture
def way(settings, monkeypatch) -> Recorder:
    recorder = Recorder()
    monkeypatch.setitem(ADAPTERS, "test", recorder)
    monkeypatch.setattr(rendering, "_renderer", lambda _template: words)
    settings.SMS_ADAPTER = "test"
    return recorder


def test_eight_workers_send_each_message_once(way):
    queue_many([Draft(**{**SMS, "recipient": f"+7916{number:07d}"}) for number in range(50)])
    ids = list(Message.objects.values_list("pk", flat=True))
    outcomes = at_once([delivery.deliver_due] * 4 + [lambda: [delivery.deliver(pk) for pk in ids]] * 4)
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert len(way.sent) == len({recipient for recipient, _words in way.sent}) == 50
    assert set(Message.objects.values_list("status", flat=True)) == {Status.SENT}


def test_the_same_key_queued_at_once_is_one_message():
    outcomes = at_once([partial(queue, **SMS, context={}, dedupe_key="once")] * 8)
    assert len([outcome for outcome in outcomes if isinstance(outcome, Message)]) == 1
    assert outcomes.count(None) == 7


@pytest.fixture
def school_of_devices(settings, monkeypatch) -> Iterator[PushService]:
    """Sixty browsers at one push service that takes its time."""
    settings.PUSH_ADAPTER, settings.PUSH_LOOPBACK = "webpush", True
    monkeypatch.setattr(rendering, "_renderer", lambda _template: words)
    with running_push_service() as service:
        subscription = Browser().subscribe(f"{service.url}/send")
        keeper = SimpleNamespace(find=lambda _n: subscription, delivered=str, failed=str, forget=str)
        monkeypatch.setattr(webpush, "subscriptions", lambda: keeper)
        yield service


def test_pushes_of_a_school_leave_several_at_once_and_each_once(school_of_devices):
    service = school_of_devices
    service.delay = 0.1
    queue_many([Draft(channel="push", recipient=str(number), template="test") for number in range(60)])
    outcomes = at_once([delivery.deliver_due, delivery.deliver_due])
    assert sum(outcomes) == len(service.requests) == 60
    assert service.most_at_once > 2
    assert set(Message.objects.values_list("status", flat=True)) == {Status.SENT}
