"""The Monday digest as a message. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from django.utils import formats

from discordbot.cards.parts import Embed, link, listed, message, named, row, star_row
from discordbot.facts import ClubState, DigestFacts, Played, Reached
from discordbot.links import on_site
from discordbot.posts import Json
from discordbot.safe_text import escaped
from discordbot.texts import music, posts, say


def digest(facts: DigestFacts, state: ClubState) -> Json:
    """A line for whoever reads no cards, then what was decided and what was played.

    No address has a fragment: the first one carries the mark by which the bot knows its message again.
    """
    embed = Embed(lines=list(_decided(facts)))
    embed.add(music.DIGEST_ARTISTS, _played(facts.artists), inline=True)
    embed.add(music.DIGEST_ALBUMS, _played(facts.albums), inline=True)
    embed.add(music.DIGEST_REACHED, listed(map(_reached, facts.reached), limit=1000, most=8, more=posts.AND_MORE))
    embed.footer = say(music.DIGEST_COUNTED)
    pages = [link(music.DIGEST_PAGE, on_site(state.site, "/community/"))]
    pages.append(link(music.DIGEST_OWN, on_site(state.site, "/digest/")))
    return message(_line(facts), embed=embed, rows=[row(pages)])


def _line(facts: DigestFacts) -> str:
    title = say(music.DIGEST_TITLE, first=_day(facts.first), last=_day(facts.last))
    if not facts.n_members:
        return title
    plays = say(music.PLAYS, n=facts.n_plays)
    return f"{title} {say(music.DIGEST_LINE, n=facts.n_members, plays=plays)}"


def _day(day: date) -> str:
    return formats.date_format(day, "j F")


def _decided(facts: DigestFacts) -> Iterator[str]:
    for won in facts.won:
        yield say(music.DIGEST_WON, week=won.label, **named(won.album))
    for rated in facts.rated:
        places = {"week": rated.label, "n": rated.count, **named(rated.album)}
        if rated.mean is None:
            yield say(music.DIGEST_RATED_FEW, **places)
        else:
            yield say(music.DIGEST_RATED, **places, stars=star_row(rated.mean), mean=f"{rated.mean:.2f}")
    if facts.listening is not None and facts.begun is not None:
        n, of = facts.begun
        yield say(music.DIGEST_BEGUN, n=n, of=of, **named(facts.listening.album))


def _played(rows: Sequence[Played]) -> str:
    lines = []
    for place, each in enumerate(rows, 1):
        name = escaped(each.name, 80, one_line=True)
        if each.by:
            name = say(music.DIGEST_ALBUM, album=name, artist=escaped(each.by, 60, one_line=True))
        lines.append(say(music.DIGEST_PLAYED, place=place, name=name, n=each.n_members))
    return "\n".join(lines)


def _reached(each: Reached) -> str:
    places = {"name": escaped(each.name, 80, one_line=True), "n": f"{each.n_plays:,}"}
    if each.artist:
        return say(music.DIGEST_REACHED_ARTIST, **places, artist=escaped(each.artist, 80, one_line=True))
    return say(music.DIGEST_REACHED_PLAYS, **places)
