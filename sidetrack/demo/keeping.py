"""What the invented members keep by hand: favourites, a diary of records that no scrobbler hears, albums to hear."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from catalog.models import Album
from club.models import DiaryEntry, Rating, WantedAlbum
from club.models.shelf import N_FAVOURITES
from club.shelves.diary import log_album
from club.shelves.favourites import set_favourites
from club.shelves.wanting import want
from sidetrack.demo.members import dice
from sidetrack.demo.stage import Stage
from social.models import User
from social.visibility import Visibility

NOTES = (
    "Everybody keeps naming it.",
    "The pitch got me, two weeks too late.",
    "For a long drive.",
    "Heard one track of it in a shop and had to ask.",
    "My sister has the record and will not lend it.",
    "Lost its poll by one point. It deserves an evening.",
    "Third time on this list. This time for real.",
    "For headphones, they say.",
)
A_YEAR = timedelta(days=330)


def keep(stage: Stage) -> None:
    """Through the functions that pages call. Nearly everybody has favourites, two of three a list, half a diary."""
    albums = [stage.albums[name] for name in sorted(stage.albums)]
    for persona in stage.personas.values():
        member, chance = stage.users[persona.handle], dice("keeps", persona.handle)
        best = _best(member)
        if chance.random() < 0.9:
            set_favourites(member=member, albums=best[:N_FAVOURITES], now=stage.now)
        if chance.random() < 0.55:
            _diary(stage, member, [*best, *chance.sample(albums, 6)], chance)
        if chance.random() < 0.7:
            known = {album.pk for album in best}
            _list(stage, member, [album for album in albums if album.pk not in known], chance)
    n_logged = DiaryEntry.objects.filter(is_demo=True).count()
    stage.say(f"{n_logged} entries in diaries, {WantedAlbum.objects.filter(is_demo=True).count()} albums to hear")


def _best(member: User) -> list[Album]:
    """What they rated, the best first."""
    rows = Rating.objects.standing().filter(user=member).select_related("album__artist")
    return list(dict.fromkeys(rating.album for rating in rows.order_by("-half_stars", "-created_at", "pk")))


def _diary(stage: Stage, member: User, albums: list[Album], chance: Random) -> None:
    since = max(member.date_joined, stage.now - A_YEAR)
    for album in chance.sample(albums, min(chance.randint(4, 12), len(albums))):
        when = since + (stage.now - since) * chance.random()
        extent = DiaryEntry.Extent.PART if chance.random() < 0.15 else DiaryEntry.Extent.WHOLE
        level = Visibility.ME if chance.random() < 0.06 else Visibility.PUBLIC
        log_album(member=member, album=album, extent=extent, visibility=level, now=when)


def _list(stage: Stage, member: User, albums: list[Album], chance: Random) -> None:
    since = max(member.date_joined, stage.now - A_YEAR / 2)
    for album in chance.sample(albums, chance.randint(2, 7)):
        when = since + (stage.now - since) * chance.random()
        note = chance.choice(NOTES) if chance.random() < 0.4 else ""
        want(member=member, album=album, note=note, now=when)
