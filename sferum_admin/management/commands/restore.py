"""An installation from a backup."""

import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from sferum_admin.backup.reading import CannotRestore, is_sealed, restore_backup


class Command(BaseCommand):
    help = "Fill an empty installation of the same version from a file that `backup` has written (after `migrate`)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", help="the file")

    def handle(self, *args: Any, **options: Any) -> None:
        """Restore everything or nothing, and say what came in."""
        path, passphrase = Path(options["path"]), os.environ.get("BACKUP_PASSPHRASE", "")
        if not path.is_file():
            raise CommandError(_("There is no file %(path)s.") % {"path": path})
        if is_sealed(path) and not passphrase:
            raise CommandError(_("This backup is encrypted: give its passphrase in BACKUP_PASSPHRASE."))
        try:
            summary = restore_backup(path, passphrase)
        except CannotRestore as reason:
            raise CommandError(str(reason)) from reason
        values = {"rows": summary.total_rows, "files": summary.files}
        self.stdout.write(_("Restored: %(rows)s rows, %(files)s files.") % values)
