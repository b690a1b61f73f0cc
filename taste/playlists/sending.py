"""What each service wants: which of a list's tracks it has, and the list there made, found again or renewed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from catalog.clients.spotify import SpotifyCatalogue, SpotifyTrack
from catalog.models import Track
from catalog.names import name_key, title_key
from listening.clients import listenbrainz_playlists as listenbrainz
from listening.clients.spotify import EXPORTS
from listening.clients.spotify_permission import TO_WRITE
from listening.clients.spotify_playlists import SpotifyPlaylists
from listening.clients.spotify_records import MadePlaylist
from sidetrack.http import NeedsRelink, NotThere, OddReply
from social.models import LinkedAccount
from taste.models import Playlist

if TYPE_CHECKING:
    from taste.playlists.services import Run

Place: TypeAlias = tuple[str, str]  # the id there, and the page's address
APART_MS = 8_000  # two releases of one recording differ by less; a live or a radio version by more
SAY_EVERY = 10  # tracks looked up
PLAYLIST_URL = "https://open.spotify.com/playlist/{}"


def to_spotify(run: Run, playlist: Playlist, link: LinkedAccount) -> list[str]:
    """The names of tracks that Spotify does not have. Raises the errors of `sidetrack.http`."""
    if link.scopes and not set(TO_WRITE) <= set(link.scopes.split()):
        raise NeedsRelink(_("You have not permitted us to write playlists on Spotify."))
    ids, names = _spotify_ids(run, [line.track for line in playlist.lines.all()])
    if not ids:
        raise OddReply(_("Spotify has none of these tracks."))
    account = SpotifyPlaylists(link, now=run.now, budget=EXPORTS)
    playlist = run.playlist()  # looking up takes a while: a blend may be over by now
    words, is_public = run.description(playlist), run.is_public()
    change = partial(account.change, name=playlist.title, description=words, is_public=is_public)
    create = partial(account.create_playlist, name=playlist.title, description=words, is_public=is_public)

    def place_of(made: MadePlaylist) -> Place:
        return made.spotify_id, made.url or PLAYLIST_URL.format(made.spotify_id)

    def found() -> Place | None:
        made = account.marked(run.marker())
        return place_of(made) if made is not None else None

    if _renewed_or_made(run, change=change, found=found, make=lambda: place_of(create()), is_public=is_public):
        account.keep(run.export.remote_id)
    account.replace_items(run.export.remote_id, ids)
    return names


def to_listenbrainz(run: Run, playlist: Playlist, link: LinkedAccount) -> list[str]:
    """The names of tracks without a MusicBrainz recording."""
    tracks = [line.track for line in playlist.lines.all()]
    mbids = [str(track.recording_mbid) for track in tracks if track.recording_mbid]
    names = [str(track) for track in tracks if not track.recording_mbid]
    run.note(n_looked_up=len(tracks), n_found=len(mbids))
    if not mbids:
        raise OddReply(_("None of these tracks is known to MusicBrainz yet."))
    account = listenbrainz.ListenBrainzPlaylists(
        str(link.metadata.get("name") or link.provider_user_id), link.access_token
    )
    words, is_public = run.description(playlist), run.is_public()
    edit = partial(account.edit, title=playlist.title, annotation=words, is_public=is_public)
    create = partial(account.create, title=playlist.title, annotation=words, is_public=is_public)

    def place_of(mbid: str) -> Place:
        return mbid, listenbrainz.page_of(mbid)

    def found() -> Place | None:
        kept = account.marked(run.marker())
        return place_of(kept.mbid) if kept is not None else None

    _renewed_or_made(run, change=edit, found=found, make=lambda: place_of(create()), is_public=is_public)
    account.replace(run.export.remote_id, mbids)
    return names


def _renewed_or_made(
    run: Run,
    *,
    change: Callable[[str], None],
    found: Callable[[], Place | None],
    make: Callable[[], Place],
    is_public: bool,
) -> bool:
    """The list at the service is there once and named as here: the one known, else one found by its marker, else new.

    Whether it was known. The place is noted before the list is filled: one whose filling breaks off is found again.
    That it is open there is noted before it is, and that it is not after: an answer that never came closes nothing.
    """
    if is_public:
        run.note(is_public_there=True)
    if run.export.remote_id:
        try:
            change(run.export.remote_id)
        except NotThere:
            run.note(remote_id="", url="")
        else:
            run.note(is_public_there=is_public)
            return True
    place = found()
    if place is not None:
        change(place[0])
    else:
        place = make()
    run.note(remote_id=place[0], url=place[1], is_public_there=is_public)
    return False


def _spotify_ids(run: Run, tracks: Sequence[Track]) -> tuple[list[str], list[str]]:
    """Ids there in order, each once, and the names of what was not found."""
    ids: dict[str, None] = {}
    names: list[str] = []
    catalogue = SpotifyCatalogue(now=run.now)
    for n, track in enumerate(tracks, start=1):
        found = track.spotify_id or _looked_up(track, catalogue, now=run.now)
        if found:
            ids[found] = None
        else:
            names.append(str(track))
        if n % SAY_EVERY == 0 or n == len(tracks):
            run.note(n_looked_up=n, n_found=n - len(names))
    return list(ids), names


def _looked_up(track: Track, catalogue: SpotifyCatalogue, *, now: datetime) -> str:
    """Its id in Spotify's catalogue, remembered with the track; "" where nothing there is surely it."""
    found = best_of(track, catalogue.search_tracks(artist=track.artist.name, title=track.title))
    if found is None:
        return ""
    try:
        with transaction.atomic():
            Track.objects.filter(pk=track.pk, spotify_id__isnull=True).update(spotify_id=found.spotify_id)
    except IntegrityError:  # another track of ours has it: two names of one recording
        pass
    return found.spotify_id


def best_of(track: Track, found: Sequence[SpotifyTrack]) -> SpotifyTrack | None:
    """The one that is surely the track: same title, its artist among theirs, about the same length where both say one.

    Of several, the one from the same album, then the nearest in length, then the first.
    """
    album = title_key(track.album.title) if track.album else ""
    sure = [
        (
            bool(album) and each.album is not None and title_key(each.album.title) == album,
            -_apart_ms(track, each),
            -at,
            each,
        )
        for at, each in enumerate(found)
        if title_key(each.title) == title_key(track.title)
        and name_key(track.artist.name) in {name_key(name) for name in each.artists}
        and _apart_ms(track, each) <= APART_MS
    ]
    return max(sure, key=lambda item: item[:3])[3] if sure else None


def _apart_ms(track: Track, found: SpotifyTrack) -> int:
    if not (track.duration_ms and found.duration_ms):
        return 0
    return abs(track.duration_ms - found.duration_ms)
