"""What Discord refuses beyond its own description: limits for bots, and rules between the parts of a body."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from .refusals import Problem
from .things import COMPONENTS_V2, EPHEMERAL, SUPPRESS_EMBEDS, SUPPRESS_NOTIFICATIONS

Json = dict[str, Any]
Path = tuple[str | int, ...]
CONTENT, EMBED_TEXT, MODAL_PARTS, COMMAND_TEXT = 2000, 6000, 5, 8000
LINK_BUTTON, PREMIUM_BUTTON = 5, 6
SELECTS = {3, 5, 6, 7, 8}
INPUTS = {4, 19, 21, 22, 23} | SELECTS
COMMAND_NAME = re.compile(r"^[-_'\w]{1,32}$")
MAY_SET = SUPPRESS_EMBEDS | SUPPRESS_NOTIFICATIONS | COMPONENTS_V2 | EPHEMERAL


def too_long(path: Path, limit: int) -> Problem:
    return path, "BASE_TYPE_MAX_LENGTH", f"Must be {limit} or fewer in length."


def missing(path: Path) -> Problem:
    return path, "BASE_TYPE_REQUIRED", "This field is required"


# --- Messages -------------------------------------------------------------------------------------------------------
def message_problems(body: Json, *, filenames: Iterable[str] = (), at: Path = ()) -> Iterator[Problem]:
    """filenames: what is uploaded with the body or stays attached, for attachment:// addresses."""
    if len(body.get("content") or "") > CONTENT:
        yield too_long((*at, "content"), CONTENT)
    if (body.get("flags") or 0) & ~MAY_SET:
        yield (*at, "flags"), "BASE_TYPE_CHOICES", "This flag cannot be set by a bot."
    mentions = body.get("allowed_mentions") or {}
    for kind in ("users", "roles"):
        if kind in (mentions.get("parse") or ()) and mentions.get(kind):
            words = f"parse:[{kind!r}] and {kind}: [ids...] are mutually exclusive."
            yield (*at, "allowed_mentions"), "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", words
    yield from embed_problems(body.get("embeds") or [], set(filenames), (*at, "embeds"))
    is_v2 = bool((body.get("flags") or 0) & COMPONENTS_V2)
    if is_v2 and (body.get("content") or body.get("embeds")):
        words = "The 'content' and 'embeds' fields cannot be used when using MessageFlags.IS_COMPONENTS_V2"
        yield (*at, "content"), "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", words
    yield from row_problems(body.get("components") or [], is_v2, (*at, "components"))


def embed_problems(embeds: list[Json], filenames: set[str], at: Path) -> Iterator[Problem]:
    total = 0
    for n, embed in enumerate(embeds):
        here = (*at, n)
        if not any(
            embed.get(part) for part in ("title", "description", "fields", "image", "thumbnail", "footer", "author")
        ):
            yield missing((*here, "description"))
        texts = [embed.get("title"), embed.get("description"), (embed.get("footer") or {}).get("text")]
        texts.append((embed.get("author") or {}).get("name"))
        for m, line in enumerate(embed.get("fields") or []):
            texts += [line.get("name"), line.get("value")]
            for part in ("name", "value"):
                if not (line.get(part) or "").strip():
                    yield missing((*here, "fields", m, part))
        total += sum(len(text or "") for text in texts)
        for part, key in (
            ("", "url"),
            ("image", "url"),
            ("thumbnail", "url"),
            ("author", "icon_url"),
            ("footer", "icon_url"),
        ):
            address = (embed.get(part) or {}).get(key) if part else embed.get(key)
            where = (*here, part, key) if part else (*here, key)
            yield from address_problems(address, filenames, where, may_be_file=bool(part))
    if total > EMBED_TEXT:
        yield at, "MAX_EMBED_SIZE_EXCEEDED", f"Embed size exceeds maximum size of {EMBED_TEXT}"


def address_problems(address: str | None, filenames: set[str], at: Path, *, may_be_file: bool) -> Iterator[Problem]:
    if not address:
        return
    scheme, _, rest = address.partition("://")
    known = ("http", "https", "attachment") if may_be_file else ("http", "https")
    if scheme not in known or not rest:
        yield at, "URL_TYPE_INVALID_SCHEME", f"Scheme {scheme!r} is not supported. Scheme must be one of {known}."
    elif scheme == "attachment" and rest not in filenames:
        yield at, "ATTACHMENT_NOT_FOUND", f"No file called {rest!r} was sent."
    elif any(character.isspace() for character in address):
        yield at, "URL_TYPE_INVALID_URL", "Not a well formed URL."


def row_problems(rows: list[Json], is_v2: bool, at: Path) -> Iterator[Problem]:
    if not is_v2:
        if len(rows) > 5:
            yield too_long(at, 5)
        for n, row in enumerate(rows):
            if row.get("type") != 1:
                yield (*at, n, "type"), "UNION_TYPE_CHOICES", "Value of field 'type' must be one of (1,)."
    seen: set[str] = set()
    for here, part in walk(rows, at):
        if part.get("type") == 1:
            kinds = [inner.get("type") for inner in part.get("components") or []]
            if len(kinds) > 1 and SELECTS & set(kinds):
                words = "A row holds up to five buttons or one select."
                yield (*here, "components"), "COMPONENT_LAYOUT_WIDTH_EXCEEDED", words
        yield from part_problems(part, here, seen)


def walk(parts: list[Json], at: Path) -> Iterator[tuple[Path, Json]]:
    for n, part in enumerate(parts):
        here = (*at, n)
        yield here, part
        if isinstance(part.get("components"), list):
            yield from walk(part["components"], (*here, "components"))
        for key in ("component", "accessory"):
            if isinstance(part.get(key), dict):
                yield (*here, key), part[key]


def part_problems(part: Json, here: Path, seen: set[str]) -> Iterator[Problem]:
    """seen: the custom_ids so far; two parts of one message or form must not share one."""
    custom_id = part.get("custom_id")
    if custom_id is not None:
        if custom_id in seen:
            yield (*here, "custom_id"), "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated"
        seen.add(custom_id)
    kind = part.get("type")
    if kind == 2:
        style = part.get("style")
        if style == LINK_BUTTON:
            if not part.get("url") or custom_id:
                yield (*here, "url"), "BASE_TYPE_REQUIRED", "A link button has a url and no custom_id."
        elif style != PREMIUM_BUTTON and not custom_id:
            yield (*here, "custom_id"), "BUTTON_COMPONENT_CUSTOM_ID_REQUIRED", "A custom id is required"
        if not part.get("label") and not part.get("emoji"):
            yield (*here, "label"), "BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED", "A button needs a label or an emoji."
    if kind == 3 or kind in {21, 22}:
        yield from option_problems(part, here)
    if kind == 4:
        yield from text_input_problems(part, here)


def option_problems(part: Json, here: Path) -> Iterator[Problem]:
    options = part.get("options") or []
    values = [option.get("value") for option in options]
    for n, value in enumerate(values):
        if value in values[:n]:
            words = "The specified option value is already used"
            yield (*here, "options", n, "value"), "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", words
    most = 1 if part["type"] in {3, 21} else len(options)
    most = part.get("max_values") or most
    least = part.get("min_values")
    if most > len(options):
        yield (*here, "max_values"), "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {len(options)}."
    if least is not None and least > most:
        yield (*here, "min_values"), "BASE_TYPE_BAD_LENGTH", "min_values is more than max_values."
    chosen = sum(bool(option.get("default")) for option in options)
    if chosen > most:
        words = f"The number of default values ({chosen}) is more than may be chosen ({most})."
        yield (*here, "options"), "SELECT_COMPONENT_TOO_MANY_DEFAULTS", words


def text_input_problems(part: Json, here: Path) -> Iterator[Problem]:
    value, least, most = part.get("value") or "", part.get("min_length") or 0, part.get("max_length") or 4000
    if least > most:
        yield (*here, "min_length"), "BASE_TYPE_BAD_LENGTH", "min_length is more than max_length."
    if value and not least <= len(value) <= most:
        yield (*here, "value"), "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length."


# --- Forms and commands ---------------------------------------------------------------------------------------------
def modal_problems(data: Json) -> Iterator[Problem]:
    at: Path = ("data", "components")
    parts = data.get("components") or []
    if len(parts) > MODAL_PARTS:
        yield at, "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {MODAL_PARTS} in length."
    seen: set[str] = set()
    n_inputs = 0
    for here, part in walk(parts, at):
        n_inputs += part.get("type") in INPUTS
        yield from part_problems(part, here, seen)
        if part.get("type") == 18 and (part.get("component") or {}).get("label"):
            words = "A text input within a label has no label of its own."
            yield (*here, "component", "label"), "COMPONENT_LABEL_NOT_ALLOWED", words
    if not n_inputs:
        yield at, "BASE_TYPE_REQUIRED", "A modal needs something to fill in."


def command_problems(commands: list[Json]) -> Iterator[Problem]:
    names: list[tuple[int, str]] = []
    for n, command in enumerate(commands):
        key = (command.get("type") or 1, command["name"])
        if key in names:
            yield (n, "name"), "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique"
        names.append(key)
        if key[0] == 1:
            if not command.get("description"):
                yield missing((n, "description"))
            yield from name_problems(command["name"], (n, "name"))
            yield from options_of_command(command.get("options") or [], (n, "options"))
        if words_in(command) > COMMAND_TEXT:
            yield (n,), "APPLICATION_COMMAND_TOO_LARGE", f"Command exceeds maximum size ({COMMAND_TEXT})"


def name_problems(name: str, at: Path) -> Iterator[Problem]:
    if not COMMAND_NAME.match(name) or name != name.lower():
        yield at, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid"


def options_of_command(options: list[Json], at: Path) -> Iterator[Problem]:
    optional_before = False
    for n, option in enumerate(options):
        yield from name_problems(option["name"], (*at, n, "name"))
        if option.get("required") and optional_before:
            words = "Required options must be placed before non-required options"
            yield (*at, n), "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", words
        optional_before |= not option.get("required")
        if option["name"] in [earlier["name"] for earlier in options[:n]]:
            yield (*at, n, "name"), "APPLICATION_COMMAND_OPTIONS_NAME_INVALID", "Option name already in use"
        if option.get("autocomplete") and option.get("choices"):
            yield (*at, n), "APPLICATION_COMMAND_OPTIONS_CHOICES_AUTOCOMPLETE", "Either choices or autocomplete."
        yield from options_of_command(option.get("options") or [], (*at, n, "options"))


def words_in(command: Json) -> int:
    total = len(command.get("name") or "") + len(command.get("description") or "")
    total += sum(len(choice["name"]) + len(str(choice["value"])) for choice in command.get("choices") or [])
    return total + sum(words_in(option) for option in command.get("options") or [])
