"""Weeks from listens: what is counted, what is computed again, what disappears."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.merging import merge_tracks
from listening.models import Listener, ListenEvent
from listening.tests.histories import NOW, at, counted, heard, listener, track
from listening.totals import recount, recount_days
from social.models import User
from taste.axes.personal import features_for
from taste.models import Label, TasteProfile, TrackScore, WeeklyTaste
from taste.tests.weeks.slow import slow_weeks
from taste.tests.weeks.sounding import called, lies, sounds
from taste.weeks import material, measuring
from taste.weeks.aggregating import Aggregated, _write, aggregate
from taste.weeks.columns import plays_of

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def ana() -> User:
    return listener("ana")


def week(member: User, monday: str) -> WeeklyTaste:
    return WeeklyTaste.objects.get(user=member, starts_on=date.fromisoformat(monday))


def mondays(member: User) -> list[str]:
    return [str(each.starts_on) for each in WeeklyTaste.objects.filter(user=member)]


def equals_plain_counting(member: User) -> None:
    slow = slow_weeks(member)
    rows = {row.starts_on: row for row in WeeklyTaste.objects.filter(user=member)}
    assert set(rows) == set(slow)
    for monday, row in rows.items():
        plain = slow[monday]
        for name in ("n_listens", "n_tracks", "n_artists", "n_new_artists", "n_sounding", "n_mooded", "n_placed",
                     "ms_played"):  # fmt: skip
            assert getattr(row, name) == getattr(plain, name), (monday, name)
        assert row.diversity == pytest.approx(plain.diversity, abs=2e-6)
        assert set(row.axes) == set(plain.axes)
        for axis, numbers in plain.axes.items():
            assert {name: row.axes[axis][name] for name in numbers} == pytest.approx(numbers, abs=2e-6)
        assert row.moods == pytest.approx(plain.moods, abs=2e-6)
        centroid = np.frombuffer(row.centroid, "<f4").tolist() if row.centroid else None
        assert centroid == (pytest.approx(plain.centroid, abs=1e-6) if plain.centroid else None)
        for word in row.words:
            assert word["share"] == pytest.approx(plain.tag_shares[word["word"]], abs=1e-4)


def test_a_week_counts_plays_tracks_artists_and_time(ana: User) -> None:
    heard(ana, track("One", "Can"), "2025-11-10 09:00", "2025-11-11 09:00", ms=200_000)
    heard(ana, track("Two", "Can"), "2025-11-12 09:00", ms=None)
    heard(ana, track("Three", "Neu!"), "2025-11-16 23:59", ms=100_000)
    counted(ana)
    assert aggregate(user=ana, now=NOW) == Aggregated(1, 1)
    row = week(ana, "2025-11-10")
    assert (row.n_listens, row.n_tracks, row.n_artists, row.n_new_artists, row.ms_played) == (4, 3, 2, 2, 500_000)
    assert row.diversity == pytest.approx(np.exp(-(0.75 * np.log(0.75) + 0.25 * np.log(0.25))), abs=1e-6)
    assert (row.n_sounding, row.n_placed, row.axes, row.moods, row.words, row.centroid) == (0, 0, {}, {}, [], None)


def test_axes_moods_centroid_and_words_are_means_over_plays(ana: User) -> None:
    loud = lies(sounds(track("Loud", "Can"), energy=0.9, valence=0.5, sure=0.8), 1.0, 0.0)
    quiet = lies(sounds(track("Quiet", "Neu!"), energy=0.3, valence=0.5, sure=0.4), 0.0, 1.0)
    called(loud.artist, "krautrock")
    heard(ana, loud, "2025-11-10 09:00", "2025-11-10 10:00", "2025-11-10 11:00")
    heard(ana, quiet, "2025-11-11 09:00")
    heard(ana, track("Silent", "Faust"), "2025-11-12 09:00")
    counted(ana)
    aggregate(user=ana, now=NOW)
    row = week(ana, "2025-11-10")
    assert row.axes["energy"] == {"mean": 0.75, "sd": pytest.approx(0.259808), "n": 4, "confidence": 0.7}
    assert (row.n_listens, row.n_sounding, row.n_placed, row.model) == (5, 4, 4, "dsp-v1")
    assert np.frombuffer(row.centroid, "<f4").tolist() == [0.75, 0.25]
    assert sum(row.moods.values()) == pytest.approx(1, abs=1e-5)
    assert max(row.moods, key=lambda key: row.moods[key]) == "driving"
    assert [word["word"] for word in row.words] == ["krautrock"]
    equals_plain_counting(ana)


def test_a_play_told_by_two_sources_counts_once(ana: User) -> None:
    first = heard(ana, track("One"), "2025-11-10 09:00")[0]
    heard(ana, track("One"), "2025-11-10 09:01", source="spotify", duplicate_of=first)
    counted(ana)
    aggregate(user=ana, now=NOW)
    assert week(ana, "2025-11-10").n_listens == 1


def test_only_weeks_whose_listens_changed_are_computed_again(ana: User) -> None:
    song = track("One")
    heard(ana, song, "2025-10-27 09:00", "2025-11-03 09:00", "2025-11-10 09:00")
    counted(ana)
    assert aggregate(user=ana, now=NOW) == Aggregated(3, 3)
    before = {row.starts_on: row.computed_at for row in WeeklyTaste.objects.all()}
    assert aggregate(user=ana, now=LATER) == Aggregated(3, 0), "nothing is new"
    heard(ana, song, "2025-11-10 10:00")
    counted(ana)
    assert aggregate(user=ana, now=LATER) == Aggregated(3, 1)
    after = {row.starts_on: row.computed_at for row in WeeklyTaste.objects.all()}
    assert [str(day) for day in after if after[day] != before[day]] == ["2025-11-10"]
    assert aggregate(user=ana, now=LATER, everything=True) == Aggregated(3, 3)


def test_nothing_is_read_of_listens_when_nothing_changed(ana: User) -> None:
    heard(ana, sounds(track("One"), energy=0.5), "2025-11-10 09:00")
    counted(ana)
    aggregate(user=ana, now=NOW)
    with CaptureQueriesContext(connection) as asked:
        aggregate(user=ana, now=LATER)
    assert not any("listening_listenevent" in query["sql"] for query in asked.captured_queries)


def test_weeks_whose_tracks_sound_different_are_computed_again(ana: User) -> None:
    one, two = track("One"), track("Two")
    heard(ana, one, "2025-11-03 09:00")
    heard(ana, two, "2025-11-10 09:00")
    counted(ana)
    aggregate(user=ana, now=NOW)
    sounds(two, energy=0.5, at=NOW)
    assert aggregate(user=ana, now=LATER) == Aggregated(2, 1)
    lies(one, 1.0, 2.0, at=NOW + timedelta(minutes=1))
    assert aggregate(user=ana, now=LATER) == Aggregated(2, 1)
    equals_plain_counting(ana)


def test_a_label_of_the_members_own_moves_their_weeks_alone(ana: User) -> None:
    bo = listener("bo")
    song = sounds(track("One"), energy=0.5)
    for member in (ana, bo):
        heard(member, song, "2025-11-10 09:00")
        counted(member)
        aggregate(user=member, now=NOW)
    Label.objects.create(user=ana, track=song, axis="energy", value=0.9, created_at=NOW, updated_at=NOW)
    assert aggregate(user=bo, now=LATER).n_recomputed == 0
    assert aggregate(user=ana, now=LATER).n_recomputed == 1
    assert week(ana, "2025-11-10").axes["energy"]["mean"] == pytest.approx(0.9)
    assert week(bo, "2025-11-10").axes["energy"]["mean"] == pytest.approx(0.5)


def test_what_labels_teach_moves_other_weeks_when_a_labelled_track_sounds_different(ana: User) -> None:
    songs = [lies(sounds(track(f"Song {n}"), energy=0.5), n / 10, 1 - n / 5, n % 3) for n in range(14)]
    for song in songs[:12]:
        heard(ana, song, f"2025-11-03 {songs.index(song):02}:00")
        Label.objects.create(user=ana, track=song, axis="energy", value=0.8, created_at=NOW, updated_at=NOW)
    heard(ana, songs[13], "2025-11-10 09:00")
    counted(ana)
    aggregate(user=ana, now=NOW)
    before = week(ana, "2025-11-10").axes["energy"]["mean"]
    assert before > 0.55  # everything is a bit livelier to her
    for song in songs[:6]:
        sounds(song, energy=0.75, at=NOW + timedelta(minutes=1))
    assert aggregate(user=ana, now=LATER) == Aggregated(2, 2)
    after = week(ana, "2025-11-10").axes["energy"]["mean"]
    assert after == pytest.approx(features_for(ana, [songs[13].pk])[songs[13].pk]["energy"], abs=1e-5)
    assert abs(after - before) > 0.01


def test_an_earlier_play_of_an_artist_takes_the_novelty_from_a_later_week(ana: User) -> None:
    heard(ana, track("One", "Can"), "2025-11-10 09:00")
    counted(ana)
    aggregate(user=ana, now=NOW)
    assert week(ana, "2025-11-10").n_new_artists == 1
    heard(ana, track("Two", "Can"), "2025-10-27 09:00")
    counted(ana)
    assert aggregate(user=ana, now=LATER) == Aggregated(2, 2)
    assert (week(ana, "2025-10-27").n_new_artists, week(ana, "2025-11-10").n_new_artists) == (1, 0)


def test_a_week_that_lost_all_its_listens_disappears(ana: User) -> None:
    rows = heard(ana, track("One"), "2025-11-03 09:00") + heard(ana, track("Two", "Neu!"), "2025-11-10 09:00")
    counted(ana)
    aggregate(user=ana, now=NOW)
    rows[0].delete()
    counted(ana)
    assert aggregate(user=ana, now=LATER) == Aggregated(1, 0)
    assert mondays(ana) == ["2025-11-10"]
    rows[1].delete()
    counted(ana)
    assert aggregate(user=ana, now=LATER) == Aggregated(0, 0)
    assert mondays(ana) == []
    profile = TasteProfile.objects.get(user=ana)
    assert (profile.n_listens, profile.time_of_day_histogram, profile.genre_histogram) == (0, [], {})


def test_a_member_without_listens_has_an_empty_profile(ana: User) -> None:
    assert aggregate(user=ana, now=NOW) == Aggregated(0, 0)
    assert TasteProfile.objects.get(user=ana).last_computed_at == NOW


def test_a_week_begins_on_monday_where_the_member_lives() -> None:
    """Sunday 23:30 in New York is Monday in Berlin."""
    rin, sol = listener("rina", zone="America/New_York"), listener("sola", zone="Europe/Berlin")
    for member in (rin, sol):
        heard(member, track("One"), "2025-11-10 04:30")
        counted(member)
        aggregate(user=member, now=NOW)
    assert (mondays(rin), mondays(sol)) == (["2025-11-03"], ["2025-11-10"])


def test_a_member_who_moves_has_their_weeks_computed_anew(ana: User) -> None:
    heard(ana, track("One"), "2025-11-09 23:30", "2025-11-10 09:00")
    counted(ana)
    aggregate(user=ana, now=NOW)
    assert mondays(ana) == ["2025-11-03", "2025-11-10"]
    ana.timezone = "Asia/Tokyo"
    ana.save()
    assert aggregate(user=ana, now=LATER).n_recomputed == 0, "days are counted where they were until the history is"
    recount_days(user=ana, now=LATER)
    assert aggregate(user=ana, now=LATER) == Aggregated(1, 1)
    assert mondays(ana) == ["2025-11-10"]
    assert week(ana, "2025-11-10").n_listens == 2


def test_weeks_in_which_the_clocks_change_have_an_hour_more_or_less() -> None:
    """Summer time ends in Berlin on Sunday 26 October 2025: Mondays begin at 22:00 UTC before, and at 23:00 after."""
    rin = listener("rina", zone="Europe/Berlin")
    song = track("One")
    heard(rin, song, "2025-10-19 21:59", "2025-10-19 22:00", "2025-10-26 22:59", "2025-10-26 23:00")
    counted(rin)
    aggregate(user=rin, now=NOW)
    assert {str(row.starts_on): row.n_listens for row in WeeklyTaste.objects.filter(user=rin)} == {
        "2025-10-13": 1,
        "2025-10-20": 2,
        "2025-10-27": 1,
    }


def test_a_year_of_53_weeks_keeps_its_last(ana: User) -> None:
    heard(ana, track("One"), "2020-12-28 00:00", "2021-01-03 23:59", "2021-01-04 00:00")
    counted(ana)
    aggregate(user=ana, now=NOW)
    assert [(row.iso_week, row.n_listens) for row in WeeklyTaste.objects.filter(user=ana)] == [
        ("2020-W53", 2),
        ("2021-W01", 1),
    ]


def test_tracks_that_become_one_are_one_in_the_week(ana: User, mod: User) -> None:
    keep, drop = sounds(track("One"), energy=0.2), sounds(track("The One"), energy=0.8)
    said = {"axis": "energy", "source": "audio", "version": "1", "confidence": 0.5, "method": "", "computed_at": NOW}
    TrackScore.objects.create(track=keep, value=0.2, **said)
    heard(ana, keep, "2025-11-10 09:00")
    heard(ana, drop, "2025-11-10 10:00")
    counted(ana)
    aggregate(user=ana, now=NOW)
    assert (week(ana, "2025-11-10").n_tracks, week(ana, "2025-11-10").axes["energy"]["mean"]) == (2, 0.5)
    merge_tracks(keep=keep, drop=drop, moderator=mod, reason="The same.", now=NOW)
    assert aggregate(user=ana, now=LATER) == Aggregated(1, 1)
    assert (week(ana, "2025-11-10").n_tracks, week(ana, "2025-11-10").axes["energy"]["mean"]) == (1, 0.2)


def test_the_profile_pools_the_weeks(ana: User) -> None:
    loud, quiet = (
        lies(sounds(track("Loud", "Can"), energy=0.9), 1.0, 0.0),
        lies(sounds(track("Quiet", "Neu!"), energy=0.1), 0.0, 1.0),
    )
    called(loud.artist, "krautrock")
    called(quiet.artist, "krautrock", "ambient")
    heard(ana, loud, "2025-01-06 20:00")
    heard(ana, quiet, "2025-11-10 08:00", "2025-11-11 08:30", "2025-11-12 20:00")
    counted(ana)
    aggregate(user=ana, now=NOW)
    profile = TasteProfile.objects.get(user=ana)
    assert (profile.n_listens, profile.n_sounding, profile.model) == (4, 4, "dsp-v1")
    assert profile.feature_means["energy"] == {"mean": 0.3, "sd": pytest.approx(0.34641, abs=1e-5), "n": 4}
    assert profile.genre_histogram == {"krautrock": 0.625, "ambient": 0.375}
    assert (profile.time_of_day_histogram[8], profile.time_of_day_histogram[20]) == (0.5, 0.5)
    assert sum(profile.time_of_day_histogram) == 1
    assert np.frombuffer(profile.embedding, "<f4").tolist() == [0, 1], "of the last 26 weeks alone"


def test_a_run_with_older_listens_leaves_what_a_later_one_wrote(ana: User) -> None:
    song = track("One")
    heard(ana, song, "2025-11-10 09:00")
    counted(ana)
    slow_run = Listener.objects.get(user=ana)
    read = measuring.heard(ana, plays_of(ana), zone=ZoneInfo("UTC"), model="dsp-v1", salt="")
    heard(ana, song, "2025-11-10 10:00")
    counted(ana)
    aggregate(user=ana, now=NOW)
    assert _write(ana, read, slow_run, None, everything=False, now=LATER) == 0
    assert week(ana, "2025-11-10").n_listens == 2


def test_a_member_who_begins_anew_is_computed_anew(ana: User) -> None:
    heard(ana, track("One"), "2025-11-10 09:00")
    counted(ana)
    aggregate(user=ana, now=NOW)
    ListenEvent.objects.filter(user=ana).delete()
    Listener.objects.filter(user=ana).delete()
    TasteProfile.objects.update(weeks_revision=50)
    assert aggregate(user=ana, now=LATER) == Aggregated(0, 0)
    assert mondays(ana) == []
    assert TasteProfile.objects.get(user=ana).weeks_revision == 0


def test_much_music_is_reached_by_the_members_totals_as_well(ana: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond a number of ids a query names the totals instead; what others heard, or nobody, is left out."""
    bo = listener("bo")
    for place in range(6):
        song = lies(sounds(track(f"Song {place}", f"Artist {place}"), energy=place / 6), float(place), 1.0)
        called(song.artist, "dub" if place % 2 else "fog")
        heard(ana if place % 3 else bo, song, "2025-11-10 09:00", "2025-11-11 09:00")
    for member in (ana, bo):
        counted(member)
    aggregate(user=ana, now=NOW)
    few = week(ana, "2025-11-10")
    monkeypatch.setattr(material, "FEW", 1)
    aggregate(user=ana, now=LATER, everything=True)
    many = week(ana, "2025-11-10")
    assert (many.fingerprint, many.axes, many.words, bytes(many.centroid)) == (
        few.fingerprint,
        few.axes,
        few.words,
        bytes(few.centroid),
    )
    assert TasteProfile.objects.get(user=ana).genre_histogram == {"dub": 0.5, "fog": 0.5}


def test_a_run_that_was_cut_off_after_its_weeks_is_done_again(ana: User) -> None:
    heard(ana, track("One"), "2025-11-10 09:00")
    counted(ana)
    aggregate(user=ana, now=NOW)
    TasteProfile.objects.update(last_computed_at=None)  # as between the weeks and what follows from them
    aggregate(user=ana, now=LATER)
    assert TasteProfile.objects.get(user=ana).last_computed_at == LATER


def test_what_leaves_no_time_behind_is_seen_within_a_week(ana: User) -> None:
    song = track("One")
    heard(ana, song, "2025-11-10 09:00")
    counted(ana)
    aggregate(user=ana, now=NOW)
    called(song.artist, "krautrock")
    assert aggregate(user=ana, now=LATER).n_recomputed == 0
    assert aggregate(user=ana, now=NOW + timedelta(days=6)).n_recomputed == 1
    assert [word["word"] for word in week(ana, "2025-11-10").words] == ["krautrock"]


A_PLAY = st.tuples(st.integers(0, 60 * 24 * 7 * 5), st.integers(0, 7), st.booleans())


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    first=st.lists(A_PLAY, max_size=25, unique_by=lambda play: play[:2]),
    later=st.lists(A_PLAY, max_size=6, unique_by=lambda play: play[:2]),
    dropped=st.integers(0, 5),
)
def test_any_history_in_any_steps_is_what_plain_counting_gives(
    first: list[tuple[int, int, bool]], later: list[tuple[int, int, bool]], dropped: int
) -> None:
    with transaction.atomic():
        member = listener("hana", zone="Europe/Berlin")
        songs = [track(f"Song {place}", f"Artist {place % 3}") for place in range(8)]
        for place, song in enumerate(songs[:6]):
            sounds(song, energy=place / 7, **({"valence": 1 - place / 9} if place % 2 else {}))
            if place % 3:
                lies(song, float(place), 1.0)
        called(songs[0].artist, "dub", weight=40)
        called(songs[0], "dub", "fog")
        called(songs[1].artist, "noise")
        for turn, plays in enumerate((first, later)):
            for minute, song, has_length in plays:
                heard(
                    member, songs[song], at("2025-10-06 00:00") + timedelta(minutes=minute, seconds=song + 8 * turn),
                    ms=1000 if has_length else None, source=("lastfm", "spotify")[turn],
                )  # fmt: skip
            if turn:
                oldest = ListenEvent.objects.filter(user=member).order_by("played_at").values("pk")[:dropped]
                ListenEvent.objects.filter(pk__in=list(oldest.values_list("pk", flat=True))).delete()
            recount(user=member, now=NOW)
            aggregate(user=member, now=NOW + timedelta(minutes=turn))
        equals_plain_counting(member)
        stepwise = {row.starts_on: (row.fingerprint, row.words) for row in WeeklyTaste.objects.filter(user=member)}
        aggregate(user=member, now=LATER, everything=True)
        assert stepwise == {
            row.starts_on: (row.fingerprint, row.words) for row in WeeklyTaste.objects.filter(user=member)
        }
        transaction.set_rollback(True)
