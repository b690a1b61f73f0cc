"""Taking listens along: the zip that ListenBrainz makes, from which the same listens come again."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from listening.exporting import listens_zip
from listening.ingest import ingest
from listening.models import Feedback, ListenEvent
from listening.plays import Play
from listening.tests.bringing import MORNING, adds_up, as_json, as_lines, imported, listen, stream
from social.models import User
from social.tests.factories import UserFactory

pytestmark = pytest.mark.django_db
HERE = "/settings/imports/listens.zip"


def exported(member: User) -> bytes:
    return b"".join(listens_zip(member, now=timezone.now()))


def files(content: bytes) -> dict[str, list[Any]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: [json.loads(line) for line in archive.read(name).splitlines()] for name in archive.namelist()}


def heard(member: User) -> list[tuple[object, ...]]:
    rows = ListenEvent.objects.filter(user=member, duplicate_of__isnull=True).order_by("played_at", "track")
    return list(rows.values_list("played_at", "track", "artist", "album", "ms_played"))


def play(text: str, **fields: Any) -> Play:
    return Play(
        datetime.fromisoformat(text).replace(tzinfo=UTC), **{"artist": "Sigur Rós", "title": "Sæglópur"} | fields
    )


def test_a_month_is_a_file(rin: User) -> None:
    told = [
        play("2023-12-31 23:59:59"),
        play("2024-01-01 00:00:00", album="Takk…", ms_played=5_000),
        play("2024-03-05 10:00"),
    ]
    ingest(user=rin, source="lastfm", plays=told, now=timezone.now())
    found = files(exported(rin))
    assert list(found) == [
        "user.json", "listens/2023/12.jsonl", "listens/2024/1.jsonl", "listens/2024/3.jsonl", "feedback.jsonl",
    ]  # fmt: skip
    assert found["user.json"] == [{"user_id": rin.pk, "username": "rin"}]
    (january,) = found["listens/2024/1.jsonl"]
    assert january["listened_at"] == int(told[1].played_at.timestamp())
    about = january["track_metadata"]
    assert (about["artist_name"], about["track_name"], about["release_name"]) == ("Sigur Rós", "Sæglópur", "Takk…")
    assert about["additional_info"] == {
        "ms_played": 5_000, "listening_from": "lastfm", "submission_client": "Sidetrack",
    }  # fmt: skip


def test_another_account_hears_the_same_from_it(rin: User) -> None:
    imported(rin, as_json([stream(number) for number in range(40)]))
    imported(rin, as_lines([listen(number) for number in range(30, 60)]))
    various = play("2022-02-02 10:00", album="Hits", album_artist="Various Artists")
    ingest(user=rin, source="lastfm", plays=[various], now=timezone.now())
    ana = UserFactory(handle="ana")
    batch = imported(ana, exported(rin), name="sidetrack_rin.zip")
    assert (batch.file_format, batch.n_new, batch.n_known, adds_up(batch)) == ("listenbrainz", 61, 0, True)
    assert heard(ana) == heard(rin)
    assert files(exported(ana))["listens/2024/3.jsonl"][0]["listened_at"] == int(MORNING.timestamp())


def test_ones_own_export_brings_nothing_that_counts(rin: User) -> None:
    imported(rin, as_json([stream(number) for number in range(40)]))
    before = heard(rin)
    batch = imported(rin, exported(rin))
    assert (batch.n_new, batch.n_duplicates) == (0, 40)
    assert sorted(row[:4] for row in heard(rin)) == sorted(row[:4] for row in before)


def test_loved_tracks_come_along(rin: User) -> None:
    imported(rin, as_json([stream(0)]))
    track = ListenEvent.objects.get().track
    Feedback.objects.create(user=rin, track=track, score=1, created_at=MORNING)
    (line,) = files(exported(rin))["feedback.jsonl"]
    assert (line["score"], line["created"]) == (1, int(MORNING.timestamp()))
    assert line["track_metadata"] == {"artist_name": "Artist 0", "track_name": "Song 0"}


def test_nothing_heard_is_an_export_too(rin: User) -> None:
    assert list(files(exported(rin))) == ["user.json", "feedback.jsonl"]


def test_only_ones_own(rin: User, sol: User) -> None:
    imported(sol, as_json([stream(0)]))
    assert list(files(exported(rin))) == ["user.json", "feedback.jsonl"]


def test_a_thousand_listens_of_a_month_are_one_question(rin: User) -> None:
    imported(rin, as_json([stream(number) for number in range(1_000)]))
    with CaptureQueriesContext(
        connection,
    ) as asked:
        exported(rin)
    assert len(asked) <= 5


def test_the_page_sends_it_as_it_is_made(client: Client, rin: User) -> None:
    imported(rin, as_json([stream(0)]))
    client.force_login(rin)
    answer = client.get(HERE)
    assert answer.streaming
    assert answer["Content-Disposition"].startswith('attachment; filename="sidetrack_rin_')
    assert "no-store" in answer["Cache-Control"]
    assert "listens/2024/3.jsonl" in files(answer.getvalue())
    for _ in range(5):
        client.get(HERE).getvalue()
    assert client.get(HERE)["Location"] == "/settings/imports/"
