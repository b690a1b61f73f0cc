"""Who hides their page, or a time, is read nowhere; suspended members change nothing that others read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.models import Track
from listening import corrections
from listening.ingest import ingest
from listening.models import Correction, ImportBatch, IncognitoRange, ListenEvent, ListenToken, RemovedListen
from listening.now_playing import now_playing
from listening.tests.plays import EVENING, play
from listening.tests.programs import Program, program_of
from listening.tokens import make_token
from social.models import User
from social.tests.callers import caller_of
from social.visibility import Visibility, is_visible_to

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 11, 11, 9, 0, tzinfo=UTC)
READ_BY_PROGRAMS = [
    "user/rin/listens",
    "user/rin/listen-count",
    "user/rin/playing-now",
    "latest-import?user_name=rin",
    "feedback/user/rin/get-feedback",
    "stats/user/rin/artists",
    "stats/user/rin/releases",
    "stats/user/rin/recordings",
    "stats/user/rin/listening-activity",
    "user/rin/followers",
    "user/rin/following",
]


@pytest.fixture(autouse=True)
def _in_the_morning() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def heard(rin: User) -> ListenEvent:
    ingest(user=rin, source="scrobbler", plays=[play()], now=NOW)
    return ListenEvent.objects.get()


@pytest.mark.parametrize("path", READ_BY_PROGRAMS)
def test_who_hides_their_page_is_unknown_to_programs_too(rin: User, sol: User, heard: ListenEvent, path: str) -> None:
    User.objects.filter(pk=rin.pk).update(listens_visibility=Visibility.PUBLIC)
    for level, status in ((Visibility.PUBLIC, 200), (Visibility.ME, 404)):
        User.objects.filter(pk=rin.pk).update(visibility=level)
        for program in (Program(), program_of(sol, NOW)):
            assert program.get(path).status_code == status, level


def test_music_that_plays_on_into_a_private_time_is_shown_nowhere(
    rin: User, sol: User, heard: ListenEvent, client: Client
) -> None:
    begun = NOW - timedelta(minutes=20)
    now_playing(user=rin, source="scrobbler", artist="Low", title="Secret", duration_ms=3_600_000, now=begun)
    client.force_login(sol)
    pages = ["/@rin/", "/@rin/listening/", "/@rin/listens/", "/community/", "/", "/1/user/rin/playing-now"]
    token = program_of(sol, NOW).headers
    shown = [page for page in pages if "Secret" in client.get(page, headers=token).content.decode()]
    assert shown == pages
    IncognitoRange.objects.create(user=rin, starts_at=NOW - timedelta(minutes=10))
    shown = [page for page in pages if "Secret" in client.get(page, headers=token).content.decode()]
    assert shown == []


def test_music_is_shown_again_once_the_private_time_is_over(rin: User, heard: ListenEvent) -> None:
    IncognitoRange.objects.create(user=rin, starts_at=NOW - timedelta(hours=2), ends_at=NOW - timedelta(minutes=30))
    now_playing(user=rin, source="scrobbler", artist="Low", title="Monkey", now=NOW)
    assert program_of(rin, NOW).get("user/rin/playing-now").json()["payload"]["count"] == 1


def test_suspended_members_give_nothing_another_name_and_no_other_time(
    rin: User, heard: ListenEvent, client: Client
) -> None:
    User.objects.filter(pk=rin.pk).update(suspended_at=NOW - timedelta(days=1))
    client.force_login(rin)
    renamed = client.post(
        f"/settings/listens/{heard.pk}/names/", {"artist": "Rude", "title": "Words", "album": "For everybody"}
    )
    moved = client.post(f"/settings/listens/{heard.pk}/move/", {"played_at": "2025-11-09T08:00"})
    assert (renamed.status_code, moved.status_code) == (400, 400)
    assert "You are suspended" in renamed.content.decode()
    assert not Track.objects.filter(title="Words").exists()
    heard.refresh_from_db()
    assert heard.played_at == EVENING


@pytest.mark.parametrize("area", ["visibility", "listens_visibility"])
def test_a_listen_is_as_hidden_as_its_members_page(rin: User, sol: User, heard: ListenEvent, area: str) -> None:
    assert is_visible_to(heard, sol)
    User.objects.filter(pk=rin.pk).update(**{area: Visibility.ME})
    assert not is_visible_to(heard, sol)
    assert is_visible_to(heard, rin)


def test_nobody_touches_what_is_another_members(rin: User, sol: User, heard: ListenEvent, client: Client) -> None:
    ingest(user=rin, source="scrobbler", plays=[play(10, "Numb"), play(20, "Over")], now=NOW)
    numb, over = (ListenEvent.objects.get(track__title=title) for title in ("Numb", "Over"))
    corrections.delete_listens(user=rin, listen_ids=[numb.pk], now=NOW)
    said = corrections.not_music(user=rin, msid=over.msid, now=NOW)
    batch = ImportBatch.objects.create(user=rin, file_name="a.json", state=ImportBatch.State.PREVIEWED, created_at=NOW)
    token, _ = make_token(user=rin, name="Pano", now=NOW)
    before = _all_of(rin)
    client.force_login(sol)
    form = {"artist": "Low", "title": "Words", "played_at": "2025-11-09T08:00", "removed": list(_removed(rin))}
    for path in (
        *(f"imports/{batch.pk}/{verb}/" for verb in ("confirm", "stop", "resume", "undo", "forget")),
        *(f"listens/{heard.pk}/{verb}/" for verb in ("apart", "delete", "move", "names", "not-music")),
        f"listens/unresolved/{heard.track_id}/not-music/",
        f"listens/corrections/{said.pk}/undo/",
        "listens/restore/",
        f"connections/tokens/{token.pk}/revoke/",
    ):
        assert client.post(f"/settings/{path}", form).status_code in (302, 404), path
    assert _all_of(rin) == before
    for path in (f"imports/{batch.pk}/", f"imports/{batch.pk}/report/", f"listens/{heard.pk}/"):
        assert client.get(f"/settings/{path}").status_code == 404, path


def _removed(member: User) -> set[int]:
    return set(RemovedListen.objects.filter(user=member).values_list("pk", flat=True))


def _all_of(member: User) -> list[object]:
    models = (ListenEvent, RemovedListen, Correction, ImportBatch, ListenToken)
    return [list(model._default_manager.filter(user=member).order_by("pk").values()) for model in models]


@pytest.mark.parametrize("ending", ["csv", "json"])
def test_search_engines_keep_no_table(rin: User, heard: ListenEvent, client: Client, ending: str) -> None:
    User.objects.filter(pk=rin.pk).update(visibility="public", listens_visibility="public", searchable=True)
    answer = client.get(f"/@rin/listening/artists.{ending}")
    assert (answer.status_code, answer["X-Robots-Tag"]) == (200, "noindex")


# --- Odd numbers and odd text ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("number", [str(2**63), "9" * 40, "9" * 5_000])
@pytest.mark.parametrize(
    "path",
    ["unresolved/{}/link/", "unresolved/{}/not-music/", "{}/apart/", "{}/delete/", "{}/names/", "corrections/{}/undo/"],
)
def test_a_number_that_no_row_has_is_not_found(rin: User, client: Client, path: str, number: str) -> None:
    client.force_login(rin)
    assert client.post(f"/settings/listens/{path.format(number)}").status_code == 404


@pytest.mark.parametrize("number", [str(2**63), "9" * 5_000, "١"])
def test_a_number_that_no_removed_play_has_is_passed_over(rin: User, client: Client, number: str) -> None:
    client.force_login(rin)
    assert client.post("/settings/listens/restore/", {"removed": [number]}).status_code == 302


@pytest.mark.parametrize("field", ["track", "artist", "album", "played_at", "recording_mbid", "colour\ud800"])
def test_half_a_surrogate_pair_in_rest_breaks_nothing(rin: User, field: str) -> None:
    listen = {"played_at": "2025-11-10T20:00:00Z", "track": "Roads", "artist": "Portishead", field: "Caf\ud800"}
    answer = caller_of(rin).post("listens/bulk", {"source": "manual", "listens": [listen]})
    counts = answer.json()
    assert (answer.status_code, counts["new"] + len(counts["skipped"])) == (200, 1)
    assert all("\ud800" not in each["reason"] for each in counts["skipped"])


def test_far_behind_the_end_of_a_top_list_nothing_is_read(rin: User, heard: ListenEvent) -> None:
    program = program_of(rin, NOW)
    with CaptureQueriesContext(connection) as asked:
        answer = program.get("stats/user/rin/artists", offset=10**12, count=1_000)
    assert answer.json()["payload"]["artists"] == []
    limits = [int(found) for query in asked for found in re.findall(r"LIMIT (\d+)", query["sql"])]
    assert max(limits) <= 11_000
