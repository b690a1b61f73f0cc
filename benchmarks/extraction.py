"""Files to figures, against librosa's own set in the same run; two processes against one; memory of two hours.

Every row runs in its own process with one thread and is timed by that process' CPU, so that a busy machine does not
decide. The music is synthetic: chords, bass, drums and hiss, written as MP3 and as Ogg Vorbis.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from secrets import token_hex
from statistics import median

from benchmarks.tables import Tables

SECONDS, N_FILES, N_ROUNDS = 180, 3, 3  # librosa once: it takes as long as a hundred of the others
TIMES_LIBROSA, TIMES_WITH_MUSICNN, MEGABYTES = 20, 6, 400
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"), "1")
DJANGO = {
    "DJANGO_SETTINGS_MODULE": "sidetrack.settings",
    "ENV_FILE": os.devnull,
    "SECRET_KEY": token_hex(),
    "DEBUG": "1",
}

WRITE = """
import sys
import numpy as np, soundfile
folder, n_files, length = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
rate = 44_100
for number in range(n_files):
    chance = np.random.default_rng(number)
    at = np.arange(length * rate) / rate
    beat = 60 / (96 + 16 * number)
    bars = (at // (4 * beat)).astype(int)
    roots = np.array([0, 9, 5, 7])[bars % 4]
    in_beat = at % beat
    sound = np.zeros((len(at), 2), np.float32)
    for step, left in ((0, 0.8), (4, 0.5), (7, 0.3), (-24, 0.6)):
        phase = np.cumsum(2 * np.pi * 261.6 * 2 ** ((roots + step) / 12) / rate)
        for partial in (1, 2, 3, 5):
            tone = (0.08 / partial * np.sin(partial * phase) * np.exp(-in_beat * 2)).astype(np.float32)
            sound += tone[:, None] * np.array([left, 1 - left], np.float32)
    hiss = chance.standard_normal((len(at), 2)).astype(np.float32)
    sound += hiss * (0.1 * np.exp(-(at % (beat / 2)) * 60) + 0.002)[:, None].astype(np.float32)
    sound += (0.3 * np.sin(2 * np.pi * 55 * in_beat) * np.exp(-in_beat * 12))[:, None].astype(np.float32)
    soundfile.write(f"{folder}/{number}.mp3", sound, rate, format="MP3", bitrate_mode="CONSTANT", compression_level=0.3)
    with soundfile.SoundFile(f"{folder}/{number}.ogg", "w", rate, 2, format="OGG", subtype="VORBIS") as file:
        for first in range(0, len(sound), rate):  # all at once, libsndfile's encoder overruns its stack
            file.write(sound[first : first + rate])
"""

OURS = """
import sys, time
from pathlib import Path
from taste.audio.extraction import PatchWish, extract
paths = [Path(path) for path in sys.argv[2:]]
extract(paths[0], excerpt_seconds=5)
began, wall = time.process_time(), time.perf_counter()
for _ in range(int(sys.argv[1])):
    for path in paths:
        extract(path)
print((time.process_time() - began) / int(sys.argv[1]))
"""

LIBROSA = """
import sys, time
import librosa, numpy as np
def everything(path):
    y, rate = librosa.load(path)
    librosa.beat.beat_track(y=y, sr=rate)
    librosa.effects.hpss(y)
    heights = np.abs(librosa.stft(y))
    librosa.feature.chroma_stft(S=heights**2, sr=rate)
    librosa.feature.mfcc(S=librosa.power_to_db(librosa.feature.melspectrogram(S=heights**2, sr=rate)))
    librosa.feature.spectral_contrast(S=heights, sr=rate)
    librosa.onset.onset_detect(y=y, sr=rate)
    librosa.feature.rms(S=heights)
everything(sys.argv[2])  # compiles what it compiles
began = time.process_time()
for path in sys.argv[2:]:
    everything(path)
print(time.process_time() - began)
"""

MUSICNN = """
import sys, time
from pathlib import Path
import django
django.setup()
import torch
torch.set_num_threads(1)
from taste.audio.extraction import extract
from taste.embeddings.hearing import Sounding
from taste.embeddings.musicnn.adapter import Musicnn
adapter = Musicnn(Path(sys.argv[1]) / "musicnn", device="cpu")
if why := adapter.why_off():
    print(why, file=sys.stderr)
    sys.exit(3)
def all_of(path):
    found = extract(Path(path), patches=[adapter.patches])
    patches = found.patches[adapter.patches]
    adapter.embed([Sounding(found.measured, patches)])
    return len(patches)
assert all_of(sys.argv[2]) == adapter.patches.n
began = time.process_time()
for path in sys.argv[2:]:
    all_of(path)
print(time.process_time() - began)
"""

TOGETHER = """
import sys, time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from taste.audio.extraction import extract
def measure(path):
    extract(Path(path))
paths = sys.argv[2:] * 3
for n in (1, 2):
    with ProcessPoolExecutor(n) as pool:
        list(pool.map(measure, paths[:n]))
        began = time.perf_counter()
        list(pool.map(measure, paths))
        print(time.perf_counter() - began)
"""

TWO_HOURS = """
import resource, sys, time
from pathlib import Path
import soundfile
from taste.audio.extraction import PatchWish, extract
path = Path(sys.argv[1])
wish = PatchWish(n=10, seconds=3, rate=16_000)
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
extract(Path(sys.argv[2]), patches=[wish])
short, began = peak(), time.process_time()
measured = extract(path, patches=[wish]).measured
assert measured.seconds > 7_100, measured.seconds
print(short, peak(), time.process_time() - began)
"""

JOIN = """
import sys, soundfile
target, sources = sys.argv[1], sys.argv[2:]
with soundfile.SoundFile(target, "w", 44_100, 2, format="OGG", subtype="VORBIS") as file:
    sound, _ = soundfile.read(sources[0], dtype="float32")
    for _ in range(7_200 * 44_100 // len(sound) + 1):
        for first in range(0, len(sound), 44_100):
            file.write(sound[first : first + 44_100])
"""


def numbers(code: str, *arguments: object) -> list[float]:
    """What a process of its own printed, as numbers; empty where it says (exit code 3) that it lacks something."""
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        env=os.environ | ONE_THREAD | DJANGO, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode == 3:
        print(done.stderr.strip())
        return []
    if done.returncode:
        raise RuntimeError(done.stderr)
    return [float(each) for each in done.stdout.split()]


def measure(tables: Tables) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        numbers(WRITE, folder, N_FILES, SECONDS)
        for kind in ("mp3", "ogg"):
            speed_table(tables, kind, sorted(folder.glob(f"*.{kind}")))
        together_table(tables, sorted(folder.glob("*.mp3")))
        long = folder / "two_hours.ogg"
        numbers(JOIN, long, folder / "0.ogg")
        short, peak, took = numbers(TWO_HOURS, long, folder / "1.mp3")
        tables.show(
            "Memory of a process that measures one file, with ten patches (MB; libraries included)",
            ("", "peak MB", "× real time", "wanted", ""),
            [
                ("three minutes", f"{short:.0f}", "", "", ""),
                ("two hours", f"{peak:.0f}", f"{7_200 / took:.0f}", f"< {MEGABYTES}", tables.verdict(peak < MEGABYTES)),
            ],
        )


def speed_table(tables: Tables, kind: str, paths: list[Path]) -> None:
    """Ours before and after librosa's; with the networks, too, where their weights are here (MODELS_DIR)."""
    heard = SECONDS * len(paths)
    musicnn = numbers(MUSICNN, os.environ.get("MODELS_DIR", "var/models"), *paths)
    before = [numbers(OURS, 1, *paths)[0] for _ in range(N_ROUNDS)]
    floor = numbers(LIBROSA, 0, *paths)[0]
    ours = median([*before, *(numbers(OURS, 1, *paths)[0] for _ in range(N_ROUNDS))])
    rows = [
        ("librosa: beat, HPSS, chroma, MFCC, contrast, onsets, RMS", f"{heard / floor:.0f}", "1.0", "", ""),
        ("extract", f"{heard / ours:.0f}", f"{floor / ours:.1f}", f"≥ {TIMES_LIBROSA}",
         tables.verdict(floor / ours >= TIMES_LIBROSA)),
    ]  # fmt: skip
    if musicnn:
        rows.append(
            ("extract and both nets of musicnn on 10 patches", f"{heard / musicnn[0]:.0f}", f"{floor / musicnn[0]:.1f}",
             f"≥ {TIMES_WITH_MUSICNN}", tables.verdict(floor / musicnn[0] >= TIMES_WITH_MUSICNN))
        )  # fmt: skip
    tables.show(
        f"{kind.upper()}, {len(paths)} × {SECONDS} s to figures, one core",
        ("", "× real time", "× librosa", "wanted", ""), rows,
    )  # fmt: skip


def together_table(tables: Tables, paths: list[Path]) -> None:
    one, two = numbers(TOGETHER, 0, *paths)
    tables.show(
        "Nine MP3 files by the clock on the wall",
        ("", "seconds", "× one process"),
        [("one process", f"{one:.2f}", "1.00"), ("two", f"{two:.2f}", f"{one / two:.2f}")],
    )
