"""A quick look whether a file of weights is whole, without loading hundreds of megabytes."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

N_LENGTH = 8  # bytes before the header of a safetensors file: the header's length


def why_damaged(path: Path) -> str:
    """Empty unless the file is plainly not whole; else what is wrong. What this does not find, loading it does.

    safetensors say how long they are; what PyTorch saves today is a zip, whose list of contents comes last. Files of
    PyTorch before 1.6 say nothing of their length.
    """
    try:
        n_bytes = path.stat().st_size
        with path.open("rb") as file:
            start = file.read(N_LENGTH)
            if path.suffix == ".safetensors":
                header = json.loads(file.read(min(int.from_bytes(start, "little"), n_bytes)))
                ends = [each["data_offsets"][1] for name, each in header.items() if name != "__metadata__"]
                whole = N_LENGTH + int.from_bytes(start, "little") + max(ends, default=0)
                return "" if n_bytes == whole else f"{n_bytes} bytes of {whole}"
    except OSError as error:
        return str(error.strerror or error)
    except (ValueError, KeyError, TypeError, AttributeError, IndexError):
        return "its header is no header of safetensors"
    if not n_bytes:
        return "it is empty"
    return "its end is missing" if start.startswith(b"PK") and not zipfile.is_zipfile(path) else ""
