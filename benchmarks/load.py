"""A client lean enough not to be what is measured: prepared bytes out, a head and a body in, over kept connections."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from statistics import quantiles


@dataclass(frozen=True)
class Load:
    """What came of one spell: answers a second, and the time that 95 of 100 answers took at most."""

    per_second: float
    p95_ms: float
    status: int
    n_bytes: int


def run(port: int, path: str, *, seconds: float, connections: int, headers: dict[str, str]) -> Load:
    """Ask for `path` as fast as it answers; `{n}` in it becomes a number that is never used twice."""
    return asyncio.run(_spell(port, path, seconds, connections, headers))


_numbers = count(int(time.time() * 1000) % 10_000_000 * 1000)


async def _spell(port: int, path: str, seconds: float, connections: int, headers: dict[str, str]) -> Load:
    taken: list[float] = []
    seen: set[tuple[int, int]] = set()
    numbers: Iterator[int] = _numbers
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    began = time.perf_counter()

    async def visitor() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            while time.perf_counter() - began < seconds:
                address = path.replace("{n}", str(next(numbers)))
                start = time.perf_counter()
                writer.write(f"GET {address} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{head}\r\n".encode())
                status, n_bytes = await _answer(reader)
                taken.append(time.perf_counter() - start)
                seen.add((status, n_bytes))
        finally:
            writer.close()

    await asyncio.gather(*(visitor() for _ in range(connections)))
    took = time.perf_counter() - began
    statuses = {status for status, _ in seen}
    if len(statuses) != 1:
        raise RuntimeError(f"{path} answered with {sorted(statuses)}")
    p95 = quantiles(taken, n=20)[-1] if len(taken) > 1 else taken[0]
    return Load(len(taken) / took, p95 * 1000, statuses.pop(), max(n_bytes for _, n_bytes in seen))


async def _answer(reader: asyncio.StreamReader) -> tuple[int, int]:
    head = await reader.readuntil(b"\r\n\r\n")
    status = int(head[9:12])
    length = 0
    for line in head.split(b"\r\n")[1:]:
        if line[:15].lower() == b"content-length:":
            length = int(line[15:])
    if length and status != 304:
        await reader.readexactly(length)
    return status, length
