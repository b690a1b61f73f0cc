"""The page of imports in a real browser: how it looks, that it refreshes itself, that it needs no JavaScript."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils import timezone
from django_q.models import OrmQ

from listening.importing import deciding
from listening.importing.tasks import go_on
from listening.models import ImportBatch, ListenEvent
from listening.tests.bringing import State, as_json, bring, fresh, imported, looked_at, stream, undone
from sidetrack.tests.browser import Browse, check_looks
from social.models import User

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HERE = "/settings/imports/"
LONG = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch_Streaming_History_Audio_2019-2021_3.json"


def entries(n: int, first: int = 0) -> bytes:
    kinds = [{}, {"incognito_mode": True}, {"ms_played": 900, "skipped": True}, {"master_metadata_track_name": None}]
    return as_json(
        [stream(first + number, **kinds[min(number % 11, 3)] if number % 11 < 4 else {}) for number in range(n)]
    )


@pytest.fixture
def pages(rin: User) -> dict[str, str]:
    """An import in each state, by state, with the address of its page."""
    made = {
        "done": imported(rin, entries(40), name="my_spotify_data.zip"),
        "undone": undone(imported(rin, entries(30, 100))),
        "failed": looked_at(rin, b"<!doctype html>", name="export.html"),
        "previewed": looked_at(rin, entries(50), name=LONG),
    }
    running = looked_at(rin, entries(60, 200), name="endsong_7.json")
    deciding.confirm(batch=running, now=timezone.now())
    ImportBatch.objects.filter(pk=running.pk).update(state=State.RUNNING, share_read=0.42, n_lines=25_000, n_new=20_000)
    stopped = ImportBatch.objects.create(
        user=rin, file_name="old.csv", state=State.STOPPED, share_read=0.7, file="imports/x", n_new=3, n_lines=3,
        created_at=timezone.now(),
    )  # fmt: skip
    found = {state: f"{HERE}{batch.pk}/" for state, batch in made.items()}
    return found | {"running": f"{HERE}{running.pk}/", "stopped": f"{HERE}{stopped.pk}/"}


@pytest.mark.parametrize("state", ["list", "done", "undone", "failed", "previewed", "running", "stopped"])
def test_each_page_looks_right(pages: dict[str, str], rin: User, browse: Browse, state: str) -> None:
    check_looks(browse, pages.get(state, HERE), member=rin)


def work_off() -> None:
    """What a worker does with the jobs that wait."""
    for row in OrmQ.objects.order_by("id"):
        task = row.task
        row.delete()
        go_on(*task["args"])


def test_the_whole_way_without_javascript(rin: User, browse: Browse, tmp_path: Path) -> None:
    (tmp_path / "endsong_0.json").write_bytes(entries(20))
    page = browse(member=rin, javascript=False)
    page.goto(HERE)
    page.set_input_files("input[type=file]", tmp_path / "endsong_0.json")
    page.get_by_role("button", name="Look at it").click()
    page.get_by_role("heading", name="Being looked at").wait_for()
    work_off()
    page.get_by_role("link", name="Show how far it is").click()
    page.get_by_role("button", name="Import 14 listens").click()
    page.get_by_role("heading", name="Waiting for its turn").wait_for()
    work_off()
    page.reload()
    page.get_by_role("heading", name="What it brought").wait_for()
    assert ListenEvent.objects.filter(user=rin).count() == 14
    page.get_by_text("Take it all back").click()
    page.get_by_role("button", name="Yes, take it back").click()
    page.get_by_role("heading", name="Being taken back").wait_for()
    work_off()
    page.reload()
    page.get_by_text("All that this file brought was taken back.").wait_for()
    assert not ListenEvent.objects.exists()
    page.get_by_role("button", name="Remove from the list").click()
    page.get_by_text("Nothing yet.").wait_for()


def test_the_report_comes_by_itself_where_there_is_javascript(rin: User, browse: Browse) -> None:
    batch = bring(rin, entries(20))
    page = browse(member=rin)
    page.goto(f"{HERE}{batch.pk}/")
    page.get_by_role("heading", name="Being looked at").wait_for()
    go_on(batch.pk)
    page.get_by_role("button", name="Import 14 listens").wait_for()
    assert fresh(batch).state == State.PREVIEWED
