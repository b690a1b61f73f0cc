"""A mark that nobody sees, by which the bot knows its own message again after a crash. Pure.

Discord ignores a second message with the same nonce for some minutes only, and does not promise to tell the nonce
later. So the nonce also stands where it shows nothing: as the salt of a button's id, else behind the # of an address.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from discordbot.posts import Json
from discordbot.routes import MAX_LENGTH, PREFIX

COMPARED = 200  # characters of a message without button and card


def marked(payload: Json, mark: str) -> dict[str, Any]:
    """The payload with its mark in the first place that can hold one; as it is where there is none."""
    body: dict[str, Any] = json.loads(json.dumps(payload))
    for row in body.get("components") or []:
        for part in row.get("components") or []:
            if _salted(part, mark):
                return body
    for row in body.get("components") or []:
        for part in row.get("components") or []:
            if part.get("url"):
                part["url"] = _with_fragment(part["url"], mark)
                return body
    for embed in body.get("embeds") or []:
        if embed.get("url"):
            embed["url"] = _with_fragment(embed["url"], mark)
            return body
    return body


def _salted(part: dict[str, Any], mark: str) -> bool:
    custom_id = str(part.get("custom_id") or "")
    salted = custom_id + mark
    if custom_id.startswith(f"{PREFIX}:") and custom_id.endswith(":") and len(salted) <= MAX_LENGTH:
        part["custom_id"] = salted
        return True
    return False


def _with_fragment(address: str, mark: str) -> str:
    return address if "#" in address else f"{address}#{mark}"


def is_ours(message: Mapping[str, Any], *, bot_id: int, mark: str, payload: Json) -> bool:
    """Whether this message of Discord's is the one that we meant to send with `mark`."""
    if int((message.get("author") or {}).get("id", 0)) != bot_id:
        return False
    if str(message.get("nonce") or "") == mark:
        return True
    shown = json.dumps([message.get("components") or [], message.get("embeds") or []])
    if mark in shown:
        return True
    if marked(payload, mark) != payload:  # it would have carried the mark
        return False
    wanted = str(payload.get("content") or "").strip()
    return bool(wanted) and str(message.get("content") or "").strip()[:COMPARED] == wanted[:COMPARED]
