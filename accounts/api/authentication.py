"""API keys (INT-1): `Authorization: Bearer key_1a2b3c4d.…`."""

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from accounts.models import ApiKey, User
from accounts.rules import are_accepted, is_open_without, refusal
from accounts.services import find_api_key, record_key_use
from common.api import SessionAuthentication as BrowserSession
from common.errors import DomainError

SCHEME = "Bearer"


class ApiKeyAuthentication(BaseAuthentication):
    """Signs a request in as the key's user.

    A key that is unknown, revoked or expired answers 401; one that may only read answers 403 `read_only_key` to a
    request that would write. `request.auth` is the `ApiKey`.
    """

    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:
        scheme, _space, raw = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != SCHEME.lower():
            return None
        now = timezone.now()
        key = find_api_key(raw.strip(), now)
        if key is None:
            raise AuthenticationFailed(_("This key does not work: it is unknown, revoked or expired."))
        if key.read_only and request.method not in SAFE_METHODS:
            raise DomainError("read_only_key", _("This key may only read."), status=403)
        _require_rules(request, key.user)
        record_key_use(key, now)
        return key.user, key

    def authenticate_header(self, request: Request) -> str:
        return f'{SCHEME} realm="api"'


class SessionAuthentication(BrowserSession):
    """A browser's session, whose person has accepted the rules of use (ACC-5)."""

    def authenticate(self, request: Request) -> tuple[User, None] | None:
        found = super().authenticate(request)
        if found is not None:
            _require_rules(request, found[0])
        return found


def _require_rules(request: Request, user: User) -> None:
    if not are_accepted(user) and not is_open_without(request._request):
        raise refusal()


class ApiKeyScheme(OpenApiAuthenticationExtension):
    """How the schema describes the keys."""

    target_class = ApiKeyAuthentication
    name = "apiKey"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "An API key made on /account/keys/."}
