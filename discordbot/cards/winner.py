"""The thread of the winner and its discussion: what starts it, and the announcement that is pinned in it. Pure."""

from __future__ import annotations

from club.models.week import Phase
from discordbot import links
from discordbot.cards.nominations import week_name
from discordbot.cards.parts import (
    Embed,
    button,
    colour,
    credit,
    link,
    message,
    moment,
    named,
    row,
)
from discordbot.cards.poll import (
    CHART,
    entries_of,
    entry_line,
    how_it_was_decided,
    is_overridden,
    points_picture,
)
from discordbot.cards.sleeves import cover_of
from discordbot.facts import AlbumFacts, ClubState, WeekFacts
from discordbot.posts import Json
from discordbot.safe_text import escaped
from discordbot.texts import posts, say

PODIUM = 3


def reopened(week: WeekFacts, state: ClubState) -> Json:
    """Stands in the place of starter and announcement while there is no winner any more."""
    return message(say(posts.REOPENED, week=week_name(week)), rows=[row([_site(week, state)])])


def starter(week: WeekFacts, state: ClubState, album: AlbumFacts) -> Json:
    """Seen in the club's channel."""
    line = posts.WINNER_STARTER if week.phase == Phase.LISTENING else posts.WINNER_STARTER_OVER
    embed = Embed(
        title=f"{escaped(album.title, 150, one_line=True)} — {credit(album, 80)}",
        url=links.on_site(state.site, week.page),
        colour=colour(album),
        thumbnail=cover_of(album),
    )
    content = say(line, week=week_name(week), **named(album), time=moment(week.discussion_at))
    return message(content, embed=embed, rows=[_listen_row(album)])


def announcement(week: WeekFacts, state: ClubState, *, is_late: bool) -> Json:
    """Cover, why it won, where to hear it, when and where the club talks about it."""
    winner = week.winner
    assert winner is not None  # noqa: S101  (only decided weeks are announced)
    album = winner.album
    embed = Embed(
        title=f"{escaped(album.title, 150, one_line=True)} — {credit(album, 80)}",
        url=links.on_site(state.site, album.page or week.page),
        colour=colour(album),
        thumbnail=cover_of(album),
    )
    if is_late:
        embed.lines.append(say(posts.LATE_WINNER, time=moment(week.poll_close_at)))
    if is_overridden(week) and week.result and week.result.winner_id in week.by_id:
        chosen = week.by_id[week.result.winner_id].album
        embed.lines.append(say(posts.OVERRIDDEN, **named(chosen)))
    if winner.pitch:
        embed.lines.append("> " + escaped(winner.pitch, 700).replace("\n", "\n> "))
    if winner.nominator:
        embed.lines.append(say(posts.PITCHED_BY, name=escaped(winner.nominator, 80, one_line=True)))
    embed.add(posts.HOW_IT_WON, how_it_won(week))
    embed.add(posts.DISCUSSION, moment(week.discussion_at))
    if state.voice_channel:
        embed.add(posts.WHERE, links.channel(state.voice_channel))
    label = {Phase.LISTENING: posts.RATINGS_UNTIL, Phase.DISCUSSION: posts.RATINGS_NOW_UNTIL}
    embed.add(label.get(week.phase, posts.RATINGS_CLOSED_AT), moment(week.ratings_close_at))
    if ratings := week.thread_of("ratings"):
        embed.lines.append(say(posts.RATINGS_ARE_IN, thread=links.channel(ratings)))
    if picture := points_picture(week):
        embed.image = (f"attachment://{CHART}", picture.alt)
    return message(headline(week, album), embed=embed, rows=rows(week, state, album))


def headline(week: WeekFacts, album: AlbumFacts) -> str:
    match week.phase:
        case Phase.LISTENING:
            line, time = posts.WINNER_LINE, week.discussion_at
        case Phase.DISCUSSION:
            line, time = posts.WINNER_LINE_NOW, week.ratings_close_at
        case _:
            line, time = posts.WINNER_LINE_CLOSED, week.ratings_close_at
    return say(line, week=week_name(week), **named(album), time=moment(time))


def how_it_won(week: WeekFacts) -> str:
    """The podium and the sentences that explain it."""
    entries = entries_of(week)
    if len(entries) == 1:
        return say(posts.WON_WITHOUT_POLL)
    podium = [entry_line(week, entry) for entry in entries[:PODIUM] if entry.points]
    return "\n".join([*podium, *how_it_was_decided(week)])


def rows(week: WeekFacts, state: ClubState, album: AlbumFacts) -> list[Json]:
    """Where to listen, then what to do now."""
    act = [button(posts.RATE, "rate", week.number)] if week.phase == Phase.DISCUSSION else []
    return [_listen_row(album), row([*act, _site(week, state)])]


def _listen_row(album: AlbumFacts) -> Json:
    return row([link(name, address) for name, address in links.listen_links(album)])


def _site(week: WeekFacts, state: ClubState) -> Json:
    return link(posts.ON_THE_SITE, links.on_site(state.site, week.page))
