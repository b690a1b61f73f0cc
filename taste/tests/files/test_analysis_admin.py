"""The operators' pages: how far the analysis is, and which file is which track."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.models import Track
from catalog.tests.factories import TrackFactory
from listening.models import TrackTotal
from social.models import ModerationAction, User
from taste.audio import due
from taste.audio.coverage import coverage
from taste.audio.scanning import scan
from taste.models import AnalysisSettings, AudioFile, TrackFeatures
from taste.tests.files.music import write

pytestmark = pytest.mark.django_db
PAGE, FILES = "/admin/taste/analysissettings/1/change/", "/admin/taste/audiofile/"
NOW = timezone.now()


@pytest.fixture(autouse=True)
def only_dsp(settings: Any) -> None:
    settings.EMBEDDING_MODEL = ["dsp-v1", "musicnn"]


@pytest.fixture
def operator(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("operator", "correct horse battery"))
    return client


@pytest.fixture
def moderator(mod: User) -> Client:
    client = Client()
    client.force_login(mod)
    return client


def a_file(path: str = "secret place/a.ogg", **more: Any) -> AudioFile:
    facts = {"n_bytes": 1, "modified_at": NOW, "seen_at": NOW, "content_hash": path, **more}
    return AudioFile.objects.create(path=path, **facts)


def test_the_page_says_how_far_the_analysis_is(operator: Client, music: Path, rin: User) -> None:
    known, unknown = TrackFactory(), TrackFactory()
    for track, n in ((known, 3), (unknown, 1)):
        TrackTotal.objects.create(user=rin, track=track, n_listens=n, first_at=NOW, last_at=NOW)
    TrackFeatures.objects.create(track=known, energy=0.5, sources={"energy": "audio"}, updated_at=NOW)
    TrackFeatures.objects.create(track=unknown, updated_at=NOW)
    a_file(problem="It is broken.", track=known, measured_version=due.plan_now().version)
    a_file("b.ogg", no_match_reason="Nobody here knows it.")
    a_file("c.ogg", track=unknown)
    page = operator.get("/admin/taste/analysissettings/", follow=True).content.decode()
    assert "50 % (1 of 2)" in page
    assert "75 % (3 of 4)" in page
    assert "1 file to be analysed" in page
    assert "secret place/a.ogg</a>: It is broken." in page
    assert "b.ogg</a>: Nobody here knows it." in page
    assert "run manage.py fetch_models" in page


def test_without_a_folder_the_page_says_what_to_set(operator: Client, settings: Any) -> None:
    settings.AUDIO_ROOT = ""
    AnalysisSettings.objects.create(pk=1)
    assert "AUDIO_ROOT is not set" in operator.get(PAGE).content.decode()


def test_nobody_plays_anything_yet(db: None) -> None:
    assert (coverage().tracks.percent, coverage().plays.percent) == (None, None)


def test_an_operator_pauses_and_overrides_and_the_log_says_so(operator: Client, music: Path) -> None:
    AnalysisSettings.objects.create(pk=1)
    given = {"is_paused": "on", "embedding_models": "dsp-v1", "device": "cpu", "uses_stems": "unknown",
             "excerpt_seconds": "60", "jobs_at_once": ""}  # fmt: skip
    assert operator.post(PAGE, given).status_code == 302
    switches = due.plan_now().switches
    assert (switches.is_paused, switches.device, switches.excerpt_seconds) == (True, "cpu", 60)
    action = ModerationAction.objects.get()
    assert (action.verb, action.after["is_paused"]) == ("change_analysis", True)
    assert "paused" in operator.get(PAGE).content.decode()


def test_a_moderator_reads_the_page_without_paths_and_changes_nothing(moderator: Client, music: Path) -> None:
    AnalysisSettings.objects.create(pk=1)
    file = a_file(problem="It is broken.")
    page = moderator.get(PAGE)
    assert page.status_code == 200
    assert "1 file cannot be read; operators see which." in page.content.decode()
    assert "secret place" not in page.content.decode()
    assert moderator.post(PAGE, {"is_paused": "on"}).status_code == 403
    for address in (FILES, f"{FILES}{file.pk}/change/", f"{FILES}{file.pk}/match/"):
        assert moderator.get(address).status_code in (302, 403, 404)


def test_members_and_visitors_see_none_of_it(client: Client, rin: User) -> None:
    for _ in range(2):
        assert client.get(PAGE).status_code == 302
        assert client.get(FILES).status_code == 302
        client.force_login(rin)


def test_an_operator_matches_a_file_by_hand_and_takes_it_back(operator: Client, music: Path) -> None:
    track, file = TrackFactory(title="Jóga"), a_file(no_match_reason="Nobody here knows it.")
    address = f"{FILES}{file.pk}"
    assert "Match by hand" in operator.get(f"{address}/change/").content.decode()
    assert operator.get(f"{address}/match/").status_code == 200
    assert operator.post(f"{address}/match/", {"track": track.pk, "reason": "I know it"}).status_code == 302
    file.refresh_from_db()
    assert (file.track, file.matched_by, file.no_match_reason) == (track, "hand", "")
    assert operator.post(f"{address}/unmatch/", {"reason": "It is a cover."}).status_code == 302
    file.refresh_from_db()
    assert (file.track, file.no_match_reason) == (None, "It is a cover.")
    verbs = list(ModerationAction.objects.order_by("pk").values_list("verb", "label"))
    assert [verb for verb, _ in verbs] == ["match_file", "unmatch_file"]
    assert all("secret" not in label for _, label in verbs)


def test_files_are_matched_and_analysed_again_by_hand(operator: Client, music: Path, jobs: Any) -> None:
    write(music / "a.ogg", artist="Björk", title="Jóga")
    scan(music)
    track: Track = TrackFactory(title="Jóga", artist__name="Björk")
    file = AudioFile.objects.get()
    chosen = {"_selected_action": [file.pk]}
    answer = operator.post(FILES, {**chosen, "action": "match_again"}, follow=True)
    assert "1 of 1 files have a track now." in answer.content.decode()
    assert AudioFile.objects.get().track == track
    AudioFile.objects.update(problem="broken", measured_version="1")
    answer = operator.post(FILES, {**chosen, "action": "analyse_again"}, follow=True)
    assert "1 file is analysed by the next jobs." in answer.content.decode()
    assert [name for name, _ in jobs.queued()] == ["taste.audio.tasks.analyse_files"]
    jobs.run()
    assert TrackFeatures.objects.filter(track=track, loudness__isnull=False).exists()


@pytest.mark.parametrize("state", ["unmatched", "failed", "due", "analysed", "gone"])
def test_the_list_answers_operators_questions(operator: Client, music: Path, state: str) -> None:
    track = TrackFactory()
    a_file("unmatched", no_match_reason="Nobody here knows it.")
    plan = due.plan_now()
    a_file("failed", track=TrackFactory(), problem="It is broken.", measured_version=plan.version)
    a_file("due", track=track)
    a_file("gone", gone_at=NOW, track=track)
    a_file("analysed", track=TrackFactory(), measured_version=plan.version, heard_by=f"|{'|'.join(plan.tokens)}|")
    page = operator.get(FILES, {"state": state})
    found = {file.path for file in page.context["cl"].result_list}
    assert found == {state}


@pytest.mark.parametrize("address", [PAGE, FILES])
def test_queries_do_not_grow_with_files(operator: Client, music: Path, address: str) -> None:
    AnalysisSettings.objects.create(pk=1)

    def queries(n: int) -> int:
        for number in range(n):
            a_file(f"{n}-{number}", track=TrackFactory(), problem="It is broken.")
            a_file(f"{n}-{number}-", no_match_reason="Nobody here knows it.")
        with CaptureQueriesContext(connection) as caught:
            assert operator.get(address).status_code == 200
        return len(caught)

    queries(1)
    assert queries(2) == queries(20)
