"""What a member heard most, and how much when, in ListenBrainz's shapes: `stats/user/{name}/…`.

The figures are those of the member's own pages, seconds old; weeks and days are those of their zone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from catalog.models import Album, Artist, Track
from listening.figures import ranges, tops
from listening.figures.history import history_of
from listening.figures.ranges import A_DAY
from listening.listenbrainz.answering import Answer, endpoint
from listening.listenbrainz.calls import Call
from listening.listenbrainz.documents import Invalid
from listening.listenbrainz.showing import mbid, mbids_of
from listening.listenbrainz.stats_ranges import ALL_TIME, NAMES, span_of, steps, with_the_one_before
from listening.models import Listener

LAST_PLACE = 10_000  # whoever asks further down gets nothing, rather than have a whole life of music read


@endpoint("GET")
def artists(call: Call, name: str) -> Answer:
    return _most_heard(call, name, "artist", "artists", _artist)


@endpoint("GET")
def releases(call: Call, name: str) -> Answer:
    return _most_heard(call, name, "album", "releases", _release)


@endpoint("GET")
def recordings(call: Call, name: str) -> Answer:
    return _most_heard(call, name, "track", "recordings", _recording)


@endpoint("GET")
def listening_activity(call: Call, name: str) -> Answer:
    """Plays by day, month or year, of the range and the one before; for everything, the years with any."""
    member, asked = call.member(name), _asked_range(call)
    history = history_of(member, now=call.now)
    span = with_the_one_before(span_of(asked, now=call.now, zone=history.zone), asked)
    step, words = steps(asked)
    counts: Counter[date] = Counter()
    for day, n in history.plays_in(span):
        counts[step(day)] += n
    if not counts:
        return None
    first, last = history.reach(span)
    days = [] if asked == ALL_TIME else [first + n * A_DAY for n in range((last - first).days + 1)]
    begins = sorted({*counts, *map(step, days)})
    activity = [_stretch(begin, step, words, counts[begin], history.zone) for begin in begins]
    return {
        "payload": {
            "user_id": member.handle,
            "listening_activity": activity,
            "from_ts": activity[0]["from_ts"],
            "to_ts": activity[-1]["to_ts"],
            "range": asked,
            "last_updated": _stamp(history.listener.changed_at or call.now),
        }
    }


def _most_heard(call: Call, name: str, kind: str, key: str, shape: Callable[[Any], dict[str, Any]]) -> Answer:
    member, asked = call.member(name), _asked_range(call)
    count, offset = call.count(), min(call.natural("offset", 0), LAST_PLACE)
    listener = Listener.objects.filter(pk=member.pk).first()
    if listener is None:
        return None
    span = span_of(asked, now=call.now, zone=ZoneInfo(listener.zone))
    found, n_all = tops.counts_of_all(member, kind, span, n=max(count + offset, 1))
    if not n_all:
        return None
    found = found[offset : offset + count]
    music = tops.musics(kind, [pk for pk, _ in found], member=member)
    rows = [shape(music[pk]) | {"listen_count": n} for pk, n in found if pk in music]
    return {
        "payload": {
            "user_id": member.handle,
            key: rows,
            "count": len(rows),
            f"total_{key.removesuffix('s')}_count": n_all,
            "offset": offset,
            "range": asked,
            "from_ts": _stamp(span.start or listener.first_at or call.now),
            "to_ts": _stamp(min(span.end or call.now, call.now)),
            "last_updated": _stamp(listener.changed_at or call.now),
        }
    }


def _artist(artist: Artist) -> dict[str, Any]:
    return {"artist_name": artist.name, "artist_mbid": mbid(artist.mbid), "artist_mbids": mbids_of(artist.mbid)}


def _release(album: Album) -> dict[str, Any]:
    return {
        "release_name": album.title,
        "release_mbid": mbid(album.release_mbid),
        "artist_name": album.credit,
        "artist_mbids": mbids_of(album.artist.mbid),
        "artists": None,
        "caa_id": None,
        "caa_release_mbid": None,
    }


def _recording(track: Track) -> dict[str, Any]:
    album = tops.sleeve_of(track)
    return {
        "track_name": track.title,
        "recording_mbid": mbid(track.recording_mbid),
        "artist_name": track.artist_credit or track.artist.name,
        "artist_mbids": mbids_of(track.artist.mbid),
        "artists": None,
        "release_name": album.title if album else None,
        "release_mbid": mbid(album.release_mbid) if album else None,
        "caa_id": None,
        "caa_release_mbid": None,
    }


def _asked_range(call: Call) -> str:
    asked = call.request.GET.get("range") or ALL_TIME
    if asked not in NAMES:
        raise Invalid(f"Invalid range: {asked[:100]}")
    return asked


def _stretch(begin: date, step: Callable[[date], date], words: str, n: int, zone: ZoneInfo) -> dict[str, Any]:
    following = begin + A_DAY
    while step(following) == begin:
        following += A_DAY
    return {
        "from_ts": _stamp(ranges.midnight(begin, zone)),
        "to_ts": _stamp(ranges.midnight(following, zone)) - 1,
        "time_range": begin.strftime(words),
        "listen_count": n,
    }


def _stamp(moment: datetime) -> int:
    return int(moment.timestamp())
