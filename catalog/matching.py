"""Which of MusicBrainz's albums is meant, and which of its releases stands for it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from catalog.clients.musicbrainz_records import Credit, ReleaseGroupRecord, ReleaseRecord
from catalog.names import loose_title_key, name_key, title_key

SURE = 0.88
RIVAL_GAP = 0.03  # two candidates closer than this and of one kind: a person has to choose
RIVAL_PENALTY = 0.75


@dataclass(frozen=True)
class Candidate:
    """An album that may be meant; confidence 0 to 1."""

    record: ReleaseGroupRecord
    confidence: float

    @property
    def is_sure(self) -> bool:
        return self.confidence >= SURE


def ranked(
    records: Iterable[ReleaseGroupRecord], *, title: str, artist: str, year: int | None
) -> tuple[Candidate, ...]:
    """The candidates, best first.

    Order: likeness (in steps of 0.05), primary type Album without secondary types, exact title, earliest first release.
    A best one that another of its kind comes close to is no longer sure: six albums are called “Weezer”.
    """
    scored = [Candidate(record, _confidence(record, title, artist, year)) for record in records]
    scored.sort(
        key=lambda each: (
            -round(each.confidence * 20),
            _kind(each.record),
            each.record.title.casefold() != title.casefold(),
            each.record.first_release_date or "9999",
            each.record.mbid.int,
        )
    )
    if not scored:
        return ()
    best, *others = scored
    has_rival = any(
        abs(best.confidence - other.confidence) < RIVAL_GAP
        and _kind(other.record) == _kind(best.record)
        and other.record.mbid != best.record.mbid
        for other in others
    )
    if has_rival:
        best = Candidate(best.record, best.confidence * RIVAL_PENALTY)
    return (best, *others)


def _kind(record: ReleaseGroupRecord) -> int:
    """0 for a plain album, more for what is less likely to be meant."""
    if record.primary_type == "Album":
        return 1 if record.secondary_types else 0
    return {"EP": 2, "Single": 4}.get(record.primary_type, 3)


def _confidence(record: ReleaseGroupRecord, title: str, artist: str, year: int | None) -> float:
    return _title_likeness(record.title, title) * artist_likeness(record.credit, artist) * _year_likeness(record, year)


def _title_likeness(theirs: str, ours: str) -> float:
    if theirs.casefold() == ours.casefold():
        return 1.0
    if title_key(theirs) == title_key(ours):
        return 0.98
    if loose_title_key(theirs) == loose_title_key(ours):
        return 0.9
    return fuzz.token_sort_ratio(title_key(theirs), title_key(ours)) / 100 * 0.95


def artist_likeness(credit: Credit, artist: str) -> float:
    """0 to 1: how well a credit fits a typed name: the whole credit, any one artist in it, or one of their aliases."""
    ours = name_key(artist)
    whole = {name_key(credit.text)}
    single = {name_key(name) for each in credit.artists for name in (each.name, each.credited_as)}
    aliases = {name_key(name) for each in credit.artists for name in (each.sort_name, *each.aliases)}
    if ours in whole or (ours in single and len(credit.artists) == 1):
        return 1.0
    if ours in single:
        return 0.96
    if ours in aliases:
        return 0.95
    return max((fuzz.token_sort_ratio(ours, name) / 100 * 0.95 for name in whole | single), default=0.0)


def _year_likeness(record: ReleaseGroupRecord, year: int | None) -> float:
    """People type the year of the edition they own, so another year lowers the confidence only a little."""
    if year is None or record.year is None or record.year == year:
        return 1.0
    return 0.99 if abs(record.year - year) == 1 else 0.92


def preferred_release(releases: Sequence[ReleaseRecord], *, country: str = "") -> ReleaseRecord | None:
    """The release that stands for an album: official, of `country` if given, with tracks, dated, earliest."""
    return min(
        releases,
        key=lambda release: (
            release.status not in {"Official", ""},
            bool(country) and release.country != country,
            not release.tracks,
            not release.date,
            _padded(release.date),
            release.mbid.int,
        ),
        default=None,
    )


def _padded(date: str) -> str:
    """1997 sorts behind 1997-12-31: who states the day knows better."""
    return date + "-99-99"[len(date) - 4 :] if len(date) >= 4 else "9999"
