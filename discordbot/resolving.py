"""From an album's line to the album: known, perhaps one of a few, or new."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from catalog.models import Album, Alias
from catalog.names import name_key, title_key
from catalog.naming import YEAR_SLACK
from catalog.search import search_albums
from club.models import Nomination, Week
from discordbot.forms.nominate import AlbumLine, album_line
from discordbot.texts import members, say
from social.models import User
from social.visibility import Visibility

N_CANDIDATES = 10
TITLE_LIKE, ARTIST_LIKE = 78.0, 70.0  # of 100: as far as a slip of the pen goes
N_WEEKS = 3  # in which an album was nominated or won, named in a line


def candidates(line: AlbumLine) -> list[Album]:
    """The albums to ask about; none where the line names a known album exactly, or nothing that we know is like it."""
    found = search_albums(f"{line.artist} {line.title}".strip(), limit=N_CANDIDATES * 2)
    if not line.artist:
        return found[:N_CANDIDATES]
    title, artist = title_key(line.title), name_key(line.artist)
    if any(_is_the_one(album, title, artist, line.year) for album in found):
        return []
    if Alias.objects.filter(kind=Alias.Kind.ALBUM, artist_key=artist, title_key=title).exists():
        return []
    return [album for album in found if _is_like(album, title, artist)][:N_CANDIDATES]


def _is_the_one(album: Album, title: str, artist: str, year: int | None) -> bool:
    same_year = year is None or album.release_year is None or abs(album.release_year - year) <= YEAR_SLACK
    return album.title_key == title and album.artist.name_key == artist and same_year


def _is_like(album: Album, title: str, artist: str) -> bool:
    """Both names nearly right, in this order or the other."""
    straight = _likeness(title, album.title_key), _likeness(artist, album.artist.name_key)
    swapped = _likeness(artist, album.title_key), _likeness(title, album.artist.name_key)
    return any(by_title >= TITLE_LIKE and by_artist >= ARTIST_LIKE for by_title, by_artist in (straight, swapped))


def _likeness(typed: str, known: str) -> float:
    """Words left out count little, so that “Ziggy Stardust” finds the album of the long name."""
    return float(max(fuzz.ratio(typed, known), fuzz.token_set_ratio(typed, known)))


# --- What a member should know before choosing ----------------------------------------------------------------------
@dataclass(frozen=True)
class Known:
    """An album as it stands in a list of suggestions; `past` says what the club did with it."""

    album_id: int
    title: str
    artist: str
    year: int | None
    past: str = ""

    @property
    def line(self) -> str:
        return album_line(self.title, self.artist, self.year)


def with_history(albums: Sequence[Album], *, week: Week | None, viewer: User | None = None) -> list[Known]:
    """The albums with “won WEEK 012” or “nominated by Ann”, in one query."""
    rows = (
        Nomination.objects.standing()
        .filter(album__in=[album.pk for album in albums])
        .select_related("week", "user")
        .order_by("week__number")
    )
    past: dict[int, list[Nomination]] = defaultdict(list)
    for nomination in rows:
        past[nomination.album_id].append(nomination)
    return [
        Known(album.pk, album.title, album.credit, album.release_year, _past(past[album.pk], week, viewer))
        for album in albums
    ]


def _past(nominations: list[Nomination], week: Week | None, viewer: User | None) -> str:
    """The one thing that matters most: it is taken, it won, it was there before."""
    now = next((each for each in nominations if week is not None and each.week_id == week.pk), None)
    if now is not None:
        if viewer is not None and now.user_id == viewer.pk:
            return say(members.YOURS)
        if now.user.club_visibility in {Visibility.PUBLIC, Visibility.MEMBERS}:
            return say(members.NOMINATED_NOW, name=str(now.user))
        return say(members.NOMINATED_NOW_UNNAMED)
    won = [str(each.week) for each in nominations if each.week.winner_id == each.pk]
    if won:
        return say(members.WON_IN, weeks=", ".join(won[-N_WEEKS:]))
    if nominations:
        return say(members.NOMINATED_BEFORE, weeks=", ".join(str(each.week) for each in nominations[-N_WEEKS:]))
    return ""
