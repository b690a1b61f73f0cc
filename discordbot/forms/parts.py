"""What forms are made of, within Discord's limits, and the values that a sent form holds. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from discordbot.posts import Json
from discordbot.routes import encode
from discordbot.safe_text import fitted, length, plain
from discordbot.texts import Words, say

MAX_TITLE, MAX_LABEL, MAX_OPTION, MAX_INPUT, MAX_OPTIONS, MAX_RADIO = 45, 45, 100, 4000, 25, 10
ROW, SELECT, TEXT_INPUT, TEXT, LABEL, RADIO = 1, 3, 4, 10, 18, 21
ONE_LINE, PARAGRAPH = 1, 2


@dataclass(frozen=True)
class Option:
    """One line of a select or radio group."""

    value: str
    label: str
    description: str = ""
    is_chosen: bool = False

    def json(self) -> Json:
        option: dict[str, Any] = {"value": self.value, "label": plain(self.label, MAX_OPTION) or "…"}
        if self.description:
            option["description"] = plain(self.description, MAX_OPTION)
        if self.is_chosen:
            option["default"] = True
        return option


def modal(verb: str, week: int | None, title: str, parts: Sequence[Json], *, arg: str = "") -> Json:
    """The `data` of a form: at most five parts, as discord.py and phones take it.

    What the form opens with is part of its id: phones keep a form under its id, words typed and then dismissed
    included, and would show old values in place of new ones (discord-api-docs #7554).
    """
    if not 1 <= len(parts) <= 5:
        raise ValueError(f"A form has one to five parts, not {len(parts)}.")
    opens_with = json.dumps(list(parts), sort_keys=True, default=str).encode()
    salt = hashlib.blake2s(opens_with, digest_size=5).hexdigest()
    return {
        "custom_id": encode(verb, week, arg, salt),
        "title": fitted(title, MAX_TITLE),
        "components": list(parts),
    }


def labelled(label: Words, part: Json, *, description: Words = "") -> Json:
    answer: dict[str, Any] = {"type": LABEL, "label": fitted(say(label), MAX_LABEL), "component": part}
    if text := say(description):
        answer["description"] = fitted(text, MAX_OPTION)
    return answer


def text(content: str) -> Json:
    """Words between the fields; our own markdown."""
    return {"type": TEXT, "content": fitted(content, 4000)}


def text_input(
    name: str, *, value: str = "", placeholder: Words = "", most: int, is_long: bool = False, is_required: bool = False
) -> Json:
    """A line or a paragraph. What stood there before is never cut short to `most`: the rule refuses it in words."""
    value = fitted(value, MAX_INPUT)
    answer: dict[str, Any] = {
        "type": TEXT_INPUT,
        "custom_id": name,
        "style": PARAGRAPH if is_long else ONE_LINE,
        "required": is_required,
        "max_length": min(max(most, length(value)), MAX_INPUT),
    }
    if value:
        answer["value"] = value
    if hint := say(placeholder):
        answer["placeholder"] = fitted(hint, MAX_OPTION)
    return answer


def select(name: str, options: Sequence[Option], *, placeholder: Words = "", is_required: bool = False) -> Json:
    """One of up to 25. An optional one says so twice, else phones cannot empty it (discord-api-docs #8272)."""
    if not 1 <= len(options) <= MAX_OPTIONS:
        raise ValueError(f"A select has 1 to {MAX_OPTIONS} options, not {len(options)}.")
    answer: dict[str, Any] = {
        "type": SELECT,
        "custom_id": name,
        "options": [option.json() for option in options],
        "min_values": int(is_required),
        "max_values": 1,
        "required": is_required,
    }
    if hint := say(placeholder):
        answer["placeholder"] = fitted(hint, 150)
    return answer


def radio(name: str, options: Sequence[Option], *, is_required: bool = True) -> Json:
    if not 2 <= len(options) <= MAX_RADIO:
        raise ValueError(f"A radio group has 2 to {MAX_RADIO} options, not {len(options)}.")
    return {
        "type": RADIO,
        "custom_id": name,
        "options": [option.json() for option in options],
        "required": is_required,
    }


# --- What comes back ------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Sent:
    """The values of a sent form by field, first of each; a field that was left empty, or was not there, is ""."""

    values: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")

    def __contains__(self, name: object) -> bool:
        return name in self.values


def read(data: Mapping[str, Any]) -> Sent:
    """The `data` of a MODAL_SUBMIT. Parts of a kind that we do not know are passed over."""
    return Sent({name: _storable(value) for name, value in _values(data.get("components"))})


def _values(parts: Any) -> Iterator[tuple[str, str]]:
    for part in parts if isinstance(parts, list) else ():
        if not isinstance(part, Mapping):
            continue
        inner = part.get("component")
        yield from _values([inner] if inner is not None else part.get("components"))
        if isinstance(name := part.get("custom_id"), str):
            chosen = part.get("values")
            value = chosen[0] if isinstance(chosen, list) and chosen else part.get("value")
            yield name, value if isinstance(value, str) else ""


def typed_words(data: Mapping[str, Any]) -> str:
    """What was typed into a sent form, field after field, whatever form it is; for giving it back unread."""
    return "\n".join(filter(None, (_storable(value) for value in _typed(data.get("components")))))


def _typed(parts: Any) -> Iterator[str]:
    for part in parts if isinstance(parts, list) else ():
        if isinstance(part, Mapping):
            inner = part.get("component")
            yield from _typed([inner] if inner is not None else part.get("components"))
            if part.get("type") == TEXT_INPUT and isinstance(value := part.get("value"), str):
                yield value


def _storable(value: str) -> str:
    """Without what no database takes: NUL, and halves of surrogate pairs."""
    return value.replace("\x00", "").encode("utf-8", "ignore").decode().replace("\r\n", "\n").strip()
