"""Every call to the outside: one client per service with a name, patience, manners and errors that mean an action.

    MUSICBRAINZ = Service("MusicBrainz", base_url=settings.MUSICBRAINZ_URL, per_second=1)
    MUSICBRAINZ.get("/ws/2/artist/…", action="look up the artist", subject="Björk").json()

`fetch_public` fetches an address that a person or another service gave us.
"""

from __future__ import annotations

import json
import os
import random
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
from django.conf import settings

import sidetrack
from sidetrack.public_network import NotPublic, PublicTransport, host_and_port
from sidetrack.spacing import TooFarAhead, hold_turns, pause, paused_s, wait_for_turn

N_RETRIES = 3
LONGEST_RETRY_WAIT_S = 30.0
TRY_AGAIN_S = 60.0  # when a service says only that it cannot now
MEGABYTE = 1_000_000
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

Params = Mapping[str, str | int]


class ExternalApiError(Exception):
    """A service did not do what was asked. The text names service, action and subject, never an address or token.

    `body` is what it answered, for clients that know its codes; it is neither shown nor logged.
    """

    body: bytes = b""

    def __init__(self, message: str, *, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status

    def said(self) -> dict[str, Any]:
        """The answer's JSON object; empty where it is none."""
        try:
            body = json.loads(self.body)
        except ValueError:
            return {}
        return body if isinstance(body, dict) else {}


class NotThere(ExternalApiError):
    """The service knows no such thing: skip it."""


class TryLater(ExternalApiError):
    """Not now: ask again in `after` seconds, which the service asked for, or a usual time where it said nothing."""

    def __init__(self, message: str, *, asked_s: float | None = None, status: int | None = None) -> None:
        super().__init__(message, status=status)
        self.asked_s = asked_s
        self.after = TRY_AGAIN_S if asked_s is None else asked_s


class NeedsRelink(ExternalApiError):
    """The service no longer accepts the member's permission: tell them to connect again."""


class OddReply(ExternalApiError):
    """An answer that makes no sense to us: log it."""


@dataclass(frozen=True)
class Reply:
    """A successful answer; `about` is how messages name what was asked."""

    status: int
    headers: httpx.Headers
    content: bytes
    about: str

    def json(self) -> Any:
        try:
            return json.loads(self.content)
        except ValueError as error:
            raise OddReply(f"{self.about}: the answer is not JSON.", status=self.status) from error


def user_agent() -> str:
    """Who we are and where to reach us, as MusicBrainz and others ask for it."""
    return f"{settings.SIDETRACK_MUSICBRAINZ_APP_NAME}/{sidetrack.__version__} ( {settings.SITE_URL} )"


class Service:
    """One outside service. Thread-safe; each process opens its own connections.

    budget: whose turns and pauses these are, where one service serves two purposes that shall not starve each other.
    keeps_pauses: a pause that nobody waits for (Spotify's last up to a day) holds for every process, restarts included.
    """

    def __init__(
        self,
        name: str,
        *,
        base_url: str,
        per_second: float = 0,
        max_bytes: int = 20 * MEGABYTE,
        agent: str = "",
        retry_pause_s: float = 0.5,
        budget: str = "",
        keeps_pauses: bool = False,
    ) -> None:
        self.name = name
        self.base_url = base_url.rstrip("/")
        self.per_second = per_second
        self.max_bytes = max_bytes
        self.agent = agent
        self.retry_pause_s = retry_pause_s
        self.budget = budget or name
        self.keeps_pauses = keeps_pauses
        self._client: httpx.Client | None = None
        self._pid = 0

    def get(self, path: str, *, action: str, subject: str = "", wait_s: float | None = None, **options: Any) -> Reply:
        """Ask for `path`. Options are those of `request`."""
        return self.request("GET", path, action=action, subject=subject, wait_s=wait_s, **options)

    def request(
        self,
        method: str,
        path: str,
        *,
        action: str,
        subject: str = "",
        params: Params | None = None,
        data: Mapping[str, str] | None = None,
        json: Any = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        wait_s: float | None = None,
        is_safe_twice: bool | None = None,
    ) -> Reply:
        """One call, in its turn, tried again where that does no harm.

        action, subject: for messages: “search the album”, “Blue”.
        wait_s: the longest the caller can wait in all for turns and pauses; TryLater beyond. None: a job, patient.
        is_safe_twice: whether a failed call may be sent again; by default what only reads.
        """
        about = f"{self.name} could not {action}" + (f" “{subject}”" if subject else "")
        is_safe_twice = method in SAFE_METHODS if is_safe_twice is None else is_safe_twice
        deadline = None if wait_s is None else time.monotonic() + wait_s
        attempt = 0
        while True:
            self._take_turn(about, deadline)
            failure: ExternalApiError
            try:
                request = self._http().build_request(
                    method,
                    self.base_url + path,
                    params=params,
                    data=data,
                    json=json,
                    headers=headers,
                    timeout=_timeout(deadline),
                )
                return self._send(request, auth, about)
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:  # nothing was sent: safe for every method
                failure, may_retry = TryLater(f"{about}: it cannot be reached."), True
                failure.__cause__ = error
            except httpx.RequestError as error:
                failure, may_retry = TryLater(f"{about}: the connection broke."), is_safe_twice
                failure.__cause__ = error
            except TryLater as error:  # 429 did nothing; any other 5xx may have
                failure, may_retry = error, is_safe_twice or error.status == 429
            pause = self._pause(failure, attempt)
            if not may_retry or attempt >= N_RETRIES or pause > LONGEST_RETRY_WAIT_S or _is_past(deadline, pause):
                raise failure
            time.sleep(pause)
            attempt += 1

    def _take_turn(self, about: str, deadline: float | None) -> None:
        if self.keeps_pauses and (seconds := paused_s(self.budget)):
            raise TryLater(f"{about}: it asked for a pause.", asked_s=seconds)
        try:
            left = None if deadline is None else max(0.0, deadline - time.monotonic())
            wait_for_turn(self.budget, per_second=self.per_second, wait_s=left)
        except TooFarAhead as error:
            raise TryLater(f"{about}: too many are waiting for their turn.", asked_s=error.seconds) from error

    def _http(self) -> httpx.Client:
        """This process's client: sockets inherited through a fork would be shared with the parent."""
        if self._client is None or self._pid != os.getpid():
            self._client = httpx.Client(
                timeout=settings.HTTP_TIMEOUT_S,
                headers={"User-Agent": self.agent or user_agent(), "Accept": "application/json"},
                limits=httpx.Limits(max_connections=8, keepalive_expiry=20),
            )
            self._pid = os.getpid()
        return self._client

    def _send(self, request: httpx.Request, auth: tuple[str, str] | None, about: str) -> Reply:
        response = self._http().send(request, stream=True, auth=auth)
        try:
            content = _read(response, self.max_bytes, about, time.monotonic() + 4 * settings.HTTP_TIMEOUT_S)
        finally:
            response.close()
        if response.is_success:
            if self.per_second and (seconds := until_reset(response.headers)):
                hold_turns(self.budget, seconds=seconds)
            return Reply(response.status_code, response.headers, content, about)
        refusal = self._refusal(response, about)
        refusal.body = content
        raise refusal

    def _refusal(self, response: httpx.Response, about: str) -> ExternalApiError:
        status = response.status_code
        if status in {404, 410}:
            return NotThere(f"{about}: there is no such thing.", status=status)
        if status == 401:
            return NeedsRelink(f"{about}: it does not accept our permission.", status=status)
        if status == 429 or status >= 500:
            after = retry_after(response.headers)
            if after is None and status == 429:
                after = until_reset(response.headers)
            if after and self.per_second:
                hold_turns(self.budget, seconds=after)
            if self.keeps_pauses and status == 429 and after and after > LONGEST_RETRY_WAIT_S:
                pause(self.budget, seconds=after)
            words = "it asks for a pause" if status in {429, 503} else f"it is out of order ({status})"
            return TryLater(f"{about}: {words}.", asked_s=after, status=status)
        return OddReply(f"{about}: it answered {status}.", status=status)

    def _pause(self, failure: ExternalApiError, attempt: int) -> float:
        """What the service asked for, else twice as long each time; a little more at random, so that nobody marches."""
        asked = failure.asked_s if isinstance(failure, TryLater) else None
        return max(asked or 0.0, self.retry_pause_s * 2.0**attempt) * random.uniform(1.0, 1.3)  # noqa: S311  (no secret)


def _timeout(deadline: float | None) -> float:
    """Patience for one call: the installation's, or what is left of the caller's, but never too little to succeed."""
    left = settings.HTTP_TIMEOUT_S if deadline is None else max(2.0, deadline - time.monotonic())
    return min(float(settings.HTTP_TIMEOUT_S), left)


def _is_past(deadline: float | None, pause: float) -> bool:
    return deadline is not None and time.monotonic() + pause > deadline


def retry_after(headers: httpx.Headers) -> float | None:
    """Seconds that Retry-After asks for, given in seconds or as a date; None where it says nothing usable."""
    value = headers.get("Retry-After", "").strip()
    if not value:
        return None
    try:
        seconds = float(value)
    except ValueError:
        try:
            date = parsedate_to_datetime(value)
        except ValueError:
            return None
        seconds = ((date if date.tzinfo else date.replace(tzinfo=UTC)) - datetime.now(UTC)).total_seconds()
    return min(max(seconds, 0.0), 86_400.0) if seconds == seconds else None


def until_reset(headers: httpx.Headers) -> float | None:
    """Seconds until we may ask again, where this answer used up our allowance (ListenBrainz's X-RateLimit-…)."""
    try:
        left = int(headers.get("X-RateLimit-Remaining", ""))
        seconds = float(headers.get("X-RateLimit-Reset-In", ""))
    except ValueError:
        return None
    return min(max(seconds, 0.0), 86_400.0) if left <= 0 and seconds == seconds else None


def _read(response: httpx.Response, max_bytes: int, about: str, deadline: float) -> bytes:
    """The body, as long as it is not larger than allowed (also when the header lies) and does not dawdle."""
    too_large = OddReply(f"{about}: the answer is larger than {max_bytes // 1000} kB.", status=response.status_code)
    length = response.headers.get("Content-Length", "")
    if length.isdigit() and int(length) > max_bytes:
        raise too_large
    content = bytearray()
    for chunk in response.iter_bytes():
        content += chunk
        if len(content) > max_bytes:
            raise too_large
        if time.monotonic() > deadline:
            raise TryLater(f"{about}: it takes too long.")
    return bytes(content)


def _host(url: str) -> str:
    try:
        return httpx.URL(url).host or "The address"
    except httpx.InvalidURL:
        return "The address"


def fetch_public(
    url: str,
    *,
    action: str,
    subject: str = "",
    max_bytes: int = 15 * MEGABYTE,
    accept: str = "*/*",
    trusted: Collection[str] = (),
) -> Reply:
    """Fetch an address that we did not choose, without letting it lead into this machine's own network.

    trusted: base addresses of configured services, which may be private (a mirror, a server in a test).
    """
    about = f"{_host(url)} could not {action}" + (f" “{subject}”" if subject else "")
    transport = PublicTransport([host_and_port(each) for each in trusted])
    deadline = time.monotonic() + 4 * settings.HTTP_TIMEOUT_S
    headers = {"User-Agent": user_agent(), "Accept": accept}
    try:
        with (
            httpx.Client(
                transport=transport,
                timeout=settings.HTTP_TIMEOUT_S,
                headers=headers,
                follow_redirects=True,
                max_redirects=5,
                trust_env=False,
            ) as client,
            client.stream("GET", url) as response,
        ):
            content = _read(response, max_bytes, about, deadline)
    except (NotPublic, httpx.TooManyRedirects, httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
        raise OddReply(f"{about}: {error}.") from error
    except httpx.HTTPError as error:
        raise TryLater(f"{about}: it cannot be reached.") from error
    if response.is_success:
        return Reply(response.status_code, response.headers, content, about)
    if response.status_code in {404, 410}:
        raise NotThere(f"{about}: there is no such thing.", status=response.status_code)
    if response.status_code == 429 or response.status_code >= 500:
        asked_s = retry_after(response.headers)
        raise TryLater(f"{about}: it cannot now.", asked_s=asked_s, status=response.status_code)
    raise OddReply(f"{about}: it answered {response.status_code}.", status=response.status_code)
