"""Thread names: at most 100 characters, cut at the album, never at artist and year."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from club.models.week import Phase
from discordbot.safe_text import length, plain
from discordbot.tests.club_states import a_week, an_album
from discordbot.titles import credit, event_name, thread_name

WEEK = a_week(Phase.LISTENING)


def test_a_name_says_week_date_and_album() -> None:
    album = an_album(title="Spirit of Eden", artist="Talk Talk", year=1988)
    assert thread_name(WEEK, "winner", album) == "WEEK 003 [2025-11-24] - WINNER - Spirit of Eden — Talk Talk (1988)"
    assert thread_name(WEEK, "nominations") == "WEEK 003 [2025-11-24] - NOMINATIONS"
    assert event_name(WEEK, album) == "WEEK 003: Spirit of Eden — Talk Talk (1988)"


def test_a_theme_names_what_has_no_album_yet() -> None:
    assert thread_name(a_week(theme="Debuts"), "nominations") == "WEEK 003 [2025-11-24] - NOMINATIONS - Debuts"


def test_the_album_is_cut_first() -> None:
    album = an_album(
        title="When the Pawn Hits the Conflicts He Thinks Like a King " * 3, artist="Fiona Apple", year=1999
    )
    name = thread_name(WEEK, "winner", album)
    assert length(name) <= 100
    assert name.startswith("WEEK 003 [2025-11-24] - WINNER - When the Pawn")
    assert name.endswith("… — Fiona Apple (1999)")


def test_then_it_is_left_out_and_the_artist_stays() -> None:
    artist = "Godspeed You Black Emperor and the Silver Mount Zion Memorial"
    name = thread_name(WEEK, "winner", an_album(title="Lift Your Skinny Fists", artist=artist, year=None))
    assert name == f"WEEK 003 [2025-11-24] - WINNER - Li… — {artist}"
    name = thread_name(WEEK, "ratings", an_album(title="Lift Your Skinny Fists", artist=artist[:58], year=2000))
    assert name == f"WEEK 003 [2025-11-24] - RATINGS - {artist[:58]} (2000)"


def test_last_of_all_the_artist_is_cut_and_the_year_stays() -> None:
    album = an_album(title="Mort aux vaches", artist="The Orchestra of " + "Everybody " * 8, year=2000)
    names = [thread_name(WEEK, place, album) for place in ("winner", "ratings")]
    assert (
        names[0]
        == "WEEK 003 [2025-11-24] - WINNER - The Orchestra of Everybody Everybody Everybody Everybody Ev… (2000)"
    )
    assert names[1].startswith("WEEK 003 [2025-11-24] - RATINGS - The Orchestra of ")
    assert event_name(WEEK, album).endswith("… (2000)")


TEXTS = st.text(max_size=200) | st.text(st.characters(codec="utf-8"), min_size=60, max_size=110)


@given(title=TEXTS, artist=TEXTS, year=st.sampled_from([None, 1959]))
def test_no_name_is_too_long_and_week_and_kind_always_stand(title: str, artist: str, year: int | None) -> None:
    album = an_album(title=title or "x", artist=artist or "y", year=year)
    winner, ratings = (thread_name(WEEK, place, album) for place in ("winner", "ratings"))
    assert winner.startswith("WEEK 003 [2025-11-24] - WINNER - ")
    assert ratings.startswith("WEEK 003 [2025-11-24] - RATINGS - ")
    assert event_name(WEEK, album).startswith("WEEK 003: ")
    for name in (winner, ratings, event_name(WEEK, album)):
        assert length(name) <= 100
        assert name.endswith(f" ({year})" if year else "")


@given(title=TEXTS, artist=TEXTS, year=st.sampled_from([None, 1959]))
def test_artist_and_year_stand_whole_wherever_they_fit(title: str, artist: str, year: int | None) -> None:
    album = an_album(title=title or "x", artist=artist or "y", year=year)
    by = credit(album)
    for place in ("winner", "ratings"):
        head = f"WEEK 003 [2025-11-24] - {place.upper()} - "
        name = thread_name(WEEK, place, album)
        if length(head + by) <= 100:
            assert name.endswith(by)
        else:  # nothing of the album, and the artist from its beginning
            kept = name.removeprefix(head).removesuffix(f" ({year})").removesuffix("…")
            assert plain(album.artist, 500).startswith(kept)


@given(title=TEXTS, year=st.sampled_from([None, 1959]))
def test_an_album_that_fits_is_not_cut(title: str, year: int | None) -> None:
    album = an_album(title=title or "x", artist="Can", year=year)
    whole = f"WEEK 003 [2025-11-24] - WINNER - {plain(album.title, 500)} — {credit(album)}"
    if length(whole) <= 100 and plain(album.title, 500):
        assert thread_name(WEEK, "winner", album) == whole
