"""Taking turns: no more than so many requests a second to one service, from all processes here together.

With REDIS_URL the turns are kept in Redis and hold across machines; else in a small file under CACHE_DIR, under a lock,
and hold across the processes of one machine. A caller first reserves the next free moment, so that it can refuse to
wait longer than it likes, and then passes a gate that measures from the request that really went out last, because
sleeping is not exact. A pause that a service asked for and nobody waits for is kept beside the turns.
"""

from __future__ import annotations

import fcntl
import logging
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import redis
from django.conf import settings

logger = logging.getLogger(__name__)

LONGEST_PAUSE_S = 86_400.0  # Spotify's longest
LONGEST_QUEUE_S = 600.0  # a moment further ahead than this was written by a clock that went wrong


class TooFarAhead(Exception):
    """The next free moment is further away than the caller is willing to wait."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"the next free moment is {seconds:.1f} s away")
        self.seconds = seconds


class Turns(Protocol):
    """Where the moments of one service are kept."""

    def reserve(self, *, interval: float, wait_s: float | None) -> float:
        """Take the next free moment; seconds until then. TooFarAhead takes nothing."""

    def pass_gate(self, *, interval: float) -> float:
        """0.0 when the last request is `interval` ago, and note this one; else the seconds that are missing."""

    def hold(self, *, seconds: float) -> None:
        """Let nobody go before so many seconds from now: the service asked for it."""

    def pause(self, *, seconds: float) -> None:
        """Remember that the service wants to hear nothing for so long; its latest word holds."""

    def paused_s(self) -> float:
        """How long the pause still lasts; 0.0 when there is none."""


class FileTurns:
    """Moments in a file: the next free one and the last one that was used, in seconds since 1970."""

    def __init__(self, name: str, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / f"{re.sub(r'[^a-z0-9-]', '-', name.lower())}.turns"

    @contextmanager
    def _locked(self) -> Iterator[tuple[float, list[float]]]:
        """The present and [next free, last used], which are written back when the block ends well."""
        with self.path.open("a+", encoding="ascii") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.seek(0)
            now = time.time()
            words = file.read().split()
            moments = [float(word) for word in words] if len(words) == 2 else [0.0, 0.0]
            if moments[0] > now + LONGEST_QUEUE_S or moments[1] > now:
                moments = [0.0, 0.0]
            yield now, moments
            file.seek(0)
            file.truncate()
            file.write(f"{moments[0]:.6f} {moments[1]:.6f}")

    def reserve(self, *, interval: float, wait_s: float | None) -> float:
        with self._locked() as (now, moments):
            moment = max(now, moments[0])
            if wait_s is not None and moment - now > wait_s:
                raise TooFarAhead(moment - now)
            moments[0] = moment + interval
            return moment - now

    def pass_gate(self, *, interval: float) -> float:
        with self._locked() as (now, moments):
            missing = moments[1] + interval - now
            if missing <= 0:
                moments[1] = now
            return max(0.0, missing)

    def hold(self, *, seconds: float) -> None:
        with self._locked() as (now, moments):
            moments[0] = max(moments[0], now + min(seconds, LONGEST_QUEUE_S))

    def pause(self, *, seconds: float) -> None:
        with self._locked() as (now, _):
            part = self.path.with_suffix(".part")
            part.write_text(f"{now + min(seconds, LONGEST_PAUSE_S):.3f}", encoding="ascii")
            part.replace(self.path.with_suffix(".pause"))

    def paused_s(self) -> float:
        try:
            left = float(self.path.with_suffix(".pause").read_text(encoding="ascii")) - time.time()
        except (FileNotFoundError, ValueError):
            return 0.0
        return left if 0 < left <= LONGEST_PAUSE_S else 0.0


class RedisTurns:
    """The same in Redis, by its own clock, each step one script."""

    RESERVE = """
        local time = redis.call('TIME')
        local now = time[1] * 1000000 + time[2]
        local moment = math.max(now, tonumber(redis.call('GET', KEYS[1]) or '0'))
        if moment - now > tonumber(ARGV[2]) then return {0, moment - now} end
        redis.call('SET', KEYS[1], string.format('%.0f', moment + tonumber(ARGV[1])), 'PX', 3600000)
        return {1, moment - now}
    """
    HOLD = """
        local time = redis.call('TIME')
        local till = time[1] * 1000000 + time[2] + tonumber(ARGV[1])
        if till > tonumber(redis.call('GET', KEYS[1]) or '0') then
            redis.call('SET', KEYS[1], string.format('%.0f', till), 'PX', 3600000)
        end
    """

    def __init__(self, name: str, url: str) -> None:
        self.redis = redis.Redis.from_url(url, socket_timeout=5, socket_connect_timeout=5)
        self.next_key, self.gate_key = f"sidetrack:turns:{name}:next", f"sidetrack:turns:{name}:gate"
        self.pause_key = f"sidetrack:turns:{name}:pause"

    def reserve(self, *, interval: float, wait_s: float | None) -> float:
        longest = LONGEST_QUEUE_S * 10 if wait_s is None else wait_s
        arguments = [round(interval * 1e6), round(longest * 1e6)]
        taken, microseconds = self.redis.eval(self.RESERVE, 1, self.next_key, *arguments)
        if not taken:
            raise TooFarAhead(microseconds / 1e6)
        return float(microseconds) / 1e6

    def pass_gate(self, *, interval: float) -> float:
        if self.redis.set(self.gate_key, "1", nx=True, px=max(1, round(interval * 1000))):
            return 0.0
        return max(0.001, int(self.redis.pttl(self.gate_key)) / 1000)

    def hold(self, *, seconds: float) -> None:
        self.redis.eval(self.HOLD, 1, self.next_key, round(min(seconds, LONGEST_QUEUE_S) * 1e6))

    def pause(self, *, seconds: float) -> None:
        self.redis.set(self.pause_key, "1", px=max(1, round(min(seconds, LONGEST_PAUSE_S) * 1000)))

    def paused_s(self) -> float:
        return max(0.0, int(self.redis.pttl(self.pause_key)) / 1000)


def turns_of(name: str) -> Turns:
    """Where this installation keeps the turns of the service `name`."""
    if settings.REDIS_URL:
        return RedisTurns(name, settings.REDIS_URL)
    return _turns_here(name)


def wait_for_turn(name: str, *, per_second: float, wait_s: float | None) -> None:
    """Return when it is this caller's turn at the service `name`; TooFarAhead when that is more than `wait_s` away."""
    if per_second <= 0:
        return
    interval = 1 / per_second
    try:
        _wait(turns_of(name), interval, wait_s)
    except redis.RedisError as error:
        logger.warning("Redis keeps no turns for %s (%s): this machine keeps them in a file.", name, error)
        _wait(_turns_here(name), interval, wait_s)


def hold_turns(name: str, *, seconds: float) -> None:
    """Nobody asks the service `name` for so many seconds."""
    try:
        turns_of(name).hold(seconds=seconds)
    except redis.RedisError:
        _turns_here(name).hold(seconds=seconds)


def pause(name: str, *, seconds: float) -> None:
    """The service `name` wants to hear nothing for so long, at most LONGEST_PAUSE_S."""
    try:
        turns_of(name).pause(seconds=seconds)
    except redis.RedisError:
        _turns_here(name).pause(seconds=seconds)


def paused_s(name: str) -> float:
    """Seconds until the service `name` may be asked again; 0.0 when it asked for no pause."""
    try:
        return turns_of(name).paused_s()
    except redis.RedisError:
        return _turns_here(name).paused_s()


def _turns_here(name: str) -> FileTurns:
    return FileTurns(name, Path(settings.CACHE_DIR) / "turns")


def _wait(turns: Turns, interval: float, wait_s: float | None) -> None:
    time.sleep(turns.reserve(interval=interval, wait_s=wait_s))
    while (missing := turns.pass_gate(interval=interval)) > 0:
        time.sleep(missing)
