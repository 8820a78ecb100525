"""The whole platform in one foreground command: what `make run` starts."""

import os
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from sferum_admin import embedded


class Command(BaseCommand):
    help = "Prepare the data folder and run the web server and the worker until Ctrl-C (embedded mode)."
    # The two checks that matter here (tables, static files) are this command's own work.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--empty", action="store_true", help="start without the demonstration data")

    def handle(self, *args: Any, **options: Any) -> None:
        """Return on Ctrl-C; end with 1 and a sentence for people when something stands in the way."""
        if not settings.EMBEDDED:
            raise CommandError(_("This command is for the embedded mode; production is started by its own services."))
        host, port = os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT") or 8000)
        embedded.interrupt_on_terminate()
        try:
            with embedded.only_one(settings.DATA_DIR):
                embedded.check_port(host, port)
                embedded.prepare(self.report, demonstration=not options["empty"])
                self.report(_("Starting…"))
                embedded.serve(host, port, lambda: self.announce(host, options["empty"]))
        except embedded.CannotStart as reason:
            embedded.write_line(self.stderr, str(reason))
            sys.exit(1)
        except KeyboardInterrupt:
            self.report(_("Stopped."))

    def report(self, line: str) -> None:
        """Print one line of progress at once."""
        embedded.write_line(self.stdout, line)

    def announce(self, host: str, is_empty: bool) -> None:
        """Print where the platform is and who can sign in."""
        lines = ["", _("The platform runs: %(address)s") % {"address": settings.SITE_URL}, ""]
        lines += _first_operator() if is_empty else _people()
        lines += [
            _("Codes and letters are read here: %(address)s") % {"address": f"{settings.SITE_URL}/dev/outbox/"},
            _("Ctrl-C stops it; the data stay in %(folder)s") % {"folder": settings.DATA_DIR},
            "",
        ]
        if host not in {"127.0.0.1", "localhost", "::1"}:
            lines.append(_("Careful: whoever reaches this address reads the sign-in codes. For trying out only."))
        for line in lines:
            self.report(line)


def _people() -> list[str]:
    from sferum_admin.demo import who_can_sign_in

    people = [f"  {phone}  {description}" for phone, description in who_can_sign_in()]
    return [_("Who can sign in (by phone, with a code):"), *people] if people else []


def _first_operator() -> list[str]:
    return [
        _("The operator, who makes organizations, is made by: %(command)s") % {"command": "manage.py create_operator"}
    ]
