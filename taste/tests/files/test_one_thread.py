"""A process that analyses music uses one thread, whatever it did before."""

from __future__ import annotations

import os
import subprocess
import sys

AFTER_A_MAP = """
import numba
import numpy as np

numba.get_num_threads()  # numba starts as many threads as the machine has, as a map's fitting does

from taste.audio.threads import use_one_thread

use_one_thread()
assert numba.get_num_threads() == 1

@numba.njit
def doubled(value):
    return 2 * value

print(doubled(21))
"""


def test_numba_compiles_on_after_its_threads_were_started() -> None:
    """A worker that fitted a map and analyses music next: numba ends the process's work if its variable changes."""
    known = {name: value for name, value in os.environ.items() if not name.startswith("NUMBA")}
    told = subprocess.run(
        [sys.executable, "-c", AFTER_A_MAP], env=known | {"NUMBA_NUM_THREADS": "2"}, capture_output=True, text=True
    )
    assert told.stdout.strip() == "42", told.stderr
