"""A copy of the whole installation in one file."""

import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from sferum_admin.backup.writing import write_backup


class Command(BaseCommand):
    help = (
        "Write the database and all files into one file, while people work. With BACKUP_PASSPHRASE in the environment "
        "the file opens with it only."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", nargs="?", help="the new file; a folder gets one named after the moment")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file and say what it holds."""
        path = Path(options["path"] or ".")
        if path.is_dir():
            path /= f"sferum-{timezone.now():%Y%m%d-%H%M%S}.backup"
        passphrase = os.environ.get("BACKUP_PASSPHRASE", "")
        try:
            summary = write_backup(path, passphrase)
        except FileExistsError as error:
            raise CommandError(_("%(path)s exists already.") % {"path": error}) from error
        except OSError as error:
            raise CommandError(str(error)) from error
        values = {"path": path, "rows": summary.total_rows, "files": summary.files}
        self.stdout.write(_("%(path)s: %(rows)s rows, %(files)s files.") % values)
        for name in summary.missing:
            self.stderr.write(_("Not in the file store: %(name)s") % {"name": name})
        if not passphrase:
            self.stderr.write(_("Not encrypted: whoever has this file can read everything. See BACKUP_PASSPHRASE."))
