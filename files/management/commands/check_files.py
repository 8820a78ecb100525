"""`manage.py check_files`: the file store beside the rows that name its files."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from files.services import store


class Command(BaseCommand):
    help = "Compares the file store with the database: bytes nobody names, rows whose bytes are gone."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--remove", action="store_true", help="delete the bytes that nobody names")

    def handle(self, *args: Any, **options: Any) -> None:
        report = store.check(timezone.now())
        for name in report.orphans:
            self.stdout.write(f"no row: {name}")
        for name in report.missing:
            self.stdout.write(f"no bytes: {name}")
        removed = store.remove_orphans(report.orphans) if options["remove"] else 0
        self.stdout.write(
            f"{report.files} files; {len(report.orphans)} without a row, {removed} of them removed; "
            f"{len(report.missing)} rows without bytes"
        )
