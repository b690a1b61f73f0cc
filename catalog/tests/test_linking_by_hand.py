"""A moderator says which recording a track is: for everybody, and to be taken back."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from catalog.bulk_naming import Heard, Names
from catalog.clients.musicbrainz import MusicBrainz
from catalog.models import Alias, Track
from catalog.models.resolution import Resolution
from catalog.outside_search import read_recording_address
from catalog.recordings import link_by_hand, unlink
from catalog.tests.factories import TrackFactory
from catalog.tests.musicbrainz_double import MusicBrainzDouble
from social.errors import NotAllowed, Refused
from social.models import ModerationAction, User

pytestmark = pytest.mark.django_db


def press(client: Client, track: Track, act: str, **fields: Any) -> str:
    address = reverse(f"admin:catalog_track_{act}", args=[track.pk])
    return client.post(address, {"reason": "I know it", **fields}, follow=True).content.decode()


def test_a_moderator_links_a_track_in_the_admin_and_takes_it_back(
    mod: User, client: Client, musicbrainz: MusicBrainzDouble
) -> None:
    found = musicbrainz.add_recording("Ghost Town", "Nick Cave", "Warren Ellis", length=200_500)
    heard = Heard("Nick Cave & Warren Ellis", "Ghost Town")
    track = Track.objects.get(pk=Names().resolve([heard])[heard].track_id)
    client.force_login(mod)
    page = client.get(reverse("admin:catalog_track_link", args=[track.pk])).content.decode()
    assert "Ghost Town — Nick Cave &amp; Warren Ellis" in page
    assert f"https://musicbrainz.org/recording/{found['id']}" in page
    told = press(client, track, "link", address=f"https://musicbrainz.org/recording/{found['id']}")
    assert "from now on" in told
    linked = Track.objects.select_related("artist").get(pk=track.pk)
    assert (str(linked.recording_mbid), linked.resolution) == (found["id"], Resolution.MANUAL)
    assert (linked.artist.name, linked.artist_credit) == ("Nick Cave", "Nick Cave & Warren Ellis")
    assert Names().resolve([heard])[heard].track_id == track.pk
    press(client, track, "unlink")
    back = Track.objects.select_related("artist").get(pk=track.pk)
    assert (back.recording_mbid, back.resolution) == (None, Resolution.UNRESOLVED)
    assert back.artist == track.artist
    assert not Alias.objects.exists()
    assert [action.verb for action in ModerationAction.objects.order_by("pk")] == ["link_track", "unlink_track"]


def test_a_track_whose_recording_another_has_becomes_part_of_it(
    mod: User, musicbrainz: MusicBrainzDouble, monday: datetime, client: Client
) -> None:
    found = musicbrainz.add_recording("House Quake", "Prince")
    kept = TrackFactory(title="House Quake", artist__name="Prince", recording_mbid=found["id"])
    track = TrackFactory(title="Housequake", artist=kept.artist)
    client.force_login(mod)
    press(client, track, "link", address=found["id"])
    track.refresh_from_db()
    assert track.merged_into == kept


def test_what_is_no_recording_is_refused(mod: User, client: Client, musicbrainz: MusicBrainzDouble) -> None:
    track = TrackFactory()
    client.force_login(mod)
    assert "That is no recording" in press(client, track, "link", address="Roads")
    unknown = "5d1de71e-0c0b-4a1b-9a55-7a1b5c0ffee0"
    assert "MusicBrainz knows no such recording" in press(client, track, "link", address=unknown)


def test_only_moderators_link_and_only_what_is_as_it_was_is_taken_back(
    rin: User, mod: User, musicbrainz: MusicBrainzDouble, monday: datetime
) -> None:
    record = MusicBrainz(now=monday).recording(UUID(musicbrainz.add_recording("Roads", "Portishead")["id"]))
    track = TrackFactory(title="Roads", artist__name="Portishead")
    with pytest.raises(NotAllowed):
        link_by_hand(track=track, record=record, moderator=rin, reason="", now=monday)
    link_by_hand(track=track, record=record, moderator=mod, reason="", now=monday)
    action = ModerationAction.objects.get()
    Track.objects.update(duration_ms=1)
    with pytest.raises(Refused, match="changed since"):
        unlink(action=action, moderator=mod, now=monday)


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("5d1de71e-0c0b-4a1b-9a55-7a1b5c0ffee0", True),
        (" https://musicbrainz.org/recording/5D1DE71E-0c0b-4a1b-9a55-7a1b5c0ffee0 ", True),
        ("https://beta.musicbrainz.org/recording/5d1de71e-0c0b-4a1b-9a55-7a1b5c0ffee0/edits?page=2", True),
        ("https://musicbrainz.org/release/5d1de71e-0c0b-4a1b-9a55-7a1b5c0ffee0", False),
        ("5d1de71e", False),
        ("", False),
    ],
)
def test_the_address_of_a_recording_is_read(text: str, is_one: bool) -> None:
    assert read_recording_address(text) == (UUID("5d1de71e-0c0b-4a1b-9a55-7a1b5c0ffee0") if is_one else None)
