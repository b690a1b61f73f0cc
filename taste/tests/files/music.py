"""Small real files of music, written for a test."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

RATE = 22_050
FORMATS = {
    ".ogg": {"format": "OGG", "subtype": "VORBIS"},
    ".oga": {"format": "OGG", "subtype": "VORBIS"},
    ".opus": {"format": "OGG", "subtype": "OPUS", "rate": 48_000},
}


def write(path: Path, *, pitch: float = 220.0, seconds: float = 1.0, **tags: str) -> Path:
    """A struck note of this pitch every half second, in the format that the ending names."""
    import soundfile

    how = dict(FORMATS.get(path.suffix, {}))
    rate = int(how.pop("rate", RATE))
    times = np.arange(int(rate * seconds)) / rate
    sound = 0.4 * np.sin(2 * np.pi * pitch * times) * np.exp(-4 * (times % 0.5))
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".m4a":
        _write_m4a(path, sound, rate)
    else:
        soundfile.write(path, sound, rate, **how)
    if tags:
        tag(path, **tags)
    return path


def tag(path: Path, **tags: str) -> None:
    """Names as other programs write them: artist, title, album, albumartist, musicbrainz_trackid."""
    import mutagen
    from mutagen import id3

    file: Any = mutagen.File(path, easy=True)
    if file.tags is None:
        file.add_tags()
    if path.suffix == ".wav":  # no easy names for these
        frames = {"artist": id3.TPE1, "title": id3.TIT2, "album": id3.TALB, "albumartist": id3.TPE2}
        for name, value in tags.items():
            if name == "musicbrainz_trackid":
                file.tags.add(id3.UFID(owner="http://musicbrainz.org", data=value.encode()))
            else:
                file.tags.add(frames[name](encoding=3, text=[value]))
    else:
        for name, value in tags.items():
            file[name] = value
    file.save()


def _write_m4a(path: Path, sound: Any, rate: int) -> None:
    import av

    with av.open(str(path), "w", format="ipod") as container:
        stream = container.add_stream("aac", rate=rate, layout="mono")
        frame = av.AudioFrame.from_ndarray(sound.astype(np.float32)[None, :], format="fltp", layout="mono")
        frame.rate = rate
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
