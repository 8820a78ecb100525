"""Scheduled tidying; each may run twice."""

from celery import shared_task
from django.utils import timezone

from accounts import services
from accounts.services import deletion, exporting, keeping


@shared_task(name="accounts.tasks.remove_unconfirmed_users")
def remove_unconfirmed_users() -> None:
    """Remove sign-ups whose code was never typed."""
    services.remove_unconfirmed_users(timezone.now())


@shared_task(name="accounts.tasks.clear_sessions")
def clear_sessions() -> None:
    """Remove sessions that are over."""
    services.clear_sessions(timezone.now())


@shared_task(name="accounts.tasks.remove_failing_devices")
def remove_failing_devices() -> int:
    """Remove devices that no notification has reached for long; returns how many."""
    return keeping.remove_failing_devices(timezone.now())


@shared_task(name="accounts.tasks.delete_due_accounts")
def delete_due_accounts() -> int:
    """Close, and a little later delete, accounts whose delay is over."""
    return deletion.delete_due_accounts(timezone.now())


@shared_task(name="accounts.tasks.make_export")
def make_export(export_id: int) -> None:
    """Put the archive of somebody's data together."""
    exporting.make_export(export_id)


@shared_task(name="accounts.tasks.remove_expired_exports")
def remove_expired_exports() -> int:
    """Remove archives whose time is over."""
    return exporting.remove_expired_exports(timezone.now())
