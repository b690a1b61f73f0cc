"""Words for the OpenAPI description that every app's endpoints share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiRequest,
    OpenApiResponse,
    extend_schema_serializer,
)

from sidetrack.api.errors import CODES, error_body
from sidetrack.api.serializers import ErrorAnswer

WEEK_NUMBER = OpenApiParameter("number", int, OpenApiParameter.PATH, description="The number of a week.")

MEANINGS = {
    400: "A value is missing or wrong.",
    401: "No token or session, or one that does not open anything.",
    403: "The caller may not do this.",
    404: "There is no such thing, or the caller may not see it.",
    409: "The wrong phase, or a rule of the club forbids it; `code` says which.",
    429: "Too often. `Retry-After` says how many seconds to wait.",
    503: "An outside service is needed and does not answer. `Retry-After` says when to try again.",
}
SAYS: dict[int, dict[str, Any]] = {
    400: error_body("invalid", "value: A rating has 1.0 to 5.0 stars, in halves.", {"value": ["A rating has …"]}),
    401: error_body("not_authenticated", "Sign in, or send a token: Authorization: Bearer <token>."),
    403: error_body("not_your_own", "You act only for yourself: name yourself, or nobody."),
    404: error_body("not_found", "There is nothing at this address."),
    409: error_body("wrong_phase", "Voting in WEEK 012 closed on Friday 20:00."),
    429: error_body("too_often", "Too often. Try again in 17 seconds."),
    503: error_body("unavailable", "The service cannot answer just now. Try again in a moment."),
}


def answers(good: Mapping[int, Any], *errors: int) -> dict[int, Any]:
    """`responses=` of an endpoint: its own answers, the named refusals in the common shape, and 429, which all have."""
    refusals = {
        status: OpenApiResponse(
            ErrorAnswer,
            description=MEANINGS[status],
            examples=[OpenApiExample(CODES[status], value=SAYS[status], response_only=True)],
        )
        for status in sorted({*errors, 429})
    }
    return {**good, **refusals}


def asks(body: Any, examples: Mapping[str, Any]) -> OpenApiRequest:
    """`request=` of an endpoint: its body, with examples by title."""
    shown = [OpenApiExample(title, value=value, request_only=True) for title, value in examples.items()]
    return OpenApiRequest(body, examples=shown)


def shown_as(value: Any) -> Any:
    """Decorates a serializer with the example that the reference shows for it."""
    example = OpenApiExample("Example", value=value, response_only=True, status_codes=["200", "201", "202"])
    return extend_schema_serializer(examples=[example])
