"""`predict`: what members will think of albums, from the club's ratings and their own taste."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from social.models import User
from taste.models import PredictedRating
from taste.predicting import material
from taste.predicting.model import VERSION, Fitted, Predicted, fit

LEAST_RATINGS = 5  # of a member, before anything is said
SAYS_SOMETHING = 0.05  # stars
WORDS = {
    "genres": "your ratings of its genres",
    "sound": "your ratings of what sounds like it",
    "artist": "ratings of its artist here",
    "plays": "your plays of its artist",
    "taste": "how near it is to what you play",
}


@dataclass(frozen=True, slots=True)
class TooLittle:
    """n_missing: how many albums the member should rate before a guess means anything."""

    n_missing: int

    def __str__(self) -> str:
        what = "one more album" if self.n_missing == 1 else f"{self.n_missing} more albums"
        return f"Rate {what}, and you read here beforehand what you will probably think of the nominees."


class Foretelling:
    """The model fitted once, asked for many members and albums."""

    def __init__(self, *, members: Collection[int], albums: Collection[int]) -> None:
        self.known = material.read(members=members, albums=albums)
        self.fitted: Fitted = fit(self.known.samples())
        artists = {self.known.artists[album] for album in albums if album in self.known.artists}
        self.plays = material.plays_now(members, artists)

    def n_ratings(self, member: int) -> int:
        return len(self.known.ratings.get(member, []))

    def of(self, member: int, album: int) -> Predicted:
        plays = self.plays.get((member, self.known.artists[album]), 0)
        features = self.known.features(member, album, plays)
        return self.fitted.predict(member, self.known.mean_of(member, without=album), features)

    def row(self, member: int, album: int, *, now: datetime) -> PredictedRating:
        """As it is kept, not saved."""
        found = self.of(member, album)
        return PredictedRating(
            user_id=member,
            album_id=album,
            stars=round(found.stars, 3),
            low=round(min(found.low, found.stars), 3),
            high=round(max(found.high, found.stars), 3),
            n_ratings=self.n_ratings(member),
            reason=reason_of(found),
            version=VERSION,
            computed_at=now,
        )


def predict(member: User, albums: Collection[int]) -> dict[int, Predicted] | TooLittle:
    """What a member will probably rate each of these albums (ids), now; an album that they rated is left out of it."""
    asked = Foretelling(members=[member.pk], albums=albums)
    if (n := asked.n_ratings(member.pk)) < LEAST_RATINGS:
        return TooLittle(LEAST_RATINGS - n)
    return {album: asked.of(member.pk, album) for album in albums}


def reason_of(found: Predicted) -> str:
    """The mean it starts from, and the two features that move it most, if they move it."""
    moved = sorted(found.parts.items(), key=lambda pair: (-abs(pair[1]), pair[0]))
    said = [
        f"{'up' if stars > 0 else 'down'} by {WORDS[name]}" for name, stars in moved[:2] if abs(stars) >= SAYS_SOMETHING
    ]
    start = f"From your mean of {found.mean:.1f}"
    return f"{start}: {', '.join(said)}." if said else f"{start}: nothing known moves it."
