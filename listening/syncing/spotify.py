"""Reads what a member played on Spotify lately, and what plays.

Spotify remembers fifty plays and no more, so an account is asked every 15 minutes however quiet it is, and what was
heard before it was connected comes by file. Plays appear late now and then: each reading looks two hours back behind
the newest play that is held. Nothing is ever deleted there.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from listening.clients.spotify import MOST_PLAYS, SpotifyAccount
from listening.clients.spotify_permission import missing
from listening.clients.spotify_records import RecentlyPlayed
from listening.models import Source, SyncState
from listening.now_playing import nothing_playing, now_playing
from listening.syncing.pace import Pace
from listening.syncing.reading import Progress, Read, SyncSource
from sidetrack.fields import Undecipherable
from sidetrack.http import NeedsRelink
from social.models import LinkedAccount

OVERLAP = timedelta(hours=2)
EVERY = timedelta(minutes=15)  # fifty short tracks last some 25


def read(state: SyncState, *, now: datetime, progress: Progress) -> Read:
    """Take in what ended since the newest play that is held, less two hours; see the module's words.

    held_up_to is the end of the newest play, by which Spotify's cursor counts.
    """
    account = SpotifyAccount(link_of(state), now=now)
    held = state.last_ingested_at
    played = account.recently_played(after_ms=milliseconds(held - OVERLAP) if held else None)
    progress.take_in(played.plays, skipped=played.skipped)
    remark = gap(played, state.snapshot.get("newest_ms"))
    if played.newest_ms is not None and played.newest_ms > state.snapshot.get("newest_ms", 0):
        progress.keep(snapshot={**state.snapshot, "newest_ms": played.newest_ms})
    tell_now_playing(state, account, now)
    newest = moment(played.newest_ms) if played.newest_ms is not None else held
    return Read(held_up_to=max(newest, held) if newest and held else newest, remark=remark)


def link_of(state: SyncState) -> LinkedAccount:
    try:
        link = LinkedAccount.objects.filter(user=state.user, provider=Source.SPOTIFY).first()
    except Undecipherable as error:
        raise NeedsRelink("Spotify's permission was stored with a key that this site no longer has.") from error
    if link is None:
        raise NeedsRelink("No Spotify account is connected.")
    return link


def gap(played: RecentlyPlayed, known_ms: int | None) -> str:
    """In words, where plays may be missing: all that Spotify remembers is newer than what it ever told us."""
    if known_ms is None or played.n_items < MOST_PLAYS or played.oldest_ms is None or played.oldest_ms <= known_ms:
        return ""
    return (
        f"Spotify remembers {MOST_PLAYS} plays only: some between {moment(known_ms):%Y-%m-%d %H:%M} and "
        f"{moment(played.oldest_ms):%Y-%m-%d %H:%M} UTC may be missing. Your streaming history from Spotify has them."
    )


def tell_now_playing(state: SyncState, account: SpotifyAccount, now: datetime) -> None:
    playing = account.currently_playing()
    if playing is None:
        nothing_playing(user=state.user, source=Source.SPOTIFY)
        return
    now_playing(
        user=state.user,
        source=Source.SPOTIFY,
        artist=playing.artist,
        title=playing.title,
        album=playing.album,
        duration_ms=playing.duration_ms,
        started_at=now - timedelta(milliseconds=playing.progress_ms),
        client="Spotify",
        now=now,
    )


def milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def moment(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


SPOTIFY = SyncSource(
    source=Source.SPOTIFY,
    label="Spotify",
    read=read,
    pace=Pace(fastest=EVERY, slowest=EVERY),
    missing=missing,
)
