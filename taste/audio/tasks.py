"""Jobs of audio: look what lies in the folder, and hear it, a batch a job. Each says in a line what it did."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils import timezone
from django_q.tasks import async_task

from taste.audio import due
from taste.audio.analysing import analyse
from taste.audio.file_matching import match_waiting
from taste.audio.readiness import why_not
from taste.audio.scanning import scan
from taste.audio.switches import settings_now
from taste.audio.threads import use_one_thread

SCAN_LONGEST_S = 360.0  # a job is killed after ten minutes
ANALYSE_LONGEST_S = 180.0
PAUSED = "The analysis is paused."


def scan_folder() -> str:
    """Look for new, changed, moved and lost files, and for tracks of the ones that have none."""
    switches = settings_now()
    if switches.root is None or _why_rest():
        return why_not(switches) or PAUSED
    done = scan(switches.root, longest_s=SCAN_LONGEST_S)
    if not done.is_whole:
        async_task("taste.audio.tasks.scan_folder")
        return str(done)
    n_matched = done.n_matched + match_waiting(now=timezone.now())
    return f"{done} {n_matched} found their track."


def analyse_due() -> str:
    """See that as many batches are under way as the settings say; each queues its successor."""
    if reason := _why_rest():
        return reason
    n_queued = queue_due()
    return f"Queued {n_queued} batch{'es' * (n_queued != 1)} of files to analyse."


def analyse_files(ids: list[int], until: str) -> str:
    """Hear a batch that was promised to this job, and queue the next one."""
    promised = due.Claim(tuple(ids), datetime.fromisoformat(until))
    if reason := _why_rest():
        due.release(promised, ids, was_started=False)
        return reason
    plan = due.plan_now()
    claim = due.start(promised, now=timezone.now())
    if claim is None:
        return "Another worker has these files."
    use_one_thread()
    done = analyse(claim, plan, longest_s=ANALYSE_LONGEST_S)
    queue_due()
    return f"{done}."


def queue_due() -> int:
    """Queue batches until as many are under way as the settings allow; how many were queued.

    A few wait, never all: other jobs come in between, and a queue that is lost loses nothing.
    """
    if _why_rest():
        return 0
    plan, n_queued = due.plan_now(), 0
    while due.n_under_way(timezone.now()) < plan.switches.jobs_at_once:
        claim = due.reserve(plan, now=timezone.now(), held_for=due.QUEUED_FOR)
        if claim is None:
            break
        _queue(claim)
        n_queued += 1
    return n_queued


def queue_these(ids: Collection[int]) -> bool:
    """Queue a batch of these at once, for somebody asked; false where nothing is due or the analysis rests.

    Inside a transaction the job is queued when that is over: before, a worker would not find its files reserved.
    """
    if _why_rest():
        return False
    claim = due.reserve(due.plan_now(), now=timezone.now(), only=ids, held_for=due.QUEUED_FOR)
    if claim is None:
        return False
    transaction.on_commit(partial(_queue, claim))
    return True


def _queue(claim: due.Claim) -> None:
    async_task("taste.audio.tasks.analyse_files", list(claim.ids), claim.until.isoformat())


def _why_rest() -> str:
    switches = settings_now()
    return why_not(switches) or (PAUSED if switches.is_paused else "")
