"""Lists are made, filled, put in order and forgotten; by their owners alone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.models import Track
from catalog.tests.factories import TrackFactory
from social.errors import NotAllowed, Refused
from social.models import User
from taste.mixtapes import Mixtape, MixtapeTrack
from taste.models import Playlist
from taste.playlists import writing
from taste.playlists.writing import Line

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 11, 17, 8, 0, tzinfo=UTC)


def titles(playlist: Playlist) -> list[str]:
    lines = playlist.lines.order_by("position")
    assert [line.position for line in lines] == list(range(1, len(lines) + 1))
    return [line.track.title for line in lines]


def songs(names: str) -> list[Track]:
    return [TrackFactory(title=name) for name in names]


def mine(user: User, names: str) -> Playlist:
    playlist = writing.make(user=user, title="Mine", now=NOW)
    for track in songs(names):
        writing.add_track(user=user, track=track, playlist=playlist, now=NOW)
    return playlist


def test_saving_the_same_list_again_changes_nothing_and_another_content_replaces_it(rin: User) -> None:
    a, b, c = songs("abc")
    about = {"user": rin, "kind": Playlist.Kind.MIXTAPE, "key": "2025-W46", "title": "Mixtape"}
    first = writing.save(**about, lines=[Line(a, "why"), Line(b), Line(a)], now=NOW)
    ids = list(first.lines.values_list("pk", flat=True))
    Playlist.objects.update(visibility="public")
    again = writing.save(**about, lines=[Line(a, "why"), Line(b)], now=NOW + timedelta(days=1))
    assert (again.pk, list(again.lines.values_list("pk", flat=True)), again.updated_at) == (first.pk, ids, NOW)
    other = writing.save(**about, lines=[Line(c), Line(a)], now=NOW + timedelta(days=1))
    assert titles(other) == ["c", "a"]
    assert Playlist.objects.get().visibility == "public"


def test_a_mixtape_is_kept_with_its_reasons(rin: User) -> None:
    (a,) = songs("a")
    tape = Mixtape(date(2025, 11, 10), [MixtapeTrack(a, "Played once this week.", 200.0, False)], 60.0, "how " * 200)
    kept = writing.save_mixtape(user=rin, mixtape=tape, now=NOW)
    assert (kept.key, kept.kind, kept.visibility) == ("2025-W46", "mixtape", "me")
    assert kept.lines.get().reason == "Played once this week."
    assert len(kept.note) == 500
    assert writing.save_mixtape(user=rin, mixtape=tape, now=NOW).pk == kept.pk


def test_adding_without_a_list_begins_one_and_twice_changes_nothing(rin: User) -> None:
    a, b = songs("ab")
    found = writing.add_track(user=rin, track=a, reason="r" * 300, now=NOW)
    writing.add_track(user=rin, track=a, now=NOW)
    assert writing.add_track(user=rin, track=b, now=NOW) == found
    assert (found.title, titles(found)) == (writing.FOUND_TITLE, ["a", "b"])
    assert len(found.lines.get(position=1).reason) == 200


def test_lists_of_one_name_are_one_and_a_name_is_needed(rin: User) -> None:
    assert writing.make(user=rin, title=" Summer  songs ", now=NOW) == writing.make(
        user=rin, title="Summer songs", now=NOW
    )
    assert writing.make(user=rin, title="夏", now=NOW).title == "夏"
    assert writing.make(user=rin, title="!!!", now=NOW).title == "!!!"
    with pytest.raises(Refused, match="name"):
        writing.make(user=rin, title="  ", now=NOW)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 4), st.integers(-3, 9))
def test_a_line_goes_where_it_is_put(rin: User, which: int, to: int) -> None:
    Playlist.objects.all().delete()
    playlist = mine(rin, "abcde")
    line = playlist.lines.order_by("position")[which]
    assert writing.move(user=rin, playlist=playlist, line_id=line.pk, to=to, now=NOW)
    rest = [name for name in "abcde" if name != "abcde"[which]]
    rest.insert(max(0, to - 1), "abcde"[which])
    assert titles(playlist) == rest


def test_what_is_taken_out_lets_the_others_move_up(rin: User) -> None:
    playlist = mine(rin, "abc")
    line = playlist.lines.get(position=2)
    assert writing.remove(user=rin, playlist=playlist, line_id=line.pk, now=NOW)
    assert not writing.remove(user=rin, playlist=playlist, line_id=line.pk, now=NOW)
    assert titles(playlist) == ["a", "c"]


def test_what_no_database_holds_and_nobody_sees_is_left_out(rin: User) -> None:
    playlist = writing.make(user=rin, title="Sum\x00mer\x1b", now=NOW)
    assert playlist.title == "Sum mer"
    writing.add_track(user=rin, track=TrackFactory(), playlist=playlist, reason="one\x00\ntwo", now=NOW)
    assert playlist.lines.get().reason == "one two"
    writing.edit(user=rin, playlist=playlist, title="a\x00", note="b\x00\nc", visibility="me", now=NOW)
    playlist.refresh_from_db()
    assert (playlist.title, playlist.note) == ("a", "b\nc")


def test_a_full_list_and_too_many_lists_are_refused(rin: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "MAX_TRACKS", 2)
    monkeypatch.setattr(writing, "MAX_LISTS", 1)
    playlist = mine(rin, "ab")
    with pytest.raises(Refused, match="2 tracks"):
        writing.add_track(user=rin, track=TrackFactory(), playlist=playlist, now=NOW)
    with pytest.raises(Refused, match="1 lists"):
        writing.make(user=rin, title="Another", now=NOW)


def test_editing_says_who_may_see_it(rin: User) -> None:
    playlist = mine(rin, "a")
    writing.edit(user=rin, playlist=playlist, title="New", note=" n ", visibility="public", now=NOW)
    playlist.refresh_from_db()
    assert (playlist.title, playlist.note, playlist.visibility) == ("New", "n", "public")
    with pytest.raises(Refused, match="who may see"):
        writing.edit(user=rin, playlist=playlist, title="New", note="", visibility="all", now=NOW)


def test_a_list_that_sidetrack_makes_takes_no_tracks_and_keeps_its_name(rin: User) -> None:
    made = writing.save(user=rin, kind="mixtape", key="2025-W46", title="Mixtape", note="how", lines=[], now=NOW)
    with pytest.raises(Refused, match="one of your own"):
        writing.add_track(user=rin, track=TrackFactory(), playlist=made, now=NOW)
    edited = writing.edit(user=rin, playlist=made, title="x", note="y", visibility="members", now=NOW)
    assert (edited.title, edited.note, edited.visibility) == ("Mixtape", "how", "members")


# --- Who may not ----------------------------------------------------------------------------------------------------
def test_nobody_else_changes_a_list_not_even_a_moderator(rin: User, sol: User, mod: User) -> None:
    playlist = mine(rin, "ab")
    Playlist.objects.update(visibility="public")
    line = playlist.lines.get(position=1)
    for other in (sol, mod):
        about = {"user": other, "playlist": playlist}
        for act in (
            lambda about=about: writing.add_track(**about, track=TrackFactory(), now=NOW),
            lambda about=about: writing.remove(**about, line_id=line.pk, now=NOW),
            lambda about=about: writing.move(**about, line_id=line.pk, to=2, now=NOW),
            lambda about=about: writing.edit(**about, title="x", note="", visibility="public", now=NOW),
            lambda about=about: writing.delete(**about),
        ):
            with pytest.raises(NotAllowed):
                act()
    assert titles(playlist) == ["a", "b"]


def test_who_is_suspended_makes_and_shows_nothing(rin: User) -> None:
    playlist = mine(rin, "a")
    rin.suspended_at = NOW - timedelta(days=1)
    rin.suspended_until = NOW + timedelta(days=1)
    rin.save()
    with pytest.raises(Refused, match="suspended"):
        writing.edit(user=rin, playlist=playlist, title="x", note="", visibility="public", now=NOW)
    with pytest.raises(Refused, match="suspended"):
        writing.make(user=rin, title="x", now=NOW)
    assert writing.delete(user=rin, playlist=playlist)
    assert not writing.delete(user=rin, playlist=playlist)


def test_names_that_differ_by_signs_alone_are_lists_of_their_own(rin: User) -> None:
    found = writing.add_track(user=rin, track=TrackFactory(), now=NOW)
    made = [writing.make(user=rin, title=title, now=NOW) for title in ("C", "C++", "c", "Found")]
    assert made[0] == made[2]
    assert len({found.pk, *(each.pk for each in made)}) == 4
