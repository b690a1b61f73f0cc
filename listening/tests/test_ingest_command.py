"""`manage.py ingest` reads accounts and files where it stands, and says what came of each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from listening.models import ListenEvent, SyncState
from listening.tests.fake_lastfm import FakeLastfm, Scrobble, error
from social.identity import link_identity
from social.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def fake(settings: Any) -> Iterator[FakeLastfm]:
    played = int((timezone.now() - timedelta(hours=2)).timestamp())
    fake = FakeLastfm(scrobbles=[Scrobble(played, "Portishead", "Roads", "Dummy")])
    with fake.running() as server:
        settings.LASTFM_URL, settings.LASTFM_API_KEY, settings.LASTFM_RATE_LIMIT = server.url, "key", 0
        yield fake


@pytest.fixture
def members(rin: User, sol: User, fake: FakeLastfm) -> None:
    for member in (rin, sol):
        link_identity(user=member, provider="lastfm", provider_user_id=f"{member.handle}_fm", now=timezone.now())


def ingest(*arguments: str) -> str:
    out = StringIO()
    call_command("ingest", *arguments, stdout=out, stderr=out)
    return out.getvalue()


@pytest.mark.usefixtures("members")
def test_without_arguments_it_reads_the_accounts_that_are_due() -> None:
    said = ingest()
    assert "rin, Last.fm (rin_fm): 1 play read: 1 new." in said
    assert "sol, Last.fm (sol_fm): 1 play read: 1 new." in said
    assert ListenEvent.objects.count() == 2
    assert ingest() == "No account is due.\n"


@pytest.mark.usefixtures("members")
def test_one_bad_account_stops_no_other(fake: FakeLastfm) -> None:
    fake.users = {"sol_fm"}
    said = ingest()
    assert "Last.fm knows nobody called “rin_fm”" in said
    assert "sol, Last.fm (sol_fm): 1 play read: 1 new." in said
    assert "1 of 2 accounts had a problem." in said


@pytest.mark.usefixtures("members")
def test_a_named_member_is_read_whether_due_or_not(fake: FakeLastfm) -> None:
    ingest()
    now = int(timezone.now().timestamp()) - 60
    fake.scrobbles.append(Scrobble(now, "Portishead", "Glory Box"))
    said = ingest("--user", "@Rin")
    assert "1 new" in said
    assert "sol" not in said


@pytest.mark.usefixtures("members")
def test_a_member_that_had_stopped_is_read_again_when_named(fake: FakeLastfm) -> None:
    fake.failures = [error(17)]
    ingest("--user", "rin")
    assert SyncState.objects.get(user__handle="rin").status == "private"
    assert "1 new" in ingest("--user", "rin")


@pytest.mark.usefixtures("members")
def test_an_earlier_start_is_read_again(fake: FakeLastfm) -> None:
    ingest()
    fake.asked.clear()
    ingest("--user", "rin", "--since", "2025-11-01")
    begins = [int(asked["from"]) for asked in fake.asked if "from" in asked]
    assert begins
    assert max(begins) <= datetime(2025, 11, 1, tzinfo=UTC).timestamp()


@pytest.mark.usefixtures("members")
def test_a_service_that_is_off_names_its_variable(settings: Any) -> None:
    settings.LASTFM_API_KEY = ""
    with pytest.raises(CommandError, match="set LASTFM_API_KEY"):
        ingest("--source", "lastfm")
    assert "Last.fm is off: set LASTFM_API_KEY." in ingest("--user", "rin")
    assert ingest() == "No account is due.\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--user", "nobody"], "There is no member nobody."),
        (["--since", "2025-11-01"], "--since needs --user."),
        (["--user", "rin", "--since", "yesterday"], "yesterday is no date"),
        (["some-file.zip"], "Name a member"),
        (["some-file.zip", "--user", "rin"], "some-file.zip"),
    ],
)
@pytest.mark.usefixtures("members")
def test_what_makes_no_sense_is_refused_in_words(arguments: list[str], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        ingest(*arguments)


def test_a_member_without_accounts_is_told(rin: User) -> None:
    assert ingest("--user", "rin") == "rin has no account to read.\n"


def test_a_file_is_read_for_its_member(rin: User, tmp_path: Path) -> None:
    file = tmp_path / "rin.jsonl"
    line = '{"listened_at": 1762765200, "track_metadata": {"artist_name": "Portishead", "track_name": "Roads"}}\n'
    file.write_text(line, encoding="utf-8")
    assert "1 new (nothing is written yet)" in ingest(str(file), "--user", "rin", "--dry-run")
    assert not ListenEvent.objects.exists()
    ingest(str(file), "--user", "rin")
    assert ListenEvent.objects.get().user == rin
