"""Jobs of the roster; each may run late, twice, or twice at once."""

from celery import shared_task

from roster.services import keeping


@shared_task(name="roster.tasks.forget_files")
def forget_files() -> int:
    """Empty the files of which nobody needs the content any more; returns how many."""
    return keeping.forget_files()
