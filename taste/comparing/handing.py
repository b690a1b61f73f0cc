"""Albums that one member should hand over to the other: loved or much played by one, unknown to the other, fitting."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.models import Album, Tagging
from club.models import DiaryEntry, Nomination, WantedAlbum
from listening.models import AlbumTotal, ArtistTotal
from social.models import User
from taste.comparing.reading import Pair
from taste.models import TasteProfile, UserRecommendation
from taste.recommending.known import heard_by_track

LOVED = 8  # half stars
NOT_LIKED = 6  # half stars: however often it was played
MUCH = 10  # plays
N_MOST_PLAYED = 100  # of the giver's albums are looked at
N_GENRES = 3  # of an album
LEAST_SHARE = 0.04  # of the receiver's plays, for a genre to be named as theirs
N_HANDED = 3


@dataclass(frozen=True, slots=True)
class Handed:
    """reason: what the giver thinks of it, and why it may suit the receiver. wanted: it is on the receiver's list."""

    album: Album
    reason: str
    wanted: bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for one album. half_stars, plays: the giver's; artist_plays: the receiver's, of its artist."""

    album: Album
    half_stars: int = 0
    plays: int = 0
    artist_plays: int = 0
    genre: str = ""
    genre_share: float = 0.0
    wanted: bool = False

    @property
    def love(self) -> float:
        """0 to 2: stars from 3.0 up, and the logarithm of the plays."""
        return max(self.half_stars - NOT_LIKED, 0) / 4 + min(math.log10(1 + self.plays) / 2, 1)

    @property
    def fit(self) -> float:
        """0 to 2: that the receiver plays its artist, its genre, or wants to hear it."""
        by_genre = min(self.genre_share * 4, 1) if self.genre_share >= LEAST_SHARE else 0
        return min(by_genre + (0.5 if self.artist_plays else 0) + (0.5 if self.wanted else 0), 2)

    @property
    def weight(self) -> float:
        return self.love * (0.25 + self.fit)


def hand_over(
    giver: User, receiver: User, pair: Pair, *, given: Mapping[int, int], known: Collection[int]
) -> list[Handed]:
    """Up to three albums by different artists; a fixed number of queries.

    given: the giver's ratings in half stars; known: what the receiver rated; both as the viewer may read them, empty
    where they may not. Plays count where both members' listens are open to the viewer.
    """
    plays = _most_played(giver) if pair.reads_listens else {}
    loved = {album for album, half in given.items() if half >= LOVED}
    much = {album for album, n in plays.items() if n >= MUCH and given.get(album, LOVED) > NOT_LIKED}
    ids = sorted((loved | much) - set(known) - _heard(receiver, pair, loved | much))
    found = _evidence(giver, receiver, pair, ids, given, plays)
    chosen: list[Evidence] = []
    for each in sorted(found, key=lambda each: (-each.weight, each.album.pk)):
        if all(each.album.artist_id != other.album.artist_id for other in chosen):
            chosen.append(each)
        if len(chosen) == N_HANDED:
            break
    return [Handed(each.album, reason(each, giver, receiver, pair), each.wanted) for each in chosen]


def _most_played(giver: User) -> dict[int, int]:
    totals = AlbumTotal.objects.filter(user=giver, n_listens__gt=0).order_by("-n_listens", "album")
    return dict(totals.values_list("album_id", "n_listens")[:N_MOST_PLAYED])


def _heard(receiver: User, pair: Pair, ids: Collection[int]) -> set[int]:
    """Of these the ones that the receiver knows, as far as the viewer may know it, or said no to, being the viewer."""
    diary = DiaryEntry.objects.filter(user=receiver, album__in=ids).visible_to(pair.viewer)
    heard = set(diary.order_by().values_list("album_id", flat=True))
    if pair.reads_ratings:
        put_up = Nomination.objects.filter(user=receiver, album__in=ids)
        heard |= set(put_up.order_by().values_list("album_id", flat=True))
    if pair.reads_listens:
        totals = AlbumTotal.objects.filter(user=receiver, album__in=ids, n_listens__gt=0)
        heard |= set(totals.values_list("album_id", flat=True)) | heard_by_track(receiver.pk, ids)
    if pair.is_own and receiver.pk == pair.a.pk:
        said_no = UserRecommendation.objects.filter(user=receiver, album__in=ids).exclude(feedback="")
        heard |= set(said_no.order_by().values_list("album_id", flat=True))
    return heard


def _evidence(
    giver: User, receiver: User, pair: Pair, ids: list[int], given: Mapping[int, int], plays: Mapping[int, int]
) -> list[Evidence]:
    albums = Album.objects.current().select_related("artist").order_by().in_bulk(ids)
    artists: dict[int, int] = {}
    if pair.reads_listens:
        totals = ArtistTotal.objects.filter(user=receiver, artist__in={each.artist_id for each in albums.values()})
        artists = dict(totals.filter(n_listens__gt=0).values_list("artist_id", "n_listens"))
    profile = TasteProfile.objects.filter(user=receiver).visible_to(pair.viewer).first()
    shares: Mapping[str, float] = profile.genre_histogram if profile else {}
    genres = _genres(ids) if shares else {}
    wanted = WantedAlbum.objects.filter(user=receiver, album__in=ids).visible_to(pair.viewer)
    wanted_ids = set(wanted.order_by().values_list("album_id", flat=True))
    found = []
    for pk, album in albums.items():
        genre = max(genres.get(pk, []), key=lambda name: shares.get(name, 0), default="")
        found.append(
            Evidence(
                album=album,
                half_stars=given.get(pk, 0),
                plays=plays.get(pk, 0),
                artist_plays=artists.get(album.artist_id, 0),
                genre=genre,
                genre_share=shares.get(genre, 0),
                wanted=pk in wanted_ids,
            )
        )
    return found


def _genres(ids: list[int]) -> dict[int, list[str]]:
    """The weightiest genres of each; one query."""
    rows = Tagging.objects.filter(album__in=ids, tag__is_genre=True, weight__gt=0).order_by("-weight", "tag__name_key")
    found: dict[int, list[str]] = defaultdict(list)
    for album, name in rows.values_list("album_id", "tag__name"):
        if name not in found[album] and len(found[album]) < N_GENRES:
            found[album].append(name)
    return found


def reason(each: Evidence, giver: User, receiver: User, pair: Pair) -> str:
    """One or two sentences, of what holds and nothing else."""
    by, to = pair.voice(giver), pair.voice(receiver)
    stars = f"{each.half_stars / 2:.1f}"
    plays = ngettext("once", "%(n)d times", each.plays) % {"n": each.plays}
    if each.half_stars >= LOVED and each.plays:
        why = _("%(who)s gave it %(stars)s and played it %(plays)s.")
    elif each.half_stars >= LOVED:
        why = _("%(who)s gave it %(stars)s.")
    else:
        why = _("%(who)s played it %(plays)s.")
    said = [why % {"who": by.subject, "stars": stars, "plays": plays}]
    if each.wanted:
        said.append(_("It is on the list of what %(who)s wanted to hear.") % {"who": to.object})
    elif each.artist_plays:
        words = ngettext(
            "%(who)s played %(artist)s, once, but not this album.",
            "%(who)s played %(artist)s, %(n)d times, but not this album.",
            each.artist_plays,
        )
        said.append(words % {"who": to.subject, "artist": each.album.artist.name, "n": each.artist_plays})
    elif each.genre_share >= LEAST_SHARE:
        words = _("It is %(genre)s, as is %(share)s of what %(who)s played.")
        said.append(words % {"genre": each.genre, "share": f"{each.genre_share:.0%}", "who": to.object})
    return " ".join(said)
