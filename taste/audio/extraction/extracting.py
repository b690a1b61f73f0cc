"""From a file to every figure: one decode, whose blocks go by all the meters; then the sums."""

from __future__ import annotations

import math
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from taste.audio.extraction import loudness, sections, timbre
from taste.audio.extraction.beats import beat_times
from taste.audio.extraction.danceability import Strength, danceability
from taste.audio.extraction.decoding import LOUDEST, Source, cleaned, opened
from taste.audio.extraction.keys import key
from taste.audio.extraction.measured import N_CONTOUR, Extracted, Measured, PatchWish, Unreadable
from taste.audio.extraction.patches import Patches
from taste.audio.extraction.pitch import Pitches
from taste.audio.extraction.spectra import FRAME_RATE, RATE, Spectra
from taste.audio.extraction.tempo import onset_rate, tempo

OPPOSITE = 0.98  # side share from which a mean of the channels would cancel what is heard
AUDIBLE = 1e-6  # mean square, −60 dB: where a block says something about the channels
BROKEN_OFF = 0.5  # of the length that the file promises: with less, what it is cannot be said
SILENT_DB = -120.0


def extract(path: Path, *, excerpt_seconds: float = 0, patches: Iterable[PatchWish] = ()) -> Extracted:
    """Measure a file of music; with `patches`, keep the pieces of each wish too: all of them from the one decode.

    excerpt_seconds: hear only that much of it, from its middle; 0: all. Unreadable, in words, where there is no sound.
    The same file gives the same figures, bit by bit. Memory: about 12 KB a second of sound over the libraries' own.
    """
    try:
        with opened(path, excerpt_seconds=excerpt_seconds) as source:
            heard = Heard(source, patches)
            for block in source.blocks:
                heard.push(block)
            problem = source.problem[0] if source.problem else ""
            if not heard.n_frames:
                raise Unreadable(f"{path.name} holds no sound" + (f": {problem}." if problem else "."))
            if problem and heard.n_frames < BROKEN_OFF * source.n_frames:
                seconds, promised = heard.n_frames / source.rate, source.n_frames / source.rate
                raise Unreadable(f"{path.name} breaks off after {seconds:.0f} of {promised:.0f} seconds: {problem}.")
            return heard.finish()
    except OSError as error:
        raise Unreadable(f"{path.name} cannot be opened: {error.strerror or error}.") from error


class Heard:
    """The meters that every block goes by."""

    def __init__(self, source: Source, wishes: Iterable[PatchWish] = ()) -> None:
        import soxr

        seconds = source.n_frames / source.rate
        self.source = source
        self.loudness = loudness.LoudnessMeter(source.rate, source.weights)
        self.spectra, self.pitches, self.strength = Spectra(seconds), Pitches(seconds), Strength()
        self.patches = [Patches(wish, source.rate, source.n_frames) for wish in dict.fromkeys(wishes)]
        self.resampler = soxr.ResampleStream(source.rate, RATE, 1, dtype="float32") if source.rate != RATE else None
        self.mixed = [channel for channel, weight in enumerate(source.weights) if weight] or [0]
        self.opposite: bool | None = None
        self.n_frames, self.peak = 0, 0.0
        self.left = self.right = self.both = 0.0

    @property
    def n_bytes(self) -> int:
        """Of what is kept of the sound so far."""
        return self.spectra.n_bytes + self.pitches.n_bytes + self.strength.n_bytes

    def push(self, block: NDArray[np.float32]) -> None:
        self.n_frames += block.shape[1]
        peak = peak_of(block)
        if not peak <= LOUDEST:  # or NaN
            block = cleaned(block)
            peak = peak_of(block)
        self.peak = max(self.peak, peak)
        self.loudness.push(block)
        mono = self._mono(block)
        for each in self.patches:
            each.push(mono)
        self._analyse(self.resampler.resample_chunk(mono) if self.resampler else mono)

    def finish(self) -> Extracted:
        if self.resampler:
            self._analyse(self.resampler.resample_chunk(np.zeros(0, np.float32), last=True))
        for meter in (self.spectra, self.pitches):
            meter.finish()
        return Extracted(self._measured(), {each.wish: each.finish() for each in self.patches})

    def _analyse(self, mono: NDArray[np.float32]) -> None:
        if len(mono):
            for meter in (self.spectra, self.pitches, self.strength):
                meter.push(mono)

    def _mono(self, block: NDArray[np.float32]) -> NDArray[np.float32]:
        """The mean of the channels, or the first alone where the first sound of the file is the second's opposite."""
        mono: NDArray[np.float32] = block[0]
        if len(block) == 1:
            return mono
        left, right, both = (float(np.dot(block[one], block[two])) for one, two in ((0, 0), (1, 1), (0, 1)))
        self.left, self.right, self.both = self.left + left, self.right + right, self.both + both
        if self.opposite is None and left + right > 2 * AUDIBLE * block.shape[1]:
            self.opposite = share_of_side(left, right, both) > OPPOSITE
        if not self.opposite:
            mono = block[self.mixed].sum(axis=0) if len(block) > 2 else block[0] + block[1]
            mono *= np.float32(1 / len(self.mixed))
        return mono

    def _measured(self) -> Measured:
        mel, power = self.spectra.mel.array, self.spectra.power.array[:, 0]
        sounds = timbre.sounding(power)
        sound = timbre.timbre(mel, sounds)
        shape = timbre.shape_means(self.spectra.shape.array, sounds)
        powers = self.loudness.finish()
        pulse = tempo(sound.onsets)
        in_key = key(self.pitches.rows.array, sounds.sum() / FRAME_RATE)
        start, rate = self.source.starts_at, self.source.rate
        heard = self.n_frames / rate
        whole = self.source.n_frames_of_file / rate
        return Measured(
            seconds=whole if start else heard,
            heard_seconds=heard,
            sample_rate=rate,
            n_channels=self.source.n_channels,
            side_share=share_of_side(self.left, self.right, self.both),
            loudness_lufs=loudness.integrated(powers),
            peak_db=max(SILENT_DB, 20 * math.log10(self.peak)) if self.peak > 0 else SILENT_DB,
            dynamics_db=loudness.loudness_range(powers),
            tempo_bpm=pulse.bpm,
            tempo_confidence=pulse.confidence,
            tempo_candidates=pulse.candidates,
            beats=tuple(round(start + each, 3) for each in beat_times(sound.onsets, pulse.bpm) if each < heard - 1e-3),
            pulse_clarity=pulse.pulse_clarity,
            key=in_key.tonic,
            mode=in_key.mode,
            key_confidence=in_key.confidence,
            mode_strength=in_key.mode_strength,
            onset_rate=onset_rate(sound.onsets, power, sounds),
            dfa_danceability=danceability(self.strength.array),
            centroid_hz=float(shape[0]),
            bandwidth_hz=float(shape[1]),
            contrast_db=tuple(shape[4:].tolist()),
            flatness=float(shape[2]),
            entropy=float(shape[3]),
            flux=sound.flux,
            mfcc_mean=tuple(sound.mfcc_mean.tolist()),
            mfcc_sd=tuple(sound.mfcc_sd.tolist()),
            chroma=tuple(in_key.chroma.tolist()),
            harmonic_ratio=self.spectra.harmonics.finish(),
            speech_modulation=timbre.syllable_modulation(sound.voice, sounds),
            contour=loudness.contour(powers, N_CONTOUR),
            sections=tuple(start + each for each in sections.borders(mel, sounds)),
        )


def peak_of(block: NDArray[np.float32]) -> float:
    """The largest sample either way; NaN where one is."""
    return max(float(block.max()), -float(block.min()))


def share_of_side(left: float, right: float, both: float) -> float:
    """Of the power of two channels, what they differ by. left, right: sums of squares; both: of their product."""
    return min(1.0, max(0.0, 0.5 - both / (left + right))) if left + right > 0 else 0.0
