"""Files of sound features become evidence: records are matched to the tracks that there are, and counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from uuid import UUID

from catalog.bulk_naming import Heard, Names
from catalog.models import Track
from taste.axes.choosing import choose
from taste.axes.evidence import keep
from taste.axes.judging import Judged
from taste.axes.sources.files import Odd, Told

AT_ONCE = 500
BY_RECORDING, BY_SPOTIFY, BY_NAMES = "MusicBrainz recording", "Spotify id", "artist and title"
NOT_HERE = "no such track here"


@dataclass
class Report:
    """n_records: all that were read. matched, refused: by how, by why. n_changed: tracks that sound different now."""

    n_records: int = 0
    matched: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)
    n_values: int = 0
    n_changed: int = 0

    @property
    def n_matched(self) -> int:
        return self.matched.total()


def bring_in(
    records: Iterable[Told | Odd], *, now: datetime, is_dry: bool = False, tell: Callable[[Report], None] | None = None
) -> Report:
    """Keep what the records say of tracks that are here; no track is made. is_dry: count, write nothing.

    Records of one track and source in one file add up, the later one where both name an axis: AcousticBrainz tells
    mood and tempo in two documents. The same file twice changes nothing.
    """
    report, names = Report(), Names()
    for portion in _portions(records):
        report.n_records += len(portion)
        told = [each for each in portion if isinstance(each, Told)]
        for each in portion:
            if isinstance(each, Odd):
                report.refused[each.why] += 1
        tracks = _matched(told, names, report)
        by_source: dict[tuple[str, str], dict[int, dict[str, Judged]]] = {}
        for each, track_id in zip(told, tracks, strict=True):
            if track_id is not None:
                by_source.setdefault((each.source, each.version), {}).setdefault(track_id, {}).update(each.judged)
        for (source, version), judged in by_source.items() if not is_dry else ():
            report.n_values += keep(source=source, version=version, judged=judged, now=now, adds=True)
            report.n_changed += choose(judged, now)
        if tell is not None:
            tell(report)
    return report


def _portions(records: Iterable[Told | Odd]) -> Iterator[list[Told | Odd]]:
    left = iter(records)
    while portion := list(islice(left, AT_ONCE)):
        yield portion


def _matched(told: Sequence[Told], names: Names, report: Report) -> list[int | None]:
    """The track of each record: by recording, else by Spotify id, else by names; counted in the report."""
    by_recording = _by_recording({each.recording_mbid for each in told if each.recording_mbid})
    by_spotify = _by_spotify({each.spotify_id for each in told if each.spotify_id})
    known = names.find({Heard(each.artist, each.title) for each in told if each.artist and each.title})
    found: list[int | None] = []
    for each in told:
        row = known.get(Heard(each.artist, each.title))
        ways = (
            (BY_RECORDING, by_recording.get(each.recording_mbid) if each.recording_mbid else None),
            (BY_SPOTIFY, by_spotify.get(each.spotify_id)),
            (BY_NAMES, row.track_id if row is not None else None),
        )
        how, track_id = next(((how, id_) for how, id_ in ways if id_ is not None), ("", None))
        found.append(track_id)
        if track_id is None:
            report.refused[NOT_HERE] += 1
            report.examples.setdefault(NOT_HERE, _words(each))
        else:
            report.matched[how] += 1
    return found


def _words(told: Told) -> str:
    names = f"{told.artist} — {told.title}" if told.artist or told.title else ""
    return names or str(told.recording_mbid or told.spotify_id)


def _by_recording(mbids: set[UUID]) -> dict[UUID, int]:
    """A recording whose track became part of another stands for that one."""
    rows = Track.objects.filter(recording_mbid__in=mbids).values_list("recording_mbid", "pk", "merged_into")
    found: dict[UUID, int] = {}
    merged: dict[UUID, int] = {}
    for mbid, pk, into in rows:
        if mbid is not None and into is None:
            found[mbid] = pk
        elif mbid is not None and into is not None:
            merged[mbid] = into
    stands = _standing(set(merged.values()))
    return {mbid: stands[into] for mbid, into in merged.items()} | found


def _by_spotify(spotify_ids: set[str]) -> dict[str, int]:
    rows = list(Track.objects.filter(spotify_id__in=spotify_ids).values_list("spotify_id", "pk"))
    stands = _standing({pk for _, pk in rows})
    return {spotify_id: stands[pk] for spotify_id, pk in rows if spotify_id}


def _standing(track_ids: set[int]) -> dict[int, int]:
    """Each track, or the one that it became part of in however many steps."""
    stands = {track_id: track_id for track_id in track_ids}
    while moved := dict(
        Track.objects.filter(pk__in=set(stands.values()), merged_into__isnull=False).values_list("pk", "merged_into")
    ):
        stands = {track_id: moved.get(stand) or stand for track_id, stand in stands.items()}
    return stands
