"""Programs that call REST in tests: a visitor, a member with a token, the holder of the service token."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.utils import timezone

from social.models import PersonalToken, User
from social.tokens import make_token

SERVICE_TOKEN = "a-service-token-of-the-tests"


class Caller:
    """Sends and reads JSON. Paths are below /api/v1/; `client` is Django's own where a test needs more."""

    def __init__(self, token: str = "", **headers: str) -> None:
        if token:
            headers["Authorization"] = f"Bearer {token}"
        self.client = Client(headers=headers, raise_request_exception=True)

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(self._whole(path), query)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.client.post(self._whole(path), body or {}, content_type="application/json", headers=headers)

    def patch(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.client.patch(self._whole(path), body or {}, content_type="application/json", headers=headers)

    def delete(self, path: str, **headers: str) -> Any:
        return self.client.delete(self._whole(path), headers=headers)

    @staticmethod
    def _whole(path: str) -> str:
        return path if path.startswith("/") else f"/api/v1/{path}"


def caller_of(member: User, scope: str = PersonalToken.Scope.WRITE) -> Caller:
    """The member with a personal token."""
    _, raw = make_token(user=member, name="test", scope=scope, now=timezone.now())
    return Caller(raw)


def refused(response: Any, status: int, code: str) -> dict[str, Any]:
    """The refusal, after making sure that it is this one and has the common shape."""
    assert response.status_code == status, response.content
    error: dict[str, Any] = response.json()["error"]
    assert error["code"] == code, error
    assert error["message"]
    assert set(error) <= {"code", "message", "fields"}
    return error
