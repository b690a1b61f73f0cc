"""Which candidate is meant, and which release stands for an album: arithmetic, by hand and by property."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.clients.musicbrainz_records import Credit, CreditedArtist, ReleaseGroupRecord, ReleaseRecord, TrackRecord
from catalog.matching import SURE, preferred_release, ranked

NO_CREDIT = Credit(())


def group(
    title: str = "Blue",
    artist: str = "Joni Mitchell",
    *,
    date: str = "1971",
    kind: str = "Album",
    secondary: tuple[str, ...] = (),
    number: int = 1,
) -> ReleaseGroupRecord:
    artists = (CreditedArtist(UUID(int=1), artist, "", "", artist, "", ()),)
    return ReleaseGroupRecord(UUID(int=number), title, Credit(artists), date, kind, secondary, 100, "")


def of(*records: ReleaseGroupRecord, title: str = "Blue", year: int | None = None) -> list[tuple[int, bool]]:
    """(number, is sure) of the candidates in order."""
    found = ranked(records, title=title, artist="Joni Mitchell", year=year)
    return [(candidate.record.mbid.int, candidate.is_sure) for candidate in found]


def test_the_exact_album_is_sure() -> None:
    (only,) = ranked([group()], title="blue", artist="JONI MITCHELL", year=1971)
    assert only.confidence == 1.0


def test_a_plain_album_comes_before_live_ones_eps_and_singles() -> None:
    kinds = [
        group(kind="Single", date="1960", number=4),
        group(kind="EP", date="1960", number=3),
        group(secondary=("Live",), date="1960", number=2),
        group(date="1971", number=1),
    ]
    assert of(*kinds) == [(1, True), (2, True), (3, True), (4, True)]


def test_of_two_equal_albums_the_earlier_leads_but_is_not_sure() -> None:
    assert of(group(date="1981", number=2), group(date="1971", number=1)) == [(1, False), (2, True)]


def test_the_year_settles_it() -> None:
    assert of(group(date="1981", number=2), group(date="1971", number=1), year=1981)[0] == (2, True)


def test_the_exact_spelling_settles_it_between_titles_of_one_key() -> None:
    records = [group("Blue (Deluxe)", date="1960", number=2), group("Blue", number=1)]
    assert of(*records)[0][0] == 1


@pytest.mark.parametrize(("title", "artist"), [("Green", "Joni Mitchell"), ("Blue", "LeAnn Rimes")])
def test_another_title_or_artist_is_never_sure(title: str, artist: str) -> None:
    (only,) = ranked([group(title, artist)], title="Blue", artist="Joni Mitchell", year=None)
    assert not only.is_sure


def test_an_artist_in_a_longer_credit_is_enough() -> None:
    artists = tuple(CreditedArtist(None, name, "", "", name, join, ()) for name, join in [("Jay-Z", " / "), ("LP", "")])
    record = ReleaseGroupRecord(UUID(int=1), "Collision Course", Credit(artists), "2004", "Album", (), 100, "")
    (only,) = ranked([record], title="Collision Course", artist="jay z", year=2004)
    assert only.confidence == pytest.approx(0.96)
    assert only.is_sure


@given(
    title=st.text(min_size=1, max_size=20),
    year=st.none() | st.integers(1900, 2030),
    theirs=st.lists(st.tuples(st.text(min_size=1, max_size=20), st.sampled_from(["", "1971", "2001-05"])), max_size=6),
)
def test_confidence_is_a_share_and_order_does_not_depend_on_the_answer_s(
    title: str, year: int | None, theirs: list[tuple[str, str]]
) -> None:
    records = [group(name, date=date, number=number) for number, (name, date) in enumerate(theirs, start=1)]
    one = ranked(records, title=title, artist="Joni Mitchell", year=year)
    other = ranked(reversed(records), title=title, artist="Joni Mitchell", year=year)
    assert one == other
    assert all(0 <= candidate.confidence <= 1 for candidate in one)
    assert 0 < SURE < 1


TRACK = TrackRecord(1, 1, "One", None, None, NO_CREDIT)


def edition(number: int, date: str, country: str = "", status: str = "Official", n: int = 1) -> ReleaseRecord:
    return ReleaseRecord(UUID(int=number), "X", status, date, country, "", (TRACK,) * n, n, None)


def test_the_preferred_release_is_official_of_the_country_dated_and_earliest() -> None:
    releases = [
        edition(1, "1990", status="Bootleg"),
        edition(2, ""),
        edition(3, "1992-03-01", "US"),
        edition(4, "1992", "GB"),
        edition(5, "1991-05", "DE"),
        edition(6, "1980", n=0),
    ]
    order = []
    while (best := preferred_release(releases)) is not None:
        order.append(best.mbid.int)
        releases.remove(best)
    assert order == [5, 3, 4, 2, 6, 1]
    assert preferred_release([edition(1, "1990", "GB"), edition(2, "1999", "US")], country="US") == edition(
        2, "1999", "US"
    )
    assert preferred_release([edition(1, "1990", "GB")], country="US") == edition(1, "1990", "GB")
