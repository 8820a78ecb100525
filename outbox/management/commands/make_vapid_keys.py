"""A key pair for pushes, to be put into the environment of production."""

from typing import Any

from django.core.management.base import BaseCommand

from outbox.vapid import make_keys


class Command(BaseCommand):
    help = "Print a new pair of keys for pushes. With another pair every device has to switch notifications on anew."
    # Asked for before anything is configured.
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the private key as a line of `.env`, and the public one, which follows from it, as a remark."""
        private, public = make_keys()
        self.stdout.write(f"VAPID_PRIVATE_KEY={private}\n# the public key that follows from it: {public}\n")
