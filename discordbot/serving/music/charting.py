"""`/chart`: the covers of the albums that somebody plays most, as one picture."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from catalog.drawing.collage import collage
from catalog.models import Album
from discordbot.cards.parts import Embed, listed
from discordbot.members import Person, member_of_club
from discordbot.replies import Reply, buttons
from discordbot.safe_text import plain
from discordbot.serving.music.asking import connect_first, listening_link, name_of, published, shown_to_server
from discordbot.serving.nominations import places_of
from discordbot.texts import music, say
from discordbot.uploads import Upload
from listening.figures.ranges import ALL, Kind, Range, between
from listening.figures.tops import top
from listening.models import Listener
from social.models import User

FILE = "chart.png"


@dataclass(frozen=True)
class Chart:
    """The answer, and what is to be drawn for it; nothing where there are no albums."""

    reply: Reply
    albums: tuple[Album, ...] = ()
    side: int = 0

    @property
    def alt(self) -> str:
        names = [say(music.CHART_ALT_ALBUM, album=each.title, artist=each.artist.name) for each in self.albums]
        return plain(say(music.CHART_ALT, side=self.side, albums="; ".join(names)), 1024)

    def drawn(self) -> list[Upload]:
        """Takes some tenths of a second: not for the event loop, nor for the thread that talks to the database."""
        return [Upload(FILE, collage(self.albums, side=self.side), self.alt)] if self.albums else []


def chart(*, person: Person, period: str, size: int, only_me: bool, now: datetime) -> Chart:
    """The largest square up to `size` that the albums of the time fill."""
    member = member_of_club(person, now=now)
    if not Listener.objects.filter(pk=member.pk, n_listens__gt=0).exists():
        return Chart(connect_first())
    period = period if period in music.PERIODS else "7"
    words = say(music.PERIODS[period])
    rows = top(member, "album", span_of(member, period, now=now), n=size * size).rows
    side = min(size, math.isqrt(len(rows)))
    if not side:
        return Chart(Reply(say(music.CHART_NONE, period=words), (buttons(listening_link(member)),)))
    rows = rows[: side * side]
    lines = [say(music.CHART_LINE, place=row.place, n=f"{row.n:,}", **places_of(row.music)) for row in rows]
    embed = Embed(lines=[listed(lines, limit=3900, most=25)], image=(f"attachment://{FILE}", ""))
    head = say(music.CHART_HEAD, name=name_of(member), period=words)
    if side < size:
        head += f"\n{say(music.CHART_SMALLER)}"
    reply = Reply(head, (buttons(listening_link(member)),), embed)
    reply = published(reply, is_shown=shown_to_server(member), only_me=only_me)
    return Chart(reply, tuple(_albums([row.music for row in rows])), side)


def _albums(found: Sequence[Album]) -> Sequence[Album]:
    """With their artists read: nothing may ask the database while it is drawn."""
    return [album for album in found if album.artist]


def span_of(member: User, period: str, *, now: datetime) -> Range:
    """So many whole days of the member's own, today among them; or everything."""
    zone = ZoneInfo(member.timezone)
    if period == "all":
        return Range(ALL, Kind.ALL, zone)
    today = now.astimezone(zone).date()
    return between(str(today - timedelta(days=int(period) - 1)), str(today), zone=zone)
