"""The thread of the poll: what starts it, its pinned card, and the explained result. Pure."""

from __future__ import annotations

from club.models.week import Phase
from club.scoring import PollEntry
from discordbot import links
from discordbot.cards.nominations import cancelled_line, nominee_lines, week_name
from discordbot.cards.parts import (
    Embed,
    button,
    colour,
    link,
    listed,
    message,
    moment,
    named,
    row,
)
from discordbot.facts import ClubState, WeekFacts
from discordbot.posts import Json, Picture
from discordbot.safe_text import escaped, fitted, plain
from discordbot.texts import posts, say

WAITING = frozenset({Phase.SCHEDULED, Phase.NOMINATIONS})
MEDALS = {1: "🥇", 2: "🥈", 3: "🥉"}
N_BARS = 10
CHART = "points.png"


def headline(week: WeekFacts) -> str:
    if week.phase == Phase.POLL:
        return say(posts.POLL_OPEN, week=week_name(week), time=moment(week.poll_close_at))
    if week.phase in WAITING:
        return say(posts.POLL_WAIT, week=week_name(week), time=moment(week.nominations_close_at))
    if week.phase == Phase.CANCELLED:
        return cancelled_line(week)
    return say(posts.POLL_OVER, week=week_name(week))


def buttons(week: WeekFacts, state: ClubState) -> list[Json]:
    if week.phase == Phase.POLL:
        act = button(posts.VOTE, "vote", week.number)
    else:
        label = posts.NOT_OPEN if week.phase in WAITING else posts.POLL_CLOSED
        act = button(label, "vote", week.number, is_open=False)
    return [row([act, link(posts.ON_THE_SITE, links.on_site(state.site, week.page))])]


def starter(week: WeekFacts, state: ClubState) -> Json:
    return message(headline(week), rows=buttons(week, state))


def card(week: WeekFacts, state: ClubState) -> Json:
    """The pinned card: the albums, how to choose, how many have; never how they stand."""
    embed = Embed()
    if week.phase == Phase.POLL:
        embed.title = say(posts.POLL_TITLE)
        embed.lines += [nominee_lines(week, limit=3000, most=40), "", say(posts.POLL_HOW)]
        if not state.allow_self_vote:
            embed.lines.append(say(posts.NO_SELF_VOTE))
        n = week.n_voters
        embed.lines += ["", say(posts.VOTED_SO_FAR, n=n) if n else say(posts.VOTED_NONE)]
        if week.poll_extended_at and not n:
            embed.lines.append(say(posts.NOBODY_VOTED, time=moment(week.poll_close_at)))
        embed.add(posts.CLOSES, moment(week.poll_close_at))
        embed.add(posts.DISCUSSION, moment(week.discussion_at))
    elif week.phase == Phase.CANCELLED:
        embed.lines.append(cancelled_line(week))
    elif week.phase in WAITING:
        embed.add(posts.OPENS, moment(week.nominations_close_at))
    else:
        embed.lines.append(say(posts.TURNOUT, n=week.n_voters) if week.n_voters else say(posts.VOTED_NONE))
        if winner := week.thread_of("winner"):
            embed.lines.append(say(posts.RESULT_IS_IN, thread=links.channel(winner)))
        embed.add(posts.CLOSED_AT, moment(week.poll_close_at))
    return message(headline(week), embed=embed, rows=buttons(week, state))


def entry_line(week: WeekFacts, entry: PollEntry) -> str:
    """`🥇 Album — Artist (Year): 9 points (4 × 1st, 1 × 2nd)`; points alone where they came from elsewhere."""
    album = week.by_id[entry.nomination_id].album
    places = {
        "place": MEDALS.get(entry.place if entry.points else 0, f"{entry.place}\\."),
        "points": say(posts.POINTS, n=entry.points),
        **named(album, 80),
    }
    if entry.points and entry.points == 2 * entry.firsts + entry.seconds:
        counts = ((posts.FIRSTS, entry.firsts), (posts.SECONDS, entry.seconds))
        return say(posts.RESULT_ENTRY, **places, choices=", ".join(say(text, n=n) for text, n in counts if n))
    return say(posts.RESULT_ENTRY_POINTS, **places)


def entries_of(week: WeekFacts) -> list[PollEntry]:
    """The result in order of place, of albums that still stand."""
    return [entry for entry in (week.result.entries if week.result else ()) if entry.nomination_id in week.by_id]


def how_it_was_decided(week: WeekFacts) -> list[str]:
    """The tie-break, who voted, and a moderator's word, each a sentence."""
    result = week.result
    if result is None:
        return []
    lines = [escaped(result.tie_break, 600, one_line=True)] if result.tie_break else []
    if result.voters and week.turnout is not None:
        lines.append(say(posts.TURNOUT_SHARE, n=result.voters, share=round(100 * week.turnout)))
    elif result.voters:
        lines.append(say(posts.TURNOUT, n=result.voters))
    return lines


def is_overridden(week: WeekFacts) -> bool:
    """Whether the winner is not the one whom the poll had chosen."""
    return week.is_decided and week.result is not None and week.result.winner_id not in {None, week.winner_id}


def points_picture(week: WeekFacts) -> Picture | None:
    """The chart of the poll; None where nobody gave points."""
    entries = [entry for entry in entries_of(week) if entry.points][:N_BARS]
    if not entries:
        return None
    bars = []
    words = []
    for entry in entries:
        album = week.by_id[entry.nomination_id].album
        title, artist = plain(album.title, 120), plain(album.artist, 120)
        bars.append((title, artist, entry.firsts, entry.seconds, entry.points, entry.nomination_id == week.winner_id))
        words.append(say(posts.CHART_ALT_ENTRY, album=fitted(title, 60), points=say(posts.POINTS, n=entry.points)))
    alt = fitted(say(posts.CHART_ALT, entries=", ".join(words)), 1000)
    return Picture("points", CHART, alt, tuple(bars))


def result(week: WeekFacts, *, is_late: bool) -> Json:
    """Every album with its points, how ties were broken, who voted."""
    entries = entries_of(week)
    first = week.by_id[entries[0].nomination_id].album
    embed = Embed(title=say(posts.RESULT_TITLE), colour=colour(first))
    embed.lines.append(listed((entry_line(week, entry) for entry in entries), limit=3200, most=40, more=posts.AND_MORE))
    embed.lines += ["", *how_it_was_decided(week)]
    if is_overridden(week) and week.winner:
        embed.lines.append(say(posts.OVERRIDDEN_RESULT, **named(week.winner.album)))
    if is_late:
        embed.lines.append(say(posts.LATE_RESULT, time=moment(week.poll_close_at)))
    if picture := points_picture(week):
        embed.image = (f"attachment://{CHART}", picture.alt)
    points = entries[0].points
    line = posts.RESULT_LINE if points else posts.RESULT_LINE_NO_VOTES
    content = say(line, week=week_name(week), **named(first), points=say(posts.POINTS, n=points))
    return message(content, embed=embed)
