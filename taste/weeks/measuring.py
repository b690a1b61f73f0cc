"""The numbers of weeks: rows of `WeeklyTaste` from plays and what is known of the music."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from social.models import User
from taste.models import WeeklyTaste
from taste.weeks import fingerprints, plane, sums, words
from taste.weeks.calendar import Ints, Weeks, number
from taste.weeks.columns import Plays
from taste.weeks.material import MEASURED, Songs, Sound, Tags, names_of, songs_of, sound_of, stamps, tags_of
from taste.weeks.sums import Floats, Pairs

VERSION = "1"  # of what is computed here: another one has every week computed anew
DIGITS = 6


@dataclass(frozen=True)
class Heard:
    """A member's whole history as numbers: read once, before any week is computed."""

    plays: Plays
    weeks: Weeks
    week_of: Ints  # of each play
    songs: Songs
    pairs: Pairs  # weeks and songs
    firsts: Ints  # plays that are the first ever of their artist
    tags: Tags
    model: str
    prints: list[str]  # of each week, empty ones too

    @cached_property
    def n_listens(self) -> Ints:
        return self.pairs.totals(self.weeks.n)

    @cached_property
    def filled(self) -> Ints:
        """Places of the weeks with plays."""
        return np.flatnonzero(self.n_listens)


def heard(user: User, plays: Plays, *, zone: ZoneInfo, model: str, salt: str) -> Heard:
    """salt: what every week depends on."""
    weeks, week_of = number(plays.seconds, zone)
    songs, song_of = songs_of(plays)
    pairs = sums.paired(week_of, song_of)
    firsts = np.sort(np.unique(plays.artists, return_index=True)[1])
    tags = tags_of(user, songs)
    ms = np.bincount(week_of, plays.ms, weeks.n).astype(np.int64)
    tracks, at = sums.places(songs.tracks)
    track_stamps = stamps(user, tracks, model)[:, at]
    whole = fingerprints.mixed(songs.tracks, songs.artists, *track_stamps, *tags.hashes)
    counts = pairs.counts.astype(np.uint64)
    made_of = fingerprints.summed(whole[:, pairs.things] * counts, pairs.weeks, weeks.n)
    called = fingerprints.summed(tags.hashes[:, pairs.things] * counts, pairs.weeks, weeks.n)
    new = fingerprints.summed(fingerprints.mixed(plays.artists[firsts]), week_of[firsts], weeks.n)
    baseline = fingerprints.before(called, words.BASELINE_WEEKS)
    prints = fingerprints.digest(f"{VERSION} {model} {salt} ", made_of, new, baseline, ms)
    return Heard(plays, weeks, week_of, songs, pairs, firsts, tags, model, prints)


def rows_of(user: User, heard: Heard, wanted: Ints, *, now: datetime) -> list[WeeklyTaste]:
    """The wanted weeks (places of weeks with plays, ascending), computed; not saved."""
    if not len(wanted):
        return []
    n = heard.weeks.n
    is_wanted = np.zeros(n, bool)
    is_wanted[wanted] = True
    pairs = heard.pairs.of(is_wanted)
    songs = np.unique(pairs.things)
    tracks = np.unique(heard.songs.tracks[songs])
    sound = sound_of(user, tracks, heard.model)
    track_of = np.searchsorted(tracks, heard.songs.tracks)  # of songs that are not asked for: anything
    by_track = pairs.grouped(track_of)
    by_artist = pairs.grouped(sums.places(heard.songs.artists)[1])
    n_listens, n_new = heard.n_listens, np.bincount(heard.week_of[heard.firsts], minlength=n)
    ms = np.bincount(heard.week_of, heard.plays.ms, n).astype(np.int64)
    diversity = sums.effective_number(by_artist, n)
    is_sounding = np.any(~np.isnan(sound.values), axis=1).astype(np.int64)
    sounding = np.bincount(by_track.weeks, by_track.counts * is_sounding[by_track.things], n)
    centroids, n_placed = sums.weighted_rows(by_track, sound.vectors, sound.places, n)
    axes = _axes(by_track, sound, n)
    n_mooded, moods = _moods(by_track, sound, n)
    called = _words(heard, wanted)
    n_tracks, n_artists = by_track.numbers(n), by_artist.numbers(n)
    return [
        WeeklyTaste(
            user=user,
            starts_on=heard.weeks.monday(week),
            n_listens=int(n_listens[week]),
            n_tracks=int(n_tracks[week]),
            n_artists=int(n_artists[week]),
            n_new_artists=int(n_new[week]),
            n_sounding=int(sounding[week]),
            n_mooded=int(n_mooded[week]),
            n_placed=int(n_placed[week]),
            ms_played=int(ms[week]),
            diversity=round(float(diversity[week]), DIGITS),
            axes=axes(week),
            moods=moods(week),
            words=said,
            model=heard.model,
            centroid=centroids[week].astype("<f4").tobytes() if n_placed[week] else None,
            map_version=None,
            fingerprint=heard.prints[week],
            computed_at=now,
            is_demo=user.is_demo,
        )
        for week, said in zip(wanted.tolist(), called, strict=True)
    ]


def _axes(pairs: Pairs, sound: Sound, n_weeks: int) -> Callable[[int], dict[str, Any]]:
    """What `WeeklyTaste.axes` says of a week."""
    columns: list[tuple[str, list[float], list[float], list[int], list[float]]] = []
    for column, axis in enumerate(MEASURED):
        found = sums.means(pairs, sound.values[:, column], n_weeks)
        sure = sums.plain_means(pairs, sound.confidence[:, column], n_weeks)
        shown = (each.round(DIGITS).tolist() for each in (found.mean, found.sd))
        columns.append((axis, *shown, found.n.tolist(), sure.round(3).tolist()))

    def of(week: int) -> dict[str, Any]:
        return {
            axis: {
                "mean": mean[week],
                "sd": sd[week],
                "n": n[week],
                "confidence": sure[week] if sure[week] == sure[week] else None,  # NaN: nobody said how sure
            }
            for axis, mean, sd, n, sure in columns
            if n[week]
        }

    return of


def mood_sums(pairs: Pairs, energy: Floats, valence: Floats, n_weeks: int) -> tuple[Floats, Ints]:
    """Plays by week and mood, shape (n_weeks, 8), and plays with both values, shape (n_weeks,)."""
    member = plane.memberships(energy, valence)
    given = member[pairs.things]
    known: npt.NDArray[np.bool_] = ~np.isnan(given[:, 0])
    weeks, given, counts = pairs.weeks[known], given[known], pairs.counts[known]
    found = np.stack([np.bincount(weeks, counts * column, n_weeks) for column in given.T], axis=1).astype(np.float64)
    return found, np.bincount(weeks, counts, n_weeks).astype(np.int64)


def _moods(pairs: Pairs, sound: Sound, n_weeks: int) -> tuple[Ints, Callable[[int], dict[str, float]]]:
    """Of how many plays each week's moods are shares, and the shares of a week."""
    found, n = mood_sums(pairs, sound.of("energy"), sound.of("valence"), n_weeks)

    def of(week: int) -> dict[str, float]:
        if not n[week]:
            return {}
        return {key: round(float(part), DIGITS) for key, part in zip(plane.KEYS, found[week] / n[week], strict=True)}

    return n, of


def _words(heard: Heard, wanted: Ints) -> list[list[dict[str, Any]]]:
    tags = heard.tags
    found = words.leading(
        heard.pairs, tags.tagged, wanted, n_weeks=heard.weeks.n, n_things=len(heard.songs), n_tags=len(tags.ids)
    )
    names = names_of({int(tags.ids[word.tag]) for week in found for word in week})
    return [
        [
            {"word": names[tag_id], "lift": round(word.lift, 3), "share": round(word.share, 4)}
            for word in week
            if (tag_id := int(tags.ids[word.tag])) in names
        ]
        for week in found
    ]
