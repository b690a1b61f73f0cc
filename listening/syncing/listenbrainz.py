"""Reads a member's ListenBrainz account, from the newest listen back to the oldest one that is wanted.

Each page asks for what is older than the oldest second of the page before, that second included, because several
listens may share it. New listens come in above and shift nothing. A reading that was cut off goes on at its second.
It asks by `max_ts` alone: with `min_ts` ListenBrainz answers the oldest listens of a range.

A reading reaches three hours back behind what is held, and once a day two weeks, for listens that were sent late and
for deletions, which are followed. An import at ListenBrainz brings listens of any age, and many may be deleted there at
once: where it counts many more or fewer than we hold, against the last time that all was read, all is read again.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from listening.clients.listenbrainz import MOST_A_PAGE, ListenBrainz
from listening.clients.listenbrainz_records import ListenPage, Top
from listening.models import ListenEvent, Source, SyncState
from listening.now_playing import nothing_playing, now_playing
from listening.plays import EARLIEST
from listening.syncing.deletions import follow_deletions, key_of
from listening.syncing.pace import Pace
from listening.syncing.reading import Progress, Read, SyncSource
from sidetrack.http import NotThere, OddReply, TryLater

logger = logging.getLogger(__name__)

OVERLAP = timedelta(hours=3)
LOOK_BACK, LOOKS_BACK_EVERY = timedelta(days=14), timedelta(days=1)
FIRST_PAGE = 100  # of an account that is up to date: what was heard in some hours
MANY = 25  # listens, more or fewer there than here, against the last time that all was read
N_TOPS = 100
PATIENCE_S = 60.0  # for one answer, pauses included; a longer pause is the registry's to wait for


@dataclass
class Window:
    """What is read: from `since` (None: the beginning) up to the moment `until`; the next page ends before `max_ts`."""

    since: int | None
    until: int
    max_ts: int | None = None
    seen: set[int] | None = field(default=None, repr=False)  # None: not read from its first page on by this reading
    is_done: bool = False

    @property
    def is_all(self) -> bool:
        return self.since is None or self.since <= int(EARLIEST.timestamp())

    def checkpoint(self) -> dict[str, Any]:
        return {"since": self.since, "until": self.until, "max_ts": self.max_ts}

    def turn(self, page: ListenPage) -> None:
        """On to the next page."""
        if page.oldest is None or (self.since is not None and page.oldest < self.since):
            self.is_done = True
            return
        below = page.oldest + 1
        is_stuck = self.max_ts is not None and below >= self.max_ts  # nothing but this second, which was read before
        self.max_ts = page.oldest if is_stuck else below


def read(state: SyncState, *, now: datetime, progress: Progress) -> Read:
    """Read the account's window: see the module's words."""
    client = ListenBrainz(wait_s=PATIENCE_S)
    is_long_look = looks_back(state, now)
    window = resumed(state.checkpoint)
    if window is None:
        window = begin(state, client, now, progress, is_long_look)
        tell_now_playing(state, client, now)
        if "artists" not in state.snapshot:
            take_snapshot(state, client, progress)
    while not window.is_done:
        is_first = window.max_ts is None and window.since is not None
        page = client.listens(
            state.account_name,
            max_ts=window.max_ts,
            count=FIRST_PAGE if is_first and not is_long_look else MOST_A_PAGE,
            keeps_payload=not window.is_all,  # a whole history of payloads would outweigh the plays
        )
        take(page, window, progress)
        if not window.is_done and progress.is_time_up:
            return Read(held_up_to=None, is_whole=False)
    remark = ""
    if window.seen is not None and window.since is not None:
        since, until = (datetime.fromtimestamp(second, UTC) for second in (window.since, window.until))
        remark = follow_deletions(progress, label="ListenBrainz", since=since, until=until, seen=window.seen)
    note(state, client, window, progress, now)
    return Read(held_up_to=datetime.fromtimestamp(window.until, UTC), remark=remark)


def looks_back(state: SyncState, now: datetime) -> bool:
    last = state.snapshot.get("looked_back_at")
    return last is None or datetime.fromisoformat(last) <= now - LOOKS_BACK_EVERY


def resumed(checkpoint: dict[str, Any]) -> Window | None:
    """The window that an earlier reading did not finish."""
    if checkpoint.get("max_ts") is None:
        return None
    return Window(since=checkpoint["since"], until=checkpoint["until"], max_ts=checkpoint["max_ts"])


def begin(state: SyncState, client: ListenBrainz, now: datetime, progress: Progress, is_long_look: bool) -> Window:
    """A new window: a few hours, two weeks once a day, or everything."""
    until, held = int(now.timestamp()), state.last_ingested_at
    if held is None:
        if (n_there := count_there(state, client)) is not None:
            progress.expect(n_there)
        return Window(since=None, until=until)
    since = held - OVERLAP
    if is_long_look:
        n_there = count_there(state, client)
        n_apart = state.snapshot.get("n_apart")
        is_far = n_there is not None and n_apart is not None and abs(n_there - n_held(state) - n_apart) > MANY
        since = EARLIEST if is_far else held - LOOK_BACK
    return Window(since=int(since.timestamp()), until=until, seen=set())


def count_there(state: SyncState, client: ListenBrainz) -> int | None:
    """How many listens ListenBrainz counts; None when it cannot say just now."""
    try:
        return client.listen_count(state.account_name)
    except (TryLater, OddReply) as error:
        if isinstance(error, TryLater) and error.asked_s:
            raise  # it wants to hear nothing, of whatever kind
        logger.info("No count of account %s: %s", state.pk, error)
        return None


def n_held(state: SyncState) -> int:
    return ListenEvent.objects.filter(user=state.user, source=state.source).count()


def take(page: ListenPage, window: Window, progress: Progress) -> None:
    """Store the part of a page that is wanted, and turn to the next."""
    plays = [each for each in page.plays if window.since is None or each.played_at.timestamp() >= window.since]
    if window.seen is not None:
        window.seen.update(key_of(play.played_at, play.msid) for play in plays)
    window.turn(page)
    progress.take_in(plays, skipped=page.skipped, checkpoint=window.checkpoint())


def note(state: SyncState, client: ListenBrainz, window: Window, progress: Progress, now: datetime) -> None:
    """Remember when we looked back far, and after all was read how many listens more are there than here."""
    kept = dict(state.snapshot)
    held = state.last_ingested_at
    if window.since is None or held is None or window.since <= int((held - LOOK_BACK).timestamp()):
        kept["looked_back_at"] = now.isoformat()
    if window.is_all and (n_there := count_there(state, client)) is not None:
        kept["n_apart"] = n_there - n_held(state)
    if kept != state.snapshot:
        progress.keep(snapshot=kept)


def take_snapshot(state: SyncState, client: ListenBrainz, progress: Progress) -> None:
    """What the account's long history comes to, known in two calls while reading it takes its time."""
    try:
        artists = client.top_artists(state.account_name, count=N_TOPS)
        albums = client.top_releases(state.account_name, count=N_TOPS)
    except (TryLater, OddReply, NotThere) as error:  # the listens do not wait for it; the next reading tries again
        if isinstance(error, TryLater) and error.asked_s:
            raise
        logger.info("No snapshot of account %s: %s", state.pk, error)
        return
    taken = {"taken_at": progress.now.isoformat(), "artists": rows(artists), "albums": rows(albums)}
    progress.keep(snapshot={**state.snapshot, **taken})


def rows(tops: tuple[Top, ...]) -> list[dict[str, Any]]:
    return [{"name": top.name, "artist": top.artist, "n_listens": top.n_listens} for top in tops]


def tell_now_playing(state: SyncState, client: ListenBrainz, now: datetime) -> None:
    playing = client.playing_now(state.account_name)
    if playing is None:
        nothing_playing(user=state.user, source=Source.LISTENBRAINZ)
        return
    now_playing(
        user=state.user,
        source=Source.LISTENBRAINZ,
        artist=playing.artist,
        title=playing.title,
        album=playing.album,
        duration_ms=playing.duration_ms,
        client=playing.client,
        now=now,
    )


LISTENBRAINZ = SyncSource(
    source=Source.LISTENBRAINZ,
    label="ListenBrainz",
    read=read,
    pace=Pace(fastest=timedelta(minutes=5), slowest=timedelta(hours=24)),
    missing=lambda: "",
)
