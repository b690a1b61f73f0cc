"""One thread a process: several processes that each used every core would wait for each other."""

from __future__ import annotations

import os
import sys

VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS", "NUMBA_NUM_THREADS")


def use_one_thread() -> None:
    """For this process and the ones it starts; for libraries that are loaded already, too.

    Numba, once loaded, refuses to compile when its variable changes: there only the threads it uses become fewer.
    """
    numba = sys.modules.get("numba")
    for name in VARIABLES:
        if numba is None or not name.startswith("NUMBA"):
            os.environ[name] = "1"
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    threadpool_limits(limits=1)
    if numba is not None:
        numba.set_num_threads(1)
    if (torch := sys.modules.get("torch")) is not None:
        torch.set_num_threads(1)
