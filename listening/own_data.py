"""Listening's part of a member's data: every play, how it came in, and what the member said about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from listening.exporting import files_of
from listening.forgetting import forget_listens, forget_listens_in_batches
from listening.importing.receiving import forget_file
from listening.models import (
    AlbumSession,
    Correction,
    Feedback,
    ImportBatch,
    IncognitoRange,
    Listener,
    ListenEvent,
    ListenPayload,
    ListenToken,
    Milestone,
    NowPlaying,
    RemovedListen,
    SyncState,
)
from sidetrack import slots
from social.models import User
from social.own_data.forgetting import delete_rows
from social.own_data.parts import Files, Part, Table, rows_of

FORGOTTEN = (
    AlbumSession, Milestone, RemovedListen, Correction, IncognitoRange, Feedback, SyncState, ListenToken, NowPlaying,
)  # fmt: skip


def register() -> None:
    slots.register("export:parts", parts, order=30, name="listening")
    slots.register("account:forget", forget, order=30, name="listening")


def parts(member: User) -> list[Part]:
    return [
        Files(
            "listenbrainz/",
            _("Listens"),
            _("Every play once, in ListenBrainz's form: it reads these files, and so does Sidetrack."),
            lambda: _listens(member),
        ),
        Table(
            "listens/plays",
            _("Plays by source"),
            _("Every play as each source told it, also those that count as duplicates."),
            rows_of(ListenEvent, member),
            has_json=False,
            order=("played_at", "source", "msid"),
        ),
        Table(
            "listens/raw",
            _("What services said"),
            _("Their own words about recent plays; they are kept for some months."),
            ListenPayload.objects.filter(listen__user=member),
        ),
        *(Table(f"listens/{path}", title, text, rows_of(model, member)) for path, title, text, model in _tables()),
    ]


def _tables() -> Iterator[tuple[str, str, str, Any]]:
    yield (
        "listener",
        _("Listening in all"),
        _("First and last play, and the order in which sources are believed."),
        Listener,
    )
    yield "now_playing", _("Playing now"), _("What a program last said that you hear."), NowPlaying
    yield "accounts", _("Accounts that are read"), _("How far each is read, and what went wrong."), SyncState
    yield "scrobbler_tokens", _("Scrobbler tokens"), _("Their names, and when each was used."), ListenToken
    yield "imports", _("Imported files"), _("Files that you brought, and what was counted."), ImportBatch
    yield "corrections", _("Corrections"), _("What you said a name really is."), Correction
    yield "removed", _("Removed plays"), _("Plays that you took out."), RemovedListen
    yield "private_times", _("Private times"), _("When nothing was to be stored."), IncognitoRange
    yield "loved_and_hated", _("Loved and hated"), _("Tracks that you loved or hated."), Feedback
    yield "whole_albums", _("Whole albums"), _("Albums that you heard in one go."), AlbumSession
    yield "milestones", _("Milestones"), _("Round numbers that you reached."), Milestone


def _listens(member: User) -> Iterator[tuple[str, Iterable[bytes]]]:
    for path, lines in files_of(member):
        yield f"listenbrainz/{path}", lines


def forget(member: User, *, keeps_ratings: bool, now: datetime) -> None:
    """Plays in batches, since there may be a million; what points at imports before the imports."""
    SyncState.objects.filter(user=member).delete()
    forget_listens_in_batches(user=member)
    forget_listens(user=member)
    for batch in ImportBatch.objects.filter(user=member).exclude(file=""):
        forget_file(batch)
    delete_rows(ImportBatch.objects.filter(user=member))
    for model in FORGOTTEN:
        delete_rows(rows_of(model, member))
