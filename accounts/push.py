"""What the outbox asks about devices (`settings.PUSH_SUBSCRIPTIONS`, `outbox.push.Subscriptions`)."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from accounts.models import PushDevice
from outbox.push import Subscription

USE_IS_WRITTEN_EVERY = timedelta(hours=1)


def find(recipient: str) -> Subscription | None:
    """Return the subscription of a device, or None when it was switched off or its browser was signed out."""
    row = PushDevice.objects.alive().filter(pk=recipient).values("endpoint", "p256dh", "auth").first()
    return Subscription(**row) if row else None


def delivered(recipient: str) -> None:
    """Remember that something got through, at most once an hour."""
    now = timezone.now()
    stale = Q(last_used_at=None) | Q(last_used_at__lt=now - USE_IS_WRITTEN_EVERY) | Q(failed_at__isnull=False)
    PushDevice.objects.filter(stale, pk=recipient).update(last_used_at=now, failed_at=None)


def failed(recipient: str) -> None:
    """Remember since when nothing gets through."""
    PushDevice.objects.filter(pk=recipient, failed_at=None).update(failed_at=timezone.now())


def forget(recipient: str) -> None:
    """Remove a device whose subscription the push service has ended."""
    PushDevice.objects.filter(pk=recipient).delete()
