"""From the OpenAPI description to what a reader needs: operations by subject, with fields in words and examples.

Pure: a schema (as drf-spectacular makes it) goes in, frozen dataclasses come out; the template only loops over them.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Schema = Mapping[str, Any]

METHODS = ("get", "post", "put", "patch", "delete")
TYPES = {
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
    "string": "text",
    "object": "object",
}
FORMATS = {"date-time": "time, UTC", "date": "date", "uuid": "UUID", "uri": "address"}
MAX_DEPTH = 4


@dataclass(frozen=True)
class Row:
    """One field or parameter. `depth` counts the objects around it."""

    name: str
    kind: str
    words: str
    is_required: bool = False
    depth: int = 0


@dataclass(frozen=True)
class Example:
    title: str
    text: str


@dataclass(frozen=True)
class Reply:
    status: str
    words: str
    rows: tuple[Row, ...] = ()
    examples: tuple[Example, ...] = ()

    @property
    def is_good(self) -> bool:
        return self.status.startswith("2")


@dataclass(frozen=True)
class Operation:
    id: str
    method: str
    path: str
    summary: str
    words: str
    parameters: tuple[Row, ...]
    body: tuple[Row, ...]
    requests: tuple[Example, ...]
    replies: tuple[Reply, ...]
    needs_caller: bool

    @property
    def good(self) -> tuple[Reply, ...]:
        return tuple(reply for reply in self.replies if reply.is_good)

    @property
    def refusals(self) -> tuple[Reply, ...]:
        return tuple(reply for reply in self.replies if not reply.is_good)


@dataclass(frozen=True)
class Subject:
    name: str
    words: str
    operations: tuple[Operation, ...] = field(default=())


def subjects(schema: Schema, *, site: str) -> tuple[Subject, ...]:
    """Every operation of the description under its first tag, in the order of the description's own tags."""
    reader = _Reader(schema, site)
    operations = [
        (each.get("tags", ["other"])[0], reader.operation(path, method, each))
        for path, methods in schema["paths"].items()
        for method, each in methods.items()
        if method in METHODS
    ]
    words = {tag["name"]: tag.get("description", "") for tag in schema.get("tags", [])}
    names = [*words, *sorted({tag for tag, _ in operations} - set(words))]
    made = (Subject(n, words.get(n, ""), tuple(each for tag, each in operations if tag == n)) for n in names)
    return tuple(subject for subject in made if subject.operations)


@dataclass(frozen=True)
class _Reader:
    schema: Schema
    site: str

    def operation(self, path: str, method: str, raw: Schema) -> Operation:
        content = raw.get("requestBody", {}).get("content", {}).get("application/json", {})
        requests = tuple(self._examples(content))
        return Operation(
            id=raw["operationId"],
            method=method.upper(),
            path=path,
            summary=raw.get("summary", raw["operationId"]),
            words=raw.get("description", ""),
            parameters=tuple(self._parameter(each) for each in raw.get("parameters", [])),
            body=tuple(self._rows(content.get("schema", {}))),
            requests=tuple(Example(each.title, self._curl(path, method, each.text)) for each in requests)
            or (Example("", self._curl(path, method, "")),),
            replies=tuple(self._reply(status, each) for status, each in sorted(raw["responses"].items())),
            needs_caller={} not in raw.get("security", [{}]) or method != "get",
        )

    def _resolve(self, schema: Schema) -> Schema:
        """The schema itself, with references followed and the wrappers of nullable ones taken off."""
        if "$ref" in schema:
            target: Any = self.schema
            for part in schema["$ref"].removeprefix("#/").split("/"):
                target = target[part]
            return self._resolve(target)
        for wrapper in ("allOf", "oneOf", "anyOf"):
            inner = [each for each in schema.get(wrapper, []) if not self._is_empty(each)]
            if len(inner) == 1:
                outer = {key: value for key, value in schema.items() if key != wrapper}
                return {**self._resolve(inner[0]), **outer}
        return schema

    def _is_null(self, schema: Schema) -> bool:
        if "$ref" in schema:
            schema = self._resolve(schema)
        return schema.get("enum") == [None] or schema.get("type") == "null"

    def _is_empty(self, schema: Schema) -> bool:
        """Stands for null or for an empty text beside the real thing."""
        resolved = self._resolve(schema) if "$ref" in schema else schema
        return self._is_null(resolved) or resolved.get("enum") == [""] or resolved.get("maxLength") == 0

    def _kind(self, schema: Schema) -> str:
        resolved = self._resolve(schema)
        or_null = " or null" if self._may_be_null(schema) else ""
        if resolved.get("type") == "array":
            return f"list of {self._kind(resolved.get('items', {}))}{or_null}"
        values = [value for value in resolved.get("enum", []) if value not in (None, "")]
        if values:
            return " · ".join(map(str, values)) + or_null
        plain = str(resolved.get("type", "any"))
        return FORMATS.get(resolved.get("format", ""), TYPES.get(plain, plain)) + or_null

    def _may_be_null(self, schema: Schema) -> bool:
        wrapped = [each for wrapper in ("allOf", "oneOf", "anyOf") for each in schema.get(wrapper, [])]
        return bool(schema.get("nullable")) or any(self._is_null(each) for each in wrapped)

    def _rows(self, schema: Schema, depth: int = 0) -> Iterator[Row]:
        resolved = self._resolve(schema)
        while resolved.get("type") == "array":
            resolved = self._resolve(resolved.get("items", {}))
        if depth >= MAX_DEPTH:
            return
        required = resolved.get("required", [])
        for name, each in resolved.get("properties", {}).items():
            words = str(each.get("description") or self._resolve(each).get("description") or "")
            listed = words.startswith("* `")  # drf-spectacular's own list of choices, which `kind` shows already
            yield Row(name, self._kind(each), "" if listed else words.partition("\n\n* `")[0], name in required, depth)
            yield from self._rows(each, depth + 1)

    def _parameter(self, raw: Schema) -> Row:
        place = {"path": "in the address", "query": "in the query", "header": "header"}.get(raw["in"], raw["in"])
        words = str(raw.get("description", "")).partition("\n\n* `")[0]
        kind = f"{self._kind(raw.get('schema', {}))}, {place}"
        return Row(raw["name"], kind, "" if words.startswith("* `") else words, bool(raw.get("required")))

    def _reply(self, status: str, raw: Schema) -> Reply:
        content = raw.get("content", {}).get("application/json", {})
        words = str(raw.get("description", ""))
        return Reply(status, words, tuple(self._rows(content.get("schema", {}))), tuple(self._examples(content)))

    def _examples(self, content: Schema) -> Iterator[Example]:
        for name, each in content.get("examples", {}).items():
            text = json.dumps(each["value"], indent=2, ensure_ascii=False)
            yield Example(each.get("summary", name), text)

    def _curl(self, path: str, method: str, body: str) -> str:
        lines = [f"curl {shlex.quote(self.site + path)}"]
        if method != "get":
            lines[0] = f"curl -X {method.upper()} {shlex.quote(self.site + path)}"
            lines.append('-H "Authorization: Bearer $TOKEN"')
        if body:
            lines += ['-H "Content-Type: application/json"', f"-d {shlex.quote(body)}"]
        return " \\\n  ".join(lines)
