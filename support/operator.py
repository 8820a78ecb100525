"""What the operator's menu shows beside «Обращения» (SUP-1)."""

from django.http import HttpRequest

from support.selectors.requests import count_waiting_of_operator


def waiting(request: HttpRequest) -> str:
    """Return how many requests for help wait, as text; empty when none does."""
    return str(count_waiting_of_operator() or "")
