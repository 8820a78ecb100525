"""What an address is called where its words may not stand: in logs and in metrics."""

from typing import Any

UNKNOWN = "(none)"


def route_of(request: Any) -> str:
    """Return the name of the route («orgs:home»), never the path: paths hold tokens, slugs and numbers of people."""
    match = getattr(request, "resolver_match", None)
    if match is None:
        return UNKNOWN
    return match.view_name if match.url_name else (match.route or UNKNOWN)
