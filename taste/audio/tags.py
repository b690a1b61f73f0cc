"""What a music file says of itself: artist, title, album, recording id. Knows no Django."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self
from uuid import UUID

LONGEST = 500  # of one value: nothing longer is a name
MUSICBRAINZ = "http://musicbrainz.org"  # owner of the ID3 frame with the recording's id
# https://picard-docs.musicbrainz.org/en/appendices/tag_mapping.html
FRAMES = {"artist": "TPE1", "title": "TIT2", "album": "TALB", "album_artist": "TPE2"}
ATOMS = {"artist": "\xa9ART", "title": "\xa9nam", "album": "\xa9alb", "album_artist": "aART"}
ATOM_RECORDING = "----:com.apple.iTunes:MusicBrainz Track Id"
COMMENTS = {"artist": "artist", "title": "title", "album": "album", "album_artist": "albumartist"}
COMMENT_RECORDING = "musicbrainz_trackid"


class TagsUnreadable(Exception):
    """The file's head is damaged or of no known kind, in words."""


@dataclass(frozen=True, slots=True)
class FileTags:
    """ "" where the tags do not say. artists: each one named by itself, where several are."""

    artist: str = ""
    title: str = ""
    album: str = ""
    album_artist: str = ""
    artists: tuple[str, ...] = ()
    recording: str = ""

    def as_json(self) -> dict[str, Any]:
        return {name: list(value) if name == "artists" else value for name, value in asdict(self).items() if value}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        return cls(**{**stored, "artists": tuple(stored.get("artists", ()))})


def read_tags(path: Path) -> tuple[FileTags, float | None]:
    """The file's tags, and its length in seconds where its head tells it. TagsUnreadable in words."""
    import mutagen
    from mutagen.id3 import ID3
    from mutagen.mp4 import MP4Tags

    try:
        file = mutagen.File(path)
    except OSError:
        raise
    except Exception as error:  # mutagen lets errors of struct, zlib and unicode through beside its own
        raise TagsUnreadable(f"Its head is damaged ({_shortly(error)}).") from error
    if file is None:
        raise TagsUnreadable("Its head is of no known kind of music file.")
    tags: Any = file.tags
    if tags is None:
        found = FileTags()
    elif isinstance(tags, ID3):
        found = _from_id3(tags)
    elif isinstance(tags, MP4Tags):
        found = _from_mp4(tags)
    else:
        found = _made(tags, COMMENTS, tags.get(COMMENT_RECORDING))
    seconds = getattr(file.info, "length", None)
    return found, float(seconds) if seconds and seconds > 0 else None


def _from_id3(tags: Any) -> FileTags:
    """ID3 keeps the recording's id as a frame of MusicBrainz's own, some programs as free text."""
    texts = {frame: list(tags[frame].text) for frame in FRAMES.values() if frame in tags}
    own = tags.get(f"UFID:{MUSICBRAINZ}")
    free = tags.get("TXXX:MusicBrainz Track Id")
    recording = [own.data] if own else list(free.text) if free else None
    return _made(texts, FRAMES, recording)


def _from_mp4(tags: Any) -> FileTags:
    return _made(tags, ATOMS, tags.get(ATOM_RECORDING))


def _made(tags: Any, names: Mapping[str, str], recording: Iterable[Any] | None) -> FileTags:
    said = {ours: _texts(tags.get(theirs)) for ours, theirs in names.items()}
    artists = tuple(said["artist"])
    return FileTags(
        artist=", ".join(artists)[:LONGEST],
        title=" / ".join(said["title"])[:LONGEST],
        album=next(iter(said["album"]), ""),
        album_artist=", ".join(said["album_artist"])[:LONGEST],
        artists=artists if len(artists) > 1 else (),
        recording=next(filter(None, map(_mbid, _texts(recording))), ""),
    )


def _texts(values: Iterable[Any] | None) -> list[str]:
    """Each value as text; NUL parts several values in older ID3."""
    said: list[str] = []
    for value in values or ():
        text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
        said += [part.strip()[:LONGEST] for part in text.split("\0") if part.strip()]
    return said


def _mbid(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        return ""


def _shortly(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".strip(": ")[:120]
