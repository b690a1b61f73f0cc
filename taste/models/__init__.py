"""What is stored of sound and taste: evidence about tracks, weeks of members, and what follows from both."""

from taste.models.audio import AnalysisSettings, AudioFile
from taste.models.blend import Blend
from taste.models.matching import Compatibility, PredictedRating, UserRecommendation
from taste.models.playlist import Playlist, PlaylistExport, PlaylistTrack
from taste.models.sound import Axis, Label, TrackEmbedding, TrackFeatures, TrackScore
from taste.models.weekly import ChangePoint, TasteMap, TasteProfile, WeeklyTaste

__all__ = [
    "AnalysisSettings",
    "AudioFile",
    "Axis",
    "Blend",
    "ChangePoint",
    "Compatibility",
    "Label",
    "Playlist",
    "PlaylistExport",
    "PlaylistTrack",
    "PredictedRating",
    "TasteMap",
    "TasteProfile",
    "TrackEmbedding",
    "TrackFeatures",
    "TrackScore",
    "UserRecommendation",
    "WeeklyTaste",
]
