"""Jobs and commands of the catalogue: what is due is queued once, done, and told in a line."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from catalog import tasks
from catalog.models import Album
from catalog.models.resolution import Resolution
from catalog.naming import get_or_create_album
from catalog.tests.factories import AlbumFactory
from catalog.tests.musicbrainz_double import MusicBrainzDouble, release, release_group
from sidetrack.tests.local_server import Answer, serving

pytestmark = pytest.mark.django_db


def test_a_nominated_name_is_identified_by_the_job_it_queues(
    musicbrainz: MusicBrainzDouble, jobs: Any, django_capture_on_commit_callbacks: Any
) -> None:
    musicbrainz.add(release_group("Blue", "Joni Mitchell", date="1971"), release("Blue", date="1971"))
    with django_capture_on_commit_callbacks(execute=True):
        album, _ = get_or_create_album(title="blue", artist="joni mitchell")
    assert musicbrainz.server.asked == []
    assert jobs.run() == [f"Album {album.pk}: Matched."]
    album.refresh_from_db()
    assert album.title == "Blue"


def test_the_sweep_queues_what_is_due_and_nothing_twice(jobs: Any) -> None:
    now = timezone.now()
    due = [AlbumFactory(), AlbumFactory(resolution=Resolution.NO_MATCH, next_try_at=now - timedelta(minutes=1))]
    AlbumFactory(resolution=Resolution.NO_MATCH, next_try_at=now + timedelta(hours=1))
    AlbumFactory(resolution=Resolution.MATCHED)
    AlbumFactory(is_demo=True)
    AlbumFactory(merged_into=due[0])
    assert tasks.identify_due() == "Queued 2 albums to identify."
    assert tasks.identify_due() == "Queued 0 albums to identify."
    assert {args for _, args in jobs.queued()} == {(album.pk,) for album in due}


def test_a_job_for_an_album_that_is_gone_says_so() -> None:
    assert tasks.identify(999_999) == "Album 999999 is gone."
    assert tasks.cover(999_999) == "Album 999999 is gone."


def test_a_job_on_a_service_that_is_down_does_not_fail(musicbrainz: MusicBrainzDouble) -> None:
    musicbrainz.is_down = True
    album = AlbumFactory()
    assert tasks.identify(album.pk).startswith(f"Album {album.pk} waits: MusicBrainz could not search the album")


def test_a_nonsensical_answer_is_a_line_in_the_log(settings: Any) -> None:
    settings.MUSICBRAINZ_RATE_LIMIT = 0.0
    with serving(Answer(body=b"<html>")) as server:
        settings.MUSICBRAINZ_URL = server.url
        assert "failed: MusicBrainz could not" in tasks.identify(AlbumFactory().pk)


def test_refresh_metadata_shows_its_progress(
    musicbrainz: MusicBrainzDouble, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.COVERART_URL = musicbrainz.server.url  # answers 404: no covers
    musicbrainz.add(release_group("Blue", "Joni Mitchell", date="1971"), release("Blue", date="1971"))
    AlbumFactory(title="blue", artist__name="Joni Mitchell", release_year=1971)
    AlbumFactory(title="Nobody knows it", artist__name="Nobody")
    AlbumFactory(resolution=Resolution.MATCHED)
    call_command("refresh_metadata")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "[1/2] Blue — Joni Mitchell: matched"
    assert lines[1] == "[2/2] Nobody knows it — Nobody: nothing found yet"
    assert lines[2] == "2 albums: 1 matched, 1 nothing found yet."
    call_command("refresh_metadata", Album.objects.get(title="Blue").slug, "--no-covers")
    assert "[1/1] Blue" in capsys.readouterr().out
    with pytest.raises(CommandError, match="no-such-slug"):
        call_command("refresh_metadata", "no-such-slug")
