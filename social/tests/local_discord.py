"""A server on this machine that answers as Discord does: the authorize page, the token endpoint, /users/@me.

Shapes from https://docs.discord.com/developers/topics/oauth2 and …/resources/user.
"""

from __future__ import annotations

import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

CLIENT_ID, CLIENT_SECRET = "157730590492196864", "the-secret-of-this-application"


@dataclass
class Discord:
    """What this Discord knows. `person` is who sits at the browser and presses “Authorize”."""

    address: str = ""
    person: dict[str, Any] = field(default_factory=dict)
    codes: dict[str, dict[str, Any]] = field(default_factory=dict)
    tokens: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    refuses_tokens: bool = False
    forgets_tokens: bool = False


class Answer(BaseHTTPRequestHandler):
    discord: Discord

    def log_message(self, *args: Any) -> None:
        """Quiet."""

    def say(self, status: int, body: dict[str, Any]) -> None:
        raw = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        self.discord.asked.append(("GET", parts.path))
        if parts.path == "/api/oauth2/authorize":
            self.authorize({name: values[0] for name, values in parse_qs(parts.query).items()})
        elif parts.path == "/api/v10/users/@me":
            self.who_is_it()
        else:
            self.say(404, {"message": "404: Not Found", "code": 0})

    def do_POST(self) -> None:
        self.discord.asked.append(("POST", self.path))
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        if self.path != "/api/oauth2/token":
            return self.say(404, {"message": "404: Not Found", "code": 0})
        if (form.get("client_id"), form.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET):
            return self.say(401, {"error": "invalid_client"})
        granted = self.discord.codes.pop(form.get("code", ""), None)  # a code works once
        if granted is None or self.discord.refuses_tokens or granted["redirect_uri"] != form.get("redirect_uri"):
            return self.say(400, {"error": "invalid_grant", "error_description": 'Invalid "code" in request.'})
        token = secrets.token_urlsafe(22)
        if not self.discord.forgets_tokens:
            self.discord.tokens[token] = granted["person"]
        return self.say(
            200,
            {
                "token_type": "Bearer",
                "access_token": token,
                "expires_in": 604800,
                "refresh_token": secrets.token_urlsafe(22),
                "scope": granted["scope"],
            },
        )

    def authorize(self, query: dict[str, str]) -> None:
        if query.get("client_id") != CLIENT_ID or query.get("response_type") != "code":
            return self.say(400, {"message": "Invalid Form Body"})
        code = secrets.token_urlsafe(22)
        self.discord.codes[code] = {
            "person": dict(self.discord.person),
            "redirect_uri": query["redirect_uri"],
            "scope": query["scope"],
        }
        self.send_response(302)
        back = {"code": code, "state": query["state"]} if self.discord.person else {"error": "access_denied"}
        self.send_header("Location", f"{query['redirect_uri']}?{urlencode({'state': query['state'], **back})}")
        self.end_headers()
        return None

    def who_is_it(self) -> None:
        scheme, _, token = self.headers.get("Authorization", "").partition(" ")
        person = self.discord.tokens.get(token) if scheme == "Bearer" else None
        if person is None:
            return self.say(401, {"message": "401: Unauthorized", "code": 0})
        return self.say(200, person)


@contextmanager
def running_discord() -> Iterator[Discord]:
    discord = Discord()
    handler = type("AnswerOfThisDiscord", (Answer,), {"discord": discord})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    discord.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield discord
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def person(snowflake: str, username: str, **more: Any) -> dict[str, Any]:
    """A user object as `/users/@me` gives it, with an e-mail address that nobody asked for."""
    return {
        "id": snowflake,
        "username": username,
        "discriminator": "0",
        "global_name": None,
        "avatar": "8342729096ea3675442027381ff50dfe",
        "public_flags": 64,
        "flags": 64,
        "locale": "en-US",
        "mfa_enabled": True,
        "premium_type": 1,
        "email": "nelly@example.org",
        "verified": True,
        **more,
    }
