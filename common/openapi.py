"""How the API is described. Apart from `common.api`, which DRF's settings load before the generator can be."""

from typing import Any

from django.conf import settings
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema

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


class Schema(AutoSchema):
    """How an operation is described: only what is read comes in pages."""

    def _get_paginator(self) -> Any:
        return super()._get_paginator() if self.method == "GET" else None


class SessionScheme(OpenApiAuthenticationExtension):
    """How the description of the API names the session."""

    target_class = "common.api.SessionAuthentication"
    match_subclasses = True
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}


def document_errors(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """A hook of drf-spectacular: every operation documents the error answers of the one shape."""
    result["components"].setdefault("schemas", {})["Error"] = ERROR_SCHEMA
    answer = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}}
    words = {
        "400": "Invalid data",
        "401": "Not signed in",
        "403": "Forbidden",
        "404": "Not visible",
        "409": "Refused",
        "429": "Too many tries",
    }
    for path in result["paths"].values():
        for operation in path.values():
            for code, description in words.items():
                operation["responses"].setdefault(code, {"description": description, **answer})
    return result
