"""Times of which a member wants nothing stored."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from listening import corrections, private_times
from listening.ingest import ingest
from listening.models import IncognitoRange, ListenEvent, NowPlaying, RemovedListen
from listening.now_playing import now_playing
from listening.plays import Play, Reason
from listening.tests.plays import prove
from sidetrack.tests.browser import Browse, check_looks
from social.errors import Refused
from social.models import User

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 11, 20, 21, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
PAGE = "/settings/listens/private/"


@pytest.fixture
def as_rin(client: Client, rin: User) -> Client:
    client.force_login(rin)
    return client


def at(moment: datetime, title: str = "Lullaby") -> Play:
    return Play(moment, "Low", title)


def test_from_now_on_nothing_is_stored_until_the_member_says_so(rin: User) -> None:
    now_playing(user=rin, source="scrobbler", artist="Low", title="Words", now=NOW - HOUR / 60)
    private_times.keep_private(user=rin, starts_at=NOW, ends_at=None, now=NOW)
    assert not NowPlaying.objects.filter(user=rin).exists()
    later = NOW + 2 * HOUR
    assert private_times.let_in_again(user=rin, now=later)
    assert not private_times.let_in_again(user=rin, now=later)
    plays = [at(NOW - HOUR), at(NOW + HOUR), at(later + HOUR / 60)]
    outcome = ingest(user=rin, source="scrobbler", plays=plays, now=later + HOUR)
    assert (outcome.n_new, [each.reason for each in outcome.skipped]) == (2, [Reason.PRIVATE_TIME])


def test_stored_plays_of_that_time_go_only_when_asked_for_and_can_come_back(rin: User) -> None:
    ingest(user=rin, source="scrobbler", plays=[at(NOW - 3 * HOUR), at(NOW - HOUR, "Words")], now=NOW)
    between = {"starts_at": NOW - 2 * HOUR, "ends_at": NOW}
    assert private_times.keep_private(user=rin, **between, now=NOW).n_removed == 0
    assert private_times.keep_private(user=rin, **between, removes_stored=True, now=NOW).n_removed == 1
    assert [each.track.title for each in ListenEvent.objects.filter(user=rin)] == ["Lullaby"]
    prove(rin)
    removed = RemovedListen.objects.get(user=rin)
    assert corrections.restore(user=rin, removed_ids=[removed.pk], now=NOW) == 1
    prove(rin)


def test_times_that_touch_become_one_and_the_same_again_changes_nothing(rin: User, sol: User) -> None:
    private_times.keep_private(user=sol, starts_at=NOW, ends_at=None, now=NOW)
    first = private_times.keep_private(user=rin, starts_at=NOW, ends_at=NOW + HOUR, now=NOW).range
    again = private_times.keep_private(user=rin, starts_at=NOW, ends_at=NOW + HOUR, now=NOW).range
    assert again.pk == first.pk
    private_times.keep_private(user=rin, starts_at=NOW + 3 * HOUR, ends_at=NOW + 4 * HOUR, now=NOW)
    private_times.keep_private(user=rin, starts_at=NOW + HOUR, ends_at=NOW + 2 * HOUR, now=NOW)
    ranges = IncognitoRange.objects.filter(user=rin).order_by("starts_at").values_list("starts_at", "ends_at")
    assert list(ranges) == [(NOW, NOW + 2 * HOUR), (NOW + 3 * HOUR, NOW + 4 * HOUR)]
    private_times.keep_private(user=rin, starts_at=NOW - HOUR, ends_at=None, now=NOW)
    assert IncognitoRange.objects.get(user=rin).ends_at is None


def test_an_end_before_the_start_and_too_many_times_are_refused(rin: User) -> None:
    with pytest.raises(Refused, match="ends before it begins"):
        private_times.keep_private(user=rin, starts_at=NOW, ends_at=NOW, now=NOW)
    IncognitoRange.objects.bulk_create(
        IncognitoRange(user=rin, starts_at=NOW + n * 2 * HOUR, ends_at=NOW + (n * 2 + 1) * HOUR)
        for n in range(private_times.MOST)
    )
    with pytest.raises(Refused, match="more times"):
        private_times.keep_private(user=rin, starts_at=NOW - 9 * HOUR, ends_at=NOW - 8 * HOUR, now=NOW)


def test_nobody_else_can_end_or_remove_them(as_rin: Client, rin: User, sol: User) -> None:
    theirs = private_times.keep_private(user=sol, starts_at=NOW, ends_at=None, now=NOW).range
    as_rin.post(f"{PAGE}{theirs.pk}/forget/")
    as_rin.post(f"{PAGE}end/")
    theirs.refresh_from_db()
    assert theirs.ends_at is None
    assert Client().get(PAGE)["Location"].startswith("/accounts/login/")


def test_the_page_begins_ends_adds_and_removes(as_rin: Client, rin: User) -> None:
    rin.timezone = "Europe/Berlin"
    rin.save()
    with time_machine.travel(NOW, tick=False):
        as_rin.post(f"{PAGE}begin/", {"hours": "4"})
        assert IncognitoRange.objects.get(user=rin).ends_at == NOW + 4 * HOUR
        assert "Private until" in as_rin.get(PAGE).content.decode()
    with time_machine.travel(NOW + HOUR, tick=False):
        as_rin.post(f"{PAGE}end/")
        assert "Your plays are stored." in as_rin.get(PAGE).content.decode()
        wrong = as_rin.post(f"{PAGE}add/", {"starts_at": "2025-11-19T20:00", "ends_at": "2025-11-19T19:00"})
        assert "It ends before it begins." in wrong.content.decode()
        ingest(user=rin, source="scrobbler", plays=[at(datetime(2025, 11, 19, 19, 30, tzinfo=UTC))], now=NOW)
        form = {"starts_at": "2025-11-19T20:00", "ends_at": "2025-11-19T21:00", "removes_stored": "on"}
        page = as_rin.post(f"{PAGE}add/", form, follow=True).content.decode()
        assert "1 stored row was taken out." in page
    added = IncognitoRange.objects.get(user=rin, starts_at=datetime(2025, 11, 19, 19, 0, tzinfo=UTC))
    as_rin.post(f"{PAGE}{added.pk}/forget/")
    assert not IncognitoRange.objects.filter(pk=added.pk).exists()


@pytest.mark.parametrize(("zone", "day"), [("Europe/Berlin", "0001-01-01"), ("America/New_York", "9999-12-31")])
def test_a_time_that_no_clock_reaches_is_refused_in_words(as_rin: Client, rin: User, zone: str, day: str) -> None:
    rin.timezone = zone
    rin.save()
    wrong = as_rin.post(f"{PAGE}add/", {"starts_at": f"{day}T00:30", "ends_at": f"{day}T23:30"})
    assert "Write the time as" in wrong.content.decode()
    assert not IncognitoRange.objects.exists()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_page_is_whole_in_both_themes_and_on_a_phone(browse: Browse, rin: User) -> None:
    private_times.keep_private(user=rin, starts_at=NOW - 9 * HOUR, ends_at=NOW - 8 * HOUR, now=NOW)
    check_looks(browse, PAGE, rin)
