"""Jobs of this floor; each may run late, twice, or twice at once."""

from celery import shared_task

from orgs import digest


@shared_task(name="orgs.tasks.send_digests")
def send_digests() -> int:
    """Queue the daily letters of organizations where it is evening; returns how many."""
    return digest.send_digests()
