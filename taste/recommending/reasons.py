"""Why an album is on a member's list: a sentence that holds, and what it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from catalog.models import Album, Artist
from club.models import Rating
from taste.recommending.blending import Blended
from taste.recommending.finding import Candidates, Learned

SOUNDS_LIKE = 0.3  # cosine of two albums, from where the one is named for the other
TOO_FEW = " Too few members share their plays yet to go by those."


class Reasons:
    """Of one member's list. A name is written only of what really contributes: checked where it is asked for."""

    def __init__(self, learned: Learned, found: Candidates, taken: Sequence[Blended]) -> None:
        self.learned, self.found = learned, found
        self.weighed = learned.together.own_weights(found.row) if learned.together is not None else None
        self.own = {each.album: self._own_albums(each) for each in taken}
        by_artist = {int(learned.shelf.artists[each.album]) for each in taken if each.part == "artists"}
        self.artists = dict(Artist.objects.filter(pk__in=by_artist).values_list("pk", "name"))
        self.titles = names_of(learned, sorted({place for places in self.own.values() for place in places}))

    def of(self, each: Blended) -> tuple[str, dict[str, Any]]:
        """The sentence, and the ids or names behind it."""
        own = [place for place in self.own[each.album] if place in self.titles]
        ids = {"albums": [int(self.learned.shelf.albums[place]) for place in own]}
        names = joined([f"“{self.titles[place]}”" for place in own])
        match each.part:
            case "together" if own:
                return f"Because you play {names}: other members play them together.", ids
            case "together" | "factors":
                n = len(self.learned.shelf.learners)
                return f"Fits your plays, by what {n} members here listen to.", {}
            case "sound" if own:
                return f"Sounds like {names}, which you play.", ids
            case "sound":
                return "Sounds near the middle of what you play.", {}
            case "artists":
                artist = int(self.learned.shelf.artists[each.album])
                return f"By {self.artists[artist]}, whom you play.", {"artists": [artist]}
            case "tags":
                return self._of_tags(each.album)
            case "club":
                return self._of_club(each.album)
            case _:
                return self._of_friends(each.album)

    def _own_albums(self, each: Blended) -> list[int]:
        """The member's own albums that speak most for it, in the part that gave most of its score."""
        learned, row = self.learned, self.found.row
        if each.part == "together" and learned.together is not None and self.weighed is not None:
            return learned.together.because_of(self.weighed, each.album)
        if each.part == "sound" and learned.sound is not None and row.nnz:
            nearest = learned.sound.contents.nearest_own(row, each.album)
            rows = learned.sound.contents.rows
            return [own for own in nearest if (rows[own] @ rows[each.album].T).sum() >= SOUNDS_LIKE]
        return []

    def _of_tags(self, place: int) -> tuple[str, dict[str, Any]]:
        profile = self.found.tag_profile
        shared = self.learned.tags.shared_dimensions(profile, place) if profile is not None else []
        names = [self.learned.tag_names[dimension] for dimension in shared]
        few = "" if self.learned.shelf.has_company else TOO_FEW
        return f"It is {joined(names)}, like albums that you play.{few}", {"tags": names}

    def _of_club(self, place: int) -> tuple[str, dict[str, Any]]:
        pick = self.found.picks[place]
        rated = f" and got {pick.mean:.1f} stars from {pick.n_ratings} members" if pick.mean is not None else ""
        return f"Won week {pick.week} of the club{rated}; you have not played it.", {"weeks": [pick.week]}

    def _of_friends(self, place: int) -> tuple[str, dict[str, Any]]:
        ratings = self.found.praised[place].ratings
        return of_friends(ratings), {"ratings": [each.pk for each in ratings]}


def of_friends(ratings: Sequence[Rating]) -> str:
    """Who, of those the reader follows, rated it how high; the ratings must be open to the reader."""
    first, *others = ratings
    if not others:
        return f"{first.user}, whom you follow, rated it {first.stars:.1f}."
    if len(others) == 1:
        return f"{first.user} and {others[0].user}, whom you follow, rated it {others[0].stars:.1f} or better."
    return f"{first.user} and {len(others)} more whom you follow rated it {ratings[-1].stars:.1f} or better."


def names_of(learned: Learned, places: Sequence[int]) -> dict[int, str]:
    """Titles by place; one query."""
    ids = {int(learned.shelf.albums[place]): place for place in places}
    return {ids[pk]: title for pk, title in Album.objects.filter(pk__in=ids).values_list("pk", "title")}


def joined(names: Sequence[str]) -> str:
    *others, last = names or [""]
    return f"{', '.join(others)} and {last}" if others else last
