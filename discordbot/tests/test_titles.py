"""Thread names: at most 100 characters, cut at the album, never at artist and year."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from club.models.week import Phase
from discordbot.safe_text import length, plain
from discordbot.tests.club_states import a_week, an_album
from discordbot.titles import event_name, thread_name

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


def test_then_the_date_goes_and_the_artist_stays() -> None:
    artist = "Godspeed You Black Emperor and the Silver Mount Zion Orchestra"
    name = thread_name(WEEK, "winner", an_album(title="Lift Your Skinny Fists", artist=artist, year=2000))
    assert name == f"WEEK 003 - WINNER - Lift Yo… — {artist} (2000)"


@pytest.mark.parametrize("place", ["winner", "ratings"])
@given(title=st.text(max_size=200), artist=st.text(max_size=200), year=st.sampled_from([None, 1959]))
def test_no_name_is_too_long_and_artist_and_year_stand_whole(
    place: str, title: str, artist: str, year: int | None
) -> None:
    album = an_album(title=title or "x", artist=artist or "y", year=year)
    by = plain(album.artist, 500)
    for name in (thread_name(WEEK, place, album), event_name(WEEK, album)):
        assert 0 < length(name) <= 100
        if length(by) <= 80:
            assert name.endswith(by + (f" ({year})" if year else ""))
