"""How far the analysis is: what of the music that members play has features, what waits, what failed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, Max, OuterRef, Q, Sum

from listening.models import TrackTotal
from taste.audio import due
from taste.audio.file_matching import waiting
from taste.embeddings.adapters import states
from taste.models import AudioFile, TrackEmbedding, TrackFeatures

N_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Share:
    """part of whole; both counts, >= 0."""

    part: int
    whole: int

    @property
    def percent(self) -> int | None:
        """Rounded down, so that 100 means all; None of nothing."""
        return 100 * self.part // self.whole if self.whole else None


@dataclass(frozen=True, slots=True)
class Coverage:
    """tracks, plays: those that have features, of those that members play."""

    tracks: Share
    plays: Share


@dataclass(frozen=True, slots=True)
class Model:
    """One model that is asked for. why_off: "" when it can hear; n_tracks: that it has heard in this version."""

    name: str
    version: str
    why_off: str
    n_tracks: int


@dataclass(frozen=True, slots=True)
class Standing:
    """Files in numbers, and the latest that went wrong or that belong to no track."""

    n_files: int
    n_analysed: int
    n_due: int
    n_batches: int
    n_failed: int
    n_unmatched: int
    n_gone: int
    last_at: datetime | None
    failures: Sequence[AudioFile]
    unmatched: Sequence[AudioFile]


def coverage() -> Coverage:
    """One query over all members' totals."""
    features = TrackFeatures.objects.filter(track=OuterRef("track")).exclude(sources={})
    totals = TrackTotal.objects.annotate(sounds=Exists(features)).aggregate(
        n_tracks=Count("track", distinct=True),
        n_plays=Sum("n_listens"),
        n_sounding=Count("track", distinct=True, filter=Q(sounds=True)),
        n_sounding_plays=Sum("n_listens", filter=Q(sounds=True)),
    )
    return Coverage(
        Share(totals["n_sounding"], totals["n_tracks"]), Share(totals["n_sounding_plays"] or 0, totals["n_plays"] or 0)
    )


def models() -> list[Model]:
    """The models that are asked for, in their order."""
    heard = TrackEmbedding.objects.order_by().values_list("model", "version").annotate(n=Count("pk"))
    n_tracks = {(name, version): n for name, version, n in heard}
    return [
        Model(name, version, why_off, n_tracks.get((name, version), 0)) for name, version, why_off in states()
    ]  # fmt: skip


def standing_of_files(*, now: datetime) -> Standing:
    """How many files are where."""
    there = Q(gone_at__isnull=True)
    counts = AudioFile.objects.aggregate(
        n_files=Count("pk", filter=there),
        n_analysed=Count("pk", filter=there & Q(problem="") & ~Q(measured_version="")),
        n_failed=Count("pk", filter=there & ~Q(problem="")),
        n_unmatched=Count("pk", filter=there & Q(track__isnull=True)),
        n_gone=Count("pk", filter=~there),
        last_at=Max("measured_at"),
    )
    return Standing(
        **counts,
        n_due=due.due(due.plan_now()).count(),
        n_batches=due.n_under_way(now),
        failures=list(AudioFile.objects.filter(there).exclude(problem="").order_by("-measured_at", "path")[:N_SHOWN]),
        unmatched=list(waiting().order_by("path")[:N_SHOWN]),
    )
