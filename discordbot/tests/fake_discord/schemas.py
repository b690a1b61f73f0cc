"""Bodies checked against Discord's own description (`openapi_v10.json`, made by `extract`)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend

from .refusals import Problem

Json = dict[str, Any]
DESCRIPTION: Json = json.loads(Path(__file__).with_name("openapi_v10.json").read_text(encoding="utf-8"))
DOCUMENTED = {"nsfw"}  # of commands: Discord's pages have it, its description does not
KINDS = ("type", "entity_type")  # the properties by which Discord tells alternatives apart
CODES = {
    "required": "BASE_TYPE_REQUIRED",
    "maxLength": "BASE_TYPE_MAX_LENGTH",
    "minLength": "BASE_TYPE_MIN_LENGTH",
    "maxItems": "BASE_TYPE_MAX_LENGTH",
    "minItems": "BASE_TYPE_MIN_LENGTH",
    "maximum": "NUMBER_TYPE_MAX",
    "minimum": "NUMBER_TYPE_MIN",
    "pattern": "STRING_TYPE_REGEX",
    "uniqueItems": "SET_TYPE_ALREADY_CONTAINS_VALUE",
}


def _link(node: Any, seen: dict[str, Any]) -> Any:
    """The schema with every `$ref` replaced by what it names, so that checking follows no addresses."""
    if isinstance(node, list):
        return [_link(inner, seen) for inner in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        name = node["$ref"].rpartition("/")[2]
        if name not in seen:
            seen[name] = {}
            seen[name].update(_link(DESCRIPTION["schemas"][name], seen))
        return seen[name]
    linked = {key: _link(inner, seen) for key, inner in node.items()}
    if linked.get("format") == "snowflake":
        linked["type"] = ["string", "integer"]  # Discord takes an id as a number too
    return linked


_LINKED: dict[str, Any] = {}
SCHEMAS: dict[str, Json] = {
    name: _link({"$ref": f"#/components/schemas/{name}"}, _LINKED) for name in DESCRIPTION["schemas"]
}


def _values_of(branch: Json, key: str) -> set[int] | None:
    return set(branch.get("properties", {}).get(key, {}).get("enum", ())) or None


def _alternatives(validator: Any, branches: list[Json], instance: Any, schema: Json) -> Iterator[ValidationError]:
    """oneOf and anyOf, told apart by the kind in the body where there is one: its errors are then about that kind."""
    constants = [branch["const"] for branch in branches if "const" in branch]
    if len(constants) == len(branches):
        if instance not in constants:
            yield ValidationError(f"Value must be one of {set(constants)}.", validator="enum")
        return
    some = [branch for branch in branches if branch.get("type") != "null"]
    if instance is None and len(some) < len(branches):
        return
    for key in KINDS if isinstance(instance, dict) else ():
        kinds = [_values_of(branch, key) for branch in some]
        if len(some) > 1 and all(kinds):
            fitting = [
                branch for branch, values in zip(some, kinds, strict=True) if instance.get(key) in (values or ())
            ]
            if fitting:
                some = fitting
                break
            known = set().union(*(values or set() for values in kinds))
            yield ValidationError(f"Value must be one of {known}.", validator="enum", path=[key])
            return
    first: list[ValidationError] | None = None
    for branch in some:
        errors = list(validator.descend(instance, branch))
        if not errors:
            return
        first = first or errors
    yield from first or ()


Checker = extend(Draft202012Validator, {"oneOf": _alternatives, "anyOf": _alternatives})


@cache
def _checker(name: str) -> Any:
    if name in SCHEMAS:
        return Checker(SCHEMAS[name])
    return Checker(_link(DESCRIPTION["bodies"][name], _LINKED))


def problems_of(name: str, body: Any) -> list[Problem]:
    """What is wrong with `body` as the schema called `name`, or as the body of a route ("POST /channels/…")."""
    return [_problem(error) for error in _checker(name).iter_errors(body)]


def _problem(error: ValidationError) -> Problem:
    path: tuple[str | int, ...] = tuple(error.absolute_path)
    kind = str(error.validator)
    limit = error.validator_value
    match kind:
        case "required":
            missing = next((key for key in limit if key not in (error.instance or {})), "")
            path, words = (*path, missing), "This field is required"
        case "maxLength" | "maxItems":
            words = f"Must be {limit} or fewer in length."
        case "minLength" | "minItems":
            words = f"Must be {limit} or more in length."
        case "maximum":
            words = f"int value should be less than or equal to {limit}."
        case "minimum":
            words = f"int value should be greater than or equal to {limit}."
        case _:
            words = error.message[:300]
    return path, CODES.get(kind, "BASE_TYPE_CHOICES" if kind == "enum" else "BASE_TYPE_BAD_TYPE"), words


def ignored_keys(name: str, body: Any) -> list[str]:
    """Keys that Discord's description does not know, and that Discord would silently drop: misspellings."""
    schema = SCHEMAS.get(name) or _checker(name).schema
    return sorted(set(_strangers(schema, body, "")))


def _strangers(schema: Json, body: Any, path: str) -> Iterator[str]:
    branches = [branch for key in ("oneOf", "anyOf") for branch in schema.get(key, ()) if branch.get("type") != "null"]
    if branches and isinstance(body, dict | list):
        yield from min((list(_strangers(branch, body, path)) for branch in _fitting(branches, body)), key=len)
    elif isinstance(body, list) and "items" in schema:
        for n, item in enumerate(body):
            yield from _strangers(schema["items"], item, f"{path}.{n}" if path else str(n))
    elif isinstance(body, dict) and "properties" in schema:
        for key, value in body.items():
            inner = f"{path}.{key}" if path else key
            if key in schema["properties"]:
                yield from _strangers(schema["properties"][key], value, inner)
            elif key not in DOCUMENTED:
                yield inner


def _fitting(branches: list[Json], body: Any) -> list[Json]:
    for key in KINDS if isinstance(body, dict) else ():
        fitting = [branch for branch in branches if body.get(key) in (_values_of(branch, key) or ())]
        if fitting:
            return fitting
    return branches
