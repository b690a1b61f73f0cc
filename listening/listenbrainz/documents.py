"""Bodies of requests, from bytes to values that can be trusted to be JSON and text. Pure."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

_MAY_HIDE_BAD_CHARACTERS = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")


class Invalid(Exception):
    """The body breaks a rule; the text says which."""


def read_json(body: bytes) -> Any:
    """The document that `body` is; Invalid for what is no JSON, is nested too deeply, or holds what no text may."""
    try:
        document = json.loads(body.decode("utf-8"), parse_constant=_no_constant, parse_float=_finite)
    except RecursionError:
        raise Invalid("Cannot parse JSON document: nested too deeply.") from None
    except ValueError as error:
        raise Invalid(f"Cannot parse JSON document: {error}") from None
    if _MAY_HIDE_BAD_CHARACTERS.search(body):
        for text in _texts(document):
            if "\x00" in text:
                raise Invalid("A text of the JSON document contains a NUL character.")
            if not _is_unicode(text):
                raise Invalid("Cannot parse JSON document: half a surrogate pair.")
    return document


def whole(value: Any) -> int | None:
    """As ListenBrainz reads numbers: fractions cut, digits in a string accepted."""
    try:
        return int(value)
    except (TypeError, ValueError, OverflowError):
        return None


def is_uuid(value: Any) -> bool:
    try:
        UUID(value)
    except (AttributeError, TypeError, ValueError):
        return False
    return True


def some_text(info: Mapping[str, Any], key: str) -> str:
    value = info.get(key)
    return value.strip() if isinstance(value, str) else ""


def is_deeper(value: Any, levels: int) -> bool:
    """Whether lists and objects stand in each other more than `levels` deep."""
    if not isinstance(value, dict | list):
        return False
    inner = value.values() if isinstance(value, dict) else value
    return levels == 0 or any(is_deeper(each, levels - 1) for each in inner)


def _texts(document: Any) -> Iterator[str]:
    """Every string in a document, keys included."""
    waiting = [document]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            waiting += [*value, *value.values()]
        elif isinstance(value, list):
            waiting += value


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _finite(digits: str) -> float:
    if math.isinf(number := float(digits)):
        raise ValueError(f"{digits[:20]} is too large a number")
    return number


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON value")
