"""What the invented members listen to: sittings with albums they are fond of, at hours of theirs. Plays are pure."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from catalog.bulk_naming import Names
from catalog.bulk_rows import parts
from club.models import Week
from listening.ingest import ingest, plays_at_once
from listening.models import ImportBatch, NowPlaying, Source
from listening.occasions.finding import find_all
from listening.plays import Play, to_second
from sidetrack.demo.albums import DemoAlbum
from sidetrack.demo.members import Persona, dice, fondness
from sidetrack.demo.stage import Stage

N_LISTENS = 100_000
SITTING = 5.7  # plays, on average
SEASON = timedelta(days=91)
EVENINGS = (0, 0, 0, 0, 0, 0, 1, 4, 5, 3, 3, 3, 3, 3, 3, 3, 4, 6, 8, 9, 9, 8, 5, 2)  # how likely each hour is
NIGHTS = (8, 8, 7, 6, 5, 3, 1, 0, 0, 0, 0, 0, 1, 2, 2, 2, 2, 3, 4, 5, 6, 7, 8, 8)
NIGHT_OWLS = frozenset({"marit_v", "ruckus"})
SOURCES = (Source.LASTFM, Source.SPOTIFY, Source.LISTENBRAINZ, Source.SCROBBLER, Source.LASTFM)
ECHO_DAYS = 120  # so long a second source has told some members' plays too
HEARS_WINNER = 0.75
N_OWNED, FONDNESS_DECIDES = (45, 110), 3.5


@dataclass(frozen=True)
class Sitting:
    """Some music from a moment on."""

    begins: datetime
    tracks: Sequence[tuple[DemoAlbum, str]]


def listen(stage: Stage, *, n_listens: int = N_LISTENS) -> None:
    """Everybody's history, by the way that all listens come in."""
    names = Names(is_demo=True)
    winners = _winners(stage)
    weights = {
        each.handle: each.diligence * dice("listens", each.handle).lognormvariate(0, 0.6) for each in cast(stage)
    }
    whole = sum(weights.values())
    n_done = 0
    for place, persona in enumerate(cast(stage)):
        n = round(n_listens * weights[persona.handle] / whole)
        plays = list(plays_of(persona, stage, n, winners))
        source = SOURCES[place % len(SOURCES)]
        _bring(stage, persona, source, plays, names)
        if place % 6 == 0:
            echo = list(_echo(persona, plays, since=stage.now - timedelta(days=ECHO_DAYS)))
            _bring(stage, persona, Source.LASTFM if source != Source.LASTFM else Source.LISTENBRAINZ, echo, names)
        n_done += len(plays)
        find_all(user=stage.users[persona.handle], now=stage.now)
    _play_something_now(stage)
    stage.say(f"{n_done} listens")


def cast(stage: Stage) -> list[Persona]:
    return list(stage.personas.values())


def plays_of(persona: Persona, stage: Stage, n: int, winners: Sequence[tuple[datetime, DemoAlbum]]) -> Iterator[Play]:
    """About `n` plays in the order of time, none of them overlapping, the last before now."""
    chance = dice("sittings", persona.handle)
    free_from = datetime(2000, 1, 1, tzinfo=UTC)
    for sitting in sorted(_sittings(persona, stage, n, winners), key=lambda each: each.begins):
        moment = max(sitting.begins, free_from)
        for album, title in sitting.tracks:
            length = timedelta(seconds=_length(album, title))
            if moment + length > stage.now:
                return
            yield Play(to_second(moment), album.artist, title, album.title, ms_played=round(length / _MS))
            moment += length + timedelta(seconds=chance.choice((0, 0, 1, 2, 3)))
        free_from = moment + timedelta(minutes=2)


_MS = timedelta(milliseconds=1)


def _sittings(
    persona: Persona, stage: Stage, n: int, winners: Sequence[tuple[datetime, DemoAlbum]]
) -> Iterator[Sitting]:
    chance = dice("listening", persona.handle)
    span = timedelta(days=chance.choice((400, 700, 1100, 1800, 2600)))
    shelf = _collection(persona, [album for album in stage.facts.values() if album.tracks])
    weights = [math.exp(2.6 * fondness(persona, album)) for album in shelf]
    in_quarter: dict[int, list[float]] = {}
    for _ in range(max(1, round(n / SITTING))):
        begins = _moment(persona, stage.now - span * (chance.random() ** 1.3), chance)
        quarter = begins.toordinal() // SEASON.days
        if quarter not in in_quarter:
            in_quarter[quarter] = _in_season(persona, shelf, weights, quarter)
        albums = chance.choices(shelf, in_quarter[quarter], k=3)
        yield Sitting(begins, _music(albums, chance))
    joined = stage.users[persona.handle].date_joined
    for discussion_at, album in winners:
        if album.tracks and discussion_at > joined and chance.random() < HEARS_WINNER * persona.diligence:
            early = discussion_at - timedelta(days=chance.uniform(0.2, 9))
            heard = len(album.tracks) if chance.random() < 0.8 else chance.randint(1, len(album.tracks))
            yield Sitting(_moment(persona, early, chance), [(album, title) for title in album.tracks[:heard]])


def _collection(persona: Persona, albums: Sequence[DemoAlbum]) -> list[DemoAlbum]:
    """What they own of all albums, mostly what they are fond of: people who own everything would all be alike."""
    chance = dice("collection", persona.handle)
    n = chance.randint(*N_OWNED)
    return sorted(
        albums,
        key=lambda album: chance.random() ** math.exp(-FONDNESS_DECIDES * fondness(persona, album)),
        reverse=True,
    )[:n]


def _in_season(persona: Persona, shelf: Sequence[DemoAlbum], weights: Sequence[float], quarter: int) -> list[float]:
    """What they are after changes with the quarters of the year: one family of music gets its months."""
    favoured = dice("season", persona.handle, quarter).choice(sorted({album.family for album in shelf}))
    return [weight * (3 if album.family == favoured else 1) for album, weight in zip(shelf, weights, strict=True)]


def _music(albums: Sequence[DemoAlbum], chance: random.Random) -> list[tuple[DemoAlbum, str]]:
    """A whole album mostly, else a mix of three, else one song again and again."""
    kind = chance.random()
    if kind < 0.62:
        return [(albums[0], title) for title in albums[0].tracks]
    if kind < 0.93:
        songs = [(album, title) for album in albums for title in album.tracks]
        return chance.sample(songs, min(len(songs), chance.randint(3, 12)))
    return [(albums[0], chance.choice(albums[0].tracks))] * chance.randint(2, 5)


def _moment(persona: Persona, day: datetime, chance: random.Random) -> datetime:
    """Some minute of that day at which they are awake, by their own clock."""
    hour = chance.choices(range(24), NIGHTS if persona.handle in NIGHT_OWLS else EVENINGS)[0]
    local = day.astimezone(ZoneInfo(persona.timezone)).replace(hour=hour, minute=chance.randrange(60))
    return local.astimezone(UTC)


def _length(album: DemoAlbum, title: str) -> int:
    """Seconds; the same for the same song."""
    return round(min(900, max(95, dice("length", album.name, title).gauss(245, 70))))


def _echo(persona: Persona, plays: Sequence[Play], *, since: datetime) -> Iterator[Play]:
    """The same plays as another service tells them: some seconds off, a few missing, album names left out at times."""
    chance = dice("echo", persona.handle)
    for play in plays:
        if play.played_at >= since and chance.random() < 0.9:
            late = timedelta(seconds=chance.choice((0, 1, 2, 4, 7, 12, 20)))
            album = play.album if chance.random() < 0.8 else ""
            yield Play(play.played_at + late, play.artist, play.title, album)


def _bring(stage: Stage, persona: Persona, source: str, plays: Sequence[Play], names: Names) -> None:
    user = stage.users[persona.handle]
    batch = None
    if source == Source.SPOTIFY:  # by a file, as most of Spotify's listeners do
        batch = ImportBatch.objects.create(
            user=user, source=source, file_format="spotify-extended", file_name="my_spotify_data.zip",
            state=ImportBatch.State.DONE, share_read=1, created_at=stage.now, finished_at=stage.now,
        )  # fmt: skip
    for chunk in parts(plays, plays_at_once()):
        outcome = ingest(user=user, source=source, plays=chunk, now=stage.now, batch=batch, names=names)
        if batch is not None:
            batch.n_lines += len(chunk)
            batch.n_new += outcome.n_new
            batch.n_known += outcome.n_known
            batch.n_duplicates += outcome.n_duplicates
    if batch is not None and plays:
        batch.first_at, batch.last_at = plays[0].played_at, plays[-1].played_at
        batch.save()


def _winners(stage: Stage) -> list[tuple[datetime, DemoAlbum]]:
    weeks = Week.objects.filter(is_demo=True, winner__isnull=False).select_related("winner__album")
    return [(week.discussion_at, stage.fact_of(week.winner.album)) for week in weeks if week.winner]


def _play_something_now(stage: Stage) -> None:
    """Three members have music on at this moment."""
    for persona in dice("now").sample(cast(stage), 3):
        album = max((fact for fact in stage.facts.values() if fact.tracks), key=lambda fact: fondness(persona, fact))
        NowPlaying.objects.update_or_create(
            user=stage.users[persona.handle],
            defaults={
                "source": Source.SCROBBLER, "client": "Pano Scrobbler", "artist_name": album.artist,
                "title": album.tracks[0], "album_title": album.title, "album": stage.albums[album.name],
                "started_at": stage.now - timedelta(minutes=1), "expires_at": stage.now + timedelta(minutes=30),
            },
        )  # fmt: skip
