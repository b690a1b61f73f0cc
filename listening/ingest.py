"""Plays in: the one way by which listens are written. Read `ingest` first; its halves are `prepare` and `store`.

Every source and every face calls it: sync jobs, files, the ListenBrainz server, REST, the demo. The names are known
first; then one transaction, in which the member's `Listener` row is locked: what two programs send at once is written
one after the other, and totals and duplicates stay true.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from django.db import transaction

from catalog.bulk_naming import Heard, Known, Names
from catalog.bulk_rows import parts
from catalog.names import tidy
from listening import payloads
from listening.bulk import listens as bulk
from listening.bulk.lengths import learn_lengths
from listening.duplicates import preferred
from listening.exclusions import Exclusions
from listening.models import ImportBatch, Listener, ListenEvent
from listening.plays import EARLIEST, NO_DATE_BEFORE, Outcome, Play, Reason, Skipped, msid_of
from listening.resolving import hints
from listening.telling_apart import Surroundings, Told, Verdict, source_order
from listening.totals import Tally, lock
from sidetrack.bulk.given import is_sqlite
from social.models import User
from social.standing import require_open

MAX_PLAYS = 20_000  # a call, which is a transaction: the member's other programs wait for it
MAX_PLAYS_ON_SQLITE = 10_000  # the whole site waits for it, half a second
CLOCK_SLACK = timedelta(hours=1)  # so wrong may a player's clock be


def plays_at_once() -> int:
    """So many plays in a call, of whoever brings many: totals change once a call, however often a track is in it."""
    return MAX_PLAYS_ON_SQLITE if is_sqlite() else MAX_PLAYS


@dataclass(slots=True)
class _Candidate:
    """A play that may come in: its place among those given, and what its names mean."""

    index: int
    play: Play
    msid: UUID
    known: Known | None = None


@dataclass
class _Sifted:
    """Candidates by time, each (second, names) once, and what fell out on the way."""

    candidates: list[_Candidate] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    n_repeated: int = 0


@dataclass(frozen=True, slots=True)
class Prepared:
    """Plays of one source that are ready to be stored: `prepare` makes it, `store` takes it, once."""

    user: User
    source: str
    sifted: _Sifted


def ingest(
    *,
    user: User,
    source: str,
    plays: Sequence[Play],
    now: datetime,
    batch: ImportBatch | None = None,
    names: Names | None = None,
) -> Outcome:
    """Store the plays of one source, each once; the same plays again change nothing.

    Names become tracks at once. What the member removed or keeps private stays out. Plays that another source tells
    too are stored as one play's rows, of which the one whose source the member believes most stands and is counted.
    Totals change in the same transaction. `names` remembers names from call to call, for whoever brings many.
    ValueError for more than MAX_PLAYS; `Closed` where the member's account is switched off, or they left.
    """
    return store(prepare(user=user, source=source, plays=plays, now=now, names=names), now=now, batch=batch)


def prepare(*, user: User, source: str, plays: Sequence[Play], now: datetime, names: Names | None = None) -> Prepared:
    """The first half of `ingest`, for whoever stores in a transaction of their own: call it before that begins.

    Names become rows in short transactions: two that bring the same names would else wait for each other's end.
    """
    sifted = _sift(plays, now=now)
    _name(sifted.candidates, names or Names(is_demo=user.is_demo), is_dry=False)
    _keep_claims(sifted.candidates, source)
    return Prepared(user, source, sifted)


def store(prepared: Prepared, *, now: datetime, batch: ImportBatch | None = None) -> Outcome:
    """The second half: the plays, the totals, what is told twice, in one transaction."""
    user, source, sifted = prepared.user, prepared.source, prepared.sifted
    if not sifted.candidates:
        return Outcome(n_known=sifted.n_repeated, skipped=tuple(sifted.skipped))
    with transaction.atomic():
        listener = lock(user)
        require_open(user)  # after the lock, for which `forget_listens` waits too
        candidates = _without_excluded(user, source, sifted)
        return _write(listener, source, batch, candidates, sifted, now=now)


def preview(
    *,
    user: User,
    source: str,
    plays: Sequence[Play],
    now: datetime,
    batch: ImportBatch | None = None,
    names: Names | None = None,
) -> Outcome:
    """What `ingest` would answer now; nothing is written."""
    sifted = _sift(plays, now=now)
    _name(sifted.candidates, names or Names(is_demo=user.is_demo), is_dry=True)
    candidates = _without_excluded(user, source, sifted)
    listener = Listener.objects.filter(pk=user.pk).first() or Listener(user=user)
    fresh, verdicts, n_known = _judge(listener, source, batch, candidates, sifted)
    return Outcome(len(fresh) - len(verdicts), n_known, len(verdicts), tuple(sifted.skipped))


def withdraw(*, user: User, listen_ids: Sequence[int], now: datetime) -> int:
    """Take listens out as if they had never come (the service no longer has them, an import is undone).

    A play that another source tells too stays, by that source's row. Nothing is remembered: should the plays come
    again, they are stored. Returns how many there were; ids of others' listens and unknown ones are passed over.
    """
    n_withdrawn = 0
    for part in parts(listen_ids, plays_at_once()):
        n_withdrawn += _withdraw(user, part, now=now)
    return n_withdrawn


def _sift(plays: Sequence[Play], *, now: datetime) -> _Sifted:
    """Without the ones that cannot be plays, in the order of time."""
    if len(plays) > MAX_PLAYS:
        raise ValueError(f"{len(plays)} plays at once; {MAX_PLAYS} at most.")
    sifted = _Sifted()
    seen: set[tuple[datetime, UUID]] = set()
    latest = now + CLOCK_SLACK
    moments = [play.played_at for play in plays]
    for index in sorted(range(len(plays)), key=moments.__getitem__):
        play = plays[index]
        if reason := _fault(play, latest):
            sifted.skipped.append(Skipped(index, reason))
            continue
        key = moments[index], msid_of(play.artist, play.title)
        if key in seen:
            sifted.n_repeated += 1
            continue
        seen.add(key)
        sifted.candidates.append(_Candidate(index, play, key[1]))
    return sifted


def _fault(play: Play, latest: datetime) -> str | None:
    if play.played_at < EARLIEST:
        return Reason.NO_TIME if play.played_at < NO_DATE_BEFORE else Reason.TOO_OLD
    if play.played_at > latest:
        return Reason.IN_FUTURE
    return None if _is_name(play.artist) and _is_name(play.title) else Reason.NO_NAMES


def _is_name(text: str) -> bool:
    """Whether anything is left of it that can be shown."""
    return not text.isspace() and bool(text) and (text.isprintable() or bool(tidy(text)))


def _name(candidates: Sequence[_Candidate], names: Names, *, is_dry: bool) -> None:
    heard = [_heard(each.play) for each in candidates]
    found = names.find(heard) if is_dry else names.resolve(heard)
    for each, said in zip(candidates, heard, strict=True):
        each.known = found[said]


def _heard(play: Play) -> Heard:
    return Heard(play.artist, play.title, play.album, play.album_artist)


def _without_excluded(user: User, source: str, sifted: _Sifted) -> list[_Candidate]:
    """The candidates that the member lets in, put right where the member said what they are."""
    if not sifted.candidates:
        return []
    first, last = sifted.candidates[0].play.played_at, sifted.candidates[-1].play.played_at
    exclusions = Exclusions.of(user, source=source, since=first, until=last)
    if not exclusions:
        return sifted.candidates
    kept = []
    for each in sifted.candidates:
        if reason := exclusions.reason_against(each.play, each.msid):
            sifted.skipped.append(Skipped(each.index, reason))
            continue
        if answer := exclusions.answer_for(each.msid):
            track, album_id = answer
            each.known = Known(track.pk, track.artist_id, album_id or (each.known.album_id if each.known else None))
        kept.append(each)
    return kept


def _judge(
    listener: Listener, source: str, batch: ImportBatch | None, candidates: Sequence[_Candidate], sifted: _Sifted
) -> tuple[list[int], dict[int, Verdict], int]:
    """Which of the candidates are new to their source, which of these another delivery tells, how many are known.

    What the member removed as another source told it is skipped.
    """
    moments = [each.play.played_at for each in candidates]
    delivery = (source, batch.pk if batch else None)
    around = Surroundings(listener, delivery=delivery, moments=moments, tell=lambda at: _told(candidates[at]))
    known = around.known()
    unknown = [at for at, each in enumerate(candidates) if not known or (each.play.played_at, each.msid) not in known]
    verdicts, removed = around.verdicts(unknown)
    sifted.skipped += [Skipped(candidates[at].index, Reason.REMOVED) for at in removed]
    fresh = [at for at in unknown if at not in removed]
    return fresh, verdicts, sifted.n_repeated + len(candidates) - len(unknown)


def _told(each: _Candidate) -> Told:
    play = each.play
    ms = play.ms_played or play.duration_ms
    return Told(play.played_at, each.msid, each.known.track_id if each.known else None, play.artist, play.title, ms)


def _write(
    listener: Listener,
    source: str,
    batch: ImportBatch | None,
    candidates: Sequence[_Candidate],
    sifted: _Sifted,
    *,
    now: datetime,
) -> Outcome:
    fresh, verdicts, n_known = _judge(listener, source, batch, candidates, sifted)
    rows = [_row(candidates[at], verdicts.get(at)) for at in fresh]
    ids = bulk.insert(user_id=listener.pk, source=source, batch_id=batch.pk if batch else None, rows=rows)
    tally = Tally(listener)
    overtaken: list[tuple[int, int]] = []
    n_duplicates = 0
    for at, id_ in ids.items() if verdicts else ():
        verdict = verdicts.get(fresh[at])
        n_duplicates += verdict is not None
        if verdict is not None and verdict.stands:
            overtaken.append((verdict.row.id, id_))
            tally.discount(verdict.row)
    if ids:
        stand = [rows[at] for at in ids if rows[at].duplicate_of_id is None]
        tally.count_inserted(stand, first_id=min(ids.values()), last_id=max(ids.values()))
    bulk.stand_behind(overtaken)
    tally.duplicates(n_duplicates)
    if ids:
        tally.write(now=now)
    payloads.keep([(id_, candidates[fresh[at]].play.payload) for at, id_ in ids.items()], now=now)
    n_known += len(fresh) - len(ids)
    return Outcome(len(ids) - n_duplicates, n_known, n_duplicates, tuple(sifted.skipped))


def _row(each: _Candidate, verdict: Verdict | None) -> bulk.NewListen:
    known = cast("Known", each.known)  # only a dry run leaves names unknown
    return bulk.NewListen(
        played_at=each.play.played_at,
        msid=each.msid,
        track_id=known.track_id,
        artist_id=known.artist_id,
        album_id=known.album_id,
        ms_played=each.play.ms_played,
        duplicate_of_id=verdict.row.id if verdict is not None and not verdict.stands else None,
    )


def _keep_claims(candidates: Sequence[_Candidate], source: str) -> None:
    """What the source says about the tracks: how long they are, and which recordings, to be verified later."""
    named = [(each.known.track_id, each.play) for each in candidates if each.known]
    learn_lengths((track_id, play.duration_ms) for track_id, play in named)
    hints.remember(((track_id, play.recording_mbid) for track_id, play in named if play.recording_mbid), source)


@transaction.atomic
def _withdraw(user: User, listen_ids: Sequence[int], *, now: datetime) -> int:
    listener = lock(user)
    rows = list(ListenEvent.objects.filter(user=user, pk__in=listen_ids))
    if not rows:
        return 0
    tally = Tally(listener)
    gone = {row.pk for row in rows}
    pointing: list[tuple[int, int | None]] = []
    for group in _left_behind(gone):
        heir_id = preferred({row.pk: row.source for row in group}, source_order(listener))
        for row in group:
            pointing.append((row.pk, None if row.pk == heir_id else heir_id))
            if row.pk == heir_id:
                tally.count(row)
        tally.duplicates(-1)
    for row in rows:
        if row.duplicate_of_id is None:
            tally.discount(row)
        else:
            tally.duplicates(-1)
    bulk.point(pointing)
    bulk.delete(gone)
    tally.write(now=now)
    return len(rows)


def _left_behind(gone: set[int]) -> list[list[ListenEvent]]:
    """The rows of which the one that stood for them goes, play by play."""
    groups: dict[int, list[ListenEvent]] = {}
    for row in ListenEvent.objects.filter(duplicate_of__in=gone).exclude(pk__in=gone).order_by("pk"):
        groups.setdefault(row.duplicate_of_id or row.pk, []).append(row)
    return list(groups.values())
