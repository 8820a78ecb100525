"""What every part of the API shares: errors of one shape, cursor paging, session sign-in."""

from collections.abc import Mapping
from io import BytesIO
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.core.exceptions import ValidationError as InvalidValue
from django.db import DataError
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from rest_framework import authentication, exceptions, pagination, parsers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings

from common.errors import DomainError


class SessionAuthentication(authentication.SessionAuthentication):
    """Browser sessions; an unauthenticated request gets 401 (DRF alone would answer 403)."""

    def authenticate_header(self, request: Request) -> str:
        return "Session"


class CursorPagination(pagination.CursorPagination):
    """Pages by key, so that the last page is as quick as the first. `?limit=` takes up to 200."""

    ordering: str | tuple[str, ...] = "id"
    page_size_query_param = "limit"
    max_page_size = 200

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any] | None:
        """Return one page; a cursor that nobody was given is refused (400) instead of reaching the database."""
        try:
            return super().paginate_queryset(queryset, request, view)
        except (exceptions.NotFound, InvalidValue, ValueError, OverflowError, DataError) as error:
            raise exceptions.ValidationError({"cursor": [_("This cursor does not come from a list.")]}) from error

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Describe a page as JSON Schema; DRF's own description speaks an older dialect (`nullable`)."""
        address = {"type": ["string", "null"], "format": "uri", "description": "The address of that page, if any."}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": address, "previous": address, "results": schema},
        }


class TooLarge(exceptions.APIException):
    """The body is larger than `DATA_UPLOAD_MAX_MEMORY_SIZE`."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "too_large"
    default_detail = _lazy("The request is too large.")


class JSONParser(parsers.JSONParser):
    """JSON of bounded size and depth: a body made to hurt is an error of its sender, never ours."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        body = stream.read(limit + 1)
        if len(body) > limit:
            raise TooLarge
        try:
            return super().parse(BytesIO(body), media_type, parser_context)
        except RecursionError as error:
            raise exceptions.ParseError(_("The JSON is nested too deeply.")) from error


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
    if isinstance(error, SuspiciousOperation):
        error = TooLarge() if isinstance(error, RequestDataTooBig) else exceptions.ParseError()
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
    # Half a character of the sender's would break our answer.
    return [str(value).encode(errors="replace").decode()]
