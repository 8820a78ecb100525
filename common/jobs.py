"""Background work: named, after commit, with ids only."""

from functools import partial

from celery import current_app
from django.db import transaction


def enqueue(name: str, **arguments: int | str | None) -> None:
    """Send the Celery task `name` once the current transaction has committed (at once when there is none).

    A broker that is away must not fail the request whose data are already safe: what has to survive stands in a
    table (outbox, time stamps), and the schedule finds it there.
    """
    transaction.on_commit(partial(_send, name, arguments), robust=True)


def _send(name: str, arguments: dict[str, int | str | None]) -> None:
    current_app.send_task(name, kwargs=arguments, retry=False)
