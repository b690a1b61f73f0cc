"""Programs that speak ListenBrainz, for tests."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.test import Client

from listening.tokens import make_token
from social.models import User

LISTENED_AT = 1_762_700_000  # 2025-11-09 14:53:20 UTC


class Program:
    """Calls the server as a program does: no cookie, a token in the header where it has one."""

    def __init__(self, token: str = "", *, root: str = "/1", scheme: str = "Token") -> None:
        self.client = Client(enforce_csrf_checks=True)
        self.root = root
        self.headers = {"Authorization": f"{scheme} {token}"} if token else {}

    def get(self, path: str, **query: object) -> HttpResponse:
        return self.client.get(f"{self.root}/{path}", query, headers=self.headers)

    def post(
        self, path: str, document: Any = None, *, body: bytes | None = None, content_type: str = "application/json"
    ) -> HttpResponse:
        data = json.dumps(document).encode() if body is None else body
        address = f"{self.root}/{path}"
        return self.client.post(address, data=data, content_type=content_type, headers=self.headers)

    def submit(self, *listens: dict[str, Any], kind: str = "single", path: str = "submit-listens") -> HttpResponse:
        return self.post(path, {"listen_type": kind, "payload": list(listens)})


def listen(
    title: str = "Blue", artist: str = "Joni Mitchell", *, at: int | None = LISTENED_AT, album: str = "", **info: Any
) -> dict[str, Any]:
    """One listen of a payload; `at=None` for what plays now."""
    metadata: dict[str, Any] = {"artist_name": artist, "track_name": title}
    if album:
        metadata["release_name"] = album
    if info:
        metadata["additional_info"] = info
    return {"track_metadata": metadata} | ({} if at is None else {"listened_at": at})


def program_of(member: User, now: datetime, *, root: str = "/1") -> Program:
    return Program(make_token(user=member, name="a program", now=now)[1], root=root)
