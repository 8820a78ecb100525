"""Jobs of the floor without tables."""

from celery import Task, shared_task
from django.utils import timezone

from common import heartbeat


@shared_task(name="common.tasks.beat", bind=True)
def beat(self: "Task[..., None]", queue: str) -> None:
    """Leave the moment at which the schedule sent this job, and at which a worker of `queue` took it."""
    now = timezone.now().timestamp()
    heartbeat.leave(queue, sent_at=self.request.get("sent_at") or now, now=now)
