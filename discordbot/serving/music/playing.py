"""`/fm`: what somebody hears now, or heard last, and how often they have."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings

from catalog.models import Album, Artist, Track
from catalog.names import name_key
from club.models import Phase, Week
from discordbot.cards.parts import Embed, colour, link
from discordbot.links import on_site
from discordbot.members import Person, member_of_club
from discordbot.reading.music import album_facts
from discordbot.replies import Reply, buttons
from discordbot.safe_text import escaped
from discordbot.serving.music.asking import (
    at,
    connect_first,
    listener_for,
    listening_link,
    name_of,
    not_shown,
    plays_words,
    published,
    shown_to_server,
)
from discordbot.texts import members, music, posts, say
from listening.models import AlbumTotal, ArtistTotal, ListenEvent, NowPlaying, TrackTotal
from social.models import User
from taste.album_progress.songs import songs_of


@dataclass(frozen=True)
class Heard:
    """What is told: names as the source gave them, rows as far as they are known. at: None while it plays."""

    title: str
    artist_name: str
    album_title: str
    track: Track | None
    album: Album | None
    artist: Artist | None
    at: datetime | None = None


def fm(*, person: Person, other: Person | None, only_me: bool, now: datetime) -> Reply:
    viewer = member_of_club(person, now=now)
    member = listener_for(person, other, viewer)
    heard = heard_by(member, now=now)
    if heard is None:
        if other is None or member.pk == viewer.pk:
            return connect_first()
        raise not_shown(other)
    name, title = name_of(member), escaped(heard.title, 200, one_line=True)
    places = {"name": name, "title": title, "artist": escaped(heard.artist_name, 120, one_line=True)}
    line = say(music.PLAYED, **places, time=at(heard.at)) if heard.at else say(music.PLAYING, **places)
    embed = _card(member, heard, title)
    offered = [listening_link(member)]
    if heard.album is not None:
        offered.insert(0, dict(link(members.ALBUM_PAGE, on_site(settings.SITE_URL, heard.album.get_absolute_url()))))
    return published(Reply(line, (buttons(*offered),), embed), is_shown=shown_to_server(member), only_me=only_me)


def heard_by(member: User, *, now: datetime) -> Heard | None:
    """What plays, else the last play; None where there was none."""
    playing = NowPlaying.objects.at(now).filter(user=member)
    row = playing.select_related("track__artist", "album__artist", "track__album__artist").first()
    if row is not None:
        artist = row.track.artist if row.track else None
        if artist is None:
            artist = Artist.objects.current().filter(name_key=name_key(row.artist_name)).order_by("pk").first()
        album = row.album or (row.track.album if row.track else None)
        return Heard(row.title, row.artist_name, row.album_title, row.track, album, artist)
    plays = ListenEvent.objects.counted().filter(user=member).order_by("-played_at", "-pk")
    last = plays.select_related("track__album__artist", "artist", "album__artist").first()
    if last is None:
        return None
    album = last.album or last.track.album
    credit = last.track.artist_credit or last.artist.name
    return Heard(last.track.title, credit, album.title if album else "", last.track, album, last.artist, last.played_at)


def _card(member: User, heard: Heard, title: str) -> Embed:
    embed = Embed(title=title)
    if heard.album is not None:
        facts = album_facts(heard.album)
        embed.colour = colour(facts)
        if facts.cover:
            embed.thumbnail = (facts.cover, say(posts.COVER_ALT, album=facts.title, artist=facts.artist))
    if heard.album_title:
        embed.lines.append(say(music.FROM_ALBUM, album=escaped(heard.album_title, 200, one_line=True)))
    if heard.track is not None and (line := _of_the_week(heard.track)):
        embed.lines.append(line)
    for words, n in (
        (music.COUNT_TRACK, _total(TrackTotal, member, track=heard.track)),
        (music.COUNT_ALBUM, _total(AlbumTotal, member, album=heard.album)),
        (music.COUNT_ARTIST, _total(ArtistTotal, member, artist=heard.artist)),
    ):
        if n is not None:
            embed.add(words, plays_words(n), inline=True)
    return embed


def _total(model: Any, member: User, **music_of: Any) -> int | None:
    """How often the member has played it; None where it is not known what it is."""
    if None in music_of.values():
        return None
    return model.objects.filter(user=member, **music_of).values_list("n_listens", flat=True).first() or 0


def _of_the_week(track: Track) -> str:
    """`Track 4 of 11 of the album of WEEK 012.`, where the club listens to it just now."""
    running = Week.objects.filter(phase__in=[Phase.LISTENING, Phase.DISCUSSION]).with_winner().order_by("-number")
    for week in running[:3]:
        if week.winner is None:
            continue
        songs = songs_of(week.winner.album)
        if (place := songs.places.get(track.pk)) is not None:
            return say(music.OF_THE_WEEK, place=place + 1, of=len(songs), week=week)
    return ""
