"""What a page says to search engines, in schema.org's words. Pure: plain values in, JSON-ready values out.

Terms: https://schema.org/MusicAlbum, https://schema.org/AggregateRating, https://schema.org/Review
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

ESCAPED = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}


@dataclass(frozen=True)
class PublicReview:
    """A review that anybody may read, by a member whom anybody may see."""

    author: str
    author_url: str
    stars: float
    text: str
    written_on: date


def rating_of(*, mean: float | None, count: int, minimum: int) -> dict[str, Any] | None:
    """An AggregateRating, or None where too few have rated for a mean to be shown."""
    if mean is None or count < minimum or not count:
        return None
    return {
        "@type": "AggregateRating",
        "ratingValue": round(mean, 2),
        "bestRating": 5,
        "worstRating": 1,
        "ratingCount": count,
    }


def review_of(review: PublicReview) -> dict[str, Any]:
    author = {"@type": "Person", "name": review.author}
    if review.author_url:
        author["url"] = review.author_url
    return {
        "@type": "Review",
        "author": author,
        "datePublished": review.written_on.isoformat(),
        "reviewRating": {"@type": "Rating", "ratingValue": review.stars, "bestRating": 5, "worstRating": 1},
        "reviewBody": review.text,
    }


def music_album(
    *,
    title: str,
    artist: str,
    url: str,
    image: str = "",
    released: str = "",
    genres: Sequence[str] = (),
    release_group_mbid: str = "",
    n_tracks: int = 0,
    rating: dict[str, Any] | None = None,
    reviews: Sequence[PublicReview] = (),
) -> dict[str, Any]:
    """One album with what the club thinks of it; what is unknown is left out."""
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "MusicAlbum",
        "@id": url,
        "url": url,
        "name": title,
        "byArtist": {"@type": "MusicGroup", "name": artist},
        "image": image,
        "datePublished": released,
        "genre": list(genres),
        "numTracks": n_tracks,
        "sameAs": f"https://musicbrainz.org/release-group/{release_group_mbid}" if release_group_mbid else "",
        "aggregateRating": rating,
        "review": [review_of(review) for review in reviews],
    }
    return {name: value for name, value in data.items() if value}


def as_script(data: dict[str, Any]) -> str:
    """A data block for a page. No text in it can end the block early: < > & are written as escapes."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(ESCAPED)
    return f'<script type="application/ld+json">{text}</script>'
