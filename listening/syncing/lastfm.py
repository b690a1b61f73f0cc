"""Reads a member's Last.fm account.

Its pages are numbered from the newest play, so every new one would shift them. The end of the window is therefore fixed
at the start, and pages are taken from the last (the oldest plays) to the first: what is deleted meanwhile can only show
a play twice, and what is added (a player that was offline) shows in the count, and the reader steps back as far.
A reading that was cut off goes on at its page.

A window reaches three hours back behind what is held, and once a day two weeks: that is how late Last.fm takes plays
(https://www.last.fm/api/show/track.scrobble), and how far back most people put their listening right there. Plays that
a wholly read window no longer has were deleted or edited at Last.fm: they go here too. Where Last.fm counts many more
or many fewer plays than we hold, against the last time that all was read (an old history sent there or wiped, a file
taken back here that told what the account tells too), all is read again.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from listening.clients import lastfm as client
from listening.clients.lastfm_records import Page, Top
from listening.models import ListenEvent, Source, SyncState
from listening.now_playing import nothing_playing, now_playing
from listening.plays import EARLIEST
from listening.syncing.deletions import follow_deletions, key_of
from listening.syncing.pace import Pace
from listening.syncing.reading import Progress, Read, SyncSource
from sidetrack.fields import Undecipherable
from sidetrack.http import OddReply, TryLater
from social.models import LinkedAccount

logger = logging.getLogger(__name__)

OVERLAP = timedelta(hours=3)
LOOK_BACK, LOOKS_BACK_EVERY = timedelta(days=14), timedelta(days=1)
MANY = 25  # plays there against plays here: so many change unseen before all is read again
FAILURES_UNTIL_SMALL_PAGES = 2  # large accounts fail on large pages now and then
N_TOPS = 100


@dataclass
class Window:
    """What is read: from `since` (None: the beginning) until before `until`; `page` is the one to be read next.

    n_plays: how many Last.fm has in it, the most that it ever said. seen: what was read, in a reading that began at the
    window's first page and may therefore say what is missing there; else None.
    """

    since: datetime | None
    until: datetime
    page: int
    limit: int
    n_plays: int = 0
    seen: set[int] | None = field(default=None, repr=False)

    def checkpoint(self) -> dict[str, Any]:
        since = int(self.since.timestamp()) if self.since else None
        until = int(self.until.timestamp())
        return {"since": since, "until": until, "page": self.page, "limit": self.limit, "n_plays": self.n_plays}


def read(state: SyncState, *, now: datetime, progress: Progress) -> Read:
    """Read the account's window: see the module's words."""
    lastfm = client.Lastfm(session_key=session_key(state))
    if "artists" not in state.snapshot:
        take_snapshot(lastfm, state, progress)
    limit = client.SMALL_PAGE if state.n_failures >= FAILURES_UNTIL_SMALL_PAGES else client.LARGE_PAGE
    window = resumed(state.checkpoint, limit) or begin(lastfm, state, now, limit)
    page = None
    if not window.page:
        page = ask(lastfm, state, window, 1)
        tell_now_playing(state, page, now)
        window.page, window.n_plays = max(1, page.n_pages), page.n_plays
        window.seen = set() if state.last_ingested_at else None
        progress.expect(page.n_plays)
    while window.page > 0:
        if page is None or page.number != window.page:
            page = ask(lastfm, state, window, window.page)
        take(state, page, window, progress)
        if window.page > 0 and progress.is_time_up:
            return Read(held_up_to=None, is_whole=False)
    remark = ""
    if window.seen is not None and window.since is not None:
        remark = follow_deletions(progress, label="Last.fm", since=window.since, until=window.until, seen=window.seen)
    note(lastfm, state, window, progress, now)
    return Read(held_up_to=window.until, remark=remark)


def session_key(state: SyncState) -> str:
    """The member's permission, where they gave it by signing in at Last.fm; most listening can be read without."""
    try:
        link = LinkedAccount.objects.filter(user=state.user, provider=Source.LASTFM).first()
    except Undecipherable:
        return ""
    return link.access_token if link else ""


def begin(lastfm: client.Lastfm, state: SyncState, now: datetime, limit: int) -> Window:
    """A new window: a few hours, two weeks once a day, or everything."""
    held = state.last_ingested_at
    if held is None:
        return Window(None, now, page=0, limit=limit)
    looked_back_at = state.snapshot.get("looked_back_at")
    since = held - OVERLAP
    if not looked_back_at or datetime.fromisoformat(looked_back_at) <= now - LOOKS_BACK_EVERY:
        n_apart = count_apart(lastfm, state)
        n_before = state.snapshot.get("n_apart", n_apart)
        is_far = n_apart is not None and n_before is not None and abs(n_apart - n_before) > MANY
        since = EARLIEST if is_far else held - LOOK_BACK
    return Window(since.replace(microsecond=0), now, page=0, limit=limit)


def count_apart(lastfm: client.Lastfm, state: SyncState) -> int | None:
    """How many plays more Last.fm counts than we hold; None when it cannot say just now."""
    try:
        n_there = lastfm.user(state.account_name).n_plays
    except (TryLater, OddReply) as error:
        logger.info("No count of account %s: %s", state.pk, error)
        return None
    return n_there - ListenEvent.objects.filter(user=state.user, source=Source.LASTFM).count()


def note(lastfm: client.Lastfm, state: SyncState, window: Window, progress: Progress, now: datetime) -> None:
    """Remember when we looked back far, and after all was read how many plays more are there than here."""
    kept = dict(state.snapshot)
    held = state.last_ingested_at
    if held is None or window.since is None or window.since <= held - LOOK_BACK:
        kept["looked_back_at"] = now.isoformat()
    is_all = window.since is None or window.since == EARLIEST
    if is_all and (n_apart := count_apart(lastfm, state)) is not None:
        kept["n_apart"] = n_apart
    if kept != state.snapshot:
        progress.keep(snapshot=kept)


def resumed(checkpoint: dict[str, Any], limit: int) -> Window | None:
    """The window that an earlier reading did not finish; its page is counted anew when pages have another size now."""
    if not checkpoint.get("page"):
        return None
    since, old_limit = checkpoint["since"], checkpoint["limit"]
    return Window(
        since=datetime.fromtimestamp(since, UTC) if since is not None else None,
        until=datetime.fromtimestamp(checkpoint["until"], UTC),
        page=-(-checkpoint["page"] * old_limit // limit),
        limit=limit,
        n_plays=checkpoint["n_plays"],
    )


def ask(lastfm: client.Lastfm, state: SyncState, window: Window, page: int) -> Page:
    return lastfm.recent_tracks(
        state.account_name,
        page=page,
        limit=window.limit,
        since=window.since,
        until=window.until,
        keeps_payload=state.last_ingested_at is not None,  # a whole history of payloads would outweigh the plays
    )


def take(state: SyncState, page: Page, window: Window, progress: Progress) -> None:
    """Store a page and choose the next one: the page before, or one again where plays were added behind our back."""
    n_added = max(0, page.n_plays - window.n_plays)
    window.n_plays += n_added
    if n_added and page.per_page:
        window.page = min(max(1, page.n_pages), window.page + -(-n_added // page.per_page))
    else:
        window.page -= 1
    if window.seen is not None:
        window.seen.update(key_of(play.played_at, play.msid) for play in page.plays)
    progress.take_in(page.plays, skipped=page.skipped, checkpoint=window.checkpoint())


def tell_now_playing(state: SyncState, page: Page, now: datetime) -> None:
    heard = page.now_playing
    if heard is None:
        nothing_playing(user=state.user, source=Source.LASTFM)
        return
    now_playing(
        user=state.user, source=Source.LASTFM, artist=heard.artist, title=heard.title, album=heard.album, now=now
    )


def take_snapshot(lastfm: client.Lastfm, state: SyncState, progress: Progress) -> None:
    """What the account's long history comes to, known in two calls while reading it takes its time."""
    try:
        artists = lastfm.top_artists(state.account_name, limit=N_TOPS)
        albums = lastfm.top_albums(state.account_name, limit=N_TOPS)
    except (TryLater, OddReply) as error:  # the listens do not wait for it; the next reading tries again
        logger.info("No snapshot of account %s: %s", state.pk, error)
        return
    taken = {"taken_at": progress.now.isoformat(), "artists": rows(artists), "albums": rows(albums)}
    progress.keep(snapshot={**state.snapshot, **taken})


def rows(tops: Iterable[Top]) -> list[dict[str, Any]]:
    return [{"name": top.name, "artist": top.artist, "n_listens": top.n_plays} for top in tops]


LASTFM = SyncSource(
    source=Source.LASTFM,
    label="Last.fm",
    read=read,
    pace=Pace(fastest=timedelta(minutes=5), slowest=timedelta(hours=24)),
    missing=client.missing,
    private_help="Show recent listening in your privacy settings at Last.fm, or connect Last.fm again.",
)
