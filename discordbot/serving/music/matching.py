"""`/taste`: how well two members match, and why; or one's own taste in a line."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.urls import reverse

from club.errors import ClubRuleBroken
from discordbot.cards.parts import Embed, link, listed
from discordbot.links import on_site
from discordbot.members import Person, member_of_club
from discordbot.replies import Reply, buttons
from discordbot.safe_text import escaped
from discordbot.serving.music.asking import TASTE, member_named, name_of, not_shown, published, shown_to_server
from discordbot.texts import music, say
from listening.figures.together import SHOWN_TO_ALL
from social.models import User
from taste.matching.showing import MADE_OF, Match, comparable, shown_to
from taste.models import TasteProfile, WeeklyTaste

N_GENRES = 4
N_NAMES = 8


def taste(*, person: Person, other: Person | None, only_me: bool, now: datetime) -> Reply:
    viewer = member_of_club(person, now=now)
    if other is None:
        return own_taste(viewer, only_me=only_me)
    if other.snowflake == person.snowflake:
        raise ClubRuleBroken(say(music.MATCH_ONESELF), code="oneself")
    member = member_named(other)
    is_open = member is not None and shown_to_server(member, TASTE) and comparable(viewer).filter(pk=member.pk).exists()
    match = shown_to(viewer, member, viewer, now=now) if member is not None and is_open else None
    if match is None:
        raise not_shown(other, music.MATCH_NOT)
    is_shown = all(shown_to_server(each, tuple(MADE_OF)) for each in (match.a, match.b))
    return published(_told(match), is_shown=is_shown, only_me=only_me, note=music.ONLY_YOU_TASTE)


def _told(match: Match) -> Reply:
    """What is named of music is what a channel may read: the others' listens are shown to members, or left out."""
    names = {"a": name_of(match.a), "b": name_of(match.b)}
    compare = reverse("taste:compare", args=[match.a.handle, match.b.handle])
    page = link(music.COMPARE_PAGE, on_site(settings.SITE_URL, compare))
    if match.whole is None:
        why = match.words[:1].lower() + match.words[1:]
        return Reply(say(music.MATCH_TOO_LITTLE, **names, why=why), (buttons(page),))
    embed = Embed(title=f"{match.whole} · {match.word}" if match.word else str(match.whole))
    shows_listens = match.b.listens_visibility in SHOWN_TO_ALL
    shows_ratings = match.b.club_visibility in SHOWN_TO_ALL
    hidden = {name for name, shown in (("artists", shows_listens), ("ratings", shows_ratings)) if not shown}
    embed.lines += [escaped(each.text, 300, one_line=True) for each in match.reasons if each.term not in hidden]
    if shows_listens:
        artists = [escaped(each.name, 60, one_line=True) for each in match.shared_artists[:N_NAMES]]
        albums = [escaped(each.title, 60, one_line=True) for each in match.shared_albums[:N_NAMES]]
        if artists:
            embed.lines.append(say(music.MATCH_ARTISTS, artists=", ".join(artists)))
        if albums:
            embed.lines.append(say(music.MATCH_ALBUMS, albums=", ".join(albums)))
    words = {"score": match.whole, **names}
    line = say(music.MATCH, **words, word=match.word) if match.word else say(music.MATCH_BARE, **words)
    return Reply(line, (buttons(page),), embed)


def own_taste(member: User, *, only_me: bool) -> Reply:
    """The genres that they play most, and the words of their last week."""
    name = name_of(member)
    profile = TasteProfile.objects.filter(pk=member.pk).first()
    shares: dict[str, float] = profile.genre_histogram if profile else {}
    genres = sorted(shares, key=lambda name: (-shares[name], name))[:N_GENRES]  # JSON keeps no order on PostgreSQL
    page = link(
        say(music.TASTE_PAGE, name=str(member)),
        on_site(settings.SITE_URL, reverse("social:profile_tab", args=[member.handle, "taste"])),
    )
    if not genres:
        return Reply(say(music.OWN_NEVER, name=name), (buttons(page),))
    *others, last = [escaped(each, 40, one_line=True) for each in genres]
    said = f"{', '.join(others)} & {last}" if others else last
    lines = [say(music.OWN_TASTE, name=name, genres=said)]
    lately = WeeklyTaste.objects.filter(user=member).order_by("-starts_on").values_list("words", flat=True).first()
    if lately:
        words = ", ".join(escaped(each["word"], 40, one_line=True) for each in lately[:N_GENRES])
        lines.append(say(music.OWN_WEEK, words=words))
    reply = Reply(listed(lines, limit=1900, most=4), (buttons(page),))
    return published(reply, is_shown=shown_to_server(member, TASTE), only_me=only_me)
