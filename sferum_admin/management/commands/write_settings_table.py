"""The table of settings in the README, from `sferum_admin.settings_table`."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from sferum_admin.settings_table import written_into


class Command(BaseCommand):
    help = "Write the table of settings into README.md; with --check only tell whether it is up to date."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; fail when the table is out of date")

    def handle(self, *args: Any, **options: Any) -> None:
        """Rewrite what stands between the two marks, and nothing else."""
        path = settings.BASE_DIR / "README.md"
        text = path.read_text(encoding="utf-8")
        wanted = written_into(text)
        if wanted == text:
            return
        if options["check"]:
            raise CommandError("README.md: the table of settings is out of date; run manage.py write_settings_table")
        path.write_text(wanted, encoding="utf-8")
        self.stdout.write("README.md: the table of settings is written anew.")
