"""What is said of a mixtape and of each track on it. Pure."""

from __future__ import annotations

from datetime import date

from taste.mixtapes.clustering import Cluster


def reason(*, n_plays: int, stands_for: int, last_on: date, is_core: bool) -> str:
    """n_plays: in the week. stands_for: tracks of the cluster that are most like this one, itself included."""
    if not n_plays:
        return f"Last played on {last_on.day} {last_on:%B}; it sounds like this week."
    played = "Played once" if n_plays == 1 else f"Played {n_plays} times"
    if not is_core:
        return f"{played} this week, next to its main sound."
    others = stands_for - 1
    if others < 1:
        return f"{played} this week."
    return f"{played} this week; stands for {others} more {'track' if others == 1 else 'tracks'} that sound like it."


def method(cluster: Cluster, *, n_tracks: int, share: float, n_chosen: int, n_beside: int, n_guessed: int) -> str:
    """How the tape came about. n_tracks: analysed ones of the week; share: of its plays, in the cluster.

    n_beside: of the chosen ones, those that are not of the cluster.
    """
    n = len(cluster.rows)
    match cluster.how:
        case "cluster":
            kinds = "one kind" if cluster.n_found == 1 else f"{cluster.n_found} kinds"
            found = (
                f"HDBSCAN hears {kinds} of music in the {n_tracks} analysed tracks of the week; the one that was "
                f"played most has {n} tracks and {share:.0%} of the plays."
            )
        case "densest":
            found = f"The {n_tracks} analysed tracks of the week form no clusters: these are the {n} nearest together."
        case _:
            found = f"All {n_tracks} analysed tracks of the week."
    beside = f" {n_beside} more, the nearest to them, make it long enough." if n_beside else ""
    lengths = f" {n_guessed} of unknown length are taken for 3:30." if n_guessed else ""
    return (
        f"{found} {n_chosen - n_beside} of them are chosen for likeness to the rest and against repeating sound, "
        f"artist or album.{beside} The order goes in small steps.{lengths}"
    )
