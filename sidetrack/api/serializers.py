"""Bases of the serializers of every app."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from rest_framework import serializers

BIGGEST_ID = 2**63 - 1


class UtcDateTimeField(serializers.DateTimeField):
    """Answers end in Z whatever zone the member reads pages in; a given time without a zone is UTC."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(default_timezone=UTC, **kwargs)


class RowIdField(serializers.IntegerField):
    """The integer id of a row; refuses what no database could hold."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=1, max_value=BIGGEST_ID, **kwargs)


class Body(serializers.Serializer[Any]):
    """What a request brings. A name that is not expected is refused, so that no typo is lost in silence."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict) and (unknown := [str(name)[:64] for name in data if name not in self.fields]):
            expected = ", ".join(self.fields)
            raise serializers.ValidationError({name: [f"Not expected here. Expected: {expected}."] for name in unknown})
        return super().to_internal_value(data)


class Answer(serializers.Serializer[Any]):
    """What an endpoint gives; the whole of it is read only."""


class ErrorDetail(Answer):
    code = serializers.CharField(help_text="For programs: wrong_phase, nomination_limit, not_found, …")
    message = serializers.CharField(help_text="For people: what happened and what to do.")
    fields = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="Messages by field; nested ones as `album.title`, the whole body's under `body`.",
    )


class ErrorAnswer(Answer):
    error = ErrorDetail()
