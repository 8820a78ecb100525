"""Codes have a queue of their own: nothing that is slow stands before them (ACC-1)."""

from __future__ import annotations

from typing import Any

import pytest
from celery import current_app
from django.conf import settings
from django.utils import timezone

from accounts.sign_in import _SMS
from outbox import delivery, tasks
from outbox.models import Channel, Message, Status
from outbox.rendering import Rendered, open_secret
from outbox.services import Draft, queue, queue_many
from sferum_admin import embedded

pytestmark = [pytest.mark.django_db, pytest.mark.req("ACC-1")]
PHONE = "+79123456789"


def put(template: str, channel: str = Channel.SMS, recipient: str = PHONE) -> Message:
    message = queue(channel=channel, recipient=recipient, template=template, context={}, secret="123456")
    assert message is not None
    return message


def test_a_code_goes_by_its_own_queue(
    sent_jobs: list[tuple[str, dict[str, Any]]], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        code, letter = put("sign_in_code"), put("invitation")
    assert sent_jobs == [
        ("outbox.tasks.deliver_urgent", {"message_id": code.pk}),
        ("outbox.tasks.deliver", {"message_id": letter.pk}),
    ]


def test_many_at_once_are_swept_by_both_queues(
    sent_jobs: list[tuple[str, dict[str, Any]]], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        queue_many([Draft("sms", PHONE, "parent_code"), Draft("sms", PHONE, "invitation")])
    assert [name for name, _arguments in sent_jobs] == ["outbox.tasks.deliver_due", "outbox.tasks.deliver_due_urgent"]


def test_a_code_for_nobody_takes_the_same_way(
    sent_jobs: list[tuple[str, dict[str, Any]]], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        _SMS.send_nobody(PHONE, "123456")
        _SMS.send(PHONE, "123456")
    assert [name for name, _arguments in sent_jobs] == ["outbox.tasks.deliver_urgent"] * 2


@pytest.mark.parametrize("name", ["outbox.tasks.deliver_urgent", "outbox.tasks.deliver_due_urgent"])
def test_the_urgent_jobs_are_routed_past_all_others(name: str) -> None:
    assert current_app.amqp.router.route({}, name)["queue"].name == "urgent"
    assert current_app.amqp.router.route({}, "outbox.tasks.deliver")["queue"].name == "celery"
    assert name in current_app.tasks
    assert set(settings.OUTBOX_URGENT) <= set(settings.OUTBOX_RENDERERS)


def test_the_embedded_worker_takes_from_both_queues() -> None:
    command = embedded.worker_command()
    assert command[command.index("-Q") + 1] == "celery,urgent"


def test_each_queue_shows_signs_of_life() -> None:
    entries = settings.CELERY_BEAT_SCHEDULE.values()
    beats = [entry for entry in entries if entry["task"] == "common.tasks.beat"]
    assert {entry["options"]["queue"] for entry in beats} == {entry["kwargs"]["queue"] for entry in beats}
    assert {entry["options"]["queue"] for entry in beats} == set(settings.WORKER_QUEUES) == {"celery", "urgent"}


class Hanging:
    """A push service that never answers; whoever asks it would wait for ever, so asking it fails the test."""

    keeps, parallel = False, 1

    def __enter__(self) -> Hanging:
        raise AssertionError("the urgent worker went to the service that hangs")

    def __exit__(self, *_details: object) -> None:
        return None


class Gateway:
    keeps, parallel = False, 1

    def __init__(self) -> None:
        self.sent: list[str] = []

    def __enter__(self) -> Gateway:
        return self

    def __exit__(self, *_details: object) -> None:
        return None

    def send(self, recipient: str, words: Rendered) -> None:
        self.sent.append(recipient)


def test_with_a_push_service_that_hangs_codes_leave(monkeypatch: pytest.MonkeyPatch) -> None:
    gateway = Gateway()
    monkeypatch.setattr(
        delivery, "adapter_of", lambda channel: gateway if channel == Channel.SMS else Hanging()
    )  # fmt: skip
    monkeypatch.setattr(delivery, "render", lambda message: Rendered("", "words"))
    for number in range(3):
        put("push_trial", Channel.PUSH, str(number))
    code = put("sign_in_code")
    Message.objects.update(next_attempt_at=timezone.now())
    tasks.deliver_due_urgent()
    code.refresh_from_db()
    assert (code.status, gateway.sent) == (Status.SENT, [PHONE])
    assert Message.objects.filter(status=Status.QUEUED).count() == 3


def test_without_an_urgent_worker_codes_come_late_and_not_never(monkeypatch: pytest.MonkeyPatch) -> None:
    gateway = Gateway()
    monkeypatch.setattr(delivery, "adapter_of", lambda channel: gateway)
    monkeypatch.setattr(delivery, "render", lambda message: Rendered("", "words"))
    put("sign_in_code")
    tasks.deliver_due()
    assert gateway.sent == [PHONE]


def test_what_was_sealed_under_the_earlier_key_still_opens(settings: Any) -> None:
    message = put("sign_in_code")
    settings.OUTBOX_KEY_FALLBACKS, settings.OUTBOX_KEY = [settings.OUTBOX_KEY], "another key"
    assert open_secret(message) == "123456"
    assert open_secret(put("sign_in_code")) == "123456"
    settings.OUTBOX_KEY_FALLBACKS = []
    assert open_secret(message) == ""
