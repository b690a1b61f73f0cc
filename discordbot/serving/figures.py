"""/stats and /me: the site's own figures in a few lines."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.urls import reverse

from club.figures.members import DifferenceRow, member_against_club
from club.figures.records import Record
from club.figures.whole_club import RankedWeek, club_figures
from discordbot import averages
from discordbot.cards.parts import Embed, link
from discordbot.links import on_site
from discordbot.members import Person, member_of_club
from discordbot.replies import Reply, buttons
from discordbot.safe_text import escaped
from discordbot.serving.nominations import places_of
from discordbot.texts import looking, say
from social.models import User

N_LINES = 3


def club(*, person: Person, now: datetime) -> Reply:
    """The club in figures, as this member may see them."""
    member = member_of_club(person, now=now)
    figures = club_figures(now, viewer=member)
    mean = f"{figures.overall.mean:.2f}" if figures.overall.mean is not None else "–"
    embed = Embed(title=say(looking.STATS_TITLE))
    embed.lines.append(
        " · ".join(
            [
                say(looking.STATS_WEEKS, n=figures.n_weeks),
                say(looking.STATS_NOMINATIONS, n=figures.n_nominations),
                say(looking.STATS_MEMBERS, n=figures.n_members),
                say(looking.STATS_RATINGS, n=figures.overall.count, mean=mean),
            ]
        )
    )
    embed.add(looking.STATS_BEST, _ranking(figures.ranking))
    embed.add(looking.STATS_DIVIDED, _ranking(figures.divided, by_spread=True))
    winners = sorted((row for row in figures.nominators if row.wins), key=lambda row: -row.wins)[:N_LINES]
    embed.add(
        looking.STATS_WINNERS,
        "\n".join(say(looking.STATS_WINS, n=row.wins, name=_name(row.member)) for row in winners),
    )
    embed.add(looking.STATS_FAME, "\n".join(map(_record, _standing(figures.hall_of_fame)[:6])))
    page = link(looking.STATS_PAGE, on_site(settings.SITE_URL, reverse("club:stats")))
    return Reply(embed.lines[0], (buttons(page),), embed)


def _name(member: User | None) -> str:
    return escaped(str(member or ""), 80, one_line=True)


def _ranking(weeks: Iterable[RankedWeek], *, by_spread: bool = False) -> str:
    """The first of a table, each with its average, or with how far the ratings lie around it."""
    lines = []
    told = [row for row in weeks if averages.are_told(row.week.phase)]
    for place, row in enumerate(told[:N_LINES], 1):
        if row.week.winner is not None and row.figures.mean is not None:
            value = f"± {row.figures.sd:.2f}" if by_spread and row.figures.sd else f"{row.figures.mean:.2f}"
            lines.append(say(looking.STATS_LINE, place=place, value=value, **places_of(row.week.winner.album)))
    return "\n".join(lines)


def _standing(records: Iterable[Record]) -> list[Record]:
    """A week that is still rated holds none yet."""
    return [each for each in records if each.week is None or averages.are_told(each.week.phase)]


def _record(record: Record) -> str:
    if record.week is not None and record.week.winner is not None:
        holder = places_of(record.week.winner.album)["album"]
    else:
        holder = _name(record.member)
    return say(looking.STATS_RECORD, title=record.title, holder=holder, value=record.value)


def oneself(*, person: Person, now: datetime) -> Reply:
    """The member beside the others; everything of their own is shown to them."""
    member = member_of_club(person, now=now)
    own = member_against_club(member, viewer=member)
    page = link(looking.ME_PAGE, on_site(settings.SITE_URL, member.get_absolute_url()))
    name = say(looking.ME_TITLE, name=_name(member))
    if not own.attended and not own.nominations:
        return Reply(say(looking.ME_NEW), (buttons(page),))
    lines = [say(looking.ME_ATTENDED, n=own.attended, of=own.n_weeks)]
    if own.streak.current > 1:
        lines[0] += f" · {say(looking.ME_STREAK, n=own.streak.current)}"
    if own.nominations:
        lines.append(say(looking.ME_PICKS, n=own.nominations, wins=own.wins))
    if own.figures.mean is not None:
        rated = say(looking.ME_RATINGS, n=own.figures.count, mean=f"{own.figures.mean:.2f}")
        others = say(looking.ME_OTHERS, mean=f"{own.others_mean:.2f}") if own.others_mean is not None else ""
        lines.append(f"{rated}; {others}" if others else rated)
    embed = Embed(title=name)
    embed.lines += lines
    embed.add(looking.ME_LOVED, _differences(own.loved_more))
    embed.add(looking.ME_COLD, _differences(own.loved_less))
    return Reply(f"**{name}** · {lines[0]}", (buttons(page),), embed)


def _differences(rows: Iterable[DifferenceRow]) -> str:
    lines = []
    for row in [each for each in rows if averages.are_told(each.week.phase)][:N_LINES]:
        if row.week.winner is not None:
            album = places_of(row.week.winner.album)["album"]
            lines.append(say(looking.ME_DIFFERENCE, album=album, own=f"{row.own:.1f}", others=f"{row.others:.1f}"))
    return "\n".join(lines)
