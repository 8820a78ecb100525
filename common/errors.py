"""What can go wrong in the domain, said once for pages and API alike."""

from collections.abc import Mapping

from django.core.exceptions import PermissionDenied


class DomainError(Exception):
    """A rule of the domain refuses what was asked.

    `code` is stable (API clients rely on it), `message` is a translated sentence for people, `fields` maps the
    names of form fields to such sentences, `status` is the HTTP status of the answer.
    """

    def __init__(self, code: str, message: str, *, fields: Mapping[str, str] | None = None, status: int = 409) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.fields = dict(fields or {})
        self.status = status


def require(allowed: bool) -> None:
    """Raise `PermissionDenied` (403) unless `allowed`: visible, but not yours to change."""
    if not allowed:
        raise PermissionDenied
