"""Opens any file of sound as a stream of blocks: float32, shape (channels, frames), at the file's own rate.

FFmpeg (PyAV) reads Vorbis twice and MP3 1.2 times as fast as libsndfile, which in turn is quicker with FLAC and plain
samples; what one refuses the other is asked for. FFmpeg may open this one file and nothing that it points at: a
playlist in the clothes of an MP3 would otherwise have it fetch addresses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from taste.audio.extraction.measured import Unreadable

Block = NDArray[np.float32]
BLOCK = 65_536
FORMATS = "aac,ac3,aiff,alac,ape,asf,caf,eac3,flac,matroska,webm,mov,mp4,m4a,mp3,mpc,mpc8,ogg,tta,wav,w64,wv"
FOR_LIBSNDFILE = (b"RIFF", b"RF64", b"fLaC", b"FORM", b".snd", b"caff")
LEADS_IN = 0.5  # seconds decoded and dropped after a seek: MP3 frames lean on those before them
MOST_SPOILT = 100
LOUDEST = 64.0  # float files may hold anything; 36 dB over full scale is a broken value
SURROUND = 1.41  # BS.1770-4, table 3: channels at 60 to 120 degrees weigh 1.5 dB more; the LFE is left out
# Orders of WAVE and FLAC; four and more channels in the order of https://www.rfc-editor.org/rfc/rfc9639#section-9.1.3
WEIGHTS = {
    4: (1, 1, SURROUND, SURROUND),
    5: (1, 1, 1, SURROUND, SURROUND),
    6: (1, 1, 1, 0, SURROUND, SURROUND),
    7: (1, 1, 1, 0, 1, SURROUND, SURROUND),
    8: (1, 1, 1, 0, 1, 1, SURROUND, SURROUND),
}


@dataclass(slots=True)
class Source:
    """A file that is open. n_frames: as far as the file itself says, of what will be heard; 0 unknown.

    starts_at: seconds into the file. weights: of each channel in the loudness. problem: set where it broke off.
    """

    rate: int
    n_channels: int
    weights: tuple[float, ...]
    n_frames: int
    n_frames_of_file: int
    starts_at: float
    blocks: Iterator[Block]
    problem: list[str] = field(default_factory=list)


@contextmanager
def opened(path: Path, *, excerpt_seconds: float = 0) -> Iterator[Source]:
    """The file; for an excerpt, so many seconds in its middle. Unreadable where there is no sound in it, or OSError."""
    with path.open("rb") as file:
        head = file.read(4)
    if not head:
        raise Unreadable(f"{path.name} is empty.")
    readers: list[Callable[[Path, float, ExitStack], Source]] = [by_ffmpeg, by_libsndfile]
    if head in FOR_LIBSNDFILE:
        readers.reverse()
    refusals = []
    with ExitStack() as stack:
        for reader in readers:
            try:
                source = reader(path, excerpt_seconds, stack)
            except Unreadable as refusal:
                refusals.append(str(refusal))
            else:
                yield source
                return
    raise Unreadable(f"{path.name} holds no sound that can be decoded ({'; '.join(refusals)}).")


def excerpt_of(n_frames: int, rate: int, seconds: float) -> tuple[int, int]:
    """(first frame, frames) of the middle `seconds`; everything where that is not less, or the length is unknown."""
    wanted = round(seconds * rate)
    if not 0 < wanted < n_frames:
        return 0, n_frames
    return (n_frames - wanted) // 2, wanted


def cleaned(block: Block) -> Block:
    """Without what no loudspeaker plays: NaN and infinities, which float files may hold, become silence."""
    return np.clip(np.nan_to_num(block, nan=0.0, posinf=0.0, neginf=0.0), -LOUDEST, LOUDEST)


def by_libsndfile(path: Path, excerpt_seconds: float, stack: ExitStack) -> Source:
    import soundfile

    try:
        file = stack.enter_context(soundfile.SoundFile(path))
        first, n_frames = excerpt_of(file.frames, file.samplerate, excerpt_seconds)
        if first:
            file.seek(first)
    except (soundfile.LibsndfileError, RuntimeError, ValueError) as error:
        raise Unreadable(f"libsndfile: {told(error)}") from error
    problem: list[str] = []

    def blocks() -> Iterator[Block]:
        buffer = np.empty((BLOCK, file.channels), np.float32)
        left = n_frames
        while left > 0:
            try:
                got = file.read(min(BLOCK, left), dtype="float32", always_2d=True, out=buffer[: min(BLOCK, left)])
            except (soundfile.LibsndfileError, RuntimeError) as error:
                problem.append(told(error))
                return
            if not len(got):
                return
            left -= len(got)
            yield np.ascontiguousarray(got.T)

    weights = tuple(map(float, WEIGHTS.get(file.channels, (1,) * file.channels)))
    rate = int(file.samplerate)
    return Source(rate, file.channels, weights, n_frames, file.frames, first / rate, blocks(), problem)


def by_ffmpeg(path: Path, excerpt_seconds: float, stack: ExitStack) -> Source:
    import av

    try:
        container = stack.enter_context(
            av.open(
                str(path),
                metadata_errors="replace",
                options={"format_whitelist": FORMATS, "protocol_whitelist": "file"},
            )
        )
        if not container.streams.audio:
            raise Unreadable("FFmpeg: it has no sound in it")
        stream = container.streams.audio[0]
        stream.codec_context.thread_count = 1
        rate = int(stream.codec_context.sample_rate)
        seconds = (
            float(stream.duration * stream.time_base)
            if stream.duration and stream.time_base
            else (container.duration or 0) / 1e6
        )
        of_file = max(0, round(seconds * rate))
        first, n_frames = excerpt_of(of_file, rate, excerpt_seconds)
        if first:
            container.seek(int(max(0.0, first / rate - LEADS_IN) * 1e6))
        problem: list[str] = []
        frames = decoded(container, stream, problem)
        head = next(frames, None)
    except (av.FFmpegError, ValueError) as error:
        raise Unreadable(f"FFmpeg: {told(error)}") from error
    if head is None:
        raise Unreadable(f"FFmpeg: {problem[0] if problem else 'it has no frames in it'}")
    if head.sample_rate != rate:  # HE-AAC is declared at half of the rate that it decodes to
        first, n_frames, of_file = (
            round(each * head.sample_rate / max(rate, 1)) for each in (first, n_frames, of_file)
        )
        rate = head.sample_rate
    skip = max(0, first - round((head.time or 0.0) * rate)) if first else 0
    starts_at = max(first / rate, head.time or 0.0) if first else 0.0
    limit = n_frames if n_frames < of_file else 0
    blocks = in_blocks(head, frames, skip, limit, problem)
    weights = weights_by_name([each.name for each in head.layout.channels])
    return Source(rate, len(head.layout.channels), weights, n_frames, of_file, starts_at, blocks, problem)


def decoded(container: Any, stream: Any, problem: list[str]) -> Iterator[Any]:
    """Every frame; a packet that is spoilt costs itself alone, a hundred in a row end it."""
    import av

    in_a_row = 0
    while in_a_row < MOST_SPOILT:
        try:
            for frame in container.decode(stream):  # goes on behind the packet that it failed at
                in_a_row = 0
                yield frame
            return
        except av.FFmpegError as error:
            in_a_row += 1
            problem.append(told(error))


def in_blocks(head: Any, frames: Iterator[Any], skip: int, limit: int, problem: list[str]) -> Iterator[Block]:
    """Frames joined into blocks; skip: samples dropped at the start; limit: samples handed out, 0 for all."""
    import av

    layout, rate = head.layout.name, head.sample_rate
    fifo = av.AudioFifo()
    left = limit or None

    def drained(n: int) -> Iterator[Block]:
        nonlocal skip, left
        frame = fifo.read(n, partial=True)
        if frame is None:
            return
        block: Block = frame.to_ndarray().astype(np.float32, copy=False)
        dropped = min(skip, block.shape[1])
        skip -= dropped
        block = block[:, dropped : None if left is None else dropped + left]
        if left is not None:
            left -= block.shape[1]
        if block.shape[1]:
            yield block

    def anew() -> Any:
        return av.AudioResampler(format="fltp", layout=layout, rate=rate)

    resampler = None if head.format.name == "fltp" else anew()
    time_base = head.time_base
    for frame in chain([head], frames):
        try:
            if resampler is None:
                frame.pts = None  # gaps in time are no sound, and the FIFO refuses them
                fifo.write(frame)
            else:
                through(resampler, frame, fifo, time_base)
        except ValueError:  # another rate or layout than before, as in recordings of radio: brought to the first one
            resampler = anew()
            through(resampler, frame, fifo, time_base)
        if fifo.samples >= BLOCK:
            yield from drained(BLOCK)
            if left == 0:
                return
    while left != 0 and fifo.samples:
        yield from drained(BLOCK)


def through(resampler: Any, frame: Any, fifo: Any, time_base: Any) -> None:
    for each in resampler.resample(frame):
        each.pts, each.time_base = None, time_base
        fifo.write(each)


def weights_by_name(names: list[str]) -> tuple[float, ...]:
    """BS.1770's weight of each channel by FFmpeg's names: "FL", "LFE", "SL"; back channels are the sides of 5.1."""
    surround = {"SL", "SR"} if "SL" in names else {"BL", "BR"}
    return tuple(0.0 if name.startswith("LFE") else SURROUND if name in surround else 1.0 for name in names)


def told(error: Exception) -> str:
    """The library's own words without the path, which it likes to repeat."""
    text = str(getattr(error, "error_string", "") or getattr(error, "strerror", "") or error)
    return text.rsplit(": ", 1)[-1].strip().rstrip(".")[:200] or type(error).__name__
