"""The whole platform in one foreground command: what `make run` starts."""

import os
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from sferum_admin import embedded


class Command(BaseCommand):
    help = "Prepare the data folder and run the web server and the worker until Ctrl-C (embedded mode)."
    # The two checks that matter here (tables, static files) are this command's own work.
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Raise `CommandError` with a sentence for people when something stands in the way; return on Ctrl-C."""
        if not settings.EMBEDDED:
            raise CommandError(_("This command is for the embedded mode; production is started by its own services."))
        host, port = os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT") or 8000)
        embedded.interrupt_on_terminate()
        try:
            with embedded.only_one(settings.DATA_DIR):
                embedded.check_port(host, port)
                embedded.prepare(self.report)
                self.report(_("Starting…"))
                embedded.serve(host, port, lambda: self.announce(host))
        except embedded.CannotStart as reason:
            raise CommandError(str(reason)) from None
        except KeyboardInterrupt:
            self.report(_("Stopped."))

    def report(self, line: str) -> None:
        """Print one line of progress at once."""
        embedded.write_line(self.stdout, line)

    def announce(self, host: str) -> None:
        """Print where the platform is and who can sign in."""
        from sferum_admin.demo import who_can_sign_in

        lines = ["", _("The platform runs: %(address)s") % {"address": settings.SITE_URL}, ""]
        people = who_can_sign_in()
        if people:
            lines.append(_("Who can sign in (by phone, with a code):"))
            lines += [f"  {phone}  {description}" for phone, description in people]
        lines += [
            _("Codes and letters are read here: %(address)s") % {"address": f"{settings.SITE_URL}/dev/outbox/"},
            _("Ctrl-C stops it; the data stay in %(folder)s") % {"folder": settings.DATA_DIR},
            "",
        ]
        if host not in {"127.0.0.1", "localhost", "::1"}:
            lines.append(_("Careful: whoever reaches this address reads the sign-in codes. For trying out only."))
        for line in lines:
            self.report(line)
