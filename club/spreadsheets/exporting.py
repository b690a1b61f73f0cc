"""The whole history of the club as rows of `csv_rows`, oldest week first, the same rows for the same history."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, TextIO

from club.models import Nomination, Rating, Vote, Week
from club.rhythm import DEADLINES
from club.spreadsheets.csv_rows import COLUMNS, cell_of
from social.models import LinkedAccount, User


def write(file: TextIO) -> int:
    """Write every row with the header; how many rows."""
    writer = csv.DictWriter(file, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    n_rows = 0
    for row in rows():
        writer.writerow({name: cell_of(value) for name, value in row.items()})
        n_rows += 1
    return n_rows


def rows() -> Iterator[dict[str, Any]]:
    """A constant number of queries, however many weeks."""
    people = _People()
    nominations: dict[int, list[Nomination]] = defaultdict(list)
    for nomination in Nomination.objects.select_related("album__artist", "user").order_by("created_at", "id"):
        nominations[nomination.week_id].append(nomination)
    ballots: dict[int, dict[User, dict[int, Vote]]] = defaultdict(lambda: defaultdict(dict))
    for vote in Vote.objects.select_related("user").order_by("id"):
        ballots[vote.week_id][vote.user][vote.rank] = vote
    ratings: dict[int | None, list[Rating]] = defaultdict(list)
    for rating in Rating.objects.select_related("album__artist", "user").order_by("created_at", "user__handle", "id"):
        ratings[rating.week_id].append(rating)
    for week in Week.objects.order_by("number"):
        yield _week(week)
        labels = {nomination.pk: str(n) for n, nomination in enumerate(nominations[week.pk], start=1)}
        for nomination in nominations[week.pk]:
            yield _nomination(week, nomination, labels[nomination.pk], people)
        for voter, votes in sorted(ballots[week.pk].items(), key=lambda each: each[0].handle):
            yield _ballot(week, voter, votes, labels, people)
        for nomination in nominations[week.pk]:
            yield from _points(week, nomination, labels[nomination.pk])
        for rating in ratings[week.pk]:
            yield _rating(rating, people) | {"week": week.number}
    for rating in ratings[None]:
        yield _rating(rating, people) | _album(rating)


class _People:
    """A member's columns."""

    def __init__(self) -> None:
        discord = LinkedAccount.objects.filter(provider=LinkedAccount.Provider.DISCORD)
        self.discord = dict(discord.values_list("user_id", "provider_user_id"))

    def columns(self, user: User) -> dict[str, Any]:
        return {"member": user.handle, "member_name": user.display_name, "discord_id": self.discord.get(user.pk)}


def _week(week: Week) -> dict[str, Any]:
    return {
        "kind": "week",
        "week": week.number,
        "theme": week.theme,
        "phase": week.phase,
        **{name: getattr(week, name) for name in DEADLINES},
        "nominations_extended_at": week.nominations_extended_at,
        "poll_extended_at": week.poll_extended_at,
        "voters": week.voters_elsewhere or None,
        "tie_break": week.tie_break,
    }


def _album(row: Nomination | Rating) -> dict[str, Any]:
    album = row.album
    return {
        "artist": album.artist.name,
        "album": album.title,
        "year": album.release_year,
        "release_group_mbid": album.release_group_mbid,
    }


def _nomination(week: Week, row: Nomination, label: str, people: _People) -> dict[str, Any]:
    return {
        "kind": "nomination",
        "week": week.number,
        "nomination": label,
        **people.columns(row.user),
        **_album(row),
        "pitch": row.pitch,
        "pitch_track": row.pitch_track,
        "pitch_track_url": row.pitch_track_url,
        "genre": row.genre,
        "decade": row.decade,
        "country": row.country,
        "winner": week.winner_id == row.pk,
        "at": row.created_at,
        "withdrawn_at": row.withdrawn_at,
    }


def _ballot(week: Week, voter: User, votes: dict[int, Vote], labels: dict[int, str], people: _People) -> dict[str, Any]:
    chosen = {rank: labels[vote.nomination_id] for rank, vote in votes.items()}
    return {
        "kind": "ballot",
        "week": week.number,
        **people.columns(voter),
        "first": chosen.get(1),
        "second": chosen.get(2),
        "at": max(vote.cast_at for vote in votes.values()),
    }


def _points(week: Week, row: Nomination, label: str) -> Iterator[dict[str, Any]]:
    if row.points_elsewhere or row.firsts_elsewhere or row.seconds_elsewhere:
        yield {
            "kind": "points",
            "week": week.number,
            "nomination": label,
            "points": row.points_elsewhere,
            "firsts": row.firsts_elsewhere or None,
            "seconds": row.seconds_elsewhere or None,
        }


def _rating(row: Rating, people: _People) -> dict[str, Any]:
    return {
        "kind": "rating",
        **people.columns(row.user),
        "stars": f"{row.stars:.1f}",
        "favorite_track": row.favorite_track,
        "review": row.review,
        "spoiler": row.spoiler,
        "visibility": row.visibility,
        "listened_on": row.listened_on,
        "at": row.created_at,
        "updated_at": row.updated_at,
        "hidden_at": row.hidden_at,
        "hidden_reason": row.hidden_reason,
    }
