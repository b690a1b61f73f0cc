"""What sound adds to the pages of an album, a week and a track: how it sounds, and on a track what one says oneself."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_safe

from catalog.models import Album, Track
from catalog.naming import standing
from club.models import Week
from listening.figures.tables import Cell
from listening.views.tables import file_of
from sidetrack.pacing import paced_reading
from social.models import User
from taste.axes.labelling import LABELLED
from taste.axes.quantiles import N_SONGS
from taste.axes.sounding import Sound, sound_of, sound_of_album
from taste.models import Axis, Label


def table_of(sound: Sound) -> tuple[tuple[str, ...], list[tuple[Cell, ...]]]:
    """Head and rows of the panel as a file: values from 0 to 1."""
    head = ("axis", "value", "low", "high", "tracks", "share_of_songs_below", "confidence", "sources", "methods")
    rows: list[tuple[Cell, ...]] = [
        (line.axis, round(line.value, 4), round(line.low, 4), round(line.high, 4), line.n, line.below_percent / 100,
         round(line.confidence, 4), ", ".join(line.sources), "; ".join(line.methods))
        for line in sound.lines
    ]  # fmt: skip
    return head, rows


@require_safe
@paced_reading
def album_file(request: HttpRequest, slug: str) -> HttpResponse:
    """How an album sounds, as CSV; nothing where nobody knows."""
    album = get_object_or_404(Album.objects.select_related("merged_into"), slug=slug)
    if album.merged_into_id:
        return redirect("taste:album_sound", standing(album).slug, permanent=True)
    return _file(sound_of_album(album))


@require_safe
@paced_reading
def track_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The same of a track."""
    track = get_object_or_404(Track.objects.select_related("merged_into"), pk=pk)
    if track.merged_into_id:
        return redirect("taste:track_sound", standing(track).pk, permanent=True)
    return _file(sound_of([track.pk]))


def _file(sound: Sound | None) -> HttpResponse:
    if sound is None or not sound.lines:
        raise Http404
    head, rows = table_of(sound)
    return file_of("sound", head, rows, ending="csv", about={})


def album_panel(request: HttpRequest, album: Album) -> str | None:
    """Three queries however many tracks; nothing where nobody knows."""
    sound = sound_of_album(album)
    if sound is None:
        return None
    context = {
        "sound": sound,
        "kind": "album",
        "n_songs": N_SONGS,
        "csv": reverse("taste:album_sound", args=[album.slug]),
    }
    return render_to_string("taste/_sound.html", context, request)


def week_panel(request: HttpRequest, week: Week) -> str | None:
    """How the winner sounds; nothing while there is none."""
    sound = sound_of_album(week.winner.album) if week.winner is not None else None
    if sound is None or week.winner is None:
        return None
    csv = reverse("taste:album_sound", args=[week.winner.album.slug])
    context = {"sound": sound, "kind": "week", "n_songs": N_SONGS, "csv": csv}
    return render_to_string("taste/_sound.html", context, request)


def track_panel(request: HttpRequest, track: Track) -> str | None:
    """Two queries, one more for a member, whose own word stands beside it."""
    sound = sound_of([track.pk])
    viewer = getattr(request, "user", None)
    member = viewer if isinstance(viewer, User) else None
    if sound is None and member is None:
        return None
    said = Label.objects.filter(user=member, track=track) if member else []
    own = {row.axis: row for row in said}
    context = {
        "sound": sound,
        "kind": "track",
        "n_songs": N_SONGS,
        "csv": reverse("taste:track_sound", args=[track.pk]),
        "track": track,
        "member": member,
        "own": [(Axis(axis).label, own[axis]) for axis in LABELLED if axis in own],
    }
    return render_to_string("taste/_sound.html", context, request)
