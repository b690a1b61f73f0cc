"""Make `openapi_v10.json`, the part of Discord's own API description that the local Discord checks bodies against.

    python -m discordbot.tests.fake_discord.extract openapi.json

The official file is https://github.com/discord/discord-api-spec (MIT licence), specs/openapi.json. Kept: the request
bodies of the routes below and every schema they lead to, without descriptions. The same input gives the same bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path
from typing import Any

EXTRACT = Path(__file__).with_name("openapi_v10.json")
ROUTES = (
    "PUT /applications/{application_id}/commands",
    "PUT /applications/{application_id}/guilds/{guild_id}/commands",
    "PATCH /channels/{channel_id}",
    "POST /channels/{channel_id}/messages",
    "PATCH /channels/{channel_id}/messages/{message_id}",
    "POST /channels/{channel_id}/messages/{message_id}/threads",
    "POST /channels/{channel_id}/threads",
    "POST /guilds/{guild_id}/scheduled-events",
    "PATCH /guilds/{guild_id}/scheduled-events/{guild_scheduled_event_id}",
    "POST /interactions/{interaction_id}/{interaction_token}/callback",
    "POST /users/@me/channels",
    "POST /webhooks/{webhook_id}/{webhook_token}",
    "PATCH /webhooks/{webhook_id}/{webhook_token}/messages/@original",
    "PATCH /webhooks/{webhook_id}/{webhook_token}/messages/{message_id}",
)
UNUSED = {"description", "title", "x-discord-union", "example", "examples"}


def without_words(node: Any, *, names_of_properties: bool = False) -> Any:
    """Schemas without descriptions; a property that happens to be called `title` stays."""
    if isinstance(node, list):
        return [without_words(inner) for inner in node]
    if not isinstance(node, dict):
        return node
    return {
        key: without_words(inner, names_of_properties=key == "properties" and not names_of_properties)
        for key, inner in node.items()
        if names_of_properties or key not in UNUSED
    }


def names_in(node: Any) -> set[str]:
    """The schemas that `node` refers to."""
    if isinstance(node, list):
        return set().union(*(names_in(inner) for inner in node)) if node else set()
    if not isinstance(node, dict):
        return set()
    found = set().union(*(names_in(inner) for inner in node.values())) if node else set()
    if isinstance(node.get("$ref"), str):
        found.add(node["$ref"].rpartition("/")[2])
    return found


def extract(official: dict[str, Any], digest: str) -> dict[str, Any]:
    bodies: dict[str, Any] = {}
    for route in ROUTES:
        method, path = route.split()
        body = official["paths"][path][method.lower()]["requestBody"]
        bodies[route] = without_words(body["content"]["application/json"]["schema"])
    schemas: dict[str, Any] = {}
    waiting = names_in(bodies)
    while waiting:
        name = waiting.pop()
        schemas[name] = without_words(official["components"]["schemas"][name])
        waiting |= names_in(schemas[name]) - schemas.keys()
    return {
        "source": "https://github.com/discord/discord-api-spec specs/openapi.json, MIT licence",
        "api_version": official["info"]["version"],
        "openapi": official["openapi"],
        "sha256_of_source": digest,
        "bodies": bodies,
        "schemas": dict(sorted(schemas.items())),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Extract the request bodies that the local Discord checks.")
    parser.add_argument("official", type=Path, help="Discord's openapi.json")
    raw = parser.parse_args().official.read_bytes()
    made = extract(json.loads(raw), hashlib.sha256(raw).hexdigest())
    EXTRACT.write_text(json.dumps(made, separators=(",", ":"), ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
