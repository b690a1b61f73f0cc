"""Which of MusicBrainz's recordings a track is: the only one that fits, or none. Pure.

Never a guess: two recordings of one title by one artist are two performances, and only the album or the length that a
source gave tells which one was heard.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from catalog.clients.musicbrainz_records import Credit, RecordingRecord
from catalog.names import name_key, title_key
from catalog.recordings import Choice

SAME_LENGTH_MS = 3_000
VERIFIED, ON_ALBUM, BY_LENGTH, ALONE, OTHER_LENGTH = 1.0, 0.95, 0.9, 0.85, 0.7  # how sure


@dataclass(frozen=True)
class Sought:
    """What is known of a track: keys of its title, of the names its artist goes by, of the albums it was heard on."""

    title_key: str
    artist_keys: frozenset[str]
    album_keys: frozenset[str] = frozenset()
    duration_ms: int | None = None


def artist_fits(credit: Credit, keys: Collection[str]) -> bool:
    """Whether the whole credit, or any one artist in it, goes by one of these names."""
    names = {name_key(credit.text)} | {
        name_key(name) for each in credit.artists for name in (each.name, each.credited_as, *each.aliases)
    }
    return not names.isdisjoint(keys)


def fits(record: RecordingRecord, sought: Sought) -> bool:
    """Whether title and one artist are the same, but for case, accents and punctuation."""
    return title_key(record.title) == sought.title_key and artist_fits(record.credit, sought.artist_keys)


def verified(record: RecordingRecord, sought: Sought) -> Choice | None:
    """The recording that a source named, if it is one of this title by this artist."""
    return Choice(record, VERIFIED) if fits(record, sought) else None


def choose(records: Sequence[RecordingRecord], sought: Sought) -> Choice | None:
    """The one recording that is meant; None where nothing fits or several do."""
    fitting = list({record.mbid: record for record in records if fits(record, sought)}.values())
    on_album = [record for record in fitting if _stands_on(record, sought.album_keys)]
    candidates = on_album or fitting
    near = [record for record in candidates if _has_length(record, sought.duration_ms)]
    if len(candidates) == 1:
        (record,) = candidates
        if on_album:
            return Choice(record, ON_ALBUM)
        is_other_length = sought.duration_ms is not None and record.length_ms is not None and not near
        return Choice(record, OTHER_LENGTH if is_other_length else BY_LENGTH if near else ALONE)
    return Choice(near[0], BY_LENGTH) if len(near) == 1 else None


def _stands_on(record: RecordingRecord, album_keys: Collection[str]) -> bool:
    return any(
        title_key(name) in album_keys
        for release in record.releases
        for name in (release.title, release.release_group.title if release.release_group else "")
        if name
    )


def _has_length(record: RecordingRecord, duration_ms: int | None) -> bool:
    if duration_ms is None or record.length_ms is None:
        return False
    return abs(record.length_ms - duration_ms) <= SAME_LENGTH_MS
