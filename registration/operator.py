"""What the operator's menu shows beside «Заявки» (REG-2)."""

from django.http import HttpRequest

from registration.selectors.applications import count_waiting


def waiting(request: HttpRequest) -> str:
    """Return how many applications wait, as text; empty when none does."""
    return str(count_waiting() or "")
