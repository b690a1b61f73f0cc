"""The demo's part of sound and taste: invented evidence about its tracks, then everything that follows from evidence.

What is invented says so: values have the source `demo`, vectors the version `demo`, weeks `is_demo`. Weeks, the map,
profiles, matches and recommendations are then made of them by the same functions that real music goes through.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef

from catalog.models import Track
from listening.models import ListenEvent
from sidetrack.demo.hearing import hear
from sidetrack.demo.stage import Stage
from taste.axes.choosing import choose
from taste.axes.evidence import keep
from taste.axes.judging import Judged
from taste.embeddings import Embedded, main_model, store
from taste.mapping.keeping import keep_up
from taste.matching import nearest
from taste.models import (
    PredictedRating,
    TasteMap,
    TrackEmbedding,
    TrackFeatures,
    TrackScore,
    UserRecommendation,
    WeeklyTaste,
)
from taste.predicting.rounds import predict_due
from taste.recommending.renewing import renew
from taste.weeks.aggregating import aggregate

VERSION = "demo"
METHOD = "invented for the demo"
CONFIDENCE = 0.5


def sound(stage: Stage) -> None:
    """Evidence about every invented track that somebody heard, then weeks and the map of all members."""
    is_heard = Exists(ListenEvent.objects.filter(track=OuterRef("pk")))
    invented = Track.objects.filter(is_heard, is_demo=True, album_id__in=stage.names)
    tracks = invented.values_list("pk", "title", "album_id")
    heard = {pk: hear(stage.facts[stage.names[album_id]], title) for pk, title, album_id in tracks}
    judged = {
        pk: {axis: Judged(value, CONFIDENCE, METHOD) for axis, value in each.axes.items()} for pk, each in heard.items()
    }
    keep(source=TrackScore.Source.DEMO, version=VERSION, judged=judged, now=stage.now)
    choose(heard, stage.now)
    embedded = {pk: Embedded(each.vector) for pk, each in heard.items()}
    store(model=main_model(), version=VERSION, embedded=embedded, now=stage.now)
    stage.say(f"{len(heard)} tracks with an invented sound")
    live(stage)


def live(stage: Stage) -> None:
    """Weeks of taste, the map of what was heard, whom members match, what to hear next, guesses at their ratings."""
    for user in stage.users.values():
        aggregate(user=user, now=stage.now, everything=True)
    keep_up(now=stage.now, by="pca")  # UMAP takes a quarter of a minute: the next night has it
    weeks = WeeklyTaste.objects.filter(user__in=stage.users.values())
    weeks.update(is_demo=True)
    renew(stage.users.values(), now=stage.now)
    nearest.renew(now=stage.now)
    predict_due(now=stage.now)
    stage.say(f"{weeks.count()} weeks of taste")


def remove(*, now: datetime) -> None:
    """Take the invented evidence out, before the music goes; what real music and real members said of it stays.

    Weeks, profiles, matches and lists of invented members go with them. What tags said of an invented track goes too,
    and comes again by the nightly job where the track stays.
    """
    invented = TrackScore.objects.filter(source=TrackScore.Source.DEMO) | TrackScore.objects.filter(
        source=TrackScore.Source.TAGS, track__is_demo=True
    )
    ids = set(invented.values_list("track_id", flat=True))
    invented.delete()
    choose(ids, now)
    TrackFeatures.objects.filter(track__in=ids, sources={}).delete()
    vectors = TrackEmbedding.objects.filter(version=VERSION)
    models = set(vectors.values_list("model", flat=True))
    vectors.delete()
    for model in models:
        if not TrackEmbedding.objects.filter(model=model).exists():
            TasteMap.objects.filter(model=model).delete()
    UserRecommendation.objects.filter(album__is_demo=True, feedback="").delete()
    PredictedRating.objects.filter(album__is_demo=True, half_stars=None).delete()
