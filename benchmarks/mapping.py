"""The map of taste: drawing 10,000 tracks, placing 200 new ones, redrawing with a tenth more; time, memory, stillness.

Planted: 40 clusters in 128 dimensions, two of them heard only among the new tracks. Each step runs in a process of its
own, so that its memory is its own; UMAP's compiling is told apart from its work, and kept between the steps. Floors of
the same run: PCA of the same tracks, UMAP's own transform, and a map that is simply drawn anew.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from typing import Any

from benchmarks.tables import Tables

N_TRACKS, N_NEW, N_MORE, N_CLUSTERS, SEED = 10_000, 200, 1_000, 40, 42
MOST_MOVED, LEAST_TRUST = 0.25, 0.9

CHILD = """
import json, resource, sys, time
import numpy as np
from benchmarks import mapping
name, folder = sys.argv[1], sys.argv[2]
print(json.dumps(getattr(mapping, name)(folder)))
"""


def measure(tables: Tables) -> None:
    from taste.mapping.projecting import is_umap_there

    if not is_umap_there():
        print("umap-learn is not installed (the extra `audio`): the map is left out.")
        return
    with tempfile.TemporaryDirectory() as folder:
        cold = _in_its_own("first_use", folder)
        pca, drawn = _in_its_own("draw_pca", folder), _in_its_own("draw_umap", folder)
        ours, theirs = _in_its_own("place_ours", folder), _in_its_own("place_umaps", folder)
        again, fresh = _in_its_own("redraw", folder), _in_its_own("draw_afresh", folder)
    tables.show(
        f"The map: {N_TRACKS:,} tracks, 128 dimensions, one thread",
        ("", "seconds", "× PCA", "MB at most", "trustworthiness", "wanted", ""),
        [
            ("first use in a process (imports, compiles)", f"{cold['s']:.1f}", "", f"{cold['mb']:.0f}", "", "", ""),
            ("PCA, the floor", f"{pca['s']:.2f}", "1", f"{pca['mb']:.0f}", f"{pca['trust']:.3f}", "", ""),
            ("UMAP from scratch", f"{drawn['s']:.1f}", f"{drawn['s'] / pca['s']:.0f}", f"{drawn['mb']:.0f}",
             f"{drawn['trust']:.3f}", f"≥ {LEAST_TRUST}", tables.verdict(drawn["trust"] >= LEAST_TRUST)),
        ],
    )  # fmt: skip
    tables.show(
        f"{N_NEW} new tracks among {N_TRACKS:,}",
        ("", "seconds", "× ours", "MB at most", "trustworthiness", "wanted", ""),
        [
            ("UMAP's own transform", f"{theirs['s']:.2f}", f"{theirs['s'] / ours['s']:.1f}", f"{theirs['mb']:.0f}",
             f"{theirs['trust']:.3f}", "", ""),
            ("among their nearest neighbours", f"{ours['s']:.2f}", "1", f"{ours['mb']:.0f}", f"{ours['trust']:.3f}",
             f"≥ {theirs['trust'] - 0.02:.3f}", tables.verdict(ours["trust"] >= theirs["trust"] - 0.02)),
        ],
    )  # fmt: skip
    tables.show(
        f"{N_MORE:,} more tracks, the map drawn again",
        ("", "seconds", "MB at most", "trustworthiness", "tracks moved by (s.d.)", "wanted", ""),
        [
            ("from scratch, laid onto the old map", f"{fresh['s']:.1f}", f"{fresh['mb']:.0f}", f"{fresh['trust']:.3f}",
             f"{fresh['moved']:.2f}", "", ""),
            ("from the old places, laid onto the old map", f"{again['s']:.1f}", f"{again['mb']:.0f}",
             f"{again['trust']:.3f}", f"{again['moved']:.2f}", f"≤ {MOST_MOVED}",
             tables.verdict(again["moved"] <= MOST_MOVED)),
        ],
    )  # fmt: skip


def _in_its_own(name: str, folder: str) -> dict[str, float]:
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"), "1")
    known = os.environ | threads | {"NUMBA_CACHE_DIR": f"{folder}/numba"}
    run = [sys.executable, "-W", "ignore", "-c", CHILD, name, folder]
    answer = subprocess.run(run, env=known, capture_output=True, text=True, check=True).stdout
    return dict(json.loads(answer.splitlines()[-1]))


# --- Steps, each in a process of its own ----------------------------------------------------------------------------
def first_use(folder: str) -> dict[str, float]:
    from time import perf_counter

    began = perf_counter()
    _warm()
    return {"s": perf_counter() - began, "mb": _megabytes()}


def draw_pca(folder: str) -> dict[str, float]:
    from taste.mapping.projecting import fit

    vectors, _ = _tracks()
    return _timed(lambda: fit(vectors, seed=SEED, method="pca"), _trust)


def draw_umap(folder: str) -> dict[str, float]:
    import numpy as np

    from taste.mapping.projecting import fit

    vectors, _ = _tracks()
    _warm()

    def kept(fitted: Any) -> dict[str, float]:
        np.save(f"{folder}/places.npy", fitted.places)
        return _trust(fitted)

    return _timed(lambda: fit(vectors, seed=SEED, method="umap"), kept)


def place_ours(folder: str) -> dict[str, float]:
    import numpy as np

    from taste.mapping.projecting import place, standard_of

    vectors, new = _tracks()
    standard, places = standard_of(vectors), np.load(f"{folder}/places.npy")
    rows, more = standard(vectors), standard(new[:N_NEW])
    return _timed(lambda: place(more, rows, places, None), lambda found: _trust_beside(more, found, rows, places))


def place_umaps(folder: str) -> dict[str, float]:
    import umap

    from taste.mapping.projecting import MIN_DIST, N_NEIGHBOURS, standard_of

    vectors, new = _tracks()
    standard = standard_of(vectors)
    rows, more = standard(vectors), standard(new[: 2 * N_NEW])
    fitted = umap.UMAP(n_neighbors=N_NEIGHBOURS, min_dist=MIN_DIST, random_state=SEED).fit(rows)
    fitted.transform(more[N_NEW:])  # compiles
    more = more[:N_NEW]
    return _timed(lambda: fitted.transform(more), lambda found: _trust_beside(more, found, rows, fitted.embedding_))


def redraw(folder: str) -> dict[str, float]:
    return _drawn_again(folder, "umap")


def draw_afresh(folder: str) -> dict[str, float]:
    return _drawn_again(folder, None)


def _drawn_again(folder: str, before_by: Any) -> dict[str, float]:
    import numpy as np

    from taste.mapping.aligning import mean_move
    from taste.mapping.projecting import fit

    vectors, new = _tracks()
    places = np.load(f"{folder}/places.npy")
    everything = np.vstack([vectors, new])
    before = np.vstack([places, np.full((len(new), 2), np.nan, np.float32)])
    _warm()
    return _timed(
        lambda: fit(everything, seed=SEED, method="umap", before=before, before_by=before_by),
        lambda fitted: {"moved": mean_move(places, fitted.places[: len(places)]) or 0, **_trust(fitted, everything)},
    )


def _tracks() -> tuple[Any, Any]:
    """The library and the tracks that come later; two of the clusters come with them."""
    import numpy as np

    chance = np.random.default_rng(0)
    centres = chance.normal(size=(N_CLUSTERS, 128)) * 1.2

    def some(n: int, n_clusters: int) -> Any:
        of = chance.choice(n_clusters, size=n)
        return (centres[of] + chance.normal(size=(n, 128)) * 0.9).astype(np.float32)

    return some(N_TRACKS, N_CLUSTERS - 2), some(N_MORE, N_CLUSTERS)


def _warm() -> None:
    """Let UMAP compile itself on a few tracks."""
    import numpy as np

    from taste.mapping.projecting import fit

    few = np.random.default_rng(1).normal(size=(80, 128)).astype(np.float32)
    first = fit(few, seed=SEED, method="umap")
    fit(few, seed=SEED, method="umap", before=first.places, before_by="umap")


def _timed(work: Callable[[], Any], about: Callable[[Any], dict[str, float]]) -> dict[str, float]:
    from time import perf_counter

    began = perf_counter()
    found = work()
    took, megabytes = perf_counter() - began, _megabytes()
    return {"s": took, "mb": megabytes, **about(found)}


def _megabytes() -> float:
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _trust(fitted: Any, vectors: Any = None) -> dict[str, float]:
    from taste.mapping.projecting import trustworthiness_of

    rows = fitted.standard(_tracks()[0] if vectors is None else vectors)
    return {"trust": trustworthiness_of(rows, fitted.places) or 0}


def _trust_beside(more: Any, found: Any, rows: Any, places: Any) -> dict[str, float]:
    """Of the new tracks among a sample of the old ones."""
    import numpy as np

    from taste.mapping.projecting import trustworthiness_of

    some = np.linspace(0, len(rows) - 1, 1_300).astype(int)
    return {"trust": trustworthiness_of(np.vstack([rows[some], more]), np.vstack([places[some], found])) or 0}
