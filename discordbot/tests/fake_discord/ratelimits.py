"""Rate limits with Discord's headers. Wide open by default, so that tests do not wait; `realistic()` closes in."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from zlib import crc32

WIDE = (10_000, 1.0)
REAL = {  # what Discord sends today; undocumented, per channel
    "POST /channels/{channel_id}/messages": (5, 5.0),
    "PATCH /channels/{channel_id}/messages/{message_id}": (5, 5.0),
    "DELETE /channels/{channel_id}/messages/{message_id}": (5, 1.0),
    "PUT /channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}/@me": (1, 0.25),
    "POST /guilds/{guild_id}/scheduled-events": (5, 60.0),
}


@dataclass
class Bucket:
    size: int
    window: float
    used: int = 0
    ends: float = 0.0

    def take(self) -> bool:
        """Whether one more request fits into the present window."""
        now = time.perf_counter()
        if now >= self.ends:
            self.used, self.ends = 0, now + self.window
        if self.used >= self.size:
            return False
        self.used += 1
        return True

    @property
    def reset_after(self) -> float:
        return max(self.ends - time.perf_counter(), 0.001)


@dataclass
class Limits:
    """sizes: "METHOD /template" -> (requests, seconds) for each channel or server."""

    sizes: dict[str, tuple[int, float]] = field(default_factory=dict)
    buckets: dict[tuple[str, str], Bucket] = field(default_factory=dict)
    n_refused: int = 0

    def realistic(self) -> None:
        self.sizes |= REAL
        self.buckets.clear()

    def set(self, route: str, n_requests: int, seconds: float) -> None:
        self.sizes[route] = (n_requests, seconds)
        self.buckets.clear()

    def take(self, route: str, major: str) -> tuple[bool, dict[str, str], float]:
        """Whether the request may pass, the headers to send, and how long to wait if not."""
        size, window = self.sizes.get(route, WIDE)
        bucket = self.buckets.setdefault((route, major), Bucket(size, window))
        allowed = bucket.take()
        self.n_refused += not allowed
        headers = {
            "X-RateLimit-Limit": str(size),
            "X-RateLimit-Remaining": str(size - bucket.used),
            "X-RateLimit-Reset": f"{time.time() + bucket.reset_after:.3f}",
            "X-RateLimit-Reset-After": f"{bucket.reset_after:.3f}",
            "X-RateLimit-Bucket": f"{crc32(route.encode()):08x}",
            "Via": "1.1 google",
        }
        return allowed, headers, bucket.reset_after
