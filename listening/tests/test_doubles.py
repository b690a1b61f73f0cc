"""Which rows are one play is told anew when the member says otherwise; totals always follow."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django_q.models import OrmQ
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from listening import doubles
from listening.ingest import ingest
from listening.models import ListenEvent
from listening.plays import Play
from listening.tasks import tell_duplicates_anew, tell_interrupted_duplicates_anew
from listening.tests.plays import EVENING, listener_of, play, prove
from social.errors import Refused
from social.models import User

pytestmark = pytest.mark.django_db
NOW = EVENING + timedelta(days=30)


def take_in(user: User, source: str, *plays: Play) -> None:
    ingest(user=user, source=source, plays=plays, now=NOW)


def standing_sources(user: User) -> list[str]:
    return list(ListenEvent.objects.filter(user=user).counted().order_by("played_at").values_list("source", flat=True))


def state(user: User) -> list[tuple[str, datetime, int | None]]:
    rows = ListenEvent.objects.filter(user=user).order_by("played_at", "source")
    return list(rows.values_list("source", "played_at", "duplicate_of"))


def test_telling_anew_what_is_told_right_changes_nothing(rin: User) -> None:
    take_in(rin, "lastfm", play(0), play(6, "Strangers"), play(12))
    take_in(rin, "spotify", play(0.3), play(6, "Strangers"))
    before, revision = state(rin), listener_of(rin).revision
    assert doubles.recompute(user=rin, now=NOW) == 0
    assert state(rin) == before
    assert listener_of(rin).revision == revision


def test_the_source_believed_first_stands_from_now_on(rin: User) -> None:
    take_in(rin, "spotify", play(0, ms_played=200_000), play(6, "Strangers"))
    take_in(rin, "lastfm", play(0.2), play(6.1, "Strangers"), play(30))
    assert standing_sources(rin) == ["spotify", "spotify", "lastfm"]
    assert doubles.choose_order(user=rin, order=["lastfm", "spotify"], now=NOW)
    assert standing_sources(rin) == ["lastfm"] * 3
    assert listener_of(rin).n_duplicates == 2
    assert listener_of(rin).ms_played == 0
    prove(rin)
    assert not doubles.choose_order(user=rin, order=["lastfm", "spotify"], now=NOW)
    doubles.choose_order(user=rin, order=["spotify"], now=NOW)
    assert standing_sources(rin) == ["spotify", "spotify", "lastfm"]
    prove(rin)


@pytest.mark.parametrize("order", [["spotify", "spotify"], ["winamp"]])
def test_an_order_names_each_known_source_once(rin: User, order: list[str]) -> None:
    with pytest.raises(Refused, match="each source once"):
        doubles.choose_order(user=rin, order=order, now=NOW)


def test_three_rows_of_one_play_stand_behind_the_same_one(rin: User) -> None:
    for source in ("lastfm", "listenbrainz", "spotify"):
        take_in(rin, source, play(0))
    doubles.choose_order(user=rin, order=["listenbrainz"], now=NOW)
    brainz = ListenEvent.objects.get(source="listenbrainz")
    assert set(brainz.duplicates.values_list("source", flat=True)) == {"lastfm", "spotify"}
    prove(rin)


def test_two_plays_stay_two_when_the_member_says_so(rin: User) -> None:
    take_in(rin, "spotify", play(0))
    take_in(rin, "lastfm", play(0.5))
    row = ListenEvent.objects.get(source="lastfm")
    assert doubles.keep_apart(user=rin, listen_id=row.pk, now=NOW)
    assert not doubles.keep_apart(user=rin, listen_id=row.pk, now=NOW)
    assert listener_of(rin).n_listens == 2
    doubles.recompute(user=rin, now=NOW)
    assert listener_of(rin).n_listens == 2
    prove(rin)
    assert doubles.keep_together(user=rin, listen_id=row.pk, now=NOW)
    assert standing_sources(rin) == ["spotify"]
    prove(rin)


def test_the_row_that_stands_is_kept_apart_from_those_behind_it(rin: User) -> None:
    for source in ("spotify", "lastfm", "maloja"):
        take_in(rin, source, play(0))
    doubles.keep_apart(user=rin, listen_id=ListenEvent.objects.get(source="spotify").pk, now=NOW)
    assert sorted(standing_sources(rin)) == ["lastfm", "spotify"]
    prove(rin)


def test_nobody_keeps_apart_what_is_another_s(rin: User, sol: User) -> None:
    take_in(rin, "lastfm", play(0))
    with pytest.raises(Refused, match="no longer here"):
        doubles.keep_apart(user=sol, listen_id=ListenEvent.objects.get().pk, now=NOW)


def test_a_play_is_told_by_a_third_source_far_from_the_row_that_stands(rin: User) -> None:
    two_hours = {"title": "A Mix", "ms_played": 7_200_000}
    take_in(rin, "spotify", play(0, **two_hours))
    take_in(rin, "lastfm", play(110, **two_hours))
    take_in(rin, "maloja", play(225, **two_hours))
    standing = ListenEvent.objects.get(source="spotify")
    assert set(standing.duplicates.values_list("source", flat=True)) == {"lastfm", "maloja"}
    prove(rin)
    take_in(rin, "manual", play(226, **two_hours))
    assert standing_sources(rin) == ["manual"]
    prove(rin)
    assert ListenEvent.objects.filter(duplicate_of__source="manual").count() == 3


def test_chunks_cut_no_play_in_two(rin: User, monkeypatch: pytest.MonkeyPatch) -> None:
    take_in(rin, "spotify", *(play(4 * n, f"Song {n}") for n in range(12)))
    take_in(rin, "lastfm", *(play(4 * n + 0.5, f"Song {n}") for n in range(12)))
    monkeypatch.setattr(doubles, "A_CHUNK", 3)
    assert doubles.recompute(user=rin, now=NOW) == 0
    ListenEvent.objects.filter(source="lastfm").update(is_kept_apart=True)
    assert doubles.recompute(user=rin, now=NOW) == 12
    assert listener_of(rin).n_listens == 24
    prove(rin)


def test_only_the_given_time_is_told_anew(rin: User) -> None:
    take_in(rin, "spotify", play(0), play(600))
    take_in(rin, "lastfm", play(0.5), play(600.5))
    ListenEvent.objects.filter(source="lastfm").update(is_kept_apart=True)
    changed = doubles.recompute(
        user=rin, now=NOW, since=EVENING + timedelta(hours=5), until=EVENING + timedelta(days=1)
    )
    assert changed == 1
    assert listener_of(rin).n_duplicates == 1
    prove(rin)


def test_a_long_history_is_told_anew_by_a_job_that_can_be_cut_off(
    rin: User, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    take_in(rin, "spotify", *(play(4 * n, f"Song {n}") for n in range(8)))
    take_in(rin, "lastfm", *(play(4 * n + 0.5, f"Song {n}") for n in range(8)))
    monkeypatch.setattr(doubles, "A_CHUNK", 6)
    with django_capture_on_commit_callbacks(execute=True):
        doubles.choose_order(user=rin, order=["lastfm"], now=NOW)
    assert standing_sources(rin) == ["spotify"] * 8
    assert OrmQ.objects.count() == 1
    assert doubles.go_on(user=rin, now=NOW)
    progress = doubles.progress(listener_of(rin))
    assert progress is not None
    assert 0 < progress.share < 1
    prove(rin)
    assert tell_interrupted_duplicates_anew() == "Queued 1 histories whose duplicates are yet to be told anew."
    assert tell_duplicates_anew(rin.pk) == f"The duplicates of member {rin.pk} are told anew."
    assert standing_sources(rin) == ["lastfm"] * 8
    assert doubles.progress(listener_of(rin)) is None
    assert tell_interrupted_duplicates_anew().startswith("Queued 0")
    prove(rin)


class TestWhateverArrivesFirst(TestCase):
    """With hypothesis' own test case, which rolls back after each example."""

    @hypothesis_settings(max_examples=40)
    @given(
        st.lists(
            st.tuples(st.sampled_from(["lastfm", "spotify", "koito"]), st.integers(0, 90), st.sampled_from("ab")),
            min_size=1,
            max_size=14,
            unique=True,
        ),
        st.permutations(["lastfm", "spotify", "koito"]),
    )
    def test_totals_are_true_and_rows_stand_behind_rows_that_stand(
        self, heard: list[tuple[str, int, str]], order: list[str]
    ) -> None:
        user = User.objects.create_user(handle="listener")
        for source, tenths, title in heard:
            take_in(user, source, play(tenths / 10, title))
        prove(user)
        doubles.recompute(user=user, now=NOW)
        prove(user)
        doubles.choose_order(user=user, order=order, now=NOW)
        prove(user)
        rows = ListenEvent.objects.filter(user=user, duplicate_of__isnull=False).select_related("duplicate_of")
        for row in rows:
            assert row.duplicate_of is not None
            assert row.duplicate_of.duplicate_of_id is None
            assert order.index(row.duplicate_of.source) < order.index(row.source)
