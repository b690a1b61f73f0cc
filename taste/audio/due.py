"""Which files are due to be heard, and who has them: a worker takes a few, for a while, and nobody else does.

A worker that dies loses its files after `LEASE`, and nothing that was stored. A file that kills its worker is tried
alone from then on, and given up after `MAX_STARTS`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from listening.models import TrackTotal
from taste.audio.extraction import VERSION
from taste.audio.switches import Switches, settings_now
from taste.axes import judging
from taste.embeddings.adapters import wished
from taste.embeddings.hearing import Adapter
from taste.models import AudioFile

BATCH = 8
LEASE = timedelta(minutes=12)  # renewed with each file: longer than one file takes, and than a job may run
QUEUED_FOR = timedelta(hours=1)  # so long files wait for the job that they are promised to
MAX_STARTS = 3
GIVEN_UP = f"{MAX_STARTS} workers died, or failed, at this file: it is left out until it changes or is asked for again."


@dataclass(frozen=True)
class Plan:
    """What is to be done with a file just now. version: of what is measured; adapters: those that can hear."""

    switches: Switches
    version: str
    adapters: tuple[Adapter, ...]

    @property
    def tokens(self) -> list[str]:
        """What a file bears that everything was done with."""
        return [*map(token, self.adapters), judging.VERSION]


@dataclass(frozen=True, slots=True)
class Claim:
    """Files that one worker has until a moment; the moment tells workers apart."""

    ids: tuple[int, ...]
    until: datetime


def plan_now() -> Plan:
    switches = settings_now()
    version = f"{VERSION}+{switches.excerpt_seconds}s" if switches.excerpt_seconds else VERSION
    return Plan(switches, version, tuple(each for each in wished() if not each.why_off()))


def token(adapter: Adapter) -> str:
    return f"{adapter.name}={adapter.version}"


def present() -> QuerySet[AudioFile]:
    """Files that can be heard for a track; of several of one track the first sound one."""
    sound = AudioFile.objects.filter(gone_at__isnull=True, problem="").exclude(content_hash="")
    before = sound.filter(track=OuterRef("track"), pk__lt=OuterRef("pk"))
    there = AudioFile.objects.filter(track__isnull=False, gone_at__isnull=True).exclude(content_hash="")
    return there.filter(~Exists(before))


def due(plan: Plan) -> QuerySet[AudioFile]:
    """Files that were not measured in this version, or that a model or the axes have not had."""
    unheard = Q()
    for each in plan.tokens:
        unheard |= ~Q(heard_by__contains=f"|{each}|")
    return present().filter(~Q(measured_version=plan.version) | (Q(problem="") & unheard))


def free(now: datetime) -> Q:
    """Files that nobody works at."""
    return Q(lease_until__isnull=True) | Q(lease_until__lte=now)


def make_due(files: QuerySet[AudioFile]) -> int:
    """Let these files be heard anew, whatever was done with them; how many that are."""
    return AudioFile.objects.filter(pk__in=files.order_by().values("pk")).exclude(content_hash="").update(
        measured_version="", heard_by="", problem="", n_starts=0
    )  # fmt: skip


def in_order(plan: Plan, *, now: datetime, only: Collection[int] | None = None, n: int | None = None) -> list[int]:
    """Due files that nobody has: what killed a worker last, before that what members play most first."""
    files = due(plan).filter(free(now))
    if only is not None:
        files = files.filter(pk__in=only)
    plays = TrackTotal.objects.filter(track=OuterRef("track")).order_by().values("track")
    n_plays = Coalesce(Subquery(plays.annotate(n=Sum("n_listens")).values("n")), Value(0))
    return list(files.order_by("n_starts", n_plays.desc(), "pk").values_list("pk", flat=True)[:n])


def reserve(
    plan: Plan, *, now: datetime, n: int = BATCH, only: Collection[int] | None = None, held_for: timedelta = LEASE
) -> Claim | None:
    """The next due files for whoever calls, one alone that killed a worker; None when nothing is due that is free.

    only: of these files.
    """
    give_up(plan, now=now, only=only)
    until = now + held_for
    ids: list[int] = []
    wanted = in_order(plan, now=now, only=only, n=n)
    n_starts = dict(AudioFile.objects.filter(pk__in=wanted).values_list("pk", "n_starts"))
    for pk in wanted:
        if ids and n_starts[pk]:
            break
        if AudioFile.objects.filter(free(now), pk=pk).update(lease_until=until):
            ids.append(pk)
            if n_starts[pk]:
                break
    return Claim(tuple(ids), until) if ids else None


def start(claim: Claim, *, now: datetime) -> Claim | None:
    """Begin with files that were reserved: each start is counted before the work. None: others have them by now."""
    return _extend(claim, now=now, n_starts=F("n_starts") + 1)


def renew(claim: Claim, *, now: datetime) -> Claim | None:
    """Keep the files that are still ours for a while longer."""
    return _extend(claim, now=now, n_starts=F("n_starts"))


def _extend(claim: Claim, *, now: datetime, n_starts: F | object) -> Claim | None:
    until = now + LEASE
    if until == claim.until:  # a lease also tells workers apart: the new one must differ from the old
        until += timedelta(microseconds=1)
    held = AudioFile.objects.filter(pk__in=claim.ids, lease_until=claim.until)
    ids = list(held.values_list("pk", flat=True))
    if not ids or not held.filter(pk__in=ids).update(lease_until=until, n_starts=n_starts):
        return None
    ids = list(AudioFile.objects.filter(pk__in=ids, lease_until=until).order_by("pk").values_list("pk", flat=True))
    return replace(claim, ids=tuple(ids), until=until) if ids else None


def release(claim: Claim, ids: Sequence[int], *, was_started: bool = True) -> None:
    """Give files back that were not heard. was_started: their start is taken back, for they are not at fault."""
    files = AudioFile.objects.filter(pk__in=ids, lease_until=claim.until)
    if was_started:
        files.filter(n_starts__gt=0).update(n_starts=F("n_starts") - 1)
    files.update(lease_until=None)


def give_up(plan: Plan, *, now: datetime, only: Collection[int] | None = None) -> int:
    """Leave files out at which workers died again and again."""
    files = due(plan).filter(free(now), n_starts__gte=MAX_STARTS)
    if only is not None:
        files = files.filter(pk__in=only)
    ids = list(files.values_list("pk", flat=True))
    return AudioFile.objects.filter(pk__in=ids).update(
        problem=GIVEN_UP, measured_version=plan.version, lease_until=None, n_starts=0
    )


def n_under_way(now: datetime) -> int:
    """Batches that somebody has or is promised."""
    return AudioFile.objects.filter(lease_until__gt=now).order_by().values("lease_until").distinct().count()


def abandon(claim: Claim) -> None:
    """Free the files of a worker of ours that died. Its lease may have been renewed, which only it knew."""
    now_theirs = AudioFile.objects.filter(pk__in=claim.ids, lease_until__gte=claim.until)
    now_theirs.update(lease_until=None)
