"""Lists are {"count", "next", "previous", "results"}, 50 a page, at most 200."""

from __future__ import annotations

from typing import Any

from rest_framework.exceptions import ValidationError
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request


class Pages(PageNumberPagination):
    """`?page=2&limit=100`. A limit above 200 means 200; a page behind the last one is unknown (404)."""

    page_size = 50
    max_page_size = 200
    page_size_query_param = "limit"
    page_size_query_description = "How many rows a page has, 1 to 200."
    page_query_description = "Which page, from 1."
    invalid_page_message = "There is no such page."

    def get_page_size(self, request: Request) -> int:
        given = request.query_params.get("limit")
        if given is None:
            return self.page_size
        if not (given.isascii() and given.isdigit() and int(given[:9]) > 0):
            raise ValidationError({"limit": ["Write a whole number from 1 to 200."]})
        return min(int(given[:9]), self.max_page_size)

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        wrapped = super().get_paginated_response_schema(schema)
        for end, page in (("next", 3), ("previous", 1)):
            wrapped["properties"][end]["example"] = f"https://club.example/api/v1/…?page={page}"
        wrapped["required"] = ["count", "next", "previous", "results"]
        return wrapped
