"""What the Monday digest tells, read only in the day on which it may be posted, and no more once it stands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count

from club.models import Phase, Week
from club.ratings import week_summary
from discordbot.facts import DigestFacts, Outcome, Played, Reached
from discordbot.models import DiscordSettings, Post
from discordbot.reading.music import album_facts
from listening.figures.ranges import Kind, Range, begin, parse
from listening.figures.together import SHOWN_TO_ALL, Together, most_played
from listening.models import ListenEvent, Milestone
from social.models import User
from taste.album_progress.weeks import begun_of_all

GOOD_FOR = timedelta(hours=24)
LEAST_MEMBERS = 3  # who played anything: what fewer play together would be about one of them
N_ARTISTS, N_ALBUMS, N_REACHED = 5, 3, 8


def due_digest(places: DiscordSettings, zone: ZoneInfo, now: datetime) -> DigestFacts | None:
    """The digest that may be posted now; None on other days, where it is turned off, or stands already."""
    if not places.posts_digest:
        return None
    today = now.astimezone(zone).date()
    monday = begin(Kind.WEEK, today)
    due_at = datetime.combine(monday, time(places.digest_hour), zone)
    if not due_at <= now < due_at + GOOD_FOR:
        return None
    span = parse("last-week", now=now, zone=zone)
    assert span.first is not None  # noqa: S101  (a week has days)
    assert span.last is not None  # noqa: S101
    year, week, _ = span.first.isocalendar()
    key = f"{year}-W{week:02}"
    said = Post.objects.filter(kind="digest", key=key, state__in=[Post.State.STANDING, Post.State.GONE])
    if said.exists():
        return None
    return _facts(span, key, due_at + GOOD_FOR, now)


def _facts(span: Range, key: str, until: datetime, now: datetime) -> DigestFacts:
    assert span.first is not None  # noqa: S101
    assert span.last is not None  # noqa: S101
    members = _counted()
    n_members, n_plays = _amounts(members, span)
    is_enough = n_members >= LEAST_MEMBERS
    weeks = Week.objects.with_winner().filter(winner__isnull=False).order_by("number")
    decided = weeks.filter(phase__in=[Phase.LISTENING, Phase.DISCUSSION, Phase.CLOSED])
    listening = weeks.filter(phase=Phase.LISTENING).last()
    return DigestFacts(
        key=key,
        first=span.first,
        last=span.last,
        until=until,
        n_members=n_members if is_enough else 0,
        n_plays=n_plays if is_enough else 0,
        artists=_played("artist", span, members, N_ARTISTS, now) if is_enough else (),
        albums=_played("album", span, members, N_ALBUMS, now) if is_enough else (),
        won=tuple(map(_outcome, decided.filter(poll_close_at__gte=span.start, poll_close_at__lt=span.end))),
        rated=tuple(
            _rated(week)
            for week in decided.filter(
                phase=Phase.CLOSED, ratings_close_at__gte=span.start, ratings_close_at__lt=span.end
            )
        ),
        reached=_reached(members, span),
        listening=_outcome(listening) if listening else None,
        begun=begun_of_all(listening, now=now) if listening else None,
    )


def _counted() -> list[int]:
    """Who shows their page and listens to all members. Nobody reads a channel as one member alone."""
    shown = User.objects.present().filter(visibility__in=SHOWN_TO_ALL, listens_visibility__in=SHOWN_TO_ALL)
    return list(shown.filter(listener__n_listens__gt=0).order_by("pk").values_list("pk", flat=True))


def _amounts(members: Sequence[int], span: Range) -> tuple[int, int]:
    plays = ListenEvent.objects.counted().filter(user__in=members, played_at__gte=span.start, played_at__lt=span.end)
    counted = plays.order_by().aggregate(members=Count("user", distinct=True), plays=Count("*"))
    return counted["members"], counted["plays"]


def _played(kind: str, span: Range, members: list[int], n: int, now: datetime) -> tuple[Played, ...]:
    return tuple(_told(kind, row) for row in most_played(kind, span, members, now=now, n=n))


def _told(kind: str, row: Together) -> Played:
    if kind == "artist":
        return Played(row.music.name, "", row.n_members, row.n)
    return Played(row.music.title, row.music.credit, row.n_members, row.n)


def _outcome(week: Week) -> Outcome:
    assert week.winner is not None  # noqa: S101  (only decided ones are asked for)
    return Outcome(str(week), week.get_absolute_url(), album_facts(week.winner.album))


def _rated(week: Week) -> Outcome:
    assert week.winner is not None  # noqa: S101
    summary = week_summary(week)
    return Outcome(str(week), week.get_absolute_url(), album_facts(week.winner.album), summary.count, summary.mean)


def _reached(members: Sequence[int], span: Range) -> tuple[Reached, ...]:
    """The last one of each member and kind, the largest numbers first."""
    rows = Milestone.objects.filter(user__in=members, reached_at__gte=span.start, reached_at__lt=span.end)
    last: dict[tuple[int, bool], Milestone] = {}
    for row in rows.select_related("user", "artist").order_by("n_plays", "pk"):
        last[row.user_id, row.artist_id is None] = row
    chosen = sorted(last.values(), key=lambda row: (-row.n_plays, row.pk))[:N_REACHED]
    return tuple(Reached(str(row.user), row.n_plays, row.artist.name if row.artist else "") for row in chosen)
