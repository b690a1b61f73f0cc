"""Whatever comes in and goes out, in whatever order: totals are what counting gives, and each play counts once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from listening.ingest import ingest, withdraw
from listening.models import ListenEvent
from listening.plays import Play
from listening.tests.plays import EVENING, listener_of, play, prove
from listening.totals import recount
from social.models import User

NOW = EVENING + timedelta(days=30)
SOURCES = ["spotify", "lastfm", "librefm"]
plays = st.builds(
    play,
    st.integers(0, 30).map(lambda half: half / 2),
    title=st.sampled_from(["Roads", "Numb", "Roads (2014 Remaster)"]),
    album=st.sampled_from(["", "Dummy"]),
    ms_played=st.sampled_from([None, 60_000, 300_000]),
)
bringing = st.tuples(st.sampled_from(SOURCES), st.lists(plays, min_size=1, max_size=6))
taking = st.tuples(st.just("withdraw"), st.sets(st.integers(0, 12), min_size=1))


class Totals(TestCase):
    @settings(max_examples=40)
    @given(st.lists(bringing | taking, min_size=1, max_size=6))
    def test_totals_stay_true(self, steps: list[tuple[str, Any]]) -> None:
        user = User.objects.create_user("ana", timezone="Australia/Lord_Howe")
        for kind, what in steps:
            if kind == "withdraw":
                held = list(ListenEvent.objects.order_by("pk").values_list("pk", flat=True))
                withdraw(user=user, listen_ids=[held[at] for at in what if at < len(held)], now=NOW)
                continue
            before = ListenEvent.objects.count()
            outcome = ingest(user=user, source=kind, plays=what, now=NOW)
            assert outcome.n_new + outcome.n_known + outcome.n_duplicates == len(what)
            assert ListenEvent.objects.count() - before == outcome.n_new + outcome.n_duplicates
            prove(user)
        prove(user)
        self.each_play_stands_for_others_of_its_music()
        recount(user=user, now=NOW)
        prove(user)

    def each_play_stands_for_others_of_its_music(self) -> None:
        for row in ListenEvent.objects.filter(duplicate_of__isnull=False).select_related("duplicate_of"):
            stands = row.duplicate_of
            assert stands is not None
            assert stands.duplicate_of_id is None
            assert stands.source != row.source
            assert stands.user_id == row.user_id

    @settings(max_examples=25)
    @given(st.lists(plays, min_size=1, max_size=8), st.permutations(SOURCES))
    def test_three_sources_that_tell_the_same_count_it_once(self, told: list[Play], order: list[str]) -> None:
        user = User.objects.create_user("ana")
        for source in order:
            ingest(user=user, source=source, plays=told, now=NOW)
        n_plays = ListenEvent.objects.filter(source="spotify").count()
        assert listener_of(user).n_listens == n_plays
        assert set(ListenEvent.objects.counted().values_list("source", flat=True)) == {"spotify"}  # type: ignore[attr-defined]
        prove(user)


@pytest.mark.django_db
def test_a_wrong_total_is_noticed(rin: User) -> None:
    ingest(user=rin, source="lastfm", plays=[play(0), play(5, "Numb")], now=NOW)
    listener = listener_of(rin)
    listener.n_listens = 7
    listener.save()
    from listening.models import DayTotal, TrackTotal
    from listening.proving import differences

    DayTotal.objects.update(n_listens=1)
    TrackTotal.objects.all()[0].delete()
    found = " ".join(differences(user=rin))
    assert "7 is kept, 2 counted" in found
    assert "day total: 1 of 1 differ" in found
    assert "track total: 1 of 2 differ" in found
    recount(user=rin, now=NOW)
    prove(rin)
