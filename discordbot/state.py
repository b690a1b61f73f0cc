"""Reads the club into `facts` in a constant number of queries, however many weeks, members and nominations there are.

Open weeks, and the ones that ended lately: four weeks long their posts are kept true to what moderators hide and
members no longer allow. A week that had ended before the bot ever spoke of it is history and stays unspoken.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Exists, OuterRef, Q

from club.figures.statistics import DIVIDED_AT_LEAST
from club.models import ClubSettings, Nomination, Phase, Rating, Vote, Week
from club.polls import POLL_IS_OVER, poll_results
from club.rhythm import DEADLINES
from club.scoring import PollResult, turnout
from discordbot.facts import ClubState, Member, Standing, WeekFacts
from discordbot.models import DiscordSettings, Post
from discordbot.reading.acts import Acts, acts_of, withdrawn_of
from discordbot.reading.digest import due_digest
from discordbot.reading.music import nominee_facts, ratings_facts
from discordbot.reading.people import members_of, present_in
from discordbot.reminders import LEADS
from taste.album_progress.weeks import begun_by_week

RECENT = timedelta(days=28)
UNSPOKEN = timedelta(days=2)  # after it, a week that ended without any post is history
REGULAR_WEEKS = 4  # who took part in a week or in one of so many before it is reminded
AROUND_WEEKS = 8  # who was there in so many weeks before a poll could have voted in it: the site's own turnout
N_TRIES = 3
Row = TypeVar("Row", Nomination, Rating, Post)


def read_state(now: datetime, *, recent: timedelta = RECENT) -> ClubState:
    """The club as it is; read again where somebody changed it meanwhile (`ClubSettings.revision` says so).

    recent: how long ended weeks are kept true; a nightly check may look further back.
    """
    for _ in range(N_TRIES):
        state = _read(now, recent)
        if state.revision == (ClubSettings.objects.filter(pk=1).values_list("revision", flat=True).first() or 0):
            break
    return state


def spoken_weeks(now: datetime, recent: timedelta = RECENT) -> list[Week]:
    """The weeks of which something may have to stand in Discord, oldest first."""
    is_over = Q(phase__in=[Phase.CLOSED, Phase.CANCELLED])
    was_spoken_of = Q(Exists(Post.objects.filter(week=OuterRef("pk")))) & Q(ratings_close_at__gt=now - recent)
    just_ended = Q(ratings_close_at__gt=now - UNSPOKEN, is_demo=False)
    return list(Week.objects.filter(~is_over | was_spoken_of | just_ended).order_by("number"))


@dataclass(frozen=True)
class _Rows:
    """What was read, by the id of the week."""

    zone: ZoneInfo
    earlier: dict[int, int]  # decided weeks before the spoken ones: id by number
    there: dict[int, frozenset[int]]
    nominations: dict[int, list[Nomination]]
    voters: dict[int, frozenset[int]]
    results: dict[int, PollResult]
    ratings: dict[int, list[Rating]]
    figures: list[tuple[int, float, float]]
    acts: Acts
    members: dict[int, Member]
    posts: dict[int, list[Post]]
    begun: dict[int, frozenset[int]]


def _read(now: datetime, recent: timedelta) -> ClubState:
    club = ClubSettings.objects.filter(pk=1).first() or ClubSettings()
    places = DiscordSettings.objects.filter(pk=1).first() or DiscordSettings()
    weeks = spoken_weeks(now, recent)
    earlier = list(
        Week.objects.decided()
        .filter(number__lt=max((week.number for week in weeks), default=0))
        .exclude(pk__in=[week.pk for week in weeks])
        .order_by("-number")[: AROUND_WEEKS + len(weeks)]
    )
    there = present_in([*weeks, *earlier])
    nominations = list(
        Nomination.objects.filter(week__in=weeks).select_related("album__artist", "user").order_by("created_at", "id")
    )
    acts = acts_of(weeks, nominations)
    members = members_of(acts.freed_ids.union(*there.values()), now)
    rows = _Rows(
        zone=ZoneInfo(club.timezone),
        earlier={week.number: week.pk for week in earlier},
        there=there,
        nominations=_by_week(nominations),
        voters=_voters(weeks),
        results=poll_results([week for week in weeks if week.phase in POLL_IS_OVER]),
        ratings=_by_week(Rating.objects.filter(week__in=weeks).select_related("user", "track").order_by("id")),
        figures=_figures(),
        acts=acts,
        members={member.member_id: member for member in members},
        posts=_by_week(Post.objects.filter(week__in=weeks).order_by("id")),
        begun=begun_by_week([week for week in weeks if week.discussion_at - LEADS[0] <= now], now=now),
    )
    return ClubState(
        name=club.name,
        zone=rows.zone,
        site=settings.SITE_URL,
        weeks=tuple(_facts(week, weeks, rows, now) for week in weeks),
        members=members,
        revision=club.revision,
        nominations_per_member=club.nominations_per_member,
        allow_self_vote=club.allow_self_vote,
        minimum_ratings=club.minimum_ratings,
        voice_channel=places.voice_channel_snowflake,
        reads_messages=settings.DISCORD_READ_MESSAGES,
        digest=due_digest(places, rows.zone, now),
    )


def _by_week(rows: Iterable[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        if row.week_id is not None:
            found[row.week_id].append(row)
    return found


def _voters(weeks: list[Week]) -> dict[int, frozenset[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for week_id, user_id in Vote.objects.filter(week__in=weeks).order_by().values_list("week_id", "user_id").distinct():
        found[week_id].add(user_id)
    return {week.pk: frozenset(found[week.pk]) for week in weeks}


def _figures() -> list[tuple[int, float, float]]:
    """Number, mean and spread of every closed week with enough ratings to compare; one query."""
    rows = Week.objects.filter(phase=Phase.CLOSED, rating_count__gte=DIVIDED_AT_LEAST).order_by("number")
    values = rows.values_list("number", "rating_mean", "rating_sd")
    return [(number, mean, sd) for number, mean, sd in values if mean is not None and sd is not None]


def _facts(week: Week, weeks: list[Week], rows: _Rows, now: datetime) -> WeekFacts:
    nominations = rows.nominations.get(week.pk, [])
    standing = [row for row in nominations if row.withdrawn_at is None]
    ratings = rows.ratings.get(week.pk, [])
    result = rows.results.get(week.pk)
    running = {each.number: each.pk for each in weeks if each.phase != Phase.CANCELLED}
    decided = {each.number: each.pk for each in weeks if each.winner_id}
    around = _there(week, decided | rows.earlier, AROUND_WEEKS, rows)
    return WeekFacts(
        number=week.number,
        phase=Phase(week.phase),
        label=f"{week} [{week.discussion_at.astimezone(rows.zone):%Y-%m-%d}]",
        page=week.get_absolute_url(),
        **{name: getattr(week, name) for name in DEADLINES},
        theme=week.theme,
        nominations_extended_at=week.nominations_extended_at,
        poll_extended_at=week.poll_extended_at,
        winner_id=week.winner_id,
        nominees=tuple(nominee_facts(row) for row in standing),
        withdrawn=withdrawn_of(nominations, rows.acts, rows.members, now),
        n_voters=result.voters if result else len(rows.voters[week.pk]) + week.voters_elsewhere,
        result=result,
        turnout=turnout(result.voters, len(around)) if result else None,
        ratings=ratings_facts(week, [row for row in ratings if row.hidden_at is None], rows.figures),
        acts=rows.acts.weeks.get(week.pk, ()),
        posts=tuple(_standing(post) for post in rows.posts.get(week.pk, [])),
        regulars=_there(week, running | rows.earlier, REGULAR_WEEKS, rows),
        nominators=frozenset(row.user_id for row in standing),
        voters=rows.voters[week.pk],
        raters=frozenset(row.user_id for row in ratings),
        begun=rows.begun.get(week.pk, frozenset()),
    )


def _there(week: Week, ids: dict[int, int], n_before: int, rows: _Rows) -> frozenset[int]:
    """Who took part in this week or in one of the `n_before` weeks before it."""
    before = sorted((number for number in ids if number < week.number), reverse=True)[:n_before]
    return rows.there[week.pk].union(*(rows.there[ids[number]] for number in before))


def _standing(post: Post) -> Standing:
    return Standing(
        kind=post.kind,
        key=post.key,
        made_at=post.made_at,
        message=post.message_snowflake,
        thread=post.thread_snowflake,
        is_gone=post.state == Post.State.GONE,
        starts_at=post.starts_at,
    )
