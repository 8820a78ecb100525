"""What every view of the own account shares."""

from django.utils.translation import gettext as _
from rest_framework.request import Request

from accounts.models import ApiKey, User
from common.errors import DomainError


def me(request: Request) -> User:
    """Who is signed in, with the type that this means."""
    assert isinstance(request.user, User)  # noqa: S101 - every view here needs a sign-in
    return request.user


def require_session(request: Request) -> None:
    """A key that leaked must neither make another one nor sign its owner out."""
    if isinstance(request.auth, ApiKey):
        raise DomainError("session_required", _("This is done in the browser, not with a key."), status=403)
