"""An API client that checks every answer against the API's own description."""

from __future__ import annotations

import copy
import json
import re
from functools import cache
from typing import Any

from drf_spectacular.generators import SchemaGenerator
from jsonschema import Draft202012Validator
from rest_framework.test import APIClient

FORMATS = Draft202012Validator.FORMAT_CHECKER
# The description itself, its page, and what answers for everything that does not exist.
UNDESCRIBED = {"api_nothing", "api_schema", "api_docs"}


@cache
def description() -> dict[str, Any]:
    """The OpenAPI description, as a client gets it."""
    found = SchemaGenerator().get_schema(public=True)
    return json.loads(json.dumps(found, default=str))


@cache
def strict_components() -> dict[str, Any]:
    """Its components, in which an answer may hold nothing that is not described."""
    components = copy.deepcopy(description()["components"])
    for shape in components["schemas"].values():
        if shape.get("type") == "object" and "additionalProperties" not in shape:
            shape["additionalProperties"] = False
    return components


@cache
def validator(path: str, method: str, status: str, content_type: str) -> Draft202012Validator | None:
    """What judges the body of one answer; None: no body is described. An answer not described at all fails."""
    operation = description()["paths"][path].get(method.lower())
    assert operation, f"{method} {path} is not described"
    assert status in operation["responses"], f"{method} {path} answers {status}, which is not described"
    content = operation["responses"][status].get("content")
    if not content:
        return None
    assert content_type in content, f"{method} {path} answers {content_type}"
    return Draft202012Validator(
        {**content[content_type]["schema"], "components": strict_components()}, format_checker=FORMATS
    )


def check(response: Any) -> None:
    """Fail unless the answer is one that the description promises."""
    path = "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", response.resolver_match.route).replace("{pk}", "{id}")
    content_type = response.headers.get("Content-Type", "").partition(";")[0]
    judge = validator(path, response.request["REQUEST_METHOD"], str(response.status_code), content_type)
    if judge is None:
        assert not response.content
    elif content_type == "application/json":
        judge.validate(json.loads(response.content))


class CheckedClient(APIClient):
    """A client of the API; `slug` shortens the addresses inside an organization."""

    slug = ""

    def request(self, **kwargs: Any) -> Any:
        response = super().request(**kwargs)
        match = getattr(response, "resolver_match", None)
        if match is not None and match.url_name not in UNDESCRIBED and response.status_code not in (405, 413, 415):
            check(response)
        return response

    def inside(self, path: str = "") -> str:
        """Return the address of `path` inside the organization."""
        return f"/api/v1/o/{self.slug}/{path}"
