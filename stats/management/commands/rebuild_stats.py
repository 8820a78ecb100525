"""`manage.py rebuild_stats ORG [--from --to]`: statistics of one organization, dropped and counted anew (STAT-4)."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from orgs.models import Organization
from stats.services.rebuilding import rebuild


class Command(BaseCommand):
    """Days whose messages have been removed because their time was over stay as they were counted."""

    help = "Drop the statistics of one organization and count them anew."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("organization", help="its address on the platform (slug)")
        parser.add_argument("--from", dest="first", type=_day, help="first day, 2026-09-01")
        parser.add_argument("--to", dest="last", type=_day, help="last day, 2026-09-30")

    def handle(self, *args: Any, **options: Any) -> None:
        organization = Organization.objects.filter(slug=options["organization"]).first()
        if organization is None:
            raise CommandError(f"There is no organization «{options['organization']}».")
        first, last = options["first"], options["last"]
        if first and last and first > last:
            raise CommandError("The last day is before the first one.")
        self.stdout.write(f"Days counted anew: {rebuild(organization, first, last)}")


def _day(typed: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError as error:
        raise CommandError(f"Not a day: {typed}") from error
