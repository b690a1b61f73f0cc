"""One call of a program: whose token it carries, what it sends, whom it may ask about."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from listening.listenbrainz.documents import Invalid, read_json, whole
from listening.listenbrainz.submissions import MAX_BYTES
from listening.models import ListenToken
from listening.tokens import token_for
from social.models import User
from social.standing import require_active
from social.visibility import visible_q

DEFAULT_COUNT, MAX_COUNT = 25, 1_000
ENDLESS = 10_000_000
BROWSER = "Mozilla/"


class Refusal(Exception):
    """An answer other than 200: the status, and the reason in words."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


@dataclass
class Call:
    """What an endpoint is handed. `client`: the program, as its body calls itself; empty until somebody read that."""

    request: HttpRequest
    now: datetime = field(default_factory=timezone.now)
    client: str = ""

    @cached_property
    def token(self) -> ListenToken | None:
        """The living token of the header. Whatever the scheme is called: programs write Token, token and Bearer."""
        words = self.request.headers.get("Authorization", "").split()
        return token_for(words[1]) if len(words) > 1 else None

    @property
    def viewer(self) -> User | None:
        """Who asks; None is a visitor."""
        return self.token.user if self.token else None

    def living_token(self) -> ListenToken:
        """The token; refused where there is none."""
        header = self.request.headers.get("Authorization", "")
        if not header:
            raise Refusal(401, "You need to provide an Authorization header.")
        if len(header.split()) < 2:
            raise Refusal(401, "Provided Authorization header is invalid.")
        if self.token is None:
            raise Refusal(401, "Invalid authorization token.")
        return self.token

    def writer(self) -> User:
        """Whose token it is, if they may act: suspended members read only."""
        owner = self.living_token().user
        require_active(owner, self.now)
        return owner

    def member(self, name: str, *, area: str = "listens_visibility", missing: str = "Cannot find user: {}") -> User:
        """The member of this handle, in capitals or not, if the caller may open their page and see that area of it.

        Whom the caller may not see does not exist for them. missing: ListenBrainz has two ways of saying so.
        """
        viewer = self.viewer
        if viewer is not None and viewer.handle.lower() == name.lower():
            return viewer
        shown = visible_q(viewer, levels=[*dict.fromkeys(["visibility", area])], owner="")
        found: User | None = User.objects.by_handle(name).filter(shown, is_active=True).first()
        if found is not None:
            return found
        if viewer is None and self.request.headers.get("Authorization"):
            raise Refusal(401, "Invalid authorization token.")  # else a revoked one would read like a wrong name
        raise Refusal(404, missing.format(name))

    def body(self) -> bytes:
        """What was sent, at most MAX_BYTES; larger is refused before it is read."""
        environ = self.request.META
        if environ.get("HTTP_CONTENT_ENCODING", "identity").lower() not in {"", "identity"}:
            raise Invalid("Send the JSON document as it is, without Content-Encoding.")
        if (whole(environ.get("CONTENT_LENGTH")) or 0) > MAX_BYTES:
            raise Invalid(f"Payload too large. Payload cannot exceed {MAX_BYTES} bytes.")
        is_chunked = "chunked" in environ.get("HTTP_TRANSFER_ENCODING", "").lower()
        source = environ["wsgi.input"] if is_chunked and environ.get("wsgi.input_terminated") else self.request
        body: bytes = source.read(MAX_BYTES + 1)
        if len(body) > MAX_BYTES:
            raise Invalid(f"Payload too large. Payload cannot exceed {MAX_BYTES} bytes.")
        return body

    def document(self) -> dict[str, Any]:
        """The JSON object that was sent, whatever its Content-Type says."""
        document = read_json(self.body())
        if not isinstance(document, dict):
            raise Invalid("Invalid JSON document submitted. Its top level should be an object.")
        return document

    def number(self, name: str) -> int | None:
        """A whole number of the query; None where it is absent or empty."""
        if not (given := self.request.GET.get(name, "")):
            return None
        try:
            return int(given)
        except ValueError:
            raise Invalid(f"Invalid {name} argument: {given[:100]}") from None

    def natural(self, name: str, default: int) -> int:
        """The same, 0 or more; what no list reaches counts as the end of every list."""
        number = self.number(name)
        if number is not None and number < 0:
            raise Invalid(f"'{name}' should be a non-negative integer")
        return default if number is None else min(number, ENDLESS)

    def count(self) -> int:
        """How many the caller wants; more than the limit gets the limit."""
        return min(self.natural("count", DEFAULT_COUNT), MAX_COUNT)

    def program(self) -> str:
        """What to call the program in the member's settings."""
        agent = self.request.headers.get("User-Agent", "")
        return self.client or ("A browser" if agent.startswith(BROWSER) else agent)
