"""What every part of the API shares: errors of one shape, cursor paging, session sign-in."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import authentication, exceptions, pagination, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings

from common.errors import DomainError

ERROR_SCHEMA = {
    "type": "object",
    "properties": {
        "code": {"type": "string", "description": "Stable; clients may rely on it."},
        "message": {"type": "string", "description": "A sentence for people."},
        "fields": {
            "type": "object",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
            "description": "What is wrong with which field.",
        },
    },
    "required": ["code", "message", "fields"],
}


class SessionAuthentication(authentication.SessionAuthentication):
    """Browser sessions; an unauthenticated request gets 401 (DRF alone would answer 403)."""

    def authenticate_header(self, request: Request) -> str:
        return "Session"


class CursorPagination(pagination.CursorPagination):
    """Pages by key, so that the last page is as quick as the first. `?limit=` takes up to 200."""

    ordering = "id"
    page_size_query_param = "limit"
    max_page_size = 200


def error_response(code: str, message: str, http_status: int, fields: dict[str, list[str]] | None = None) -> Response:
    """Return an error in the API's one shape `{code, message, fields}`."""
    return Response({"code": code, "message": str(message), "fields": fields or {}}, status=http_status)


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Turn what a view raised into the one error shape; unknown exceptions go on (500, logged)."""
    if isinstance(error, DomainError):
        fields = {name: [str(text)] for name, text in error.fields.items()}
        return error_response(error.code, error.message, error.status, fields)
    if isinstance(error, Http404):
        return error_response("not_found", _("There is no such thing here."), status.HTTP_404_NOT_FOUND)
    if isinstance(error, PermissionDenied):
        return error_response("forbidden", _("You may not do this."), status.HTTP_403_FORBIDDEN)
    if isinstance(error, exceptions.ValidationError):
        return error_response("invalid", _("Please check the data."), error.status_code, _fields(error.detail))
    if isinstance(error, exceptions.APIException):
        response = error_response(error.default_code, str(error.detail), error.status_code)
        for header, value in {
            "WWW-Authenticate": getattr(error, "auth_header", None),
            "Retry-After": getattr(error, "wait", None),
        }.items():
            if value:
                response[header] = str(value)
        return response
    return None


def _fields(detail: Any) -> dict[str, list[str]]:
    if not isinstance(detail, dict):
        detail = {api_settings.NON_FIELD_ERRORS_KEY: detail}
    return {str(name): _sentences(value) for name, value in detail.items()}


def _sentences(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [f"{name}: {text}" for name, inner in value.items() for text in _sentences(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in _sentences(inner)]
    return [str(value)]


def document_errors(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """A hook of drf-spectacular: every operation documents the error answers of the one shape."""
    result["components"].setdefault("schemas", {})["Error"] = ERROR_SCHEMA
    answer = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}}
    words = {"400": "Invalid data", "401": "Not signed in", "403": "Forbidden", "404": "Not visible", "409": "Refused"}
    for path in result["paths"].values():
        for operation in path.values():
            for code, description in words.items():
                operation["responses"].setdefault(code, {"description": description, **answer})
    return result
