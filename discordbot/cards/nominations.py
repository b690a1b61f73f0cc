"""The thread of nominations: what starts it, its pinned card, one card for each album. Pure."""

from __future__ import annotations

from club.models.week import Phase
from discordbot import links
from discordbot.cards.parts import (
    Embed,
    button,
    colour,
    credit,
    link,
    listed,
    message,
    moment,
    named,
    row,
)
from discordbot.cards.sleeves import cover_of
from discordbot.facts import ClubState, NomineeFacts, WeekFacts
from discordbot.posts import Json
from discordbot.safe_text import escaped, plain
from discordbot.texts import posts, say

WAITING = frozenset({Phase.SCHEDULED})


def week_name(week: WeekFacts) -> str:
    """`WEEK 003`."""
    return week.label.partition(" [")[0]


def headline(week: WeekFacts) -> str:
    """What the thread is about, in one line."""
    if week.phase == Phase.NOMINATIONS:
        return say(posts.NOMINATIONS_OPEN, week=week_name(week), time=moment(week.nominations_close_at))
    if week.phase in WAITING:
        return say(posts.NOMINATIONS_WAIT, week=week_name(week), time=moment(week.opens_at))
    if week.phase == Phase.CANCELLED:
        return cancelled_line(week)
    return say(posts.NOMINATIONS_OVER, week=week_name(week))


def cancelled_line(week: WeekFacts) -> str:
    """Why there will be no winner, as far as it can be told."""
    if any(act.verb == "skip_week" for act in week.acts):
        return say(posts.CANCELLED_BY_HAND, week=week_name(week))
    if week.nominees:
        return say(posts.CANCELLED, week=week_name(week))
    return say(posts.CANCELLED_WITHDRAWN if week.withdrawn else posts.CANCELLED_NOBODY, week=week_name(week))


def buttons(week: WeekFacts, state: ClubState) -> list[Json]:
    """The phase's button, shut before and after, and the way to the website."""
    match week.phase:
        case Phase.NOMINATIONS:
            act = button(posts.NOMINATE, "nominate", week.number)
        case Phase.SCHEDULED:
            act = button(posts.NOT_OPEN, "nominate", week.number, is_open=False)
        case _:
            act = button(posts.NOMINATIONS_CLOSED, "nominate", week.number, is_open=False)
    return [row([act, link(posts.ON_THE_SITE, links.on_site(state.site, week.page))])]


def starter(week: WeekFacts, state: ClubState) -> Json:
    """What the thread grows from: seen in the club's channel, with the button at hand."""
    lines = [headline(week)]
    if week.theme:
        lines.append(say(posts.THEME, theme=escaped(week.theme, 400, one_line=True)))
    return message("\n".join(lines), rows=buttons(week, state))


def card(week: WeekFacts, state: ClubState) -> Json:
    """The pinned card: what to do, until when, what follows."""
    embed = Embed(title=say(posts.NOMINATIONS_TITLE) if week.phase == Phase.NOMINATIONS else "")
    if week.theme:
        embed.lines.append(say(posts.THEME, theme=escaped(week.theme, 400, one_line=True)))
    if week.phase in {Phase.NOMINATIONS, Phase.SCHEDULED}:
        embed.lines.append(say(posts.NOMINATE_HOW, n=state.nominations_per_member))
        if state.reads_messages:
            embed.lines += ["", say(posts.OR_TYPE), f"```text\n{say(posts.NOMINATION_FORM)}\n```"]
        if week.phase == Phase.NOMINATIONS:
            n = len(week.nominees)
            embed.lines += ["", say(posts.NOMINATED_SO_FAR, n=n) if n else say(posts.NOMINATED_NONE)]
            if week.nominations_extended_at and not n:
                embed.lines.append(say(posts.NOBODY_NOMINATED, time=moment(week.nominations_close_at)))
        else:
            embed.add(posts.OPENS, moment(week.opens_at))
        embed.add(posts.CLOSES, moment(week.nominations_close_at))
        embed.add(posts.POLL_UNTIL, moment(week.poll_close_at))
        embed.add(posts.DISCUSSION, moment(week.discussion_at))
    elif week.phase == Phase.CANCELLED:
        embed.lines.append(cancelled_line(week))
    else:
        embed.lines.append(say(posts.NOMINATED_IN_ALL, n=len(week.nominees)))
        embed.lines += _what_followed(week)
    return message(headline(week), embed=embed, rows=buttons(week, state))


def _what_followed(week: WeekFacts) -> list[str]:
    """Where it goes on."""
    lines = []
    if poll := week.thread_of("poll"):
        lines.append(say(posts.POLL_IS_IN, thread=links.channel(poll)))
    elif week.is_decided and len(week.nominees) == 1:
        lines.append(say(posts.WON_WITHOUT_POLL))
    if winner := week.thread_of("winner"):
        lines.append(say(posts.RESULT_IS_IN, thread=links.channel(winner)))
    return lines


def nominee_card(nominee: NomineeFacts, state: ClubState) -> Json:
    """One album: cover, year, pitch, pitch track, tags, and who put it up where they let that be known."""
    album = nominee.album
    by = nominee.nominator or say(posts.A_MEMBER)
    embed = Embed(
        title=f"{escaped(album.title, 150, one_line=True)} — {credit(album, 80)}",
        url=links.on_site(state.site, album.page) if album.page else "",
        colour=colour(album),
        thumbnail=cover_of(album),
        footer=say(posts.NOMINATED_BY, name=plain(by, 80)),
    )
    if nominee.pitch:
        embed.lines.append(escaped(nominee.pitch, 3800))
    track = escaped(nominee.pitch_track, 400, one_line=True)
    address = escaped(nominee.pitch_track_url, 600, one_line=True)
    embed.add(posts.PITCH_TRACK, "\n".join(filter(None, (track, address))))
    tags = [escaped(tag, 120, one_line=True) for tag in (nominee.genre, nominee.decade, nominee.country) if tag]
    embed.add(posts.TAGS, " / ".join(tags))
    return message(
        say(posts.NOMINATION_LINE, **named(album), name=escaped(by, 80, one_line=True)),
        embed=embed,
    )


def nominee_lines(week: WeekFacts, *, limit: int, most: int) -> str:
    """The albums in the order in which they came, and where the rest is."""
    lines = [
        say(posts.NUMBERED, place=place, **named(nominee.album, 80)) for place, nominee in enumerate(week.nominees, 1)
    ]
    thread = week.thread_of("nominations")
    if thread:
        return listed(lines, limit=limit, most=most, more=posts.AND_MORE_IN, thread=links.channel(thread))
    return listed(lines, limit=limit, most=most, more=posts.AND_MORE)
