"""A member's own playlists at Spotify: found again, renamed, kept in their library. `spotify` makes and fills them."""

from __future__ import annotations

from listening.clients.spotify import SpotifyAccount, checked_id
from listening.clients.spotify_records import MadePlaylist, read_playlist
from sidetrack.http import NeedsRelink, OddReply, Params

A_PAGE, MOST_PAGES = 50, 40


class SpotifyPlaylists(SpotifyAccount):
    def marked(self, marker: str) -> MadePlaylist | None:
        """The first of the member's playlists whose description has this word.

        Without the permission `playlist-read-private` only public ones are looked at.
        https://developer.spotify.com/documentation/web-api/reference/get-a-list-of-current-users-playlists
        """
        for page in range(MOST_PAGES):
            params: Params = {"limit": A_PAGE, "offset": page * A_PAGE}
            body = self._ask("GET", "/v1/me/playlists", "list the playlists", params=params).json()
            rows = body.get("items") if isinstance(body, dict) else None
            if not isinstance(rows, list):
                raise OddReply("Spotify could not list the playlists: the answer holds none.")
            for row in rows:
                if isinstance(row, dict) and marker in str(row.get("description") or ""):
                    return read_playlist(row)
            if len(rows) < A_PAGE or not body.get("next"):
                return None
        return None

    def change(self, playlist_id: str, *, name: str, description: str, is_public: bool) -> None:
        """https://developer.spotify.com/documentation/web-api/reference/change-playlist-details"""
        body = {"name": name, "description": " ".join(description.split()), "public": is_public}
        self._ask("PUT", f"/v1/playlists/{checked_id(playlist_id)}", "rename the playlist", json=body)

    def keep(self, playlist_id: str) -> bool:
        """Put it into the member's library again: to delete a playlist there is to take it out of the library, no more.

        Whether Spotify let us; it may want a permission for it that we do not ask for.
        https://developer.spotify.com/documentation/web-api/reference/save-library-items
        """
        params: Params = {"uris": f"spotify:playlist:{checked_id(playlist_id)}"}
        try:
            self._ask("PUT", "/v1/me/library", "keep the playlist", params=params)
        except (OddReply, NeedsRelink) as error:
            if error.status != 403:
                raise
            return False
        return True
