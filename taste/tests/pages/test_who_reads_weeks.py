"""What others read of a member's weeks: where all three areas are open, and without what the member's labels say."""

from __future__ import annotations

from itertools import product

import pytest
import time_machine
from django.test import Client

from catalog.tests.factories import AlbumFactory, TrackFactory
from listening.tests.histories import NOW, counted, heard, listener
from social.models import User
from social.visibility import Visibility
from taste.axes.labelling import label
from taste.dashboard.rights import taste_members
from taste.models import ChangePoint, TasteProfile, WeeklyTaste
from taste.tests.weeks.sounding import sounds
from taste.weeks.aggregating import aggregate

pytestmark = pytest.mark.django_db
AREAS = ("visibility", "listens_visibility", "taste_visibility")
ADDRESSES = ("/dashboard/moods.csv?range=4w", "/api/v1/dashboard/moods?window=4w", "/dashboard/weeks/2025-W47/")


def seen_by(reader: User) -> list[str]:
    """The week of one artist as the reader sees it: moods as a file and as JSON, and what moved the axis."""
    client = Client()
    client.force_login(reader)
    shown = []
    for address in ADDRESSES:
        answer = client.get(f"{address}{'&' if '?' in address else '?'}member=ana")
        assert answer.status_code == 200, address
        shown.append(answer.content.decode())
    shown[1] = str(client.get(f"{ADDRESSES[1]}&member=ana").json()["weeks"])
    shown[2] = shown[2].partition('<section aria-labelledby="moved">')[2].partition("</section>")[0]
    assert shown[2]
    return shown


def test_a_label_moves_what_its_member_reads_and_tells_others_of_no_single_track(rin: User) -> None:
    ana = listener("ana")
    album = AlbumFactory(title="Drive", artist__name="Neu!", label="Brain")
    song = sounds(TrackFactory(artist=album.artist, album=album), energy=0.3, valence=0.2)
    other = sounds(TrackFactory(artist=album.artist, album=album), energy=0.5, valence=0.5)
    heard(ana, other, "2025-11-04 09:00")
    heard(ana, song, "2025-11-18 09:00")
    counted(ana)
    with time_machine.travel(NOW, tick=False):
        aggregate(user=ana, now=NOW)
        before = {reader.pk: seen_by(reader) for reader in (ana, rin)}
        label(by=ana, track=song, axis="energy", value=0.97, now=NOW)
        after = {reader.pk: seen_by(reader) for reader in (ana, rin)}
    assert after[rin.pk] == before[rin.pk]
    assert all(new != old for new, old in zip(after[ana.pk], before[ana.pk], strict=True))


def test_rows_are_as_open_as_the_dashboard(rin: User, sol: User) -> None:
    """sol follows rin."""
    day = NOW.date()
    WeeklyTaste.objects.create(
        user=rin, starts_on=day, n_listens=1, n_tracks=1, n_artists=1, n_new_artists=0, n_sounding=0, n_placed=0,
        ms_played=0, diversity=1, computed_at=NOW,
    )  # fmt: skip
    TasteProfile.objects.create(user=rin)
    ChangePoint.objects.create(
        user=rin, axis="energy", starts_on=day, alarmed_on=day, before=0.1, after=0.2, sds=3, threshold=5,
        sentence="Energy rose.", computed_at=NOW,
    )  # fmt: skip
    for area, level in product(AREAS, Visibility):
        open_to_all = dict.fromkeys(AREAS, Visibility.PUBLIC)
        User.objects.filter(pk=rin.pk).update(**open_to_all | {area: level})
        for viewer in (None, sol, rin):
            may = taste_members(viewer).filter(pk=rin.pk).exists()
            for model in (WeeklyTaste, TasteProfile, ChangePoint):
                assert model.objects.visible_to(viewer).exists() == may, (area, level, viewer, model)
