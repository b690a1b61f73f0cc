"""The verbs by which a test makes things go wrong; what goes wrong is said in `faults`."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from random import Random
from typing import TYPE_CHECKING, Any, Literal

from .faults import Exchange, Fault, Pattern, Remedy, Watch, Watcher

if TYPE_CHECKING:
    from .gateway import Gateway
    from .rest import Rest


Moment = Literal["before", "acted", "after"]


class Trouble:
    rest: Rest
    gateway: Gateway
    on_loop: Callable[..., Any]

    def fault(
        self,
        pattern: str,
        remedy: Remedy,
        *,
        nth: int = 1,
        times: int = 1,
        where: Callable[[Exchange], bool] | None = None,
    ) -> Fault:
        """Let requests go wrong: the nth that fits from now on, and the `times - 1` after it."""
        fault = Fault(Pattern(pattern, nth, times, where), remedy)
        self.rest.rules.faults.append(fault)
        return fault

    def chaos(self, dice: Random, share: float, *remedies: Remedy, pattern: str = "*") -> list[Fault]:
        """Let a share of the requests that fit go wrong for good, each by one of the remedies, as the dice fall."""

        def falls(_: Exchange) -> bool:
            return dice.random() < share / len(remedies)

        return [self.fault(pattern, remedy, times=sys.maxsize, where=falls) for remedy in remedies]

    def on_request(
        self,
        pattern: str = "*",
        *,
        before: Watcher | None = None,
        acted: Watcher | None = None,
        after: Watcher | None = None,
        nth: int = 1,
        times: int = 1,
        where: Callable[[Exchange], bool] | None = None,
    ) -> Watch:
        """Call something before a request is carried out, after it is but before the answer, or after the answer."""
        watch = Watch(Pattern(pattern, nth, times, where), before, acted, after)
        self.rest.rules.watches.append(watch)
        return watch

    def kill_at(self, pid: int, pattern: str, *, when: Moment = "before", nth: int = 1) -> Watch:
        """SIGKILL the process at the nth request that fits; when: before, acted (done, unanswered), after."""

        def strike(_: Exchange) -> None:
            os.kill(pid, signal.SIGKILL)

        match when:
            case "before":
                return self.on_request(pattern, nth=nth, before=strike)
            case "acted":
                return self.on_request(pattern, nth=nth, acted=strike)
            case _:
                return self.on_request(pattern, nth=nth, after=strike)

    def clear_faults(self) -> None:
        self.rest.rules.faults.clear()
        self.rest.rules.watches.clear()
        self.rest.rules.is_offline = False
        self.gateway.is_down = False

    def go_offline(self, *, offline: bool = True) -> None:
        """No network: every request and every line is cut until `go_offline(offline=False)`."""
        self.rest.rules.is_offline = self.gateway.is_down = offline
        if offline:
            self.on_loop(self.gateway.drop)
