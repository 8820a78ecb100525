"""Pages by number, where rows of two kinds are one list and have no key of their own."""

from typing import Any

from rest_framework.pagination import PageNumberPagination


class NumberedPages(PageNumberPagination):
    """`?page=2&limit=100`."""

    page_size = 50
    page_size_query_param = "limit"
    max_page_size = 200

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Describe a page as JSON Schema, as `common.api.CursorPagination` does."""
        address = {"type": ["string", "null"], "format": "uri", "description": "The address of that page, if any."}
        return {
            "type": "object",
            "required": ["count", "next", "previous", "results"],
            "properties": {"count": {"type": "integer"}, "next": address, "previous": address, "results": schema},
        }
