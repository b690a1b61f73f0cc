"""Between a test's thread and the server's loop.

A function marked `anywhere` runs on the server's loop. Called there, it is the coroutine itself; called where another
loop runs, something to await; called in a plain test, it waits and gives the result.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any

PATIENCE_S = 60.0


def anywhere(function: Callable[..., Coroutine[Any, Any, Any]]) -> Callable[..., Any]:
    @wraps(function)
    def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        return across(self.fake.loop, function(self, *args, **kwargs))

    return call


def across(loop: asyncio.AbstractEventLoop, coroutine: Coroutine[Any, Any, Any]) -> Any:
    try:
        here = asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run_coroutine_threadsafe(coroutine, loop).result(PATIENCE_S)
    if here is loop:
        return coroutine
    return asyncio.wrap_future(asyncio.run_coroutine_threadsafe(coroutine, loop))
