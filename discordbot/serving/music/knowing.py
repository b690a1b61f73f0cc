"""`/whoknows`: who in this server plays an artist most."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db.models import Q, Sum

from catalog.models import Artist
from catalog.names import name_key, words_key
from club.errors import ClubRuleBroken
from discordbot.cards.parts import link
from discordbot.links import on_site
from discordbot.members import DISCORD, Person, known_member, member_of_club
from discordbot.replies import Reply, buttons
from discordbot.safe_text import escaped, plain
from discordbot.serving.looking import id_behind
from discordbot.serving.music.asking import in_channel, name_of, plays_words, shown_to_server
from discordbot.serving.music.playing import heard_by
from discordbot.texts import music, say
from listening.figures.together import plays_of
from listening.models import ArtistTotal
from social.models import User

ARTIST = "artist:"  # what a chosen suggestion sends
N_LINES = 10
N_CHOICES = 20
N_NARROWED = 200


def who_knows(*, person: Person, typed: str, only_me: bool, now: datetime) -> Reply:
    viewer = member_of_club(person, now=now)
    artist = _wanted(typed, viewer, now=now)
    named = escaped(artist.name, 120, one_line=True)
    rows = plays_of("artist", artist.pk, viewer).filter(
        user__in=in_channel(viewer), user__linked_accounts__provider=DISCORD
    )
    first = list(rows[:N_LINES])
    own = ArtistTotal.objects.filter(user=viewer, artist=artist, n_listens__gt=0).first()
    is_listed = own is not None and shown_to_server(viewer)
    place = _place(rows, own.n_listens, viewer) if own is not None else 0
    page = link(music.ARTIST_PAGE, on_site(settings.SITE_URL, artist.get_absolute_url()))
    more: tuple[str, ...] = ()
    if own is not None and not is_listed:
        times = say(music.TIMES, n=own.n_listens)
        more = (f"{say(music.WHO_YOU, artist=named, plays=times, place=place)}\n{say(music.ONLY_YOU)}",)
    if not first:
        return Reply(say(music.WHO_NOBODY, artist=named), (buttons(page),), more=more)
    lines = [say(music.WHO_HEAD, n=rows.count(), artist=named)]
    lines += [_line(at, row.user, row.n_listens) for at, row in enumerate(first, 1)]
    if own is not None and is_listed and viewer.pk not in {row.user_id for row in first}:
        lines += [say(music.WHO_GAP), _line(place, viewer, own.n_listens)]
    return Reply("\n".join(lines), (buttons(page),), more=more, is_public=not only_me)


def _line(place: int, member: User, n: int) -> str:
    return say(music.WHO_LINE, place=place, name=name_of(member), plays=plays_words(n))


def _place(rows: object, n: int, viewer: User) -> int:
    """After everybody else in the list who plays it more often."""
    return 1 + int(rows.exclude(user=viewer).filter(n_listens__gt=n).count())  # type: ignore[attr-defined]


def _wanted(typed: str, viewer: User, *, now: datetime) -> Artist:
    """The artist that was chosen or typed; without either the one that the viewer hears."""
    if not typed.strip():
        heard = heard_by(viewer, now=now)
        if heard is None or heard.artist is None:
            raise ClubRuleBroken(say(music.WHO_WHICH), code="bad_value")
        return heard.artist
    if (chosen := id_behind(ARTIST, typed)) is not None:
        found = Artist.objects.current().filter(pk=chosen).first()
    else:
        exact = Artist.objects.current().filter(name_key=name_key(typed)).order_by("pk").first()
        found = exact or next(iter(_played(typed, viewer)), None)
    if found is None:
        raise ClubRuleBroken(say(music.WHO_UNKNOWN, typed=escaped(typed, 80, one_line=True)), code="not_found")
    return found


def artist_choices(typed: str, *, person: Person) -> list[tuple[str, str]]:
    """Artists whose names hold what was typed, those most played here first; (what is shown, what is sent)."""
    viewer = known_member(person)
    return [(plain(artist.name, 100), f"{ARTIST}{artist.pk}") for artist in _played(typed, viewer)]


def _played(typed: str, viewer: User | None) -> list[Artist]:
    """Only artists of those whose plays a channel may read, and the viewer's own."""
    key = words_key(typed)
    if not key or viewer is None:
        return []
    named = Artist.objects.current().filter(Q(name_key__startswith=key) | Q(name_key__contains=f" {key}"))
    ids = list(named.order_by("name_key").values_list("pk", flat=True)[:N_NARROWED])
    readable = Q(user__in=in_channel(viewer)) | Q(user=viewer)
    totals = ArtistTotal.objects.filter(readable, artist__in=ids, n_listens__gt=0).order_by()
    ranked = totals.values_list("artist").annotate(n=Sum("n_listens")).order_by("-n", "artist")
    chosen = [pk for pk, _ in ranked[:N_CHOICES]]
    artists = Artist.objects.in_bulk(chosen)
    return [artists[pk] for pk in chosen]
