"""Jobs of channels; each may run late, twice, or twice at once."""

from celery import shared_task

from channels_app.services import notifying, publishing


@shared_task(name="channels_app.tasks.publish_due")
def publish_due() -> int:
    """Let planned posts appear whose time has come; returns how many."""
    return publishing.publish_due()


@shared_task(name="channels_app.tasks.remove_deleted")
def remove_deleted() -> int:
    """Remove posts for good that were removed long ago; returns how many."""
    return publishing.remove_deleted()


@shared_task(name="channels_app.tasks.notify", time_limit=120, soft_time_limit=90)
def notify(post_id: int) -> int:
    """Queue the pushes of a new post; returns how many."""
    return notifying.notify(post_id)


@shared_task(name="channels_app.tasks.tell_editors", time_limit=60, soft_time_limit=45)
def tell_editors(proposal_id: int) -> int:
    """Tell those who publish of a proposed text; returns how many messages."""
    return notifying.tell_editors(proposal_id)


@shared_task(name="channels_app.tasks.tell_author", time_limit=60, soft_time_limit=45)
def tell_author(proposal_id: int) -> int:
    """Tell the author what was decided about a proposed text; returns how many messages."""
    return notifying.tell_author(proposal_id)
