"""Files that travel with a message: a body of JSON becomes a form of several parts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from discordbot.posts import Json


@dataclass(frozen=True)
class Upload:
    """A picture and its text alternative; the payload shows it as `attachment://<filename>`."""

    filename: str
    data: bytes
    alt: str
    content_type: str = "image/png"


def with_attachments(payload: Json, uploads: Sequence[Upload]) -> dict[str, Any]:
    """The payload, naming its files; those that it had before are replaced."""
    named = [{"id": n, "filename": each.filename, "description": each.alt[:1024]} for n, each in enumerate(uploads)]
    return {**payload, "attachments": named}


def form_of(body: Json, uploads: Sequence[Upload]) -> list[dict[str, Any]]:
    """The parts of a multipart body, as discord.py hands them to aiohttp; made anew for each try."""
    parts: list[dict[str, Any]] = [{"name": "payload_json", "value": json.dumps(body, separators=(",", ":"))}]
    parts += [
        {"name": f"files[{n}]", "value": each.data, "filename": each.filename, "content_type": each.content_type}
        for n, each in enumerate(uploads)
    ]
    return parts
