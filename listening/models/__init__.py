"""Tables of the tracker. Read `listen` first, then `listener` and `totals`."""

from listening.models.corrections import Correction, Feedback, IncognitoRange, RemovedListen
from listening.models.imports import ImportBatch
from listening.models.listen import ListenEvent, ListenPayload, Source
from listening.models.listener import Listener
from listening.models.now_playing import NowPlaying
from listening.models.occasions import AlbumSession, Milestone
from listening.models.recording_hint import RecordingHint
from listening.models.sync import SyncState
from listening.models.token import ListenToken
from listening.models.totals import AlbumTotal, ArtistTotal, DayTotal, HourTotal, TrackTotal

__all__ = [
    "AlbumSession",
    "AlbumTotal",
    "ArtistTotal",
    "Correction",
    "DayTotal",
    "Feedback",
    "HourTotal",
    "ImportBatch",
    "IncognitoRange",
    "ListenEvent",
    "ListenPayload",
    "ListenToken",
    "Listener",
    "Milestone",
    "NowPlaying",
    "RecordingHint",
    "RemovedListen",
    "Source",
    "SyncState",
    "TrackTotal",
]
