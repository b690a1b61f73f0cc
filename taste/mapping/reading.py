"""A member's way across the map, for pages and REST."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Literal

import numpy as np

from catalog.models import AlbumTrack, Track
from club.models import Week
from social.models import User
from taste.embeddings import main_model
from taste.mapping import maps
from taste.mapping.projecting import LEAST_FOR_UMAP, is_umap_there
from taste.models import TasteMap, WeeklyTaste

Span = Literal[12, 26, 52, "all"]
SPANS: tuple[Span, ...] = (12, 26, 52, "all")
NO_MAP = "There is no map yet: it is drawn at night, once tracks have been analysed."
NO_PLACES = "None of these weeks has a place: none of the tracks that were played has been analysed."


@dataclass(frozen=True, slots=True)
class Point:
    """One week. momentum: in the embedding space, None for the first week; n_placed: plays that it is the mean of.

    mood: key of the mood that most of its plays have, or "".
    """

    starts_on: date
    iso_week: str
    x: float
    y: float
    n_listens: int
    n_placed: int
    momentum: float | None
    mood: str


@dataclass(frozen=True, slots=True)
class Arrow:
    """From one week's place (x, y) to the next one's. moved: the length of the step in the embedding space, or None.

    n_weeks: 1 for neighbours, more across weeks without a place.
    """

    from_week: str
    to_week: str
    x: float
    y: float
    dx: float
    dy: float
    moved: float | None
    n_weeks: int


@dataclass(frozen=True, slots=True)
class Landmark:
    """A winner of the club: the mean place of its album's tracks. n_tracks: how many of them are on the map."""

    label: str
    album_id: int
    url: str
    week_number: int
    x: float
    y: float
    n_tracks: int


@dataclass(frozen=True, slots=True)
class Trajectory:
    """points, arrows, landmarks: oldest first. method: how the map came about. words: why there are no points, or "".

    n_weeks: points. n_placed of n_listens: plays that the points are means of, of those of all weeks in the span.
    momentum: of the newest point.
    """

    points: list[Point]
    arrows: list[Arrow]
    landmarks: list[Landmark]
    method: str
    words: str
    n_weeks: int
    n_placed: int
    n_listens: int
    model: str
    map_version: int | None
    trustworthiness: float | None
    momentum: float | None


def trajectory(user: User, *, weeks: Span) -> Trajectory:
    """The member's last 12, 26 or 52 weeks with music, or all; asks for no permission: that is the caller's.

    Eight queries at most, for however many weeks and winners.
    """
    model = main_model()
    stored = maps.newest(model)
    newest_first = WeeklyTaste.objects.filter(user=user).order_by("-starts_on")
    rows = list(reversed(newest_first if weeks == "all" else newest_first[:weeks]))
    n_listens = sum(row.n_listens for row in rows)
    if stored is None:
        return Trajectory([], [], [], "", NO_MAP, 0, 0, n_listens, model, None, None, None)
    placed = [row for row in rows if row.map_version == stored.version and row.x is not None and row.y is not None]
    points = [_point(row) for row in placed]
    return Trajectory(
        points=points,
        arrows=_arrows(placed, points),
        landmarks=landmarks(maps.drawn(stored)),
        method=method_words(stored),
        words="" if points else NO_PLACES,
        n_weeks=len(points),
        n_placed=sum(point.n_placed for point in points),
        n_listens=n_listens,
        model=model,
        map_version=stored.version,
        trustworthiness=stored.trustworthiness,
        momentum=points[-1].momentum if points else None,
    )


def method_words(stored: TasteMap) -> str:
    """How the map came about, in sentences for a page."""
    tracks = f"{stored.n_tracks:,} analysed tracks, heard by {stored.model}"
    if stored.method == TasteMap.Method.PCA:
        if stored.n_tracks < LEAST_FOR_UMAP:
            why = f"UMAP wants {LEAST_FOR_UMAP} tracks"
        else:
            why = "UMAP, which is slower, draws it the next night" if is_umap_there() else "UMAP is not installed here"
        how = f"The two main axes (PCA) of {tracks}, because {why}."
    else:
        how = f"UMAP of {tracks}: 50 neighbours, least distance 0.1, seed {stored.seed}."
        if stored.n_fitted < stored.n_tracks:
            how += f" It was fitted on {stored.n_fitted:,} of them; the others lie among their nearest neighbours."
    if stored.trustworthiness is not None:
        how += f" Trustworthiness {stored.trustworthiness:.2f}."
    if stored.moved is not None:
        how += f" Since the version before, tracks moved by {stored.moved:.2f} s.d. on average."
    return f"{how} A week lies at the mean of what was played in it, each play counting once."


def landmarks(drawn: maps.Drawn) -> list[Landmark]:
    """The club's winners that have a track on the map, in the order of their weeks."""
    weeks = list(Week.objects.decided().with_winner().order_by("number"))
    albums = {week.winner.album_id for week in weeks if week.winner}
    tracks: dict[int, set[int]] = {}
    lines = AlbumTrack.objects.filter(album__in=albums).values_list("album_id", "track_id")
    homes = Track.objects.current().filter(album__in=albums).values_list("album_id", "pk")
    for album_id, track_id in (*lines, *homes):
        if album_id is not None:
            tracks.setdefault(album_id, set()).add(track_id)
    places = drawn.of({track_id for ids in tracks.values() for track_id in ids})
    found = []
    for week in weeks:
        album = week.winner.album if week.winner else None
        if album is None or not (spots := [places[id_] for id_ in tracks.get(album.pk, ()) if id_ in places]):
            continue
        x, y = np.mean(spots, axis=0)
        found.append(
            Landmark(
                label=f"{album.title} · {week}",
                album_id=album.pk,
                url=album.get_absolute_url(),
                week_number=week.number,
                x=float(x),
                y=float(y),
                n_tracks=len(spots),
            )
        )
    return found


def _point(row: WeeklyTaste) -> Point:
    mood = max(row.moods, key=lambda key: (row.moods[key], key)) if row.moods else ""
    return Point(
        starts_on=row.starts_on,
        iso_week=row.iso_week,
        x=float(row.x or 0.0),
        y=float(row.y or 0.0),
        n_listens=row.n_listens,
        n_placed=row.n_placed,
        momentum=row.momentum,
        mood=mood,
    )


def _arrows(rows: list[WeeklyTaste], points: list[Point]) -> list[Arrow]:
    return [
        Arrow(
            from_week=one.iso_week,
            to_week=two.iso_week,
            x=one.x,
            y=one.y,
            dx=two.x - one.x,
            dy=two.y - one.y,
            moved=_moved(before, after),
            n_weeks=(two.starts_on - one.starts_on).days // 7,
        )
        for (before, after), (one, two) in zip(pairwise(rows), pairwise(points), strict=True)
    ]


def _moved(before: WeeklyTaste, after: WeeklyTaste) -> float | None:
    if not before.centroid or not after.centroid or before.model != after.model:
        return None
    one, two = (np.frombuffer(bytes(row.centroid or b""), "<f4").astype(float) for row in (before, after))
    return float(np.linalg.norm(two - one)) if len(one) == len(two) else None
