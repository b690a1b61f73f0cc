"""All that is due, here and now: in this process, or in a pool of processes that a parent gives batches to."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Collection
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from typing import Self

from django.utils import timezone

from taste.audio import due, worker
from taste.audio.analysing import analyse
from taste.audio.threads import VARIABLES

LOOK_UP_S = 0.5  # a signal is seen when a wait ends
MAX_BREAKS = 5  # of the pool, in a row and with nothing done: it is not a file's fault
Heard = tuple[int, list[tuple[str, str]]]
Tell = Callable[[int, list[tuple[str, str]]], None]


@dataclass
class Run:
    """What came of it. was_stopped: by Ctrl-C; what was begun is stored or given back."""

    n_done: int = 0
    problems: list[tuple[str, str]] = field(default_factory=list)
    was_stopped: bool = False

    def add(self, n_done: int, problems: list[tuple[str, str]]) -> None:
        self.n_done += n_done
        self.problems += problems


class PoolBroken(Exception):
    """Processes die before they do anything."""


def n_cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class _Stop:
    """Ctrl-C: the first one is noted, so that it never falls between two steps; a second one interrupts."""

    def __init__(self, say: Callable[[], None]) -> None:
        self.say = say
        self.is_asked = False

    def __enter__(self) -> Self:
        self.before = signal.signal(signal.SIGINT, self._ask) if is_main_thread() else None
        return self

    def _ask(self, *_: object) -> None:
        if self.is_asked:
            raise KeyboardInterrupt
        self.is_asked = True
        self.say()

    def __exit__(self, *_: object) -> None:
        if self.before is not None:
            signal.signal(signal.SIGINT, self.before)


def run(*, only: Collection[int] | None, n_workers: int, tell: Tell, on_stop: Callable[[], None] = lambda: None) -> Run:
    """Hear what is due (of `only`), until nothing is left that nobody else has. tell: after each batch.

    Ctrl-C ends it after the batches that are under way, and calls on_stop at once; again, it drops those too.
    """
    done = Run()

    def add(n_done: int, problems: list[tuple[str, str]]) -> None:
        done.add(n_done, problems)
        tell(n_done, problems)

    with _Stop(on_stop) as stop:
        try:
            if n_workers <= 1:
                _run_here(_Line(only), stop, add)
            else:
                _Pool(_Line(only), stop, n_workers, add).run()
        except KeyboardInterrupt:
            stop.is_asked = True
        done.was_stopped = stop.is_asked
    return done


class _Line:
    """Who is next, asked of the database once for many: with a hundred thousand files due, that takes a second."""

    def __init__(self, only: Collection[int] | None) -> None:
        self.only = only
        self.ids: list[int] = []

    def next(self) -> due.Claim | None:
        plan = due.plan_now()
        while True:
            while self.ids:
                part, self.ids = self.ids[: due.BATCH], self.ids[due.BATCH :]
                if claim := due.reserve(plan, now=timezone.now(), n=due.BATCH, only=part):
                    return claim
            self.ids = due.in_order(plan, now=timezone.now(), only=self.only)
            if not self.ids:
                return None


def _run_here(line: _Line, stop: _Stop, tell: Tell) -> None:
    while not stop.is_asked and (claim := line.next()):
        if started := due.start(claim, now=timezone.now()):
            done = analyse(started, due.plan_now())
            tell(done.n_done, done.problems)


class _Pool:
    """The parent reserves batches and hands them out, so that it knows what a process that dies had."""

    def __init__(self, line: _Line, stop: _Stop, n_workers: int, tell: Tell) -> None:
        self.line, self.stop, self.n_workers, self.tell = line, stop, n_workers, tell
        self.running: dict[Future[Heard], due.Claim] = {}
        self.promised: due.Claim | None = None  # reserved, and not handed out yet
        self.n_breaks = 0

    def run(self) -> None:
        for name in VARIABLES:  # read by libraries as they are loaded: before the processes start
            os.environ[name] = "1"
        while not self._run_pool():
            self.n_breaks += 1
            if self.n_breaks > MAX_BREAKS:
                raise PoolBroken("The processes that analyse die at once; try --workers 1 to see why.")

    def _run_pool(self) -> bool:
        """Until nothing is due or Ctrl-C (true), or until a process dies (false)."""
        # Spawned, not forked: a fork would share the parent's database connection and the locks of its libraries.
        context = multiprocessing.get_context("spawn")
        pool = ProcessPoolExecutor(self.n_workers, mp_context=context, initializer=worker.begin)
        try:
            while not self.stop.is_asked and self._feed(pool):
                ended, _ = wait(self.running, timeout=LOOK_UP_S, return_when=FIRST_COMPLETED)
                for future in ended:
                    self.tell(*future.result())
                    del self.running[future]
                    self.n_breaks = 0
            self._end()
        except BrokenProcessPool:
            self._give_back()
            return self.stop.is_asked
        except KeyboardInterrupt:
            for process in multiprocessing.active_children():
                process.kill()
            self._give_back()
            raise
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
        return True

    def _feed(self, pool: ProcessPoolExecutor) -> bool:
        """One batch for each process, and one that waits; false when all is done."""
        while len(self.running) <= self.n_workers:
            self.promised = claim = self.line.next()
            if claim is None:
                break
            self.running[pool.submit(worker.hear, claim.ids, claim.until)] = claim
            self.promised = None
        return bool(self.running)

    def _end(self) -> None:
        """After Ctrl-C: what is under way is finished and stored, the rest given back."""
        for future, claim in list(self.running.items()):
            if future.cancel():
                due.release(claim, claim.ids, was_started=False)
                del self.running[future]
        for future in list(self.running):
            self.tell(*future.result())
            del self.running[future]

    def _give_back(self) -> None:
        """Files of processes that died: nobody works at them any more, and their starts count."""
        for claim in [*self.running.values(), *filter(None, [self.promised])]:
            due.abandon(claim)
        self.running.clear()
        self.promised = None


def is_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()
