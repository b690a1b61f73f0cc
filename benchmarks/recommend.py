"""Recommendations against popularity on real listening, and the nights of matching and recommending for 1,000 members.

Real data (the folder of SIDETRACK_REAL_DATA): plays of 1,282 members of Last.fm (HetRec 2011) know no times, so a tenth
of each member's artists is held out at random; artists stand for albums there. Whole histories of single people know
times: what was first heard in their last 30 % is held out. No audio comes with them, so content means tags of artists.
Their libraries hardly meet, so that popularity among the others finds nothing; the floors that count there are chance
(much was held out of few albums) and what anybody would guess, albums of the artists that somebody plays most.
"""

from __future__ import annotations

import csv
import json
import os
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from benchmarks.server import Installation
from benchmarks.tables import Tables

N_TOLD, SEED, HELD_OUT = 20, 7, 0.1
LAST, LEAST_PLAYS, LEAST_HISTORY, N_TAGS = 0.3, 3, 500, 12
TIMES_POPULARITY = 1.5
Scores = NDArray[np.float32]


def measure(tables: Tables) -> None:
    """What is recommended, against floors of the same run."""
    folder = os.environ.get("SIDETRACK_REAL_DATA", "")
    if not Path(folder, "listens", "hetrec2011").is_dir():
        print("No recorded listening (SIDETRACK_REAL_DATA): recall is left out.")
        return
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        together(Path(folder), tables)
        contents(Path(folder), tables)


def measure_nights(site: Installation, tables: Tables, *, n_members: int = 1_000, n_albums: int = 20_000) -> None:
    """How long the nightly jobs take; no floor: printed with their memory."""
    printed = site.python(f"from benchmarks.recommend_inside import *; fill({n_members}, {n_albums})")
    filled = json.loads(printed.splitlines()[-1])
    rows = []
    for call in ("matches()", "one_match()", "recommendations()"):
        printed = site.python(f"from benchmarks.recommend_inside import *; {call}")
        rows += [
            (label, f"{seconds:,.2f} s", f"{megabytes:,.0f} MB" if megabytes else "")
            for label, seconds, megabytes in json.loads(printed.splitlines()[-1])
        ]
    tables.show(
        f"{n_members:,} members, {n_albums:,} albums, {filled['totals']:,} album totals on {site.database}, one thread",
        ("", "time", "memory at most"), rows,
    )  # fmt: skip


# --- What is played together ----------------------------------------------------------------------------------------
def together(folder: Path, tables: Tables) -> None:
    from taste.recommending.blending import blend
    from taste.recommending.listeners import Factors, Neighbours

    triples = [tuple(map(int, row)) for row in lines(folder, "user_artists.dat")]
    users, artists = ({each: place for place, each in enumerate(sorted({t[at] for t in triples}))} for at in (0, 1))
    is_held = np.random.default_rng(SEED).random(len(triples)) < HELD_OUT
    shape = len(users), len(artists)

    def matrix(chosen: NDArray[np.bool_]) -> csr_matrix:
        some = [triple for triple, is_in in zip(triples, chosen, strict=True) if is_in]
        places = [users[t[0]] for t in some], [artists[t[1]] for t in some]
        return csr_matrix(([t[2] for t in some], places), shape=shape)

    known, held = matrix(~is_held), matrix(is_held)
    popularity = np.tile(np.bincount(known.indices, minlength=shape[1]).astype(np.float32), (shape[0], 1))
    scores = {
        "popularity": popularity,
        "neighbours (BM25)": Neighbours(known).scores(known),
        "factors (ALS)": Factors(known).scores(known),
    }
    ranked = {name: best(each, known, n=200) for name, each in scores.items()}
    both = [name for name in scores if name != "popularity"]
    ranked["both, blended by rank"] = [
        [each.album for each in blend({name: ranked[name][user] for name in both}, {})] for user in range(shape[0])
    ]
    found = {name: recall(told, held) for name, told in ranked.items()}
    floor = found["popularity"]
    tables.show(
        f"recall@{N_TOLD}, {shape[0]:,} members, {shape[1]:,} artists, a random tenth held out (no times are known)",
        ("", "recall", "× popularity", "wanted", ""),
        [
            (name, f"{each:.3f}", f"{each / floor:.2f}",
             *(("", "") if name == "popularity"
               else (f"≥ {TIMES_POPULARITY}", tables.verdict(each / floor >= TIMES_POPULARITY))))
            for name, each in found.items()
        ],
    )  # fmt: skip


def best(scores: Scores, known: csr_matrix, *, n: int) -> list[list[int]]:
    left = scores.copy()
    left[known.nonzero()] = -np.inf
    return [row.tolist() for row in np.argsort(-left, axis=1, kind="stable")[:, :n]]


def recall(told: list[list[int]], held: csr_matrix) -> float:
    """Of what was held out from each member the share among the first 20, or of 20 where more was held out."""
    shares = []
    for user, row in enumerate(told):
        truth = set(held.indices[held.indptr[user] : held.indptr[user + 1]].tolist())
        if truth:
            shares.append(len(truth & set(row[:N_TOLD])) / min(len(truth), N_TOLD))
    return float(np.mean(shares))


def lines(folder: Path, name: str) -> Iterator[list[str]]:
    with (folder / "listens" / "hetrec2011" / name).open(encoding="latin-1") as file:
        rows = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        next(rows)
        yield from rows


# --- What albums are like -------------------------------------------------------------------------------------------
Album = tuple[str, str]  # artist, title


@dataclass(frozen=True)
class History:
    """One person's plays: (second, album), the earliest first."""

    plays: list[tuple[int, Album]]

    @property
    def cut(self) -> int:
        return self.plays[int(len(self.plays) * (1 - LAST))][0]


def contents(folder: Path, tables: Tables) -> None:
    from taste.recommending.contents import Contents, tag_rows

    everything = {name: history for name, history in histories(folder) if len(history.plays) >= LEAST_HISTORY}
    plays = Counter(album for history in everything.values() for _, album in history.plays)
    albums = sorted(album for album, n in plays.items() if n >= LEAST_PLAYS)
    place_of = {album: place for place, album in enumerate(albums)}
    tags = tags_of_artists(folder)
    tagged = [dict(tags[artist].most_common(N_TAGS)) if artist in tags else {} for artist, _ in albums]
    numbers = {tag: place for place, tag in enumerate(sorted({tag for each in tagged for tag in each}))}
    by_tags = Contents(tag_rows([{numbers[tag]: n for tag, n in each.items()} for each in tagged], len(numbers)))
    artists = np.array([artist for artist, _ in albums])

    def own_artists(row: csr_matrix) -> Scores:
        heard = Counter[str]()
        for place, n in zip(row.indices, row.data, strict=True):
            heard[artists[place]] += n
        return np.array([heard[artist] for artist in artists], np.float32)[None]

    rows = []
    for only_new, label in ((False, "new albums"), (True, "new albums of new artists")):
        found: dict[str, list[float]] = defaultdict(list)
        n_held = 0
        for name, history in everything.items():
            before = Counter(place_of[album] for at, album in history.plays if at < history.cut and album in place_of)
            after = Counter(place_of[album] for at, album in history.plays if at >= history.cut and album in place_of)
            known = {artists[place] for place in before}
            hidden = set(before) | {place for place in range(len(albums)) if only_new and artists[place] in known}
            truth = {place for place, n in after.items() if place not in hidden and n >= LEAST_PLAYS}
            n_held += len(truth)
            row = csr_matrix((list(before.values()), ([0] * len(before), list(before))), shape=(1, len(albums)))
            others = Counter(
                place_of[album]
                for other, each in everything.items()
                for at, album in each.plays
                if other != name and at < history.cut and album in place_of
            )
            popularity = np.array([others[place] for place in range(len(albums))], np.float32)
            ways: dict[str, Callable[[], Scores]] = {
                "popularity (others' plays)": lambda scores=popularity: scores,
                "tags": lambda row=row: by_tags.scores(row)[0],
                "tags and artists, blended": lambda row=row, hidden=hidden: blended(
                    by_tags.scores(row)[0], own_artists(row)[0], hidden
                ),
            }
            if not only_new:  # of new artists nobody has played anything
                ways["most played artists"] = lambda row=row: own_artists(row)[0]
            found["by chance"].append(len(truth) / (len(albums) - len(hidden)) * N_TOLD / min(len(truth), N_TOLD))
            for way, scores in ways.items():
                own = scores().copy()
                own[list(hidden)] = -np.inf
                told = set(np.argsort(-own, kind="stable")[:N_TOLD].tolist())
                found[way].append(len(told & truth) / max(min(len(truth), N_TOLD), 1))
        floor = max(float(np.mean(found[name])) for name in ("popularity (others' plays)", "by chance"))
        for way, each in found.items():
            mean = float(np.mean(each))
            wanted = ("> both floors", tables.verdict(mean > floor)) if way == "tags" else ("", "")
            people = ", ".join(f"{share:.2f}" for share in each)
            rows.append((f"{label}: {way}", f"{mean:.3f}", people, n_held, *wanted))
    tables.show(
        f"recall@{N_TOLD}, {len(everything)} whole histories, {len(albums):,} albums, the last {LAST:.0%} held out; "
        f"{sum(map(bool, tagged)) / len(albums):.0%} of the albums have tags (of their artists; there is no audio)",
        ("", "recall", "each person", "held out", "wanted", ""),
        rows,
    )


def blended(one: Scores, other: Scores, hidden: set[int]) -> Scores:
    """By rank, as lists are made; places that nothing speaks for stay at 0."""
    from taste.recommending.blending import WEIGHTS, blend

    parts = {}
    for name, scores in (("tags", one), ("artists", other)):
        order = [int(place) for place in np.argsort(-scores, kind="stable") if int(place) not in hidden]
        parts[name] = [place for place in order[:200] if scores[place] > 0]
    found = np.zeros(len(one), np.float32)
    for each in blend(parts, WEIGHTS):
        found[each.album] = each.score
    return found


def histories(folder: Path) -> Iterator[tuple[str, History]]:
    place = folder / "listens"
    for name, read in (
        ("lastfm_user_a.csv", lambda row: (int(row["timestamp"]), row["artist"], row["album"])),
        ("lastfm_user_c.csv", lambda row: (int(row["uts"]), row["artist"], row["album"])),
    ):
        with (place / name).open(encoding="utf-8", newline="") as file:
            yield name, history(map(read, csv.DictReader(file)))
    with (place / "lastfm_user_b.csv").open(encoding="utf-8", newline="") as file:
        dated = (row for row in csv.reader(file) if len(row) == 4 and row[3])
        yield "lastfm_user_b.csv", history((second(row[3]), row[0], row[1]) for row in dated)


def history(rows: Iterator[tuple[int, str, str]]) -> History:
    return History(
        sorted((at, (artist.casefold(), album.casefold())) for at, artist, album in rows if artist and album)
    )


def second(text: str) -> int:
    return int(datetime.strptime(text, "%d %b %Y %H:%M").replace(tzinfo=UTC).timestamp())


def tags_of_artists(folder: Path) -> dict[str, Counter[str]]:
    """From Last.fm's top tags of artists, and from what the members of HetRec tagged."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    with (folder / "club" / "artist_top_tags.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[row["artist"].casefold()][row["tag"].casefold()] += int(float(row["count"]))
    names = {row[0]: row[1].casefold() for row in lines(folder, "artists.dat")}
    tags = {row[0]: row[1].casefold() for row in lines(folder, "tags.dat")}
    for _, artist, tag, *_ in lines(folder, "user_taggedartists.dat"):
        if artist in names and tag in tags:
            found[names[artist]][tags[tag]] += 3
    return found
