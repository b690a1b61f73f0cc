"""The one way from the bot's event loop to the database."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from asgiref.sync import sync_to_async
from django.db import connections

P = ParamSpec("P")
R = TypeVar("R")


async def in_database(function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
    """Call `function` on the thread that talks to the database, for database work only: everybody shares it.

    Drawing, hashing large files or asking the network there would eat everybody's three seconds: `asyncio.to_thread`
    is for those. A connection that was killed meanwhile is dropped before and after, else it would never heal.
    """

    return await sync_to_async(_fresh, thread_sensitive=True)(function, *args, **kwargs)


def _fresh(function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
    drop_old_connections()
    try:
        return function(*args, **kwargs)
    finally:
        drop_old_connections()


def drop_old_connections() -> None:
    """Django's `close_old_connections`, except that it leaves a transaction alone that a caller has opened."""
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
