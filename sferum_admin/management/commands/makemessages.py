"""Django's `makemessages` that knows the names under which our code imports the translation functions."""

from django.core.management.commands import makemessages

# A lazy and an immediate translation in one module cannot both be called `_`.
KEYWORDS = ("_t", "_lazy")


class Command(makemessages.Command):
    xgettext_options = [*makemessages.Command.xgettext_options, *(f"--keyword={name}" for name in KEYWORDS)]
