"""How the bot fares: its lease, its posts, the queue of jobs; the same facts as `/ready`, for moderators."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from discordbot.models import BotLease, Post
from discordbot.moderating.checking import Finding
from discordbot.moderating.telling import ago
from discordbot.safe_text import escaped
from discordbot.texts import checking as texts
from discordbot.texts import say
from sidetrack import heartbeat

LATE = timedelta(seconds=60)  # the lease is renewed every 10 s, the posts compared every 15 s
MOST_PROBLEMS = 3


def fares(now: datetime) -> Iterator[Finding]:
    lease = BotLease.objects.filter(pk=1).exclude(holder="").first()
    yield from _lease(lease, now)
    if lease is not None:
        yield from _posts(lease, now)
    yield _queue(now)


def _lease(lease: BotLease | None, now: datetime) -> Iterator[Finding]:
    if lease is None or lease.renewed_at is None or lease.acquired_at is None:
        yield Finding("bad", say(texts.NO_LEASE))
        return
    if now - lease.renewed_at > LATE:
        yield Finding("bad", say(texts.LEASE_LATE, renewed=ago(lease.renewed_at)))
    else:
        connected = ago(lease.connected_at or now)
        host = escaped(lease.host, 60, one_line=True)
        yield Finding("good", say(texts.LEASE, host=host, since=ago(lease.acquired_at), connected=connected))
    if lease.problem:
        yield Finding("bad", say(texts.PROBLEM, problem=escaped(lease.problem, 300, one_line=True)))


def _posts(lease: BotLease, now: datetime) -> Iterator[Finding]:
    if lease.reconciled_at is None:
        yield Finding("bad", say(texts.NEVER_RECONCILED))
    elif now - lease.reconciled_at > LATE:
        yield Finding("bad", say(texts.RECONCILED_LATE, time=ago(lease.reconciled_at)))
    else:
        yield Finding("good", say(texts.RECONCILED, time=ago(lease.reconciled_at)))
    problems = list(
        Post.objects.filter(next_try_at__isnull=False).exclude(problem="").values_list("problem", flat=True)
    )
    if problems:
        why = " ".join(dict.fromkeys(escaped(each, 200, one_line=True) for each in problems[:MOST_PROBLEMS]))
        yield Finding("bad", say(texts.WAITING, n=len(problems), why=why))
    else:
        yield Finding("good", say(texts.NONE_WAITING))


def _queue(now: datetime) -> Finding:
    silence = heartbeat.silent_for(now)
    if silence is None:
        return Finding("bad", say(texts.QUEUE_NEVER))
    if silence > heartbeat.LATE_AFTER:
        return Finding("bad", say(texts.QUEUE_SILENT, time=ago(now - silence)))
    return Finding("good", say(texts.QUEUE))
