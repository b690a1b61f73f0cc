"""What pages say to search engines."""

from __future__ import annotations

import json
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from club.publishing.structured_data import PublicReview, as_script, music_album, rating_of

OPENED, CLOSED = '<script type="application/ld+json">', "</script>"


def test_an_average_of_too_few_ratings_is_not_said() -> None:
    assert rating_of(mean=5.0, count=2, minimum=3) is None
    assert rating_of(mean=None, count=0, minimum=0) is None
    said = rating_of(mean=4.1666, count=3, minimum=3)
    assert said is not None
    assert (said["ratingValue"], said["ratingCount"], said["bestRating"], said["worstRating"]) == (4.17, 3, 5, 1)


def test_what_is_unknown_is_left_out() -> None:
    data = music_album(title="Blue", artist="Joni Mitchell", url="https://x.example/albums/blue/")
    assert set(data) == {"@context", "@type", "@id", "url", "name", "byArtist"}


def test_a_review_has_its_author_stars_and_day() -> None:
    review = PublicReview("Ana", "https://x.example/@ana/", 4.5, "Good.", date(2025, 11, 24))
    (said,) = music_album(title="B", artist="J", url="u", reviews=[review])["review"]
    assert said["author"] == {"@type": "Person", "name": "Ana", "url": "https://x.example/@ana/"}
    assert said["reviewRating"]["ratingValue"] == 4.5
    assert said["datePublished"] == "2025-11-24"


@given(st.text())
def test_no_text_ends_the_block_early_and_all_of_it_arrives(text: str) -> None:
    script = as_script({"name": text})
    inside = script.removeprefix(OPENED).removesuffix(CLOSED)
    assert not set("<>&\u2028\u2029") & set(inside)
    assert json.loads(inside) == {"name": text}


def test_a_title_that_closes_the_script_is_harmless() -> None:
    script = as_script({"name": "</script><script>alert(1)</script>"})
    assert script.count("</script>") == 1
