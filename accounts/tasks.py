"""Scheduled tidying; each may run twice."""

from celery import shared_task
from django.utils import timezone

from accounts import services


@shared_task(name="accounts.tasks.remove_unconfirmed_users")
def remove_unconfirmed_users() -> None:
    """Remove sign-ups whose code was never typed."""
    services.remove_unconfirmed_users(timezone.now())


@shared_task(name="accounts.tasks.clear_sessions")
def clear_sessions() -> None:
    """Remove sessions that are over."""
    services.clear_sessions(timezone.now())
