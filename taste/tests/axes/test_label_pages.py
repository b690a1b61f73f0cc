"""Saying what a track is: the page, the list, REST; one's own alone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalog.merging import merge_tracks
from catalog.models import Track
from catalog.tests.factories import ArtistFactory, TrackFactory
from listening.models import TrackTotal
from social.models import User
from social.tests.callers import Caller, caller_of, refused
from taste.axes.labelling import label
from taste.axes.personal import features_for
from taste.axes.scoring import score
from taste.models import AudioFile, Label, TrackEmbedding, TrackFeatures
from taste.tests.axes.hearing import sound
from taste.tests.axes.test_tags_as_evidence import played, tag

pytestmark = pytest.mark.django_db
LABELS = "/labels/"


@pytest.fixture
def track(monday: datetime) -> Track:
    row = TrackFactory(title="Roads", artist__name="Portishead")
    TrackFeatures.objects.create(track=row, energy=0.5, valence=0.4, updated_at=monday)
    return row


def of(track: Track) -> str:
    return reverse("taste:label_track", args=[track.pk])


def said(member: User) -> dict[str, float]:
    return dict(Label.objects.filter(user=member).values_list("axis", "value"))


# --- The pages ------------------------------------------------------------------------------------------------------
def test_a_member_says_what_a_track_is_and_sees_it(client: Client, rin: User, track: Track) -> None:
    client.force_login(rin)
    page = client.get(of(track)).content.decode()
    assert "For everybody: 50." in page
    assert "Nobody knows yet." in page
    answer = client.post(of(track), {"energy": "0.75", "valence": "0"}, follow=True)
    page = answer.content.decode()
    assert "As you hear it: 75." in page
    assert "As you hear it: 0." in page
    assert said(rin) == {"energy": 0.75, "valence": 0.0}
    page = client.get(LABELS).content.decode()
    assert "Roads" in page
    assert "Energy <b>75</b>" in page


def test_what_is_left_empty_is_taken_back(client: Client, rin: User, track: Track) -> None:
    client.force_login(rin)
    client.post(of(track), {"energy": "0.75", "valence": "0"})
    client.post(of(track), {"energy": "0.25", "valence": ""})
    assert said(rin) == {"energy": 0.25}


def test_a_value_that_came_by_rest_stands_among_the_buttons(
    client: Client, rin: User, track: Track, monday: datetime
) -> None:
    label(by=rin, track=track, axis="energy", value=0.63, now=monday)
    client.force_login(rin)
    page = client.get(of(track)).content.decode()
    assert 'value="0.63"' in page
    client.post(of(track), {"energy": "0.63"})
    assert said(rin) == {"energy": 0.63}


def test_a_value_that_no_button_has_is_refused(client: Client, rin: User, track: Track) -> None:
    client.force_login(rin)
    answer = client.post(of(track), {"energy": "7"})
    assert answer.status_code == 400
    assert "Choose one of the values." in answer.content.decode()
    assert said(rin) == {}


def test_a_label_is_removed_by_its_own_member_alone(
    client: Client, rin: User, sol: User, track: Track, monday: datetime
) -> None:
    row, _ = label(by=rin, track=track, axis="energy", value=0.9, now=monday)
    address = reverse("taste:remove_label", args=[row.pk])
    client.force_login(sol)
    assert client.post(address).status_code == 404
    assert "Roads" not in client.get(LABELS).content.decode()
    client.force_login(rin)
    assert client.get(address).status_code == 405
    assert client.post(address).status_code == 302
    assert said(rin) == {}


@pytest.mark.parametrize("method", ["get", "post"])
def test_visitors_are_asked_to_sign_in(client: Client, track: Track, method: str) -> None:
    for address in (LABELS, of(track)):
        answer = getattr(client, method)(address)
        assert answer.status_code in (302, 405)
        assert answer.status_code == 405 or "login" in answer["Location"]


def test_a_track_that_became_part_of_another_leads_there(
    client: Client, rin: User, mod: User, track: Track, monday: datetime
) -> None:
    drop = TrackFactory(artist=track.artist)
    merge_tracks(keep=track, drop=drop, moderator=mod, reason="one recording", now=monday)
    client.force_login(rin)
    assert client.get(of(drop))["Location"] == of(track)
    assert client.get("/labels/999999999999/").status_code == 404


def test_the_list_offers_what_one_plays_most_and_says_what_was_learnt(
    client: Client, rin: User, track: Track, monday: datetime
) -> None:
    other = TrackFactory(title="Glory Box", artist=track.artist)
    TrackFeatures.objects.create(track=other, energy=0.5, updated_at=monday)
    for each in (track, other):
        played(rin, each, monday)
    client.force_login(rin)
    page = client.get(LABELS).content.decode()
    assert "You have said nothing yet" in page
    assert page.index("Roads") < page.index("Glory Box")
    label(by=rin, track=track, axis="energy", value=0.9, now=monday)
    page = client.get(LABELS).content.decode()
    assert "1 label" in page
    assert "3 more on tracks with a file here" in page
    assert f'href="{of(track)}"' not in page.partition("What you said")[0]


def test_the_list_takes_as_many_queries_for_twenty_as_for_one(client: Client, rin: User, monday: datetime) -> None:
    artist = ArtistFactory()
    client.force_login(rin)

    def queries(n: int) -> int:
        for _ in range(n):
            row, unsaid = TrackFactory(artist=artist), TrackFactory(artist=artist)
            for each in (row, unsaid):
                TrackFeatures.objects.create(track=each, energy=0.5, updated_at=monday)
                played(rin, each, monday)
            label(by=rin, track=row, axis="energy", value=0.9, now=monday)
        with CaptureQueriesContext(connection) as captured:
            client.get(LABELS)
        return len(captured)

    queries(3)  # from three labels on there is something to learn from
    assert queries(1) == queries(20)


# --- REST -----------------------------------------------------------------------------------------------------------
def test_rest_sets_and_replaces_and_takes_back(rin: User, track: Track) -> None:
    caller = caller_of(rin)
    body = {"track": track.pk, "axis": "energy", "value": 0.8}
    answer = caller.post("labels", body)
    assert answer.status_code == 201, answer.content
    assert answer.json() == {**body, "new": True, "axes": {"energy": 0.8, "valence": 0.4}}
    again = caller.post("labels", body)
    assert (again.status_code, again.json()["new"]) == (200, False)
    caller.post("labels", {**body, "value": 0.1})
    assert said(rin) == {"energy": 0.1}
    assert caller.post("labels", {**body, "value": None}).json()["axes"]["energy"] == 0.5
    assert said(rin) == {}


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"value": 1.5}, 400, "invalid"),
        ({"value": "loud"}, 400, "invalid"),
        ({"axis": "tempo"}, 400, "invalid"),
        ({"axis": "speechiness"}, 400, "invalid"),
        ({"track": 10**9}, 404, "not_found"),
        ({"user": "sol"}, 403, "not_your_own"),
        ({"mood": "good"}, 400, "invalid"),
    ],
)
def test_rest_refuses(rin: User, sol: User, track: Track, changes: dict[str, Any], status: int, code: str) -> None:
    body = {"track": track.pk, "axis": "energy", "value": 0.8} | changes
    refused(caller_of(rin).post("labels", body), status, code)
    assert not Label.objects.exists()


def test_rest_asks_for_a_caller_and_the_service_names_a_member(
    rin: User, track: Track, visitor: Caller, service: Caller
) -> None:
    body = {"track": track.pk, "axis": "energy", "value": 0.8}
    refused(visitor.post("labels", body), 401, "not_authenticated")
    refused(service.post("labels", body), 400, "invalid")
    assert service.post("labels", {**body, "user": "rin"}).status_code == 201
    assert features_for(rin, [track.pk])[track.pk]["energy"] == 0.8


def test_rest_scores_a_track_anew_from_what_is_stored(rin: User, visitor: Caller, monday: datetime) -> None:
    track = TrackFactory()
    measured, heads = sound("frantic orchestral")
    AudioFile.objects.create(
        path="a.ogg", n_bytes=1, modified_at=monday, seen_at=monday, track=track, measured=measured.as_json(),
        measured_version="any", measured_at=monday,
    )  # fmt: skip
    TrackEmbedding.objects.create(
        track=track, model="musicnn", version="1", dimensions=1, vector=b"\0" * 4, tags=heads, computed_at=monday
    )
    tag("happy", track=track)
    refused(visitor.post(f"score/track/{track.pk}"), 401, "not_authenticated")
    answer = caller_of(rin).post(f"score/track/{track.pk}")
    assert answer.status_code == 200, answer.content
    axes = {each["axis"]: each for each in answer.json()["axes"]}
    assert axes["energy"]["source"] == "audio"
    assert axes["loudness"]["value"] == pytest.approx(measured.loudness_lufs, abs=1e-4)
    assert axes["valence"]["source"] in ("audio", "tags")
    assert TrackFeatures.objects.get(track=track).energy == axes["energy"]["value"]
    assert caller_of(rin).post(f"score/track/{track.pk}").json() == answer.json()
    refused(caller_of(rin).post("score/track/999999"), 404, "not_found")


def test_scoring_a_track_of_which_nothing_is_stored_says_nothing(rin: User, monday: datetime) -> None:
    track = TrackFactory()
    assert caller_of(rin).post(f"score/track/{track.pk}").json() == {"track": track.pk, "axes": []}
    odd = AudioFile.objects.create(
        path="b.ogg", n_bytes=1, modified_at=monday, seen_at=monday, track=track, measured={"seconds": 3},
        measured_version="old", measured_at=monday,
    )  # fmt: skip
    assert score(track=track, now=monday) == {}
    assert odd.track_id == track.pk


def test_demo_tracks_keep_what_was_invented_for_them(monday: datetime) -> None:
    track = TrackFactory(is_demo=True)
    tag("punk", track=track)
    assert score(track=track, now=monday) == {}
    assert not TrackTotal.objects.exists()
