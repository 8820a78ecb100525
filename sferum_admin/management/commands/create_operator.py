"""The first operator of the platform, and every further one."""

import sys
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.phones import normalise_phone, spoken_phone
from common.errors import DomainError
from common.text import clean


class Command(BaseCommand):
    help = "Make an operator of the platform: whoever makes organizations in /admin/. May be repeated."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--phone", help="the operator's phone, typed in any way; asked for when left out")
        parser.add_argument("--name", help="the operator's full name; asked for when left out")
        parser.add_argument("--email", default="", help="where letters about new applications go")
        parser.add_argument("--no-input", action="store_true", help="ask nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the user, or make a user of this phone an operator, and say how to sign in; no secret is printed."""
        is_asking = not options["no_input"] and self.is_terminal()
        phone = options["phone"] or (self.ask(_("Phone of the operator:")) if is_asking else "")
        if not phone:
            raise CommandError(_("Name the phone: --phone +79001234567"))
        try:
            number = normalise_phone(phone)
        except DomainError as error:
            raise CommandError(error.message) from error
        email = options["email"].strip()
        if email:
            try:
                validate_email(email)
            except ValidationError as error:
                raise CommandError(" ".join(error.messages)) from error
        name = options["name"]
        if name is None and is_asking:
            name = self.ask(_("Full name (may be left empty):"))
        self.stdout.write(_SAID[appoint(number, clean(name or ""), email)]())
        address = settings.SITE_URL.rstrip("/") + reverse("admin:index")
        values = {"address": address, "phone": spoken_phone(number)}
        self.stdout.write(_("Sign in at %(address)s with the number %(phone)s: the code comes by SMS.") % values)

    def is_terminal(self) -> bool:
        """Tell whether somebody sits there who can answer."""
        return sys.stdin is not None and sys.stdin.isatty()

    def ask(self, question: str) -> str:
        """Return what is typed after `question`; empty at the end of the input."""
        try:
            return input(f"{question} ").strip()
        except EOFError:
            return ""


@transaction.atomic
def appoint(phone: str, name: str, email: str = "") -> str:
    """Make the user of `phone` an operator; return «made», «appointed» (had an account) or «already».

    A name that the person has is left alone. Raises `CommandError` for an account that is closed: whoever was shut out
    must not come back as the operator by a mistyped number.
    """
    user = User.objects.select_for_update().filter(phone=phone).first()
    if user is None:
        User.objects.create_superuser(phone, display_name=name[:200], email=email)
        return "made"
    if not user.is_active:
        raise CommandError(_("The account of this number is closed. Open it again in /admin/ first."))
    was_operator = user.is_staff and user.is_superuser
    user.is_staff = user.is_superuser = True
    user.display_name = user.display_name or name[:200]
    user.email = email or user.email
    user.save(update_fields=["is_staff", "is_superuser", "display_name", "email"])
    return "already" if was_operator else "appointed"


_SAID = {
    "made": lambda: _("The operator is made."),
    "appointed": lambda: _("This number has an account; it is the operator's now."),
    "already": lambda: _("This number is an operator's already; nothing was changed."),
}
