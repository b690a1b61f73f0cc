"""How the dashboard's figures look in REST."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from listening.api.answers import ROADS, TrackAnswer
from sidetrack.api.describing import shown_as
from sidetrack.api.serializers import Answer, UtcDateTimeField
from taste.models.weekly import WeeklyTaste

A_WINDOW = {"name": "12w", "from": "2025-09-08", "to": "2025-11-30", "weeks": 12, "timezone": "Europe/Berlin"}
A_LEVEL = {"mean": 0.61, "sd": 0.07, "listens": 1904, "weeks": 12, "confidence": 0.62}
HEAD = {"user": "rin", "window": A_WINDOW, "computed_at": "2025-11-26T12:00:00Z"}
AN_OVERVIEW = HEAD | {
    "finding": "Brighter than the 26 weeks before",
    "kpis": [{"key": "listens", "label": "Plays", "value": 2110.0, "before": 1987.0, "n": 2110, "n_of": "plays"}],
    "axes": {"energy": A_LEVEL},
    "coverage": 0.9,
}
A_TRAJECTORY = HEAD | {
    "points": [{"week": "2025-W48", "starts_on": "2025-11-24", "x": 0.4, "y": -1.2, "listens": 214, "placed": 190,
                "momentum": 0.8, "mood": "calm"}],
    "arrows": [{"from_week": "2025-W47", "to_week": "2025-W48", "x": 0.1, "y": -1.0, "dx": 0.3, "dy": -0.2,
                "moved": 1.1}],
    "landmarks": [{"label": "Dummy · WEEK 012", "album": 9, "week_number": 12, "x": 0.2, "y": -1.1, "tracks": 11}],
    "momentum": 0.8,
    "method": "UMAP of 1,455 analysed tracks.",
    "model": "musicnn",
    "map_version": 3,
    "trustworthiness": 0.98,
    "words": "",
}  # fmt: skip
SOME_MOODS = HEAD | {
    "weeks": [{"week": "2025-W48", "starts_on": "2025-11-24", "listens": 214, "with_mood": 190,
               "shares": {"calm": 0.4, "driving": 0.6}}]
}  # fmt: skip
A_RADAR = {
    "user": "rin",
    "week": "2025-W48",
    "against": "26 weeks before",
    "axes": [{"axis": "energy", "week": A_LEVEL, "base": A_LEVEL}],
    "finding": "Brighter than the 26 weeks before",
    "listens": 214,
    "computed_at": "2025-11-26T12:00:00Z",
}
SOME_OUTLIERS = {
    "user": "rin",
    "days": 90,
    "outliers": [{"track": ROADS, "distance": 9.7, "listens": 2, "why": "Calmer than most of what was played."}],
    "words": "",
    "method": "Mahalanobis distance.",
    "tracks": 353,
    "listens": 690,
}
A_MIXTAPE = {
    "user": "rin",
    "week": "2025-W48",
    "minutes": 77.0,
    "tracks": [{"track": ROADS, "reason": "Played twice this week.", "seconds": 305.0, "is_guessed": False}],
    "method": "HDBSCAN hears two kinds of music.",
    "words": "",
}


class WindowAnswer(Answer):
    """Whole ISO weeks of the member's own zone, both ends included."""

    name = serializers.CharField(help_text="As it was asked for.")
    to = serializers.DateField()
    weeks = serializers.IntegerField()
    timezone = serializers.CharField()

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """`from` is no name that Python lets a class have."""
        fields = super().get_fields()
        fields["from"] = serializers.DateField(source="first")
        return {name: fields[name] for name in ("name", "from", "to", "weeks", "timezone")}


class OfWindow(Answer):
    user = serializers.CharField()
    window = WindowAnswer()
    computed_at = UtcDateTimeField()


class LevelAnswer(Answer):
    mean = serializers.FloatField(help_text="Over the plays, in the axis's unit.")
    sd = serializers.FloatField(help_text="Of the weeks' means; 0 for one week.")
    listens = serializers.IntegerField(source="n", help_text="Plays that have a value.")
    weeks = serializers.IntegerField(source="n_weeks")
    confidence = serializers.FloatField(help_text="0 guessed to 1 measured.")


class KpiAnswer(Answer):
    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    value = serializers.FloatField(allow_null=True)
    before = serializers.FloatField(allow_null=True, help_text="In the period before, as many days of it.")
    n = serializers.IntegerField(help_text="What it is made of.")
    n_of = serializers.CharField(help_text="What `n` counts.")


@shown_as(AN_OVERVIEW)
class OverviewAnswer(OfWindow):
    finding = serializers.CharField(help_text="The window against the 26 weeks before it; empty without those.")
    kpis = KpiAnswer(many=True)
    axes = serializers.DictField(child=LevelAnswer())
    coverage = serializers.FloatField(allow_null=True, help_text="Share of the plays whose sound is known.")


class PointAnswer(Answer):
    week = serializers.CharField(source="iso_week")
    starts_on = serializers.DateField()
    x = serializers.FloatField()
    y = serializers.FloatField()
    listens = serializers.IntegerField(source="n_listens")
    placed = serializers.IntegerField(source="n_placed", help_text="Plays that the place is the mean of.")
    momentum = serializers.FloatField(allow_null=True)
    mood = serializers.CharField(help_text="The strongest; empty where none is known.")


class ArrowAnswer(Answer):
    from_week = serializers.CharField()
    to_week = serializers.CharField()
    x = serializers.FloatField()
    y = serializers.FloatField()
    dx = serializers.FloatField()
    dy = serializers.FloatField()
    moved = serializers.FloatField(allow_null=True, help_text="Among the vectors, not on the map.")


class LandmarkAnswer(Answer):
    label = serializers.CharField()  # type: ignore[assignment]
    album = serializers.IntegerField(source="album_id")
    week_number = serializers.IntegerField()
    x = serializers.FloatField()
    y = serializers.FloatField()
    tracks = serializers.IntegerField(source="n_tracks")


@shown_as(A_TRAJECTORY)
class TrajectoryAnswer(OfWindow):
    points = PointAnswer(many=True)
    arrows = ArrowAnswer(many=True)
    landmarks = LandmarkAnswer(many=True, help_text="Winners of the club.")
    momentum = serializers.FloatField(allow_null=True, help_text="Of the newest point.")
    method = serializers.CharField()
    model = serializers.CharField()
    map_version = serializers.IntegerField(allow_null=True)
    trustworthiness = serializers.FloatField(allow_null=True)
    words = serializers.CharField(help_text="Why there is nothing; else empty.")


class WeekOfMoodsAnswer(Answer):
    week = serializers.SerializerMethodField()
    starts_on = serializers.DateField()
    listens = serializers.IntegerField(source="n_listens")
    with_mood = serializers.IntegerField(source="n", help_text="Plays whose energy and valence are known.")
    shares = serializers.DictField(child=serializers.FloatField(), help_text="By mood, summing to 1; else empty.")

    @extend_schema_field(str)
    def get_week(self, week: Any) -> str:
        return WeeklyTaste(starts_on=week.starts_on).iso_week


@shown_as(SOME_MOODS)
class MoodsAnswer(OfWindow):
    weeks = WeekOfMoodsAnswer(many=True)


class RadarAxisAnswer(Answer):
    axis = serializers.CharField()
    week = LevelAnswer()
    base = LevelAnswer(allow_null=True, help_text="Of what the week is compared with.")


@shown_as(A_RADAR)
class RadarAnswer(Answer):
    user = serializers.CharField()
    week = serializers.CharField()
    against = serializers.CharField()
    axes = RadarAxisAnswer(many=True)
    finding = serializers.CharField(help_text="Empty where another week is the measure, or nothing is.")
    listens = serializers.IntegerField()
    computed_at = UtcDateTimeField()


class OutlierAnswer(Answer):
    track = TrackAnswer()
    distance = serializers.FloatField(help_text="Mahalanobis, in standard deviations of the member's own spread.")
    listens = serializers.IntegerField(source="n_listens")
    why = serializers.CharField()


@shown_as(SOME_OUTLIERS)
class OutliersAnswer(Answer):
    user = serializers.CharField()
    days = serializers.IntegerField()
    outliers = OutlierAnswer(many=True)
    words = serializers.CharField(help_text="Why there are none; else empty.")
    method = serializers.CharField()
    tracks = serializers.IntegerField(help_text="How many were compared.")
    listens = serializers.IntegerField()


class MixtapeTrackAnswer(Answer):
    track = TrackAnswer()
    reason = serializers.CharField()
    seconds = serializers.FloatField()
    is_guessed = serializers.BooleanField(help_text="The length is not known, and a usual one was taken.")


@shown_as(A_MIXTAPE)
class MixtapeAnswer(Answer):
    user = serializers.CharField()
    week = serializers.CharField()
    minutes = serializers.FloatField()
    tracks = MixtapeTrackAnswer(many=True)
    method = serializers.CharField()
    words = serializers.CharField(help_text="Why there is none; else empty.")
