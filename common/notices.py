"""What was just done, told on the next page — with the way back where there is one."""

from django.contrib import messages
from django.http import HttpRequest


def done(request: HttpRequest, text: str, undo: str = "") -> None:
    """Show `text` on the next page; `undo` is the address that takes it back by POST, offered as a button."""
    messages.success(request, text, extra_tags=f"undo:{undo}" if undo else "")


def refused(request: HttpRequest, text: str) -> None:
    """Show on the next page why nothing was done."""
    messages.error(request, text)
